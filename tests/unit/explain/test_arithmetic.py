"""One unit's sum and the trace, on small networks whose every unit can be tried, against Keras and TensorFlow."""

from collections.abc import Callable
from pathlib import Path

import keras
import numpy as np
import pytest
import tensorflow as tf

from app.bundle.card import Classes, InputCard, Localised, Measurement, ModelCard, Provenance
from app.bundle.files import read_bundle, write_bundle
from app.explain.arithmetic import (
    Place,
    Stage,
    is_affine_for_one_input,
    lay_out,
    softmax_terms,
    take_apart,
    trace_logit,
)
from app.explain.arithmetic.operations import Convolution, Dense, Elementwise, MaxPooling, Operation
from app.explain.arithmetic.windows import Sliding
from app.network.probe import describe_layers
from app.network.readings import read_layers
from app.network.traced import Network
from tests.unit.explain.rounding import allowed_in_levels, allowed_in_sum

RNG_SEED = 7
SLIDINGS = [
    Sliding((3, 3), (1, 1), "same"),
    Sliding((3, 3), (1, 1), "valid"),
    Sliding((2, 3), (2, 1), "same"),
    Sliding((2, 3), (2, 3), "valid"),
    Sliding((4, 1), (3, 2), "same"),
    Sliding((1, 5), (2, 2), "valid"),
]


@pytest.fixture
def rng() -> np.random.Generator:
    return np.random.default_rng(RNG_SEED)


def normal(rng: np.random.Generator, *shape: int) -> np.ndarray:
    return rng.standard_normal(shape).astype(np.float32)


def outputs_of(operation: Operation, inputs: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
    """Every unit's sum, each from its own terms."""
    every = [operation.terms(inputs, place) for place in np.ndindex(shape)]
    return np.array([terms.values.sum() + terms.bias for terms in every]).reshape(shape)


@pytest.mark.parametrize("sliding", SLIDINGS)
def test_convolution_adds_up_what_keras_adds_up(rng, sliding):
    inputs = normal(rng, 9, 8, 3)
    layer = keras.layers.Conv2D(4, sliding.size, sliding.strides, sliding.padding)
    layer.build((1, 9, 8, 3))
    layer.set_weights([normal(rng, *sliding.size, 3, 4), normal(rng, 4)])

    expected = np.asarray(layer(inputs[np.newaxis]))[0]

    found = outputs_of(Convolution(*layer.get_weights(), sliding), inputs, expected.shape)
    np.testing.assert_allclose(found, expected, atol=1e-5)  # 27 products of numbers near 1


@pytest.mark.parametrize("sliding", SLIDINGS)
def test_pooling_takes_what_keras_takes(rng, sliding):
    inputs = -np.abs(normal(rng, 9, 8, 3))  # all below zero: padding must never win

    expected = np.asarray(
        keras.layers.MaxPooling2D(sliding.size, sliding.strides, sliding.padding)(inputs[np.newaxis])
    )[0]

    assert np.array_equal(outputs_of(MaxPooling(sliding), inputs, expected.shape), expected)


@pytest.mark.parametrize("sliding", SLIDINGS)
def test_window_names_its_padding_and_covers_the_rest(sliding):
    rows = range(
        -(-9 // sliding.strides[0]) if sliding.padding == "same" else (9 - sliding.size[0]) // sliding.strides[0] + 1
    )

    for row in rows:
        window = sliding.window(row, 0, 9, 8)

        assert window.row == row * sliding.strides[0] - sliding.margins(9, 8)[0][0]
        covered = [index for index in range(window.row, window.row + window.rows) if 0 <= index < 9]
        assert list(range(9))[window.inside[0]] == covered
        assert window.top + len(covered) + window.bottom == window.rows
        assert list(range(window.rows))[window.covered[0]] == [index - window.row for index in covered]


def operations(rng: np.random.Generator) -> dict[str, tuple[Operation, tuple[int, ...], tuple[int, ...]]]:
    """One operation of every kind, the shape of its input and that of its output."""
    image = (9, 8, 3)
    convolutions = {
        f"convolution {number}": (Convolution(normal(rng, *sliding.size, 3, 4), normal(rng, 4), sliding), image, 4)
        for number, sliding in enumerate(SLIDINGS)
    }
    poolings = {f"pooling {number}": (MaxPooling(sliding), image, 3) for number, sliding in enumerate(SLIDINGS)}
    slid = {
        name: (operation, shape, (*output_sides(operation.sliding), channels))
        for name, (operation, shape, channels) in {**convolutions, **poolings}.items()
    }
    return {
        "dense": (Dense(normal(rng, 216, 5), normal(rng, 5)), image, (5,)),
        "normalization": (Elementwise(normal(rng, *image), normal(rng, *image)), image, image),
        "flatten": (Elementwise(np.ones(216, np.float32), np.zeros(216, np.float32)), image, (216,)),
        **slid,
    }


def output_sides(sliding: Sliding) -> tuple[int, int]:
    layer = keras.layers.MaxPooling2D(sliding.size, sliding.strides, sliding.padding)
    _, rows, columns, _ = layer.compute_output_shape((1, 9, 8, 3))
    return rows, columns


@pytest.mark.parametrize("kind", operations(np.random.default_rng(RNG_SEED)))
def test_backward_pass_is_the_transpose_of_the_forward_pass(rng, kind):
    operation, input_shape, output_shape = operations(rng)[kind]
    inputs = np.floor(normal(rng, *input_shape)) - 4  # few values, all below zero: ties, and padding must never win
    gradient = rng.standard_normal(output_shape)

    there = (gradient * outputs_of(operation, inputs, output_shape)).sum()
    back = (operation.pull_back(gradient, inputs) * inputs).sum() + operation.bias_share(gradient)

    assert there == pytest.approx(back, rel=1e-12, abs=1e-12)


def test_of_equal_values_in_a_pooling_the_first_wins():
    inputs = np.zeros((2, 2, 1), np.float32)
    pooling = MaxPooling(Sliding((2, 2), (2, 2), "valid"))

    assert pooling.terms(inputs, (0, 0, 0)).origin == (0, 0, 0)
    assert pooling.pull_back(np.ones((1, 1, 1)), inputs).ravel().tolist() == [1, 0, 0, 0]


def softmax_network() -> keras.Model:
    """One layer of every supported kind, windows of odd sizes and steps, every weight and bias at random."""
    image = keras.Input((9, 8, 3), name="input")
    x = keras.layers.Normalization(mean=[0.5, 0.4, 0.3], variance=[0.25, 0.09, 0.16], name="normalization")(image)
    x = keras.layers.Conv2D(4, (3, 2), (2, 1), padding="same", activation="relu", name="conv_1")(x)
    x = keras.layers.MaxPooling2D((2, 3), (1, 2), padding="same", name="pool")(x)
    x = keras.layers.Dropout(0.5, name="dropout")(x)
    x = keras.layers.Conv2D(5, 2, padding="valid", name="conv_2")(x)  # without an activation function
    x = keras.layers.Flatten(name="flatten")(x)
    x = keras.layers.Dense(6, activation="relu", name="hidden")(x)
    return keras.Model(image, keras.layers.Dense(3, activation="softmax", name="output")(x), name="small")


@pytest.fixture(scope="module")
def network(tmp_path_factory: pytest.TempPathFactory) -> Network:
    """A small network, written and read again as a bundle."""
    rng, model = np.random.default_rng(RNG_SEED), softmax_network()
    model.set_weights([normal(rng, *weight.shape) for weight in model.get_weights()])
    card = ModelCard(
        name="small",
        title=Localised(en="Small", pl="Mała"),
        task="classification",
        classes=Classes(en=("a", "b", "c"), pl=("a", "b", "c")),
        input=InputCard(shape=(9, 8, 3), preprocessing="photos"),
        parameters=model.count_params(),
        layers=describe_layers(model),
        metrics=(Measurement(dataset="none", split="test", examples=1, accuracy=0, loss=0),),
        confusion=(),
        recipe={},
        provenance=Provenance(
            dataset="none",
            fingerprint="",
            train_examples=0,
            validation_examples=0,
            seed=0,
            epochs=0,
            device="",
            versions={},
        ),
        history=(),
    )
    directory: Path = tmp_path_factory.mktemp("models")
    write_bundle(directory, card, model.save, statistics={})
    return Network(read_bundle(directory / "small"))


@pytest.fixture(scope="module")
def image() -> np.ndarray:
    return np.random.default_rng(3).random((9, 8, 3), np.float32)


@pytest.fixture(scope="module")
def stages(network: Network, image: np.ndarray) -> dict[str, Stage]:
    readings = read_layers(network.run(image[np.newaxis]), 0)
    return lay_out(network.card, network.weights, network.moments, readings)


LAYERS = ("normalization", "conv_1", "pool", "dropout", "conv_2", "flatten", "hidden", "output")


@pytest.mark.parametrize("layer", LAYERS)
def test_every_unit_of_every_kind_of_layer_is_the_sum_that_is_given(stages, layer):
    stage = stages[layer]

    for place in np.ndindex(*stage.layer.shape):
        unit = take_apart(stage, place, top=3)

        given = [*unit.supporting, *unit.opposing]
        assert unit.value == stage.sums[place]
        assert unit.activation == stage.activation[place]
        total = sum(term.value for term in given) + unit.rest.sum + unit.bias
        assert total + unit.residual == pytest.approx(unit.value, rel=1e-12, abs=1e-12)
        terms = stage.operation.terms(stage.inputs, place)
        assert len(given) + unit.rest.count == terms.values.size
        assert abs(unit.residual) <= allowed_in_sum(stage, terms)


@pytest.mark.parametrize("layer", LAYERS)
def test_each_term_names_the_input_that_it_is_made_of(stages, layer):
    stage = stages[layer]

    for place in np.ndindex(*stage.layer.shape):
        for term in take_apart(stage, place, top=2).supporting:
            assert term.input == stage.inputs[term.place]
            assert term.value == float(term.input) * float(term.weight)


def test_terms_are_the_largest_for_and_against_and_of_equal_ones_the_first():
    kernel = np.array([[2, -1, 2, 0, 3, -4, 2]], np.float32).T
    operation = Dense(kernel, np.array([0.5], np.float32))
    stage = dense_stage(operation, np.ones(7, np.float32))

    unit = take_apart(stage, (0,), top=2)

    assert [(term.place, term.value) for term in unit.supporting] == [((4,), 3), ((0,), 2)]
    assert [(term.place, term.value) for term in unit.opposing] == [((5,), -4), ((1,), -1)]
    assert (unit.rest.count, unit.rest.sum) == (3, 4)


def dense_stage(operation: Dense, inputs: np.ndarray) -> Stage:
    layer = describe_layers(softmax_network())[-1]
    sums = inputs @ operation.kernel + operation.bias
    return Stage(layer, "input", operation, inputs, sums, sums)


def test_zero_is_a_term_only_where_it_is_all_that_there_is(stages):
    stage = stages["pool"]
    silent = np.argwhere(stage.activation == 0)

    assert len(silent)
    for place in map(tuple, silent):
        unit = take_apart(stage, place, top=3)
        assert [term.value for term in unit.supporting] == [0]
        assert unit.candidates.max() == 0


def test_pooling_shows_among_which_values_the_winner_was(stages):
    stage = stages["pool"]

    for place in np.ndindex(*stage.layer.shape):
        unit = take_apart(stage, place, top=1)
        (winner,) = (*unit.supporting, *unit.opposing)
        row, column = (winner.place[axis] - unit.window.origin[axis] for axis in (0, 1))
        assert unit.candidates[row, column] == unit.candidates.max() == unit.value


def test_pictures_of_a_convolution_are_its_kernel_and_what_it_made_of_the_window(stages):
    stage = stages["conv_1"]
    padded = np.pad(stage.inputs, (*stage.operation.sliding.margins(9, 8), (0, 0)))

    for row, column, channel in np.ndindex(*stage.layer.shape):
        unit = take_apart(stage, (row, column, channel), top=1)
        window = padded[2 * row : 2 * row + 3, column : column + 2]
        assert np.array_equal(unit.weights, stage.operation.kernel[..., channel])
        np.testing.assert_array_equal(unit.products, window.astype(np.float64) * unit.weights)
        assert unit.products.sum() + unit.bias == pytest.approx(unit.value, abs=1e-5)


def test_pictures_of_a_dense_unit_have_the_shape_of_what_it_looks_at(stages):
    unit = take_apart(stages["hidden"], (2,), top=1)

    assert stages["hidden"].source == "conv_2"
    assert unit.weights.shape == unit.products.shape == stages["conv_2"].layer.shape
    np.testing.assert_array_equal(unit.products, stages["hidden"].inputs.astype(np.float64) * unit.weights)


def test_softmax_is_the_networks_and_a_temperature_flattens_it(stages):
    logits, probabilities = stages["output"].sums, stages["output"].activation

    usual, warm = softmax_terms(logits), softmax_terms(logits, temperature=1e6)

    np.testing.assert_allclose(usual.probabilities, probabilities, rtol=1e-5)
    assert usual.exponentials.max() == 1
    assert usual.total == usual.exponentials.sum()
    np.testing.assert_allclose(warm.probabilities, 1 / 3, rtol=1e-4)


def logit_difference(network: Network, target: int, against: int | None) -> Callable[[tf.Tensor], tf.Tensor]:
    def of(images: tf.Tensor) -> tf.Tensor:
        logits = network._model(images)[network._taps[-1].pre_activation][0]
        return logits[target] - (0 if against is None else logits[against])

    return of


@pytest.mark.parametrize("against", [None, 0])
def test_every_level_of_a_trace_adds_up_to_the_logit(network, image, stages, against):
    logits = network.run(image[np.newaxis]).logits[0].astype(np.float64)
    expected = logits[2] - (0 if against is None else logits[against])

    trace = trace_logit(stages.values(), 2, against, top=4)

    assert trace.logit == expected
    assert [level.layer for level in trace.levels] == [
        "output", "hidden", "conv_2", "pool", "conv_1", "normalization", "input",
    ]  # fmt: skip
    gradient = np.array([0 if against is None else -1, 0, 1], np.float64)
    allowed = allowed_in_levels([stage for stage in stages.values() if not stage.passes], gradient)
    for level, bound in zip(trace.levels, allowed, strict=True):
        total = sum(unit.value for unit in level.units) + level.rest.sum + level.bias
        assert total + level.residual == pytest.approx(trace.logit, rel=1e-12)
        assert abs(level.residual) <= bound
    assert trace.levels[-1].bias == sum(value for _, value in trace.biases) == trace.affine.constant


@pytest.mark.parametrize("against", [None, 0])
def test_affine_picture_is_the_gradient_that_tensorflow_finds(network, image, stages, against):
    images = tf.constant(image[np.newaxis])
    with tf.GradientTape() as tape:
        tape.watch(images)
        logit = logit_difference(network, 2, against)(images)

    affine = trace_logit(stages.values(), 2, against, top=4).affine

    gradient = tape.gradient(logit, images).numpy()[0]
    np.testing.assert_allclose(affine.weights, gradient, atol=1e-5 * np.abs(gradient).max())
    assert (affine.weights * image).sum() + affine.constant == pytest.approx(float(logit), abs=1e-4)


def test_each_unit_of_a_level_is_what_its_sources_add(stages):
    trace = trace_logit(stages.values(), 2, 0, top=4)

    for level, below in zip(trace.levels, trace.levels[1:], strict=False):
        assert level.units
        for unit in level.units:
            total = sum(source.value for source in unit.sources) + unit.rest.sum + unit.bias
            assert total == pytest.approx(unit.value, rel=1e-4, abs=1e-5)
            inputs = stages[level.layer].inputs
            assert below.layer == stages[level.layer].source
            assert all(inputs[source.place] != 0 for source in unit.sources)
    assert all(unit.sources == () for unit in trace.levels[-1].units)


def test_level_gives_its_strongest_units_first(stages):
    trace = trace_logit(stages.values(), 2, None, top=4)

    for level in trace.levels:
        magnitudes = [abs(unit.value) for unit in level.units]
        assert magnitudes == sorted(magnitudes, reverse=True)
        assert len(magnitudes) <= 4


@pytest.mark.parametrize(
    ("activations", "affine"),
    [((None, "relu", "linear"), True), (("relu", "sigmoid"), False), (("tanh",), False), ((), True)],
)
def test_only_a_network_of_relu_is_affine_for_one_input(activations, affine):
    assert is_affine_for_one_input(activations) == affine


def test_place_that_a_layer_does_not_have_is_an_index_error(stages):
    place: Place = (99,)

    with pytest.raises(IndexError):
        take_apart(stages["hidden"], place, top=1)
