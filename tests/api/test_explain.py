"""``POST /explain/unit`` and ``/explain/trace``: every number taken apart, and the parts add up."""

import importlib.util
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from app.explain.explainers import explainers
from app.routes.examples import seven_pixels
from app.schemas.answers import Card
from app.schemas.arithmetic import TraceExplanation, UnitExplanation

MLP, CNN = "mnist-mlp-lecture", "cifar10-cnn-lecture"
PNG = {"Content-Type": "image/png"}
PLACES = {
    MLP: {
        "hidden_1": "unit=7", "dropout_1": "unit=7", "hidden_2": "unit=511", "hidden_3": "unit=0", "output": "unit=7",
    },
    CNN: {
        "conv_1": "channel=5&row=0&column=31", "conv_2": "channel=31&row=29&column=0",
        "pool_1": "channel=3&row=14&column=2", "dropout_1": "channel=3&row=14&column=2",
        "conv_3": "channel=9&row=0&column=0", "conv_4": "channel=63&row=12&column=12",
        "pool_2": "channel=8&row=5&column=5", "flatten": "unit=2303", "hidden": "unit=40", "output": "unit=8",
    },
}  # fmt: skip
EVERY_LAYER = [(model, layer) for model, layers in PLACES.items() for layer in layers]


def explain(client: Any, seven: bytes, what: str, **parameters: object) -> dict[str, Any]:
    answer = client.post(f"/explain/{what}", params=parameters, content=seven, headers=PNG)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def explain_unit(client: Any, seven: bytes, model: str, layer: str, **parameters: object) -> dict[str, Any]:
    named = dict(pair.split("=") for pair in PLACES[model][layer].split("&"))
    return explain(client, seven, "unit", model=model, layer=layer, **named, **parameters)


def layer_values(client: Any, seven: bytes, model: str, layer: str) -> dict[str, np.ndarray]:
    answer = client.post(f"/predict?model={model}&layers={layer}", content=seven, headers=PNG).json()
    said = next(said for said in answer["layers"] if said["name"] == layer)
    outputs = ("pre_activation", "activation")
    return {name: np.reshape(said[name]["values"], said["shape"]) for name in outputs if name in said}


def network_input(client: Any, seven: bytes, model: str) -> np.ndarray:
    tensor = client.post(f"/predict?model={model}&layers=summary", content=seven, headers=PNG).json()["input"]["tensor"]
    return np.reshape(tensor["values"], tensor["shape"])


def at(address: dict[str, Any]) -> tuple[int, ...]:
    return tuple(address[axis] for axis in ("unit", "row", "column", "channel") if axis in address)


def as_array(tensor: dict[str, Any]) -> np.ndarray:
    return np.reshape(tensor["values"], tensor["shape"])


@pytest.mark.parametrize(("model", "layer"), EVERY_LAYER)
def test_unit_of_every_layer_is_the_sum_of_what_is_given(client, seven, model, layer):
    answer = explain_unit(client, seven, model, layer)

    UnitExplanation.model_validate(answer, strict=True)
    terms = [*answer["supporting"], *answer["opposing"]]
    total = answer["bias"] + sum(term["value"] for term in terms) + answer["rest"]["sum"]
    assert total == pytest.approx(answer["value"] - answer["residual"], rel=1e-12, abs=1e-12)
    assert abs(answer["residual"]) < 1e-4
    assert all(term["value"] == np.float32(term["input"]) * np.float64(np.float32(term["weight"])) for term in terms)


@pytest.mark.parametrize(("model", "layer"), EVERY_LAYER)
def test_value_and_activation_are_those_of_the_prediction(client, seven, model, layer):
    values = layer_values(client, seven, model, layer)

    answer = explain_unit(client, seven, model, layer)

    place = at(answer["address"])
    assert np.float32(answer["value"]) == np.float32(values.get("pre_activation", values["activation"])[place])
    assert ("activation" in answer) == ("pre_activation" in values)
    if "activation" in answer:
        assert answer["activation"]["value"] == values["activation"][place]
        assert answer["activation"]["function"] == ("softmax" if layer == "output" else "relu")


@pytest.mark.parametrize(("model", "layer"), EVERY_LAYER)
def test_terms_come_from_the_layer_that_made_the_values(client, seven, model, layer):
    answer = explain_unit(client, seven, model, layer)

    source = answer["source"]
    if source["layer"] == "input":
        values = network_input(client, seven, model)
    else:
        values = layer_values(client, seven, model, source["layer"])["activation"]
    assert list(values.shape) == source["shape"]
    for term in [*answer["supporting"], *answer["opposing"]]:
        assert values[at(term)] == term["input"]


def test_terms_of_the_first_layer_are_pixels(client, seven):
    answer = explain_unit(client, seven, MLP, "hidden_1")

    assert answer["source"] == {"layer": "input", "shape": [28, 28]}
    assert len(answer["supporting"]) == len(answer["opposing"]) == 10
    assert all(term.keys() == {"row", "column", "input", "weight", "value"} for term in answer["supporting"])


def test_pictures_of_a_unit_are_its_weights_and_what_they_make_of_the_digit(client, seven):
    weights = client.get(f"/models/{MLP}/weights/hidden_1").json()

    answer = explain_unit(client, seven, MLP, "hidden_1")

    assert np.array_equal(as_array(answer["weights"]), as_array(weights["kernel"])[:, 7].reshape(28, 28))
    products = as_array(answer["products"])
    np.testing.assert_allclose(products, network_input(client, seven, MLP) * as_array(answer["weights"]), rtol=1e-6)
    assert products.sum() + answer["bias"] == pytest.approx(answer["value"] - answer["residual"], abs=1e-12)


def test_pictures_of_a_convolution_hold_all_input_channels_and_padding_adds_nothing(client, seven):
    weights = client.get(f"/models/{CNN}/weights/conv_3").json()

    answer = explain_unit(client, seven, CNN, "conv_3", top=1)

    assert answer["window"] == {
        "row": -1, "column": -1, "rows": 3, "columns": 3, "padding": {"top": 1, "bottom": 0, "left": 1, "right": 0},
    }  # fmt: skip
    assert np.array_equal(as_array(answer["weights"]), as_array(weights["kernel"])[..., 9])
    products = as_array(answer["products"])
    assert products.shape == (3, 3, 32)
    assert not products[0].any()
    assert not products[:, 0].any()
    assert answer["rest"]["count"] == 2 * 2 * 32 - len(answer["supporting"]) - len(answer["opposing"])


def test_pooling_names_the_value_that_won_among_the_four(client, seven):
    answer = explain_unit(client, seven, CNN, "pool_1")

    candidates = layer_values(client, seven, CNN, "conv_2")["activation"][28:30, 4:6, 3].astype(np.float32)
    assert np.array_equal(as_array(answer["candidates"]).astype(np.float32), candidates)
    (winner,) = answer["supporting"]
    assert candidates[winner["row"] - 28, winner["column"] - 4] == candidates.max() == answer["value"]


def test_flatten_says_which_row_column_and_channel_a_unit_is(client, seven):
    (term,) = explain_unit(client, seven, CNN, "flatten")["supporting"]

    assert {axis: term[axis] for axis in ("row", "column", "channel")} == {"row": 5, "column": 5, "channel": 63}


def test_softmax_comes_class_by_class(client, seven):
    predicted = client.post(f"/predict?model={MLP}", content=seven, headers=PNG).json()

    softmax = explain_unit(client, seven, MLP, "output")["softmax"]

    assert [row["label"] for row in softmax["classes"]] == list("0123456789")
    assert [row["logit"] for row in softmax["classes"]] == predicted["logits"]
    for row, said in zip(softmax["classes"], predicted["probabilities"], strict=True):
        assert row["exponential"] == pytest.approx(np.exp(row["logit"] - softmax["maximum"]))
        assert row["probability"] == pytest.approx(row["exponential"] / softmax["total"])
        assert row["probability"] == pytest.approx(said["probability"], rel=1e-5, abs=1e-30)
    assert abs(softmax["residual"]) < 1e-6


def test_temperature_is_an_experiment_with_no_residual(client, seven):
    usual = explain_unit(client, seven, MLP, "output")["softmax"]

    warm = explain_unit(client, seven, MLP, "output", temperature=4)["softmax"]

    assert warm["residual"] is None
    assert warm["classes"][7]["probability"] < usual["classes"][7]["probability"]
    assert sum(row["probability"] for row in warm["classes"]) == pytest.approx(1)


@pytest.mark.parametrize("model", [MLP, CNN])
@pytest.mark.parametrize("of_two", [False, True], ids=["one logit", "two logits"])
def test_every_level_of_a_trace_adds_up_to_the_logit(client, seven, model, of_two):
    predicted = client.post(f"/predict?model={model}", content=seven, headers=PNG).json()
    labels = [row["label"] for row in predicted["probabilities"]]
    logits = dict(zip(labels, predicted["logits"], strict=True))
    other = next(label for label in labels if label != predicted["label"])

    answer = explain(client, seven, "trace", model=model, **({"against": other} if of_two else {}))

    TraceExplanation.model_validate(answer, strict=True)
    assert answer["target"] == answer["label"] == predicted["label"]
    assert answer["against"] == (other if of_two else None)
    assert answer["logit"] == pytest.approx(logits[answer["target"]] - (logits[other] if of_two else 0), abs=1e-6)
    for level in answer["levels"]:
        total = sum(unit["value"] for unit in level["units"]) + level["rest"]["sum"] + level["bias"]
        assert total == pytest.approx(answer["logit"] - level["residual"], rel=1e-12, abs=1e-12)
        assert abs(level["residual"]) < 1e-4
        assert len(level["units"]) + level["rest"]["count"] == np.prod(level["shape"])


@pytest.mark.parametrize(
    ("model", "levels"),
    [
        (MLP, ["output", "hidden_3", "hidden_2", "hidden_1", "input"]),
        (CNN, ["output", "hidden", "pool_2", "conv_4", "conv_3", "pool_1", "conv_2", "conv_1", "input"]),
    ],
)
def test_levels_go_from_the_output_to_the_image(client, seven, model, levels):
    answer = explain(client, seven, "trace", model=model, top=3)

    assert [level["layer"] for level in answer["levels"]] == levels
    assert all(1 <= len(level["units"]) <= 3 for level in answer["levels"])
    assert answer["levels"][-1]["shape"] == client.get(f"/models/{model}").json()["input"]["shape"]


@pytest.mark.parametrize("model", [MLP, CNN])
def test_threads_lead_to_units_of_the_next_level(client, seven, model):
    levels = explain(client, seven, "trace", model=model)["levels"]

    for level, below in pairwise(levels):
        for unit in level["units"]:
            total = sum(source["value"] for source in unit["sources"]) + unit["rest"]["sum"] + unit["bias"]
            assert total == pytest.approx(unit["value"], abs=1e-4)
            for source in unit["sources"]:
                assert all(index < side for index, side in zip(at(source), below["shape"], strict=True))


@pytest.mark.parametrize("model", [MLP, CNN])
def test_affine_picture_adds_up_to_the_logit(client, seven, model):
    pixels = network_input(client, seven, model).astype(np.float32).astype(np.float64)

    answer = explain(client, seven, "trace", model=model)

    weights = as_array(answer["affine"]["weights"])
    products = as_array(answer["affine"]["products"])
    np.testing.assert_allclose(products, weights * pixels, rtol=1e-12, atol=1e-15)
    summed = products.sum() + answer["affine"]["constant"]
    assert summed == pytest.approx(answer["logit"] - answer["affine"]["residual"], abs=1e-11)
    assert sum(share["value"] for share in answer["biases"]) == pytest.approx(answer["affine"]["constant"])


def test_trace_of_another_class_is_asked_for_by_its_label(client, seven):
    answer = explain(client, seven, "trace", model=CNN, target="ship", against="truck")

    assert (answer["target"], answer["against"]) == ("ship", "truck")
    assert {unit["unit"] for unit in answer["levels"][0]["units"]} == {8, 9}


def test_image_may_come_as_pixels_too(client):
    answer = client.post("/explain/trace?model=mnist-mlp-lecture", json={"pixels": seven_pixels().tolist()})

    assert answer.json()["target"] == "7"


@pytest.mark.parametrize(
    ("url", "problem", "status"),
    [
        ("/explain/unit?layer=hidden_9&unit=1", "unknown-layer", 404),
        ("/explain/unit?layer=input&unit=1", "no-arithmetic", 404),
        ("/explain/unit?layer=hidden_1&unit=512", "unit-out-of-range", 422),
        (f"/explain/unit?model={CNN}&layer=conv_2&channel=0&row=30&column=0", "unit-out-of-range", 422),
        ("/explain/unit?layer=hidden_1&unit=-1", "invalid-request", 422),
        ("/explain/unit?layer=hidden_1", "invalid-request", 422),
        ("/explain/unit?unit=1", "invalid-request", 422),
        ("/explain/unit?layer=hidden_1&unit=1&row=2", "invalid-request", 422),
        (f"/explain/unit?model={CNN}&layer=conv_2&unit=3", "invalid-request", 422),
        ("/explain/unit?layer=hidden_1&unit=1&top=0", "invalid-request", 422),
        ("/explain/unit?layer=output&unit=1&temperature=0", "invalid-request", 422),
        ("/explain/unit?layer=output&unit=1&temperature=nan", "invalid-request", 422),
        ("/explain/unit?layer=hidden_1&unit=1&unit=2", "invalid-request", 422),
        ("/explain/unit?model=nothing&layer=hidden_1&unit=1", "unknown-model", 404),
        ("/explain/trace?target=ten", "unknown-label", 404),
        ("/explain/trace?against=ten", "unknown-label", 404),
        ("/explain/trace?target=", "unknown-label", 404),
        ("/explain/trace?target=7&against=7", "invalid-request", 422),
        ("/explain/trace?against=7", "invalid-request", 422),
        ("/explain/trace?of=logit", "invalid-request", 422),
        ("/explain/trace?model=nothing", "unknown-model", 404),
    ],
)
def test_what_cannot_be_explained_is_a_problem(client, seven, url, problem, status):
    answer = client.post(url, content=seven, headers=PNG)

    assert answer.status_code == status
    assert answer.json()["type"] == f"/problems/{problem}"


def test_problem_names_what_there_is(client, seven):
    labels = client.post("/explain/trace?target=ten", content=seven, headers=PNG).json()
    units = client.post("/explain/unit?layer=hidden_1&unit=512", content=seven, headers=PNG).json()
    places = client.post(f"/explain/unit?model={CNN}&layer=conv_2&unit=3", content=seven, headers=PNG).json()

    assert labels["labels"] == list("0123456789")
    assert units["shape"] == [512]
    assert "“unit” in 0..511" in units["detail"]
    assert "“row” and “column” and “channel”" in places["detail"]


@pytest.mark.parametrize("url", ["/explain/unit?layer=hidden_1&unit=1", "/explain/trace"])
def test_picture_is_checked_as_for_a_prediction(client, url):
    assert client.post(url, content=b"no picture", headers=PNG).json()["type"] == "/problems/not-an-image"


@pytest.mark.parametrize("model", [MLP, CNN])
def test_card_lists_the_explanations_that_there_are_calls_for(client, model):
    card = Card.model_validate_json(client.get(f"/models/{model}").content)
    calls = client.get("/openapi.json").json()["paths"]

    assert {"unit", "trace"} <= set(card.explainers)
    assert all(f"/explain/{name}" in calls for name in card.explainers)


def test_network_with_another_activation_function_is_not_traced(app, client, seven, monkeypatch):
    served = app.state.services.library.get(MLP)
    card = served.card
    layers = [layer.model_copy(update={"activation": "tanh"} if layer.kind == "dense" else {}) for layer in card.layers]
    odd = card.model_copy(update={"layers": (*layers[:-1], card.layers[-1])})
    other = replace(served, bundle=replace(served.bundle, card=odd))
    monkeypatch.setitem(app.state.services.library.networks, MLP, other)

    answer = client.post(f"/explain/trace?model={MLP}", content=seven, headers=PNG)

    assert "trace" not in explainers(odd)
    assert answer.status_code == 404
    assert answer.json()["type"] == "/problems/no-explanation"
    assert answer.json()["explainers"] == explainers(odd)


@pytest.fixture(scope="module")
def recompute(root: Path) -> ModuleType:
    """The documented example."""
    spec = importlib.util.spec_from_file_location("recompute", root / "docs" / "recompute.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("unit", [0, 7, 511])
def test_ten_lines_of_numpy_give_the_very_sum_of_a_dense_unit(client, seven, recompute, unit):
    said, summed = recompute.recompute_dense(client, seven, MLP, "hidden_2", "hidden_1", unit)

    explained = explain(client, seven, "unit", model=MLP, layer="hidden_2", unit=unit)
    assert np.float32(said) == explained["value"]
    assert summed == pytest.approx(explained["value"] - explained["residual"], abs=1e-12)


@pytest.mark.parametrize(("channel", "row", "column"), [(0, 0, 0), (5, 7, 3), (63, 14, 14)])
def test_ten_lines_of_numpy_give_the_very_sum_of_a_convolution(client, seven, recompute, channel, row, column):
    said, summed = recompute.recompute_convolution(client, seven, CNN, "conv_3", "pool_1", channel, row, column)

    explained = explain(client, seven, "unit", model=CNN, layer="conv_3", channel=channel, row=row, column=column)
    assert np.float32(said) == explained["value"]
    assert summed == pytest.approx(explained["value"] - explained["residual"], abs=1e-12)
