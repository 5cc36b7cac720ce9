"""The networks that are served: printed terms add up to the forward pass, a trace and its affine picture to the logit.

Random inputs and random units of every layer; ``rounding.py`` says how far float32 may lie from them.
"""

from pathlib import Path

import numpy as np
import pytest

from app.bundle.files import read_bundle
from app.explain.arithmetic import Stage, lay_out, softmax_terms, take_apart, trace_logit
from app.network.readings import read_layers
from app.network.traced import Network
from tests.unit.explain.rounding import UNIT_ROUNDOFF, allowed_in_levels, allowed_in_sum

NETWORKS = ("mnist-mlp", "cifar10-cnn-lecture")
INPUTS = 4
UNITS_A_LAYER = 6


@pytest.fixture(scope="module", params=NETWORKS)
def network(request: pytest.FixtureRequest, models_dir: Path) -> Network:
    return Network(read_bundle(models_dir / request.param))


@pytest.fixture(scope="module")
def images(network: Network) -> np.ndarray:
    """Noise, half of it nearly blank: silent units and pools of zeros are among what they make."""
    rng = np.random.default_rng(7)
    noise = rng.random((INPUTS, *network.card.input.shape), np.float32)
    return np.where((np.arange(INPUTS) % 2 == 0).reshape(-1, *[1] * (noise.ndim - 1)), noise, noise**12)


@pytest.fixture(scope="module")
def laid_out(network: Network, images: np.ndarray) -> list[dict[str, Stage]]:
    readout = network.run(images)
    return [
        lay_out(network.card, network.weights, network.moments, read_layers(readout, index))
        for index in range(len(images))
    ]


def test_terms_of_random_units_of_every_layer_add_up_to_the_forward_pass(laid_out):
    rng = np.random.default_rng(7)
    for stages in laid_out:
        for stage in stages.values():
            for _ in range(UNITS_A_LAYER):
                place = tuple(int(rng.integers(side)) for side in stage.layer.shape)

                unit = take_apart(stage, place, top=10)

                printed = sum(term.value for term in (*unit.supporting, *unit.opposing)) + unit.rest.sum + unit.bias
                assert unit.value == stage.sums[place]
                allowed = allowed_in_sum(stage, stage.operation.terms(stage.inputs, place))
                assert abs(unit.value - printed) <= allowed, (stage.layer.name, place)
                assert unit.residual == pytest.approx(unit.value - printed, abs=1e-12)


def test_softmax_term_by_term_is_the_forward_pass(laid_out):
    for stages in laid_out:
        output = list(stages.values())[-1]

        terms = softmax_terms(output.sums)

        # Of each probability: the difference of two logits, an exponential, a sum of ten and a quotient are rounded.
        logits_lie_apart = float(np.ptp(output.sums))
        np.testing.assert_allclose(
            terms.probabilities, output.activation, rtol=(logits_lie_apart + 16) * UNIT_ROUNDOFF, atol=1e-37
        )


@pytest.mark.parametrize("of_two", [False, True], ids=["one logit", "two logits"])
def test_every_level_of_a_trace_adds_up_to_the_logit(laid_out, of_two):
    for index, stages in enumerate(laid_out):
        target, against = index, (9 - index if of_two else None)
        logits = list(stages.values())[-1].sums.astype(np.float64)
        gradient = np.zeros(10)
        gradient[target] = 1
        if of_two:
            gradient[9 - index] = -1

        trace = trace_logit(stages.values(), target, against, top=8)

        assert trace.logit == gradient @ logits
        allowed = allowed_in_levels([stage for stage in stages.values() if not stage.passes], gradient)
        for level, bound in zip(trace.levels, allowed, strict=True):
            listed = sum(unit.value for unit in level.units) + level.rest.sum + level.bias
            assert abs(trace.logit - listed) <= bound, level.layer


@pytest.mark.parametrize("target", range(10))
def test_affine_picture_adds_up_to_the_logit(network, images, laid_out, target):
    for image, stages in zip(images, laid_out, strict=True):
        affine = trace_logit(stages.values(), target, None, top=1).affine

        logit = float(list(stages.values())[-1].sums[target])
        summed = affine.products.sum() + affine.constant
        allowed = allowed_in_levels([stage for stage in stages.values() if not stage.passes], np.eye(10)[target])[-1]
        assert affine.weights.shape == network.card.input.shape
        assert np.array_equal(affine.products, affine.weights * image.astype(np.float64))
        assert abs(logit - summed) <= allowed
        assert affine.residual == pytest.approx(logit - summed, abs=1e-11)


def test_tolerance_is_narrow_enough_to_see_a_lost_bias(laid_out):
    for stages in laid_out:
        trace = trace_logit(stages.values(), 0, None, top=1)

        allowed = allowed_in_levels([stage for stage in stages.values() if not stage.passes], np.eye(10)[0])
        assert all(abs(value) > allowed[-1] for _, value in trace.biases)
