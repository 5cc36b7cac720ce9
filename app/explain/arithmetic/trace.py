"""A logit decomposed layer by layer down to the pixels; each level adds up to the same logit.

For one input a network of affine layers, ReLU and max-pooling is exactly affine: the inputs with the same active ReLUs
and the same maxima in the poolings form a region in which every value is a weighted sum of the pixels plus a constant
(Montúfar et al., "On the Number of Linear Regions of Deep Neural Networks", 2014, section 2). So at every layer ``l``

    logit = Σ activation of a unit of l × ∂ logit / ∂ that activation  +  Σ contributions of the biases above l

where the biases of a layer contribute ``Σ ∂ logit / ∂ pre-activation × bias``. The derivatives are taken with the
active ReLUs and the maxima held fixed; a ReLU at exactly zero has derivative zero, as in TensorFlow.

The identity is exact up to rounding. The network computed each pre-activation in float32 with an error ``δ``, and a
level's ``residual`` is ``Σ ∂ logit / ∂ pre-activation × δ`` over the layers above it, each ``δ`` within the bound that
``sums.py`` states.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from app.arrays import DoubleArray, FloatArray
from app.explain.arithmetic.operations import MaxPooling, Place, Terms
from app.explain.arithmetic.stages import Stage
from app.explain.arithmetic.sums import IndexArray, Rest, rest_without
from app.scheduling.checkpoint import Checkpoint, go_on

AFFINE = (None, "linear", "relu")
"""Activation functions that are affine on each side of zero."""

SOURCES = 5
"""How many sources in the level below are listed for each unit."""


@dataclass(frozen=True)
class Source:
    """A unit of the level below, and its contribution to the logit through this unit."""

    place: Place
    value: float


@dataclass(frozen=True)
class Contribution:
    """One unit's contribution to the logit, ``activation × ∂ logit / ∂ activation``, and its sources.

    ``value`` is ``Σ sources + rest + bias``, up to the rounding of its own activation; a pixel has no sources.
    """

    place: Place
    activation: float
    value: float
    sources: tuple[Source, ...]
    bias: float
    rest: Rest


@dataclass(frozen=True)
class Level:
    """One layer's share: ``Σ units + rest + bias`` is the logit.

    Attributes:
        layer: its name; that of the network's input for the pixels.
        units: those with the largest contributions, by magnitude, equal ones in the layer's order.
        rest: all other units of the layer.
        bias: the contribution of the biases in the layers above.
        residual: the network's logit minus the sum of the above.
    """

    layer: str
    units: tuple[Contribution, ...]
    rest: Rest
    bias: float
    residual: float


@dataclass(frozen=True)
class AffinePicture:
    """The whole network as one weighted sum of the pixels: ``Σ pixel × weight + constant`` is the logit.

    Attributes:
        weights: float64, in the image's shape: ``∂ logit / ∂ pixel``.
        products: float64, in the same shape: pixel × weight.
        constant: the contribution of all biases.
        residual: the network's logit minus that sum.
    """

    weights: DoubleArray
    products: DoubleArray
    constant: float
    residual: float


@dataclass(frozen=True)
class Trace:
    """A logit, or the difference of two, from the output down to the pixels.

    Attributes:
        logit: the network's own, or the difference of two in float64.
        levels: from the output to the input, one for each layer that computes something, and the input.
        biases: the contribution of each layer's biases, for layers that have any, from the output down.
        affine: the network as one weighted sum of the pixels.
    """

    logit: float
    levels: tuple[Level, ...]
    biases: tuple[tuple[str, float], ...]
    affine: AffinePicture


def is_affine_for_one_input(activations: Iterable[str | None]) -> bool:
    """Return whether a network can be traced, by the activation functions of its layers but the last."""
    return all(activation in AFFINE for activation in activations)


def trace_logit(
    stages: Iterable[Stage], target: int, against: int | None, top: int, checkpoint: Checkpoint = go_on
) -> Trace:
    """Decompose a class's logit, or its difference from another's, down to the pixels.

    Args:
        stages: a network's, in layer order; all activation functions but the last one's are in ``AFFINE``.
        target: index of the class.
        against: index of the class whose logit is subtracted, or ``None``.
        top: how many units of a level are listed.
        checkpoint: called before each level and each unit of it.
    """
    computing = [stage for stage in stages if not stage.passes]
    logits = computing[-1].sums.astype(np.float64)
    gradient = np.zeros(logits.shape)
    gradient[target] = 1
    if against is not None:
        gradient[against] -= 1
    logit, bias = float(gradient @ logits), 0.0
    levels: list[Level] = []
    biases: list[tuple[str, float]] = []
    activation = computing[-1].sums
    for stage in reversed(computing):
        checkpoint()
        passed = _through_activation(stage, gradient)
        levels.append(_level(stage, activation, gradient, passed, logit, bias, top, checkpoint))
        if not isinstance(stage.operation, MaxPooling):
            biases.append((stage.layer.name, stage.operation.bias_share(passed)))
            bias += biases[-1][1]
        gradient = stage.operation.pull_back(passed, stage.inputs)
        activation = stage.inputs
    levels.append(_pixels(computing[0], gradient, logit, bias, top))
    affine = AffinePicture(gradient, computing[0].inputs.astype(np.float64) * gradient, bias, levels[-1].residual)
    return Trace(logit, tuple(levels), tuple(biases), affine)


def _through_activation(stage: Stage, gradient: DoubleArray) -> DoubleArray:
    if stage.layer.activation == "relu":
        return gradient * (stage.sums > 0)
    return gradient


def _level(
    stage: Stage,
    activation: FloatArray,
    gradient: DoubleArray,
    passed: DoubleArray,
    logit: float,
    bias: float,
    top: int,
    checkpoint: Checkpoint,
) -> Level:
    values = (activation.astype(np.float64) * gradient).ravel()
    strongest = _strongest(values, top)
    units = []
    for index in strongest:
        checkpoint()
        place = _place(int(index), activation.shape)
        terms = stage.operation.terms(stage.inputs, place)
        units.append(_contribution(place, activation, float(values[index]), terms, float(passed[place])))
    return _added_up(stage.layer.name, units, values, strongest, logit, bias)


def _contribution(place: Place, activation: FloatArray, value: float, terms: Terms, passed: float) -> Contribution:
    through = terms.values.ravel() * passed
    strongest = _strongest(through, SOURCES)
    sources = tuple(Source(terms.place(int(index)), float(through[index])) for index in strongest)
    bias, rest = terms.bias * passed, rest_without(through, strongest)
    return Contribution(place, float(activation[place]), value, sources, bias, rest)


def _pixels(first: Stage, gradient: DoubleArray, logit: float, bias: float, top: int) -> Level:
    values = (first.inputs.astype(np.float64) * gradient).ravel()
    strongest = _strongest(values, top)
    places = [(int(index), _place(int(index), first.inputs.shape)) for index in strongest]
    units = [
        Contribution(place, float(first.inputs[place]), float(values[index]), (), 0.0, Rest(0, 0.0))
        for index, place in places
    ]
    return _added_up(first.source, units, values, strongest, logit, bias)


def _added_up(
    layer: str,
    units: Sequence[Contribution],
    values: DoubleArray,
    given: IndexArray,
    logit: float,
    bias: float,
) -> Level:
    rest = rest_without(values, given)
    residual = logit - (float(values[given].sum()) + rest.sum + bias)
    return Level(layer, tuple(units), rest, bias, residual)


def _strongest(values: DoubleArray, count: int) -> IndexArray:
    """Return the indices of the values of largest magnitude, without zeros; equal ones in their order."""
    order = np.argsort(-np.abs(values), kind="stable")[:count]
    strongest: IndexArray = order[values[order] != 0]
    return strongest


def _place(index: int, shape: tuple[int, ...]) -> Place:
    return tuple(int(axis) for axis in np.unravel_index(index, shape))
