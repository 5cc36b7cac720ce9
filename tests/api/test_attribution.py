"""Gradients, heat-maps, votes and units switched off over the API: what a client relies on."""

import json
from dataclasses import replace

import numpy as np
import pytest

from app.routes.examples import seven_pixels
from app.schemas.answers import Prediction
from app.schemas.attribution import GradCamExplanation, GradientExplanation, OcclusionExplanation, VotesExplanation

MLP, CNN = "mnist-mlp-lecture", "cifar10-cnn-lecture"
PNG = {"Content-Type": "image/png"}


@pytest.fixture
def ask(client, seven):
    """Send the seven to a call, and return the answer."""
    return lambda url: client.post(url, content=seven, headers=PNG)


def array(tensor):
    return np.reshape(tensor["values"], tensor["shape"])


def problem_of(answer):
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.json()["detail"].endswith(".")
    return answer.json()["type"].removeprefix("/problems/"), answer.status_code


@pytest.mark.parametrize(
    ("call", "schema"),
    [
        (f"gradients?model={MLP}", GradientExplanation),
        (f"gradients?model={CNN}&layers=summary", GradientExplanation),
        (f"gradients?model={MLP}&layers=hidden_1,output&target=3&of=probability", GradientExplanation),
        (f"gradients?model={CNN}&target=all", GradientExplanation),
        (f"gradcam?model={CNN}&target=ship", GradCamExplanation),
        (f"gradcam?model={CNN}&layer=conv_1&of=probability", GradCamExplanation),
        (f"occlusion?model={MLP}&stride=8", OcclusionExplanation),
        (f"votes?model={MLP}&samples=3", VotesExplanation),
    ],
)
def test_answer_has_exactly_the_documented_shape(ask, call, schema):
    answer = ask(f"/explain/{call}")

    assert answer.status_code == 200
    schema.model_validate_json(answer.content, strict=True)


def test_gradient_is_that_of_the_answer_in_the_shape_of_the_input(ask):
    answer = ask(f"/explain/gradients?model={MLP}").json()
    prediction = ask(f"/predict?model={MLP}").json()

    (gradient,) = answer["gradients"]
    assert answer["label"] == gradient["target"] == "7"
    assert answer["of"] == "logit"
    assert gradient["score"] == prediction["logits"][7]
    assert gradient["input"]["shape"] == [28, 28]
    assert answer["scale"] == np.abs(gradient["input"]["values"]).max() > 0
    assert "layers" not in answer


def test_a_step_along_the_gradient_raises_the_logit_as_it_says(client):
    pixels = 0.1 + 0.8 * seven_pixels()
    pixels = pixels.astype(np.float32)
    answer = client.post(f"/explain/gradients?model={MLP}&target=7", json={"pixels": pixels.tolist()}).json()
    gradient = array(answer["gradients"][0]["input"])
    step = 0.05 * gradient / np.abs(gradient).max()

    logits = [
        client.post(f"/predict?model={MLP}", json={"pixels": (pixels + sign * step).tolist()}).json()["logits"][7]
        for sign in (1, -1)
    ]

    # Some ReLUs switch over so long a step: the gradient holds at the point alone.
    assert logits[0] - logits[1] == pytest.approx(2 * (gradient * step).sum(), rel=0.1)


@pytest.mark.parametrize("model", [MLP, CNN])
def test_every_layer_is_there_and_only_those_named_carry_their_numbers(client, ask, model):
    card = client.get(f"/models/{model}").json()

    layers = ask(f"/explain/gradients?model={model}&layers=output,{card['layers'][1]['name']}").json()["layers"]

    assert [(layer["name"], layer["shape"]) for layer in layers] == [
        (layer["name"], layer["shape"]) for layer in card["layers"]
    ]
    for described, layer in zip(card["layers"], layers, strict=True):
        assert ("pre_activation" in layer) == (described["activation"] is not None)
        assert ("activation" in layer) == (layer["name"] != "output")
    named = [layer for layer in layers if "values" in layer.get("pre_activation", layer.get("activation"))]
    assert [layer["name"] for layer in named] == [card["layers"][1]["name"], "output"]
    assert len(named[0]["activation"]["values"]) == np.prod(named[0]["shape"])
    assert named[0]["activation"]["max"] == max(named[0]["activation"]["values"])


def test_all_ten_classes_come_in_class_order_on_one_scale(ask):
    answer = ask(f"/explain/gradients?model={MLP}&target=all").json()

    assert [gradient["target"] for gradient in answer["gradients"]] == list("0123456789")
    largest = [np.abs(gradient["input"]["values"]).max() for gradient in answer["gradients"]]
    assert answer["scale"] == max(largest) > min(largest)
    assert [gradient["score"] for gradient in answer["gradients"]] == ask(f"/predict?model={MLP}").json()["logits"]


def test_gradients_of_all_probabilities_cancel_since_those_add_up_to_one(ask):
    answer = ask(f"/explain/gradients?model={CNN}&target=all&of=probability").json()

    together = sum(array(gradient["input"]) for gradient in answer["gradients"])
    assert np.abs(together).max() < 1e-5 * answer["scale"]
    assert sum(gradient["score"] for gradient in answer["gradients"]) == pytest.approx(1, abs=1e-6)


def test_grad_cam_takes_the_last_convolution_and_covers_the_input(ask):
    answer = ask(f"/explain/gradcam?model={CNN}").json()

    assert (answer["layer"], answer["target"]) == ("conv_4", answer["label"])
    assert answer["map_weights"]["shape"] == [64]
    assert answer["signed"]["shape"] == answer["heat"]["shape"] == [13, 13]
    assert answer["signed_upsampled"]["shape"] == answer["heat_upsampled"]["shape"] == [32, 32]
    assert np.array_equal(array(answer["heat"]), np.maximum(array(answer["signed"]), 0))


def test_grad_cam_of_the_layer_that_is_named_has_its_resolution(ask):
    answer = ask(f"/explain/gradcam?model={CNN}&layer=conv_2&target=frog").json()

    assert (answer["layer"], answer["target"], answer["signed"]["shape"]) == ("conv_2", "frog", [30, 30])


@pytest.mark.parametrize(
    ("query", "used", "shape"),
    [
        (f"model={MLP}", (4, 2, "zero"), [13, 13]),
        (f"model={CNN}", (8, 2, "grey"), [13, 13]),
        (f"model={MLP}&window=28&stride=1&fill=mean", (28, 1, "mean"), [1, 1]),
        (f"model={CNN}&window=10&stride=8&fill=zero", (10, 8, "zero"), [3, 3]),
    ],
)
def test_occlusion_says_what_covered_the_image(ask, query, used, shape):
    answer = ask(f"/explain/occlusion?{query}").json()

    assert (answer["window"], answer["stride"], answer["fill"]) == used
    assert answer["map"]["shape"] == shape


def test_covering_the_whole_image_gives_the_score_of_an_empty_image(client, ask):
    answer = ask(f"/explain/occlusion?model={MLP}&window=28&of=probability").json()
    nothing = client.post(f"/predict?model={MLP}", json={"pixels": np.zeros((28, 28)).tolist()}).json()

    expected = answer["score"] - nothing["probabilities"][7]["probability"]
    assert answer["map"]["values"] == pytest.approx([expected], abs=1e-6)


def test_votes_are_the_same_for_a_seed_and_others_for_another(ask):
    first, again, other = (ask(f"/explain/votes?model={CNN}&samples=10&seed={seed}").json() for seed in (3, 3, 4))

    assert first == again
    assert first["probabilities"] != other["probabilities"]


def test_votes_stand_beside_the_answer_of_the_whole_network(ask):
    answer = ask(f"/explain/votes?model={MLP}").json()
    prediction = ask(f"/predict?model={MLP}").json()

    assert (answer["label"], answer["samples"], answer["seed"]) == ("7", 50, 0)
    assert answer["dropout"] == [{"layer": f"dropout_{number}", "rate": 0.2} for number in (1, 2, 3)]
    assert [
        {"label": entry["label"], "probability": entry["probability"]} for entry in answer["classes"]
    ] == prediction["probabilities"]
    probabilities = array(answer["probabilities"])
    assert probabilities.shape == (50, 10)
    assert [entry["votes"] for entry in answer["classes"]] == np.bincount(
        probabilities.argmax(axis=1), minlength=10
    ).tolist()
    assert [entry["mean"] for entry in answer["classes"]] == pytest.approx(probabilities.mean(axis=0), abs=1e-6)
    assert answer["classes"][7]["votes"] > 45


@pytest.fixture
def every_other_unit():
    units = list(range(0, 512, 2))
    return units, ",".join(f"hidden_3:{unit}" for unit in units)


def test_answer_with_units_off_is_that_of_the_network_without_them(ask, every_other_unit):
    units, off = every_other_unit
    plain = ask(f"/predict?model={MLP}&layers=full").json()

    answer = Prediction.model_validate_json(
        ask(f"/predict?model={MLP}&layers=full&off={off}").content, strict=True
    ).model_dump()

    assert answer["off"] == [{"layer": "hidden_3", "units": units}]
    assert np.abs(np.subtract(answer["logits"], plain["logits"])).max() > 0.1
    before, after = (next(layer for layer in one["layers"] if layer["name"] == "hidden_3") for one in (plain, answer))
    expected = np.array(before["activation"]["values"])
    expected[units] = 0
    assert after["activation"]["values"] == pytest.approx(expected, abs=1e-4)
    assert after["pre_activation"]["values"] == pytest.approx(before["pre_activation"]["values"], abs=1e-4)


def test_frame_with_units_off_carries_the_same_answer(ask, every_other_unit):
    _, off = every_other_unit
    answer = ask(f"/predict?model={MLP}&off={off}").json()

    frame = ask(f"/predict?model={MLP}&off={off}&format=frame&layers=full").content

    header = json.loads(frame[8 : 8 + int.from_bytes(frame[4:8], "little")])
    assert header["answer"]["logits"] == answer["logits"]
    assert header["answer"]["off"] == answer["off"]


def test_without_units_off_the_answer_does_not_speak_of_them(ask):
    assert "off" not in ask(f"/predict?model={MLP}").json()


def test_unit_named_twice_is_switched_off_once(ask):
    twice = ask(f"/predict?model={CNN}&off=conv_1:5,hidden:2, conv_1:5").json()

    assert twice["off"] == [{"layer": "conv_1", "units": [5]}, {"layer": "hidden", "units": [2]}]
    assert twice["logits"] == ask(f"/predict?model={CNN}&off=hidden:2,conv_1:5").json()["logits"]


@pytest.mark.parametrize(
    ("call", "problem"),
    [
        ("predict?off=hidden_9:1", ("unknown-layer", 404)),
        ("predict?off=hidden_1:512", ("unit-out-of-range", 422)),
        (f"predict?model={CNN}&off=conv_1:32", ("unit-out-of-range", 422)),
        ("predict?off=output:1", ("no-units", 404)),
        ("predict?off=input:1", ("no-units", 404)),
        (f"predict?model={CNN}&off=pool_1:1", ("no-units", 404)),
        ("predict?off=", ("invalid-request", 422)),
        ("predict?off=hidden_1", ("invalid-request", 422)),
        ("predict?off=hidden_1:-1", ("invalid-request", 422)),
        ("predict?off=hidden_1:1;hidden_1:2", ("invalid-request", 422)),
        ("predict?off=hidden_1:" + "9" * 5000, ("invalid-request", 422)),
        ("predict?off=hidden_1:1,,", ("invalid-request", 422)),
        ("explain/gradients?target=ten", ("unknown-label", 404)),
        ("explain/gradients?layers=hidden_9", ("unknown-layer", 404)),
        ("explain/gradients?target=all&layers=full", ("invalid-request", 422)),
        ("explain/gradients?of=loss", ("invalid-request", 422)),
        ("explain/gradients?model=mnist-cnn", ("unknown-model", 404)),
        (f"explain/gradients?target=1&target=7&model={MLP}", ("invalid-request", 422)),
        (f"explain/gradcam?model={MLP}", ("no-explanation", 404)),
        (f"explain/gradcam?model={CNN}&layer=hidden", ("no-maps", 404)),
        (f"explain/gradcam?model={CNN}&layer=conv_9", ("unknown-layer", 404)),
        (f"explain/gradcam?model={CNN}&target=all", ("unknown-label", 404)),
        (f"explain/occlusion?model={MLP}&window=29", ("invalid-request", 422)),
        (f"explain/occlusion?model={CNN}&window=1&stride=1", ("invalid-request", 422)),
        (f"explain/occlusion?model={CNN}&window=0", ("invalid-request", 422)),
        (f"explain/occlusion?model={CNN}&target=7", ("unknown-label", 404)),
        ("explain/votes?samples=0", ("invalid-request", 422)),
        ("explain/votes?samples=201", ("invalid-request", 422)),
        ("explain/votes?seed=-1", ("invalid-request", 422)),
        ("explain/votes?target=7", ("invalid-request", 422)),
    ],
)
def test_what_cannot_be_asked_is_a_problem(ask, call, problem):
    assert problem_of(ask(f"/{call}")) == problem


def test_network_without_dropout_has_no_votes(app, ask, monkeypatch):
    served = app.state.services.library.get(MLP)
    layers = [
        layer.model_copy(update={"options": {"rate": 0.0}}) if layer.kind == "dropout" else layer
        for layer in served.card.layers
    ]
    card = served.card.model_copy(update={"layers": tuple(layers)})
    other = replace(served, bundle=replace(served.bundle, card=card))
    monkeypatch.setitem(app.state.services.library.networks, MLP, other)

    answer = ask(f"/explain/votes?model={MLP}")

    assert problem_of(answer) == ("no-explanation", 404)
    assert "a dropout layer" in answer.json()["detail"]
    assert "votes" not in answer.json()["explainers"]


def test_problems_name_the_limit_and_what_there_is(ask):
    assert ask(f"/explain/occlusion?model={MLP}&window=29").json()["limit_window"] == 28
    assert ask(f"/explain/occlusion?model={CNN}&window=1&stride=1").json()["limit_places"] == 1000
    assert ask(f"/explain/gradcam?model={CNN}&layer=pool_1").json()["layers"] == [f"conv_{n}" for n in (1, 2, 3, 4)]
    assert "a convolution" in ask(f"/explain/gradcam?model={MLP}").json()["detail"]
    assert ask(f"/predict?model={MLP}&off=dropout_1:1").json()["layers"] == ["hidden_1", "hidden_2", "hidden_3"]


@pytest.mark.parametrize(
    ("model", "calls"),
    [(MLP, {"gradients", "occlusion", "votes"}), (CNN, {"gradients", "gradcam", "occlusion", "votes"})],
)
def test_card_lists_what_the_network_has_what_it_needs_for(client, ask, model, calls):
    explainers = client.get(f"/models/{model}").json()["explainers"]

    assert calls == set(explainers) & {"gradients", "gradcam", "occlusion", "votes"}
    for call in calls:
        assert ask(f"/explain/{call}?model={model}").status_code == 200


def test_explanation_is_of_the_image_as_it_is_prepared_without_the_steps_that_are_left_out(ask):
    gradient = ask(f"/explain/gradients?model={MLP}&skip_steps=crop").json()["gradients"][0]

    without = ask(f"/predict?model={MLP}&skip_steps=crop").json()
    assert gradient["score"] == max(without["logits"]) != max(ask(f"/predict?model={MLP}").json()["logits"])
    assert problem_of(ask(f"/explain/votes?model={MLP}&skip_steps=enlarge")) == ("fixed-step", 422)
