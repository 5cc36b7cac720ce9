"""A network that was adopted is served like any other: listed, described, asked, and its weights handed out."""

from pathlib import Path

import keras
import numpy as np
import pytest
from keras import layers

from app.schemas.answers import Card, ModelList
from training.__main__ import main


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A directory with one bundle: a small network with convolutions that tells three classes of digits apart."""
    directory = tmp_path_factory.mktemp("adopted")
    network = keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            layers.Conv2D(4, 3, activation="relu", name="conv_1"),
            layers.MaxPooling2D(2, name="pool_1"),
            layers.Flatten(name="flatten"),
            layers.Dense(3, name="output"),
        ]
    )
    network.save(directory / "three.keras")
    rng = np.random.default_rng(1)
    np.savez(directory / "own.npz", x_test=rng.random((30, 28, 28)), y_test=rng.integers(0, 3, 30))
    typed = ["adopt", str(directory / "three.keras"), "--data", str(directory / "own.npz")]
    classes = ["--classes", "low,middle,high", "--classes-pl", "nisko,środek,wysoko"]

    assert main([*typed, *classes, "--models-dir", str(directory / "models")]) == 0
    return directory / "models"


def test_adopted_network_is_listed_and_described(client_with, models):
    client = client_with(models_dir=models)

    listed = ModelList.model_validate_json(client.get("/models").content)
    card = Card.model_validate_json(client.get("/models/three").content)

    assert (listed.default, listed.failed) == ("three", [])
    assert card.classes.pl == ("nisko", "środek", "wysoko")
    assert card.provenance.seed is None
    assert all(layer.scale.activation is not None for layer in card.layers)
    kernel = client.get("/models/three/weights/conv_1").json()["kernel"]
    assert kernel["shape"] == [3, 3, 1, 4]


def test_adopted_network_answers_with_every_layer(client_with, models, seven):
    client = client_with(models_dir=models)

    answer = client.post("/predict?layers=full", content=seven, headers={"Content-Type": "image/png"}).json()

    assert {each["label"] for each in answer["probabilities"]} == {"low", "middle", "high"}
    assert sum(each["probability"] for each in answer["probabilities"]) == pytest.approx(1, abs=1e-6)
    assert [(layer["name"], layer["shape"]) for layer in answer["layers"]] == [
        ("input", [28, 28, 1]),
        ("conv_1", [26, 26, 4]),
        ("pool_1", [13, 13, 4]),
        ("flatten", [676]),
        ("output", [3]),
    ]
    assert all(len(layer["activation"]["values"]) == np.prod(layer["shape"]) for layer in answer["layers"])
