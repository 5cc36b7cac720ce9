"""``POST /predict``: three forms in, one answer out, and as much of the inside as asked."""

import base64
import io
import json
from typing import Any
from urllib.parse import quote

import httpx
import numpy as np
import pytest
from PIL import Image

from app.routes.examples import seven_pixels
from app.schemas.answers import Prediction
from training.data.strokes import draw

MLP, CNN = "mnist-mlp-lecture", "cifar10-cnn-lecture"
IS_PNG = {"Content-Type": "image/png"}
FORMS = ["multipart", "image/png", "application/octet-stream", "base64", "data URL", "DATA URL"]


def body_in_form(form: str, content: bytes) -> dict[str, Any]:
    text = base64.b64encode(content).decode()
    return {
        "multipart": {"files": {"file": ("digit.txt", content, "text/plain")}},
        "image/png": {"content": content, "headers": {"Content-Type": "image/png"}},
        "application/octet-stream": {"content": content, "headers": {"Content-Type": "application/octet-stream"}},
        "base64": {"json": {"image": text}},
        "data URL": {"json": {"image": f"data:image/png;base64,{text}"}},
        "DATA URL": {"json": {"image": f"DATA:image/png;BASE64,{quote(text)}"}},
    }[form]


def as_png(pixels: np.ndarray) -> bytes:
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "PNG")
    return file.getvalue()


def parse_frame(content: bytes) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
    assert content[:4] == b"LSF1"
    length = int.from_bytes(content[4:8], "little")
    header = json.loads(content[8 : 8 + length])
    payload = content[8 + length :]
    tensors = {}
    for entry in header["tensors"]:
        steps = np.frombuffer(payload[entry["offset"] :][: entry["length"]], np.int8)
        tensors[entry["name"]] = steps.reshape(entry["shape"]).astype(np.float32) * np.float32(entry["scale"])
    assert sum(entry["length"] for entry in header["tensors"]) == len(payload)
    return header, tensors


@pytest.mark.parametrize("form", FORMS)
def test_seven_is_read_as_seven_in_every_form(client, seven, form):
    answer = client.post("/predict", **body_in_form(form, seven))

    assert answer.status_code == 200
    assert answer.json()["label"] == "7"
    assert answer.json()["probability"] > 0.9


def test_pixels_pass_by_the_preprocessing(client):
    answer = client.post("/predict?layers=summary", json={"pixels": seven_pixels().tolist()}).json()

    assert answer["label"] == "7"
    assert answer["input"]["format"] == "pixels"
    assert answer["input"]["steps"] == []
    assert np.array_equal(np.reshape(answer["input"]["tensor"]["values"], (28, 28)), seven_pixels())


def test_dark_ink_on_white_paper_gives_the_same_answer(client):
    light = client.post("/predict", content=as_png(255 * seven_pixels()), headers={"Content-Type": "image/png"}).json()
    dark = client.post(
        "/predict", content=as_png(255 - 255 * seven_pixels()), headers={"Content-Type": "image/png"}
    ).json()

    assert dark["label"] == light["label"] == "7"
    assert dark["probability"] == pytest.approx(light["probability"], abs=1e-3)


@pytest.mark.parametrize("layers", ["none", "summary", "full", "hidden_1,output"])
def test_answer_has_exactly_the_documented_shape(client, seven, layers):
    answer = client.post(f"/predict?layers={layers}", **body_in_form("image/png", seven))

    Prediction.model_validate_json(answer.content, strict=True)


def test_all_probabilities_come_in_class_order_and_add_up_to_one(client, seven):
    answer = client.post("/predict", **body_in_form("image/png", seven)).json()

    assert [entry["label"] for entry in answer["probabilities"]] == list("0123456789")
    probabilities = np.array([entry["probability"] for entry in answer["probabilities"]])
    assert probabilities.sum() == pytest.approx(1, abs=1e-6)
    assert answer["probability"] == probabilities.max()


def test_logits_are_what_the_softmax_was_given(client, seven):
    answer = client.post("/predict", **body_in_form("image/png", seven)).json()

    exponentials = np.exp(np.array(answer["logits"]) - max(answer["logits"]))
    expected = exponentials / exponentials.sum()
    assert [entry["probability"] for entry in answer["probabilities"]] == pytest.approx(expected, abs=1e-6)


@pytest.mark.parametrize("model", [MLP, CNN])
def test_every_layer_is_there_in_order_and_full_carries_every_number(client, seven, model):
    card = client.get(f"/models/{model}").json()

    layers = client.post(f"/predict?model={model}&layers=full", **body_in_form("image/png", seven)).json()["layers"]

    assert [(layer["name"], layer["shape"]) for layer in layers] == [
        (layer["name"], layer["shape"]) for layer in card["layers"]
    ]
    for described, layer in zip(card["layers"], layers, strict=True):
        assert len(layer["activation"]["values"]) == np.prod(layer["shape"])
        assert ("pre_activation" in layer) == (described["activation"] is not None)
        values = np.array(layer["activation"]["values"])
        assert layer["activation"]["min"] == values.min()
        assert layer["activation"]["max"] == values.max()
        assert layer["activation"]["mean"] == pytest.approx(values.mean(), abs=1e-6)
        assert layer["activation"]["silent"] == pytest.approx((values == 0).mean(), abs=1e-6)
        if described["activation"] == "relu":
            assert np.array_equal(values, np.maximum(layer["pre_activation"]["values"], 0))


def test_numbers_are_those_of_the_network_itself(client, seven):
    answer = client.post(f"/predict?model={MLP}&layers=full", **body_in_form("image/png", seven)).json()
    by_name = {layer["name"]: layer for layer in answer["layers"]}
    weights = client.get(f"/models/{MLP}/weights/hidden_2").json()

    kernel = np.reshape(weights["kernel"]["values"], weights["kernel"]["shape"])
    expected = np.array(by_name["hidden_1"]["activation"]["values"]) @ kernel + np.array(weights["bias"]["values"])

    # 512 float32 products summed in another order: some units in the last place of the largest term.
    assert by_name["hidden_2"]["pre_activation"]["values"] == pytest.approx(expected, abs=1e-4)


def test_only_the_layers_named_carry_their_numbers(client, seven):
    layers = client.post("/predict?layers=hidden_1,output", **body_in_form("image/png", seven)).json()["layers"]

    assert [layer["name"] for layer in layers if "values" in layer["activation"]] == ["hidden_1", "output"]


def test_without_layers_the_answer_is_small(client, seven):
    answer = client.post("/predict", **body_in_form("image/png", seven))

    assert "layers" not in answer.json()
    assert "tensor" not in answer.json()["input"]


@pytest.mark.parametrize("model", [MLP, CNN])
def test_frame_carries_the_same_numbers_at_eight_bits(client, seven, model):
    url = f"/predict?model={model}&layers=full"
    exact = client.post(url, **body_in_form("image/png", seven)).json()

    answer = client.post(f"{url}&format=frame", **body_in_form("image/png", seven))

    assert answer.headers["Content-Type"] == "application/vnd.layerscope.frame"
    header, tensors = parse_frame(answer.content)
    assert header["answer"]["probabilities"] == exact["probabilities"]
    assert (
        header["answer"]["layers"]
        == client.post(f"/predict?model={model}&layers=summary", **body_in_form("image/png", seven)).json()["layers"]
    )
    assert list(tensors) == ["input", *(layer["name"] for layer in exact["layers"] if "pre_activation" in layer)]
    for layer in exact["layers"]:
        if "pre_activation" in layer:
            values = np.reshape(layer["pre_activation"]["values"], layer["shape"])
            half_a_step = np.abs(values).max() / 127 / 2
            assert np.abs(tensors[layer["name"]] - values).max() <= half_a_step * 1.001


def test_frame_carries_only_the_layers_named_and_the_input(client, seven):
    answer = client.post("/predict?format=frame&layers=hidden_2", **body_in_form("image/png", seven))

    _, tensors = parse_frame(answer.content)
    assert list(tensors) == ["input", "hidden_2"]


def test_frame_is_compressed_only_where_that_is_asked_for(client, seven):
    plain = {"Content-Type": "image/png", "Accept-Encoding": "identity"}
    compressed = {"Content-Type": "image/png", "Accept-Encoding": "gzip"}
    url = f"/predict?model={CNN}&format=frame&layers=full"

    large = client.post(url, content=seven, headers=plain)
    small = client.post(url, content=seven, headers=compressed)

    assert "Content-Encoding" not in large.headers
    assert small.headers["Content-Encoding"] == "gzip"
    assert int(small.headers["Content-Length"]) < int(large.headers["Content-Length"])
    assert parse_frame(small.content)[1].keys() == parse_frame(large.content)[1].keys()


@pytest.mark.parametrize(
    ("accepted", "compressed"),
    [
        ("gzip", True),
        ("GZIP", True),
        ("br, gzip;q=0.5", True),
        ("*", True),
        ("gzip;q=0", False),
        ("identity, gzip; q=0.000", False),
        ("br", False),
    ],
)
def test_only_what_a_client_accepts_is_sent(client, seven, accepted, compressed):
    headers = {"Content-Type": "image/png", "Accept-Encoding": accepted}

    answer = client.post("/predict?format=frame&layers=full", content=seven, headers=headers)

    assert ("Content-Encoding" in answer.headers) == compressed


def test_photograph_is_fitted_whole_or_by_its_centre(client):
    picture = np.zeros((40, 120, 3), np.uint8)
    picture[:, 40:80] = (255, 0, 0)
    body = {"content": as_png(picture), "headers": {"Content-Type": "image/png"}}

    whole = client.post(f"/predict?model={CNN}&layers=summary&fit=whole", **body).json()
    centre = client.post(f"/predict?model={CNN}&layers=summary&fit=centre", **body).json()

    def red_share(answer: dict[str, Any]) -> float:
        return float(np.reshape(answer["input"]["tensor"]["values"], (32, 32, 3))[..., 0].mean())

    assert red_share(whole) == pytest.approx(1 / 3, abs=0.02)
    assert red_share(centre) == pytest.approx(1, abs=0.02)


def test_blank_pad_is_not_a_digit(client):
    answer = client.post(
        "/predict", content=as_png(np.zeros((280, 280), np.uint8)), headers={"Content-Type": "image/png"}
    )

    assert answer.status_code == 422
    assert answer.json()["type"] == "/problems/nothing-drawn"


def test_every_answer_says_where_the_time_went(client, seven):
    timing = client.post("/predict", **body_in_form("image/png", seven)).json()["timing_ms"]

    assert all(milliseconds >= 0 for milliseconds in timing.values())
    assert timing.pop("total") == pytest.approx(sum(timing.values()), abs=0.01)


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
def test_other_methods_get_a_problem_that_names_the_right_one(client, method):
    answer: httpx.Response = client.send(method, "/predict")

    assert answer.status_code == 405
    assert answer.headers["Allow"] == "POST"
    assert answer.json()["type"] == "/problems/method-not-allowed"


def written_pad(**size: int) -> bytes:
    return as_png(draw([[(0.1, 0.0), (0.8, 0.0), (0.35, 1.0)]], **size))


@pytest.mark.parametrize(("model", "steps"), [(MLP, 13), (CNN, 3)])
def test_every_step_carries_the_picture_it_made_where_that_is_asked_for(client, model, steps):
    answer = client.post(f"/predict?model={model}&steps=images", content=written_pad(), headers=IS_PNG)

    taken = Prediction.model_validate_json(answer.content, strict=True).input.steps
    pictures = [Image.open(io.BytesIO(base64.b64decode(step.image.partition(",")[2]))) for step in taken]
    assert len(taken) == steps
    assert max(max(picture.size) for picture in pictures) <= 192
    assert pictures[-1].size == ((28, 28) if model == MLP else (32, 32))


def test_last_steps_picture_is_what_the_network_sees(client):
    url = f"/predict?model={MLP}&steps=images&layers=summary"
    answer = client.post(url, content=written_pad(), headers=IS_PNG).json()

    *_, last = answer["input"]["steps"]
    picture = np.asarray(Image.open(io.BytesIO(base64.b64decode(last["image"].partition(",")[2]))))
    tensor = np.reshape(answer["input"]["tensor"]["values"], (28, 28))
    assert np.array_equal(picture, np.rint(np.float32(tensor) * 255))


def test_steps_come_without_pictures_as_a_rule(client):
    steps = client.post("/predict", content=written_pad(), headers=IS_PNG).json()["input"]["steps"]

    assert all(step.keys() == {"name", "applied", "parameters"} for step in steps)


def test_steps_are_left_out_as_the_card_says_they_can_be(client):
    steps = client.get(f"/models/{MLP}").json()["steps"]
    skippable = {step["name"] for step in steps if step["skippable"]}

    for name in skippable:
        answer = client.post(f"/predict?model={MLP}&skip_steps={name}", content=written_pad(), headers=IS_PNG)
        taken = Prediction.model_validate_json(answer.content, strict=True).input.steps
        assert {step.name for step in taken if step.skipped} == {name} | ({"fit"} if name == "crop" else set())


def test_leaving_steps_out_changes_what_the_network_sees_and_answers(client):
    thick = {"content": written_pad(brush_px=60), "headers": IS_PNG}

    whole = client.post("/predict?layers=summary", **thick).json()
    without = client.post("/predict?layers=summary&skip_steps=stroke", **thick).json()

    assert sum(without["input"]["tensor"]["values"]) > 1.3 * sum(whole["input"]["tensor"]["values"])
    assert without["probabilities"] != whole["probabilities"]


@pytest.mark.parametrize(
    ("model", "names"), [(MLP, "enlarge"), (MLP, "blur"), (MLP, ""), (MLP, "stroke,alpha"), (CNN, "scale")]
)
def test_step_that_the_network_cannot_do_without_is_answered_with_those_it_can(client, model, names):
    answer = client.post(f"/predict?model={model}&skip_steps={names}", content=written_pad(), headers=IS_PNG)

    assert (answer.status_code, answer.json()["type"]) == (422, "/problems/fixed-step")
    described = client.get(f"/models/{model}").json()["steps"]
    assert answer.json()["steps"] == [step["name"] for step in described if step["skippable"]]


def test_ink_that_is_lost_without_a_step_is_a_problem_that_names_it(client):
    on_paper = as_png(255 - np.asarray(Image.open(io.BytesIO(written_pad()))))

    answer = client.post("/predict?skip_steps=polarity", content=on_paper, headers=IS_PNG)

    assert (answer.status_code, answer.json()["type"]) == (422, "/problems/nothing-drawn")
    assert "polarity" in answer.json()["detail"]
