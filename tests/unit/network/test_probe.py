"""Probed networks: the same numbers, with every pre-activation; other layer classes are refused."""

import json
import zipfile
from pathlib import Path

import keras
import numpy as np
import pytest

from app.bundle.card import BundleError
from app.network.probe import describe_layers, load_model, probe, task_of


@pytest.fixture
def convolutional() -> keras.Model:
    """One layer of every supported kind, in a network of a few weights."""
    keras.utils.set_random_seed(7)
    image = keras.Input((8, 8, 3), name="input")
    x = keras.layers.Normalization(mean=[0.5] * 3, variance=[0.25] * 3, name="normalization")(image)
    x = keras.layers.Conv2D(4, 3, padding="same", activation="relu", name="conv")(x)
    x = keras.layers.MaxPooling2D(2, name="pool")(x)
    x = keras.layers.Dropout(0.5, name="dropout")(x)
    x = keras.layers.Flatten(name="flatten")(x)
    x = keras.layers.Dense(5, activation="sigmoid", name="hidden")(x)
    return keras.Model(image, keras.layers.Dense(3, activation="softmax", name="output")(x))


def test_probed_network_answers_as_the_network_does(convolutional):
    images = np.random.default_rng(7).random((6, 8, 8, 3), np.float32)

    probed = probe(convolutional)
    outputs = [np.asarray(output) for output in probed.model(images, training=False)]

    assert np.allclose(outputs[probed.taps[-1].activation], convolutional(images, training=False), atol=1e-6)


def test_every_layer_can_be_read_in_order(convolutional):
    probed = probe(convolutional)

    assert [tap.name for tap in probed.taps] == [layer.name for layer in convolutional.layers]
    assert [tap.name for tap in probed.taps if tap.pre_activation is not None] == ["conv", "hidden", "output"]


def test_activation_is_the_function_of_the_pre_activation_beside_it(convolutional):
    images = np.random.default_rng(7).random((6, 8, 8, 3), np.float32)
    probed = probe(convolutional)
    taps = {tap.name: tap for tap in probed.taps}

    outputs = [np.asarray(output) for output in probed.model(images, training=False)]

    conv, hidden = taps["conv"], taps["hidden"]
    assert np.array_equal(outputs[conv.activation], np.maximum(outputs[conv.pre_activation], 0))
    assert (outputs[conv.pre_activation] < 0).any()
    assert np.allclose(outputs[hidden.activation], 1 / (1 + np.exp(-outputs[hidden.pre_activation])), atol=1e-6)


def test_linear_layer_has_one_output_for_what_goes_in_and_what_comes_out():
    image = keras.Input((4,), name="input")
    code = keras.layers.Dense(2, name="code")(image)
    model = keras.Model(image, keras.layers.Dense(4, activation="sigmoid", name="reconstruction")(code))

    probed = probe(model)

    assert [(tap.name, tap.pre_activation, tap.activation) for tap in probed.taps] == [
        ("input", None, 0), ("code", 1, 1), ("reconstruction", 2, 3),
    ]  # fmt: skip
    assert [layer.activation for layer in describe_layers(model)] == [None, "linear", "sigmoid"]


@pytest.mark.parametrize(
    ("code_name", "outputs", "task"),
    [("code", 4, "reconstruction"), ("hidden", 4, "classification"), ("code", 3, "classification")],
)
def test_network_with_a_code_that_returns_its_input_is_an_autoencoder(code_name, outputs, task):
    image = keras.Input((4,), name="input")
    code = keras.layers.Dense(2, name=code_name)(image)

    assert task_of(keras.Model(image, keras.layers.Dense(outputs, name="last")(code))) == task


def test_probing_leaves_the_network_as_it_was(convolutional):
    before = [np.array(weight) for weight in convolutional.get_weights()]

    probe(convolutional).model.get_layer("conv").set_weights([np.zeros((3, 3, 3, 4)), np.zeros(4)])

    assert all(np.array_equal(old, new) for old, new in zip(before, convolutional.get_weights(), strict=True))


def test_saved_network_is_loaded_again(convolutional, tmp_path: Path):
    convolutional.save(tmp_path / "model.keras")

    loaded = load_model(tmp_path / "model.keras")

    images = np.ones((1, 8, 8, 3), np.float32)
    assert np.array_equal(loaded(images), convolutional(images))


@pytest.mark.parametrize(
    "layer",
    [keras.layers.GaussianNoise(0.1), keras.layers.Activation("relu"), keras.layers.BatchNormalization()],
    ids=lambda layer: type(layer).__name__,
)
def test_layer_that_is_not_on_the_list_is_refused_by_name(layer, tmp_path: Path):
    image = keras.Input((4,))
    keras.Model(image, layer(image)).save(tmp_path / "model.keras")

    with pytest.raises(BundleError, match=f"holds a {type(layer).__name__} layer, which is not supported"):
        load_model(tmp_path / "model.keras")


@pytest.mark.parametrize("content", [b"", b"not a zip file", b"PK\x03\x04"], ids=["empty", "text", "broken"])
def test_file_that_is_no_network_is_refused(content, tmp_path: Path):
    (tmp_path / "model.keras").write_bytes(content)

    with pytest.raises(BundleError, match="is not a saved Keras network"):
        load_model(tmp_path / "model.keras")


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda network: network.update(class_name="Reshape"), "is not a functional Keras network"),
        (lambda network: network["config"].update(layers=[]), "is not a functional Keras network"),
        (
            lambda network: network["config"]["layers"][-1]["config"]["kernel_initializer"].update(module="os"),
            "which is not part of Keras",
        ),
        (lambda network: network["config"]["layers"][-1].update(module="somewhere"), "which is not supported"),
    ],
    ids=["another class", "no layers", "foreign initialiser", "foreign layer"],
)
def test_description_of_anything_but_a_network_of_keras_is_refused(convolutional, tmp_path: Path, change, reason):
    path = tmp_path / "model.keras"
    convolutional.save(path)
    with zipfile.ZipFile(path) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    network = json.loads(files["config.json"])
    change(network)
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in {**files, "config.json": json.dumps(network)}.items():
            archive.writestr(name, content)

    with pytest.raises(BundleError, match=reason):
        load_model(path)
