"""Gradients, Grad-CAM and occlusion, held to finite differences, to NumPy and to single calls of the network."""

import numpy as np
import pytest
from scipy import ndimage

from app.explain.attribution import (
    class_gradients,
    fill_values,
    grad_cam,
    input_gradients,
    logit_weights,
    occlusion_map,
    places_along,
    scores,
    upsample,
)

STEP = 1e-6  # of a central difference in float64: its own error is some 1e-9 of the logit
GRADIENT_TOLERANCE = 5e-6  # of the largest gradient beside it: float32 sums over up to 2,304 terms, √2304 · 2⁻²⁴
BOTH = pytest.mark.parametrize("which", ["mlp", "cnn"])
EITHER = pytest.mark.parametrize("of", ["logit", "probability"])


@pytest.fixture
def network(which, request):
    return request.getfixturevalue(which)


@pytest.fixture
def image(network, images):
    return images[network.card.name]


@pytest.fixture
def logits(network, image):
    return network.run(image[np.newaxis]).logits[0]


def central_difference(score, values, place):
    step = np.zeros(values.shape)
    step[place] = STEP
    return (score(values + step) - score(values - step)) / (2 * STEP)


def tolerance_beside(gradient):
    return GRADIENT_TOLERANCE * float(np.abs(gradient).max())


def some_places(candidates, rng, count):
    return [tuple(place) for place in rng.permutation(np.argwhere(candidates))[:count]]


@BOTH
@EITHER
def test_input_gradient_agrees_with_finite_differences(network, image, logits, forward, of):
    target = 3
    gradient = class_gradients(network, image, logits, target, of)[0].activation.reshape(image.shape)

    for place in some_places(gradient != 0, np.random.default_rng(7), 5):
        exact = central_difference(
            lambda values: scores(forward(network, values), of)[target], image.astype(float), place
        )
        assert gradient[place] == pytest.approx(exact, abs=tolerance_beside(gradient))


@BOTH
def test_every_hidden_layers_gradients_agree_with_finite_differences(network, image, logits, forward):
    target, rng = int(logits.argmax()), np.random.default_rng(7)
    readout = network.run(image[np.newaxis])

    gradients = class_gradients(network, image, logits, target, "logit")

    for layer, gradient in list(zip(readout.layers, gradients, strict=True))[1:-1]:
        for values, found, where in (
            (layer.activation, gradient.activation, "after"),
            (layer.pre_activation, gradient.pre_activation, "into"),
        ):
            if values is None:
                assert found is None
                continue
            assert found.shape == values.shape[1:]
            for place in some_places(values[0] > 0, rng, 2):  # at zero a pooling or a ReLU has no derivative
                exact = central_difference(
                    lambda near, where=where, name=layer.name: forward(network, near, **{where: name})[target],
                    values[0].astype(float),
                    place,
                )
                assert found[place] == pytest.approx(exact, abs=tolerance_beside(found)), (layer.name, where, place)


def test_unit_with_an_inactive_relu_has_zero_gradient_before_it(mlp, images):
    image = images[mlp.card.name]
    readout = mlp.run(image[np.newaxis])

    gradients = {layer.name: layer for layer in class_gradients(mlp, image, readout.logits[0], 7, "logit")}

    for layer in readout.layers:
        if layer.name.startswith("hidden"):
            held_back = layer.pre_activation[0] < 0
            assert held_back.any()
            assert not gradients[layer.name].pre_activation[held_back].any()
            assert gradients[layer.name].activation[held_back].any()


def test_logit_does_not_depend_on_the_softmax_output(mlp, images):
    image = images[mlp.card.name]

    output = class_gradients(mlp, image, mlp.run(image[np.newaxis]).logits[0], 7, "logit")[-1]

    assert output.activation is None
    assert output.pre_activation.tolist() == [0, 0, 0, 0, 0, 0, 0, 1, 0, 0]


@BOTH
@EITHER
def test_all_classes_at_once_are_each_class_alone(network, image, logits, of):
    together = input_gradients(network, image, logits, of)

    assert together.shape == (10, *image.shape)
    for target in range(10):
        alone = class_gradients(network, image, logits, target, of)[0].activation.reshape(image.shape)
        assert np.allclose(together[target], alone, rtol=0, atol=tolerance_beside(alone))


def test_probability_of_a_network_that_is_certain_still_has_a_gradient():
    logits = np.array([40, 0, 1], np.float32)
    assert scores(logits, "probability").astype(np.float32)[0] == 1

    weights = logit_weights(logits, 0, "probability")

    assert weights[0] > 0 > weights[1] > weights[2]
    assert weights.sum() == pytest.approx(0, abs=1e-6 * float(weights[0]))


def test_grad_cam_of_the_last_convolution_agrees_with_numpy(cnn, images):
    image, target = images[cnn.card.name], 5
    readout = cnn.run(image[np.newaxis])
    values = {layer.name: layer.activation[0].astype(float) for layer in readout.layers}
    gradient = {layer.name: layer for layer in class_gradients(cnn, image, readout.logits[0], target, "logit")}

    found = grad_cam(values["conv_4"].astype(np.float32), gradient["conv_4"].activation, 32, 32)

    back = cnn.weights["output"].kernel[:, target].astype(float) * (values["hidden"] > 0)
    pooled = (cnn.weights["hidden"].kernel.astype(float) @ back).reshape(6, 6, 64)
    by_conv_4 = np.zeros((13, 13, 64))
    for row, column, channel in np.ndindex(6, 6, 64):
        block = values["conv_4"][2 * row : 2 * row + 2, 2 * column : 2 * column + 2, channel]
        down, right = np.unravel_index(block.argmax(), (2, 2))
        by_conv_4[2 * row + down, 2 * column + right, channel] = pooled[row, column, channel]
    map_weights = by_conv_4.sum(axis=(0, 1)) / (13 * 13)
    signed = sum(map_weights[channel] * values["conv_4"][..., channel] for channel in range(64))
    assert np.allclose(found.map_weights, map_weights, rtol=0, atol=tolerance_beside(map_weights))
    assert np.allclose(found.signed, signed, rtol=0, atol=tolerance_beside(signed))
    assert np.array_equal(found.heat, np.where(found.signed > 0, found.signed, 0))
    for small, large in ((found.signed, found.signed_upsampled), (found.heat, found.heat_upsampled)):
        expected = ndimage.zoom(small.astype(float), 32 / 13, order=1, mode="nearest", grid_mode=True)
        assert np.allclose(large, expected, rtol=0, atol=tolerance_beside(small))


def test_upsampling_keeps_the_ends_and_is_even_between_the_centres():
    assert upsample(np.array([[0.0, 1.0]]), 1, 4).tolist() == [[0, 0.25, 0.75, 1]]


@pytest.mark.parametrize(
    ("which", "of", "window", "stride", "fill"),
    [("mlp", "logit", 4, 2, "zero"), ("mlp", "probability", 5, 9, "mean"), ("cnn", "logit", 8, 6, "grey")],
)
def test_occlusion_agrees_with_single_calls(network, image, logits, of, window, stride, fill):
    target = int(logits.argmax())

    found = occlusion_map(network, image, target, of, window, stride, fill)

    rows = columns = (image.shape[0] - window) // stride + 1
    assert found.shape == (rows, columns)
    value = {"zero": 0, "grey": 0.5, "mean": image.mean(axis=(0, 1))}[fill]
    for row, column in [(0, 0), (rows - 1, columns - 1), (rows // 2, columns // 3)]:
        covered = image.copy()
        covered[row * stride : row * stride + window, column * stride : column * stride + window] = value
        fall = scores(logits, of)[target] - scores(network.run(covered[np.newaxis]).logits[0], of)[target]
        assert found[row, column] == pytest.approx(fall, abs=1e-4)  # float32 sums of a batch in another order


def test_covering_a_corner_without_ink_with_no_ink_changes_nothing(mlp, images):
    found = occlusion_map(mlp, images[mlp.card.name], 7, "logit", 4, 2, "zero")

    assert found[0, 0] == pytest.approx(0, abs=1e-4)
    assert np.abs(found).max() > 1


@pytest.mark.parametrize(
    ("side", "window", "stride", "places"), [(28, 4, 2, 13), (28, 28, 1, 1), (28, 29, 1, 0), (32, 8, 5, 5)]
)
def test_window_has_as_many_places_as_lie_inside(side, window, stride, places):
    assert places_along(side, window, stride) == places


def test_mean_is_taken_for_each_channel():
    image = np.zeros((2, 2, 3), np.float32)
    image[0, :, 1] = 1

    assert fill_values(image, "mean").tolist() == [0, 0.5, 0]
