"""A network and its values for one image, arranged for arithmetic: each layer with its input, sum and output.

Dropout and flatten change no value in a prediction. So the input of a layer after them is the output of the layer that
computed the values, in its shape: a dense layer after a flatten has inputs in rows, columns and channels.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from app.arrays import FloatArray
from app.bundle.card import LayerCard, ModelCard
from app.explain.arithmetic.operations import Convolution, Dense, Elementwise, MaxPooling, Operation
from app.explain.arithmetic.windows import Sliding
from app.network.readings import LayerReading
from app.network.traced import Moments, Weights

PASSING = ("dropout", "flatten")
"""The kinds of layer that do not change values."""


@dataclass(frozen=True)
class Stage:
    """One layer that computes something, for one image.

    Attributes:
        layer: its card.
        source: the layer that computed its input.
        operation: its operation on that input.
        inputs: float32, in the source's shape; the network's input in the image's.
        pre_activation: float32, in the layer's shape; ``None`` if it has no activation function.
        activation: the layer's output, likewise.
    """

    layer: LayerCard
    source: str
    operation: Operation
    inputs: FloatArray
    pre_activation: FloatArray | None
    activation: FloatArray

    @property
    def passes(self) -> bool:
        """Whether the layer does not change values."""
        return self.layer.kind in PASSING

    @property
    def sums(self) -> FloatArray:
        """The network's own value of each sum: the pre-activation, if there is an activation function."""
        return self.activation if self.pre_activation is None else self.pre_activation


def lay_out(
    card: ModelCard,
    weights: Mapping[str, Weights],
    moments: Mapping[str, Moments],
    readings: Sequence[LayerReading],
) -> dict[str, Stage]:
    """Return a stage for each layer after the input, by name, in layer order.

    Args:
        card: the network's.
        weights: of each layer that holds any.
        moments: of each normalization.
        readings: each layer's values for the image, in layer order, the input first.
    """
    source, inputs = card.layers[0].name, readings[0].activation.reshape(card.input.shape)
    stages: dict[str, Stage] = {}
    for layer, reading in zip(card.layers[1:], readings[1:], strict=True):
        operation = _operation(layer, weights, moments)
        stage = Stage(layer, source, operation, inputs, reading.pre_activation, reading.activation)
        stages[layer.name] = stage
        if not stage.passes:
            source, inputs = layer.name, reading.activation
    return stages


def _operation(layer: LayerCard, weights: Mapping[str, Weights], moments: Mapping[str, Moments]) -> Operation:
    if layer.kind == "dense":
        return Dense(weights[layer.name].kernel, weights[layer.name].bias)
    if layer.kind == "convolution":
        sliding = _sliding(layer.options["kernel_size"], layer)
        return Convolution(weights[layer.name].kernel, weights[layer.name].bias, sliding)
    if layer.kind == "pooling":
        return MaxPooling(_sliding(layer.options["pool_size"], layer))
    if layer.kind == "normalization":
        mean = np.broadcast_to(moments[layer.name].mean, layer.shape).astype(np.float64)
        deviation = np.broadcast_to(moments[layer.name].deviation, layer.shape).astype(np.float64)
        return Elementwise(1 / deviation, -mean / deviation)
    return Elementwise(np.ones(layer.shape, np.float32), np.zeros(layer.shape, np.float32))


def _sliding(size: Sequence[int], layer: LayerCard) -> Sliding:
    rows, columns = size
    down, right = layer.options["strides"]
    return Sliding((rows, columns), (down, right), layer.options["padding"])
