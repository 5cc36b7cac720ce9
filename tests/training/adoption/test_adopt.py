"""Someone's own network becomes a bundle that computes the same, or is refused in one sentence that says why."""

import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import keras
import numpy as np
import pytest
from keras import layers

from app.bundle.files import read_bundle
from app.network.probe import KINDS, load_model
from training.__main__ import main
from training.adoption.straightening import OPTIONS, straighten
from training.data.datasets import Examples

DIGITS = "0,1,2,3,4,5,6,7,8,9"


@pytest.fixture
def adopt(bars_dir: Path, tmp_path: Path) -> Callable[..., int]:
    """Save a network and type the command; the bundles go to ``tmp_path``."""

    def type_command(network: keras.Model, *options: str, file: str = "Mine v2.keras") -> int:
        network.save(tmp_path / file)
        return _type(tmp_path / file, bars_dir / "mnist.npz", tmp_path, *options)

    return type_command


def _type(network: Path, data: Path, models: Path, *options: str) -> int:
    classes = () if "--classes" in options else ("--classes", DIGITS)
    return main(
        ["adopt", str(network), "--data", str(data), "--models-dir", str(models / "models"), *classes, *options]
    )


def dense(units: int = 10, activation: str | None = "softmax", **options: object) -> keras.Model:
    return keras.Sequential([keras.Input((784,)), layers.Dense(units, activation=activation, **options)])


def that_knows_bars(values: float = 1) -> keras.Model:
    """A network that reads the bars by adding up the pixels of each place, on values up to the one given."""
    kernel = np.zeros((28, 28, 10), np.float32)
    for label in range(10):
        kernel[2 + 2 * label : 4 + 2 * label, 4:24, label] = 1 / values
    network = dense()
    network.set_weights([kernel.reshape(784, 10), np.array([4, *[0] * 9], np.float32)])
    return network


def give_random_biases(network: keras.Model) -> keras.Model:
    rng = np.random.default_rng(2)
    network.set_weights([rng.normal(0, 0.1, weight.shape) for weight in network.get_weights()])
    return network


def in_many_words() -> keras.Model:
    """All that is put another way: a Sequential that was compiled, lone activations, no bias, regularisers, logits."""
    network = keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            layers.Conv2D(3, 3, strides=2, use_bias=False, kernel_regularizer="l2", name="first conv"),
            layers.ReLU(),
            layers.MaxPooling2D(2),
            layers.Dropout(0.5),
            layers.Flatten(),
            layers.Dense(6, kernel_constraint="non_neg"),
            layers.Activation("sigmoid"),
            layers.Dense(5, activation="relu", name="first_conv"),
            layers.Dense(10, name="input"),
        ]
    )
    network.compile("adam", "mse")
    return give_random_biases(network)


def test_network_in_many_words_computes_the_same_when_adopted(adopt, tmp_path, capsys):
    network = in_many_words()

    assert adopt(network) == 0

    bundle = read_bundle(tmp_path / "models" / "mine-v2")
    served = load_model(bundle.model_path)
    images = np.random.default_rng(1).random((20, 28, 28, 1), np.float32)
    expected = keras.ops.softmax(network(images))
    np.testing.assert_allclose(served(images), expected, atol=1e-5)
    assert "a softmax was put into its last layer" in capsys.readouterr().out
    assert [layer.name for layer in bundle.card.layers][:2] == ["input", "first_conv"]
    assert {layer.name for layer in bundle.card.layers} >= {"first_conv_2", "input_2"}
    assert [layer.activation for layer in bundle.card.layers if layer.activation] == [
        "relu",
        "sigmoid",
        "relu",
        "softmax",
    ]


def test_every_layer_that_is_adopted_can_be_served():
    assert OPTIONS.keys() <= KINDS.keys()


@pytest.mark.parametrize(
    ("head", "values"),
    [
        ([keras.Input((28, 28)), layers.Flatten()], 1),
        ([keras.Input((28, 28, 1)), layers.Rescaling(1 / 255), layers.Flatten()], 255),
        ([keras.Input((28, 28, 1)), layers.Normalization(axis=None, mean=0.1, variance=0.2), layers.Flatten()], 1),
    ],
    ids=["flatten", "rescaling", "normalization"],
)
def test_what_stands_before_the_first_kernel_keeps_its_meaning(head, values):
    network = give_random_biases(keras.Sequential([*head, layers.Dense(10, activation="softmax")]))
    images = np.random.default_rng(1).random((20, *network.input_shape[1:]), np.float32)

    served = straighten(network, 10).model

    answers = served(images.reshape(20, *served.input_shape[1:]))
    np.testing.assert_allclose(answers, network(images * values), atol=1e-5)


def test_normalization_that_was_adapted_becomes_constants():
    normalization = layers.Normalization(axis=-1)
    normalization.adapt(np.random.default_rng(1).random((50, 32, 32, 3)))
    network = keras.Sequential(
        [keras.Input((32, 32, 3)), normalization, layers.Flatten(), layers.Dense(10, activation="softmax")]
    )
    images = np.random.default_rng(2).random((8, 32, 32, 3), np.float32)

    served = straighten(network, 10).model

    np.testing.assert_allclose(served(images), network(images), atol=1e-5)
    assert served.count_params() == 3072 * 10 + 10


def test_card_says_what_is_known_and_that_the_rest_is_not(adopt, bars, tmp_path, capsys):
    names = ",".join(f"bar {place}" for place in range(10))
    network = that_knows_bars()

    assert adopt(network, "--classes", names, "--title", "Bars", "--name", "bars") == 0

    bundle = read_bundle(tmp_path / "models" / "bars")
    card = bundle.card
    images = bars.test_images.reshape(-1, 784).astype(np.float32) / 255
    right = (np.asarray(network(images)).argmax(axis=1) == bars.test_labels).mean()
    assert card.test.accuracy == pytest.approx(right)
    assert right > 0.9
    assert np.trace(card.confusion) == round(right * len(bars.test_labels))
    assert [(one.split, one.dataset, one.examples) for one in card.metrics] == [
        ("test", "mnist", 200),
        ("train", "mnist", 400),
    ]
    assert (card.provenance.seed, card.provenance.epochs, card.provenance.device) == (None, None, "unknown")
    assert card.provenance.fingerprint == bars.fingerprint()
    assert card.provenance.versions == {"keras": keras.__version__}
    assert (card.title.pl, card.classes.pl[1], card.history) == ("Bars", "bar 1", ())
    assert card.recipe["adopted"] == "Mine v2.keras"
    assert bundle.snapshots() == {}
    assert {f"{layer.name}/activation/scale" for layer in card.layers} <= bundle.statistics().keys()
    assert f"{100 * right:.2f} % on the 200 test images of mnist" in capsys.readouterr().out


def test_without_training_images_where_the_weights_come_from_is_unknown(bars, tmp_path):
    dense().save(tmp_path / "net.keras")
    floats = (bars.test_images / 255).reshape(-1, 784)
    np.savez(tmp_path / "floats.npz", x_test=floats, y_test=bars.test_labels.reshape(-1, 1))

    assert _type(tmp_path / "net.keras", tmp_path / "floats.npz", tmp_path) == 0

    card = read_bundle(tmp_path / "models" / "net").card
    assert (card.provenance.dataset, card.provenance.fingerprint) == ("unknown", "unknown")
    assert card.recipe["test_fingerprint"] == Examples(bars.test_images, bars.test_labels).fingerprint()


def test_bundle_is_replaced_only_where_that_is_asked_for(adopt, tmp_path, capsys):
    assert adopt(dense()) == 0
    first = read_bundle(tmp_path / "models" / "mine-v2").card.files["model.keras"]

    assert adopt(dense()) == 1
    assert "give another --name, or --force to replace it" in capsys.readouterr().err
    assert read_bundle(tmp_path / "models" / "mine-v2").card.files["model.keras"] == first

    assert adopt(dense(), "--force") == 0
    assert read_bundle(tmp_path / "models" / "mine-v2").card.files["model.keras"] != first


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["--classes", "a,b,c"], "It ends in 10 units, and --classes names 3."),
        (["--classes", "a,a"], "no two alike"),
        (["--classes-pl", "a,b"], "--classes names 10 classes, and --classes-pl 2."),
        (["--name", "../mine"], "cannot be a bundle's name"),
        (["--name", "experiments"], "cannot be a bundle's name"),
        (["--preprocessing", "photos"], "takes images of shape (784,); that must be (32, 32, 3)"),
    ],
)
def test_options_that_do_not_fit_get_one_sentence(adopt, capsys, options, sentence):
    assert adopt(dense(), *options) == 1

    _has_one_sentence(capsys, sentence)


def _residual() -> keras.Model:
    image = keras.Input((784,))
    hidden = layers.Dense(784, activation="relu")(image)
    return keras.Model(image, layers.Dense(10, activation="softmax")(layers.Add()([image, hidden])))


def _used_twice() -> keras.Model:
    image = keras.Input((784,))
    hidden = layers.Dense(784, activation="relu")
    return keras.Model(image, layers.Dense(10, activation="softmax")(hidden(hidden(image))))


def _two_outputs() -> keras.Model:
    image = keras.Input((784,))
    return keras.Model(image, [layers.Dense(10)(image), layers.Dense(10)(image)])


def _line(shape: tuple[int, ...], *between: keras.Layer) -> Callable[[], keras.Model]:
    return lambda: keras.Sequential([keras.Input(shape), *between, layers.Dense(10, activation="softmax")])


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (_residual, "holds a Add layer, which is not supported."),
        (_line((784,), layers.BatchNormalization()), "holds a BatchNormalization layer, which is not supported."),
        (_line((784,), layers.Lambda(lambda values: values)), "holds a Lambda layer, which is not supported."),
        (_line((784,), keras.Sequential([layers.Dense(3)])), "holds a Sequential layer, which is not supported."),
        (_used_twice, "One of its layers is used twice"),
        (_two_outputs, "one input of a known shape and one output"),
        (_line((28, 28, 1), layers.Conv2D(2, 3)), "put a Flatten before it"),
        (lambda: keras.Sequential([keras.Input((None, None, 3)), layers.Conv2D(2, 3)]), "one input of a known shape"),
        (_line((100,)), "takes images of shape (100,); that must be (28, 28)"),
        (_line((3, 32, 32), layers.Flatten()), "takes images of shape (3, 32, 32)"),
        (_line((28, 28), layers.Dropout(0.1), layers.Flatten()), "put a Flatten right behind the input"),
        (_line((28, 28, 1), layers.Dense(4), layers.Flatten()), "put a Flatten before it"),
        (_line((784,), layers.Dense(5, activation="tanh")), "has the activation tanh, which cannot be shown"),
        (_line((784,), layers.Dense(5), layers.Dropout(0.1), layers.ReLU()), "does not stand right behind"),
        (_line((784,), layers.Dense(5), layers.ReLU(max_value=6)), "is not a plain one"),
        (_line((784,), layers.Rescaling(2.0)), "is none by 1/255"),
        (_line((28, 28, 1), layers.Conv2D(2, 3, dilation_rate=2), layers.Flatten()), "a dilation"),
        (lambda: dense(10, "sigmoid"), "ends in the activation sigmoid; a softmax is needed."),
        (lambda: keras.Sequential([keras.Input((784,)), layers.Dropout(0.1)]), "does not end in a Dense layer"),
    ],
)
def test_network_that_cannot_be_served_gets_one_sentence(adopt, capsys, tmp_path, make, sentence):
    assert adopt(make()) == 1

    _has_one_sentence(capsys, sentence)
    assert not (tmp_path / "models").exists()


def test_code_of_somebody_is_refused_before_it_is_loaded(adopt, capsys):
    @keras.saving.register_keras_serializable("somebody")
    class Odd(keras.initializers.Initializer):
        def __call__(self, shape, dtype=None, **_):
            raise AssertionError("never called by the command")

        def get_config(self):
            return {}

    network = dense()
    network.layers[-1].kernel_initializer = Odd()

    assert adopt(network) == 1

    _has_one_sentence(capsys, "which is not part of Keras")


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"y_test": None}, "holds no array y_test"),
        ({"x_test": np.zeros((20, 14, 14), np.uint8)}, "x_test has the shape (20, 14, 14); for digits it must be"),
        ({"x_test": np.zeros((0, 784), np.uint8)}, "x_test has the shape (0, 784)"),
        ({"x_test": np.full((20, 784), 255.0)}, "whole numbers in 0..255 or floats in 0..1"),
        ({"x_test": np.full((20, 784), np.nan)}, "whole numbers in 0..255 or floats in 0..1"),
        ({"x_test": np.full((20, 784), 256)}, "whole numbers in 0..255 or floats in 0..1"),
        ({"y_test": np.full(20, 10)}, "y_test holds labels in 10..10; with 10 classes they are 0..9."),
        ({"y_test": np.zeros((20, 10))}, "y_test must hold one class index"),
        ({"y_test": np.zeros(19, np.int64)}, "for each of the 20 images"),
    ],
)
def test_data_that_does_not_fit_gets_one_sentence(capsys, tmp_path, change, sentence):
    dense().save(tmp_path / "net.keras")
    arrays = {"x_test": np.zeros((20, 784), np.uint8), "y_test": np.zeros(20, np.int64), **change}
    np.savez(tmp_path / "own.npz", **{name: array for name, array in arrays.items() if array is not None})

    assert _type(tmp_path / "net.keras", tmp_path / "own.npz", tmp_path) == 1

    _has_one_sentence(capsys, sentence)


@pytest.mark.parametrize(
    ("network", "data", "sentence"),
    [
        ("nowhere.keras", "own.npz", "nowhere.keras does not exist."),
        ("text.keras", "own.npz", "is not a saved Keras network."),
        ("net.keras", "nowhere.npz", "nowhere.npz does not exist."),
        ("net.keras", "text.keras", "is not an npz file of plain arrays, or is damaged."),
    ],
)
def test_file_that_is_missing_or_something_else_gets_one_sentence(capsys, tmp_path, network, data, sentence):
    dense().save(tmp_path / "net.keras")
    (tmp_path / "text.keras").write_text("no network")
    np.savez(tmp_path / "own.npz", x_test=np.zeros((2, 784), np.uint8), y_test=np.zeros(2, np.int64))

    assert _type(tmp_path / network, tmp_path / data, tmp_path) == 1

    _has_one_sentence(capsys, sentence)


def test_network_trained_on_bytes_is_refused_with_advice(adopt, capsys):
    network = that_knows_bars(values=255)

    assert adopt(network) == 1
    _has_one_sentence(capsys, "multiply the kernel of its first layer by 255")

    kernel, bias = network.get_weights()
    network.set_weights([255 * kernel, bias])
    assert adopt(network) == 0


def test_description_in_the_file_is_all_that_is_read_of_a_foreign_network(capsys, bars_dir, tmp_path):
    dense().save(tmp_path / "net.keras")
    with zipfile.ZipFile(tmp_path / "net.keras") as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    description = json.loads(files["config.json"])
    description["class_name"] = "MyModel"
    with zipfile.ZipFile(tmp_path / "own.keras", "w") as archive:
        for name, content in {**files, "config.json": json.dumps(description)}.items():
            archive.writestr(name, content)

    assert _type(tmp_path / "own.keras", bars_dir / "mnist.npz", tmp_path) == 1

    _has_one_sentence(capsys, "is not a functional or sequential Keras network.")


def _has_one_sentence(capsys, sentence: str) -> None:
    error = capsys.readouterr().err
    assert sentence in error
    assert error.count("\n") == 1
    assert "Traceback" not in error
