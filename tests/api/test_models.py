"""The networks: the list, a card, a layer's weights, and what the server says of bundles that it cannot load."""

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from app.bundle.files import sha256
from app.schemas.answers import AtlasMap, Card, ExcitingImages, LayerWeights, ModelList, Readiness

MLP, CNN = "mnist-mlp-lecture", "cifar10-cnn-lecture"


def test_list_names_what_is_ready_and_the_default(client):
    answer = ModelList.model_validate_json(client.get("/models").content)

    assert {MLP, CNN} <= {model.name for model in answer.models}
    assert answer.default in ("mnist-mlp", MLP)
    assert answer.failed == []


@pytest.mark.parametrize(("model", "parameters"), [(MLP, 932_362), (CNN, 1_250_858)])
def test_card_describes_every_layer_and_its_parameters(client, model, parameters):
    card = Card.model_validate_json(client.get(f"/models/{model}").content)

    assert card.parameters == parameters == sum(layer.parameters for layer in card.layers)
    assert all(layer.scale.activation > 0 for layer in card.layers)
    assert all((layer.scale.pre_activation is None) == (layer.activation is None) for layer in card.layers)


@pytest.mark.parametrize("model", [MLP, CNN])
def test_card_says_what_was_measured_and_the_matrix_agrees(client, model):
    card = Card.model_validate_json(client.get(f"/models/{model}").content)

    test = next(measurement for measurement in card.metrics if measurement.split == "test")
    confusion = np.array(card.confusion)
    assert confusion.sum() == test.examples == 10_000
    assert np.trace(confusion) / confusion.sum() == pytest.approx(test.accuracy)
    assert [record.epoch for record in card.history] == list(range(1, len(card.history) + 1))


def test_figures_from_a_copy_of_a_data_set_say_so(client):
    assert client.get(f"/models/{CNN}").json()["provenance"]["dataset"] == "CIFAR-10 (JPEG copy)"


@pytest.mark.parametrize(("model", "layer", "shape"), [(MLP, "hidden_1", [784, 512]), (CNN, "conv_1", [3, 3, 3, 32])])
def test_weights_come_in_the_axis_order_of_keras(client, model, layer, shape):
    weights = LayerWeights.model_validate_json(client.get(f"/models/{model}/weights/{layer}").content)

    assert weights.kernel.shape == shape
    assert len(weights.kernel.values) == np.prod(shape)
    assert weights.bias.shape == shape[-1:]


@pytest.mark.parametrize(
    ("url", "problem"),
    [
        ("/models/nothing", "unknown-model"),
        ("/models/nothing/weights/hidden_1", "unknown-model"),
        (f"/models/{MLP}/weights/nothing", "unknown-layer"),
        (f"/models/{MLP}/weights/dropout_1", "no-weights"),
    ],
)
def test_what_is_not_there_is_a_problem(client, url, problem):
    answer = client.get(url)

    assert answer.status_code == 404
    assert answer.json()["type"] == f"/problems/{problem}"


@pytest.fixture
def own_models(models_dir: Path, tmp_path: Path) -> Path:
    shutil.copytree(models_dir / MLP, tmp_path / MLP)
    return tmp_path


def rename(models: Path, name: str, **changes: object) -> Path:
    """Give the copied bundle another name, and its card other members."""
    bundle = (models / MLP).rename(models / name)
    card = json.loads((bundle / "card.json").read_text("utf-8"))
    (bundle / "card.json").write_text(json.dumps({**card, "name": name, **changes}), "utf-8")
    return bundle


def test_bundle_appears_without_a_line_of_code(client_with, own_models):
    rename(own_models, "my-own")

    assert client_with(models_dir=own_models).get("/models").json()["default"] == "my-own"


def test_default_is_the_better_network_where_it_is_present(client_with, own_models, models_dir):
    rename(own_models, "mnist-mlp")
    shutil.copytree(models_dir / MLP, own_models / MLP)

    assert client_with(models_dir=own_models).get("/models").json()["default"] == "mnist-mlp"


@pytest.mark.parametrize("file", ["model.keras", "statistics.npz", "snapshots.npz"])
def test_bundle_with_a_file_that_is_not_its_own_is_refused_and_the_others_serve(
    client_with, own_models, models_dir, seven, file
):
    bundle = rename(own_models, "damaged")
    shutil.copytree(models_dir / MLP, own_models / MLP)
    with (bundle / file).open("ab") as damaged:
        damaged.write(b"one byte more")

    client = client_with(models_dir=own_models)

    readiness = Readiness.model_validate_json(client.get("/readyz").content)
    assert readiness.models == [MLP]
    assert [failed.name for failed in readiness.failed] == ["damaged"]
    assert file in readiness.failed[0].reason
    asked = client.post("/predict?model=damaged", content=seven, headers={"Content-Type": "image/png"})
    assert asked.json()["type"] == "/problems/unknown-model"


def test_bundle_without_a_file_is_named_with_what_is_missing(client_with, own_models):
    (own_models / MLP / "model.keras").unlink()

    failed = client_with(models_dir=own_models).get("/models").json()["failed"]

    assert [entry["name"] for entry in failed] == [MLP]
    assert "model.keras is missing" in failed[0]["reason"]


def test_card_that_cannot_be_understood_is_named_with_the_place(client_with, own_models):
    rename(own_models, "odd", parameters="many")

    failed = client_with(models_dir=own_models).get("/models").json()["failed"]

    assert "parameters" in failed[0]["reason"]


def test_card_of_another_network_is_refused(client_with, own_models):
    rename(own_models, "smaller", parameters=7)

    assert client_with(models_dir=own_models).get("/models").json()["models"] == []


def rehash(bundle: Path) -> None:
    card = json.loads((bundle / "card.json").read_text("utf-8"))
    card["files"] = {name: sha256(bundle / name) for name in card["files"]}
    (bundle / "card.json").write_text(json.dumps(card), "utf-8")


@pytest.mark.parametrize("file", ["model.keras", "statistics.npz"])
def test_bundle_of_garbage_does_not_affect_the_others(client_with, own_models, models_dir, file):
    bundle = rename(own_models, "garbage")
    shutil.copytree(models_dir / MLP, own_models / MLP)
    (bundle / file).write_bytes(b"garbage")
    rehash(bundle)

    answer = ModelList.model_validate_json(client_with(models_dir=own_models).get("/models").content)

    assert [model.name for model in answer.models] == [MLP]
    assert [failed.name for failed in answer.failed] == ["garbage"]


@pytest.mark.parametrize(
    "changes",
    [{"classes": {"en": list("012345678"), "pl": list("012345678")}}, {"metrics": []}, {"layers": []}],
    ids=["a class too few", "never measured", "no layers"],
)
def test_card_that_does_not_describe_its_network_is_refused(client_with, own_models, changes):
    rename(own_models, "odd", **changes)

    assert [failed["name"] for failed in client_with(models_dir=own_models).get("/models").json()["failed"]] == ["odd"]


def test_without_any_network_the_server_says_so(client_with, tmp_path, seven):
    client = client_with(models_dir=tmp_path / "nowhere")

    assert client.get("/healthz").status_code == 200
    for answer in (
        client.get("/readyz"),
        client.post("/predict", content=seven, headers={"Content-Type": "image/png"}),
    ):
        assert answer.status_code == 503
        assert answer.json()["type"] == "/problems/no-model"
        assert answer.headers["Retry-After"]
    assert client.get("/models").json() == {"default": None, "models": [], "failed": []}
    assert client.get("/").status_code == 200


@pytest.mark.parametrize("name", [MLP, CNN])
def test_atlas_of_a_committed_network_is_listed_layer_by_layer(client, name):
    atlas = AtlasMap.model_validate_json(client.get(f"/models/{name}/atlas").content, strict=True)

    assert len(atlas.labels) == 10_000
    for layer in atlas.layers:
        told = ExcitingImages.model_validate_json(client.get(f"/models/{name}/atlas/{layer}").content, strict=True)
        assert len(told.images) == len(told.values)
