"""``POST /predict/batch`` and ``format=npz``: many images, an answer each, and arrays as a notebook wants them."""

import base64
import io
from typing import Any

import numpy as np
import pytest
from PIL import Image

from app.main import create_app
from app.problems import PROBLEMS
from app.routes.examples import seven_pixels
from app.schemas.answers import BatchAnswer
from app.settings import Settings
from tests.api.conftest import Client

MLP, CNN, AUTOENCODER = "mnist-mlp-lecture", "cifar10-cnn-lecture", "mnist-autoencoder"
PNG = {"Content-Type": "image/png"}


def png(pixels: np.ndarray) -> bytes:
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "PNG")
    return file.getvalue()


@pytest.fixture(scope="module")
def pictures(seven) -> list[bytes]:
    """A seven, the seven upside down, no picture at all, and a white square."""
    return [seven, png(255 * seven_pixels()[::-1]), b"no picture", png(np.full((40, 40), 255, np.uint8))]


@pytest.fixture(scope="module")
def narrow_client(models_dir, tmp_path_factory) -> Client:
    """A client of an application with one network, that takes five images a request and two at a time."""
    directory = tmp_path_factory.mktemp("models")
    (directory / MLP).symlink_to(models_dir / MLP)
    return Client(create_app(Settings(models_dir=directory, max_batch_files=5, batch_images=2)))


def form(pictures: list[bytes]) -> dict[str, Any]:
    return {"files": [("file", (f"{index}.png", content, "image/png")) for index, content in enumerate(pictures)]}


def arrays_of(answer: Any) -> dict[str, np.ndarray]:
    assert answer.status_code == 200, answer.text
    assert answer.headers["Content-Type"] == "application/x-npz"
    with np.load(io.BytesIO(answer.content), allow_pickle=False) as archive:
        return dict(archive)


def test_every_image_is_answered_in_its_place_and_a_bad_one_fails_alone(client, pictures):
    answer = client.post("/predict/batch", **form(pictures))

    BatchAnswer.model_validate_json(answer.content, strict=True)
    body = answer.json()
    assert (body["answered"], body["failed"]) == (2, 2)
    assert [(entry["index"], entry["name"]) for entry in body["images"]] == [(i, f"{i}.png") for i in range(4)]
    assert body["images"][0]["answer"]["label"] == "7"
    problems = [entry["problem"]["type"] for entry in body["images"][2:]]
    assert problems == ["/problems/not-an-image", "/problems/nothing-drawn"]


def test_an_image_among_others_is_answered_as_it_is_alone(client, pictures):
    together = client.post(f"/predict/batch?model={MLP}", **form(pictures[:2])).json()["images"]

    for entry, picture in zip(together, pictures, strict=False):
        alone = client.post(f"/predict?model={MLP}", content=picture, headers=PNG).json()
        assert entry["answer"]["label"] == alone["label"]
        assert entry["answer"]["logits"] == pytest.approx(alone["logits"], abs=1e-4)
        assert entry["answer"]["novelty"]["score"] == pytest.approx(alone["novelty"]["score"], abs=1e-4)
        assert entry["answer"]["input"] == alone["input"]


def test_more_images_than_go_through_the_network_together_are_all_answered(narrow_client, seven):
    answer = narrow_client.post("/predict/batch", **form([seven] * 5)).json()

    assert [entry["answer"]["label"] for entry in answer["images"]] == ["7"] * 5


def test_images_come_in_json_too_and_a_bad_one_fails_alone(client, seven):
    text = base64.b64encode(seven).decode()

    images = client.post("/predict/batch?layers=summary", json={"images": [text, "§", 7, text]}).json()["images"]
    pixels = client.post("/predict/batch", json={"pixels": [seven_pixels().tolist(), [[2]]]}).json()["images"]

    assert [entry.get("problem", {}).get("type") for entry in images] == [
        None,
        "/problems/invalid-request",
        "/problems/invalid-request",
        None,
    ]
    assert images[3]["answer"]["layers"][0]["name"] == "input"
    assert [pixels[0]["answer"]["label"], pixels[1]["problem"]["type"]] == ["7", "/problems/invalid-pixels"]


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        (form([b"x"] * 6), "too-many-files"),
        (form([b"x"] * 9), "too-many-files"),
        ({"json": {"images": [""] * 6}}, "too-many-files"),
        ({"json": {"images": []}}, "invalid-request"),
        ({"json": {"image": ""}}, "invalid-request"),
        ({"files": {"picture": b"1"}}, "invalid-request"),
        ({"content": b"1", "headers": PNG}, "unsupported-body"),
    ],
)
def test_batch_that_cannot_be_read_is_a_problem_as_a_whole(narrow_client, body, problem):
    answer = narrow_client.post("/predict/batch", **body)

    assert answer.status_code == PROBLEMS[problem].status
    assert answer.json()["type"] == f"/problems/{problem}"
    assert answer.json().get("limit_files", 5) == 5


def test_numbers_of_many_images_travel_as_arrays_alone(client, pictures):
    answer = client.post("/predict/batch?layers=full", **form(pictures))

    assert answer.status_code == 422
    assert "format=npz" in answer.json()["detail"]


@pytest.mark.parametrize("model", [MLP, CNN])
def test_archive_holds_the_numbers_that_json_has(client, seven, model):
    said = client.post(f"/predict?model={model}&layers=full", content=seven, headers=PNG).json()

    arrays = arrays_of(client.post(f"/predict?model={model}&layers=full&format=npz", content=seven, headers=PNG))

    assert arrays["label"] == said["label"]
    assert arrays["labels"].tolist() == [entry["label"] for entry in said["probabilities"]]
    assert arrays["probabilities"].tolist() == pytest.approx([entry["probability"] for entry in said["probabilities"]])
    assert arrays["logits"].tolist() == pytest.approx(said["logits"], abs=1e-5)
    assert np.allclose(arrays["input"].ravel(), said["input"]["tensor"]["values"])
    for layer in said["layers"]:
        for what in ("pre_activation", "activation"):
            if what in layer:
                array = arrays[f"{layer['name']}/{what}"]
                assert array.dtype == np.float32
                assert list(array.shape) == layer["shape"]
                assert np.allclose(array.ravel(), layer[what]["values"], atol=1e-5)


def test_archive_of_an_autoencoder_holds_code_and_reconstruction(client, seven):
    url = f"/predict?model={AUTOENCODER}&layers=code&format=npz"

    arrays = arrays_of(client.post(url, content=seven, headers=PNG))

    assert arrays["reconstruction"].shape == arrays["input"].shape == (28, 28)
    assert np.array_equal(arrays["code"], arrays["code/activation"])
    assert arrays["error"] == pytest.approx(np.square(arrays["reconstruction"] - arrays["input"]).mean(), rel=1e-5)
    assert "hidden_1/activation" not in arrays


def test_archive_of_a_batch_has_an_axis_of_images_and_says_which_failed(client, pictures):
    one = arrays_of(client.post(f"/predict?model={MLP}&layers=hidden_1&format=npz", content=pictures[1], headers=PNG))

    url = f"/predict/batch?model={MLP}&layers=hidden_1&format=npz"
    arrays = arrays_of(client.post(url, **form(pictures)))

    assert arrays["index"].tolist() == [0, 1]
    assert arrays["failed"].tolist() == [2, 3]
    assert "Draw a digit" in arrays["failed_detail"][1]
    for name in ("input", "probabilities", "hidden_1/activation", "hidden_1/pre_activation"):
        assert arrays[name].shape == (2, *one[name].shape)
        assert np.allclose(arrays[name][1], one[name], atol=1e-4)


def test_archive_of_a_batch_in_which_nothing_can_be_read_says_so(client):
    arrays = arrays_of(client.post("/predict/batch?format=npz", **form([b"1", b"2"])))

    assert (arrays["index"].size, arrays["failed"].tolist()) == (0, [0, 1])
