"""Each kind of layer as a sum: the terms of one unit, and the backward pass through all units.

For one input every layer here is affine: a unit is ``Σ input × weight + bias``. In a max-pooling the largest value has
weight 1; dropout and flatten copy each value. Activation functions are not part of this; ``trace.py`` handles them.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

import numpy as np

from app.arrays import DoubleArray, FloatArray
from app.explain.arithmetic.windows import Sliding, Window

Place = tuple[int, ...]
"""A value's place: ``(unit,)``, ``(row, column)`` of a grey picture, or ``(row, column, channel)``."""


@dataclass(frozen=True)
class Terms:
    """The terms of one unit: a block of its layer's input, and a weight for each value in it.

    Attributes:
        origin: where in the input the block begins.
        inputs: float32, in the block's shape, with as many axes as the input.
        weights: the same; float64 where no float32 weights are kept.
        bias: what is added to the products.
    """

    origin: Place
    inputs: FloatArray
    weights: FloatArray | DoubleArray
    bias: float

    @cached_property
    def values(self) -> DoubleArray:
        """Input × weight, in the block's shape."""
        return self.inputs.astype(np.float64) * self.weights

    def place(self, index: int) -> Place:
        """Return the place in the input of the value at an index of the flattened block."""
        inside = np.unravel_index(index, self.inputs.shape)
        return tuple(int(first) + int(step) for first, step in zip(self.origin, inside, strict=True))


class Operation(Protocol):
    """A layer's affine operation on one input, before its activation function."""

    def terms(self, inputs: FloatArray, place: Place) -> Terms:
        """Return the terms of the unit at a place of the output."""

    def pull_back(self, gradient: DoubleArray, inputs: FloatArray) -> DoubleArray:
        """Return the gradient with respect to the input, in its shape, from that with respect to the output."""

    def bias_share(self, gradient: DoubleArray) -> float:
        """Return ``Σ gradient × bias`` over all units: the biases' contribution to the differentiated value."""


@dataclass(frozen=True)
class Dense:
    """Every unit over the whole input, flattened row by row: ``kernel`` (inputs, units), ``bias`` (units,)."""

    kernel: FloatArray
    bias: FloatArray

    def terms(self, inputs: FloatArray, place: Place) -> Terms:
        """Return one term for each value of the input."""
        (unit,) = place
        weights = self.kernel[:, unit].reshape(inputs.shape)
        return Terms((0,) * inputs.ndim, inputs, weights, float(self.bias[unit]))

    def pull_back(self, gradient: DoubleArray, inputs: FloatArray) -> DoubleArray:
        """Return ``kernel · gradient`` in the input's shape."""
        return (self.kernel.astype(np.float64) @ gradient).reshape(inputs.shape)

    def bias_share(self, gradient: DoubleArray) -> float:
        """Return the contribution of all units' biases."""
        return float(gradient @ self.bias.astype(np.float64))


@dataclass(frozen=True)
class Convolution:
    """Each channel over windows of all input channels: ``kernel`` (rows, columns, channels in, channels out)."""

    kernel: FloatArray
    bias: FloatArray
    sliding: Sliding

    def window(self, inputs: FloatArray, place: Place) -> Window:
        """Return where the window of an output's place lies."""
        return self.sliding.window(place[0], place[1], *inputs.shape[:2])

    def terms(self, inputs: FloatArray, place: Place) -> Terms:
        """Return one term for each value in the window; padding is zero, and has none."""
        window, channel = self.window(inputs, place), place[2]
        weights = self.kernel[window.covered][..., channel]  # (rows, columns, channels in)
        return Terms((*window.origin, 0), inputs[window.inside], weights, float(self.bias[channel]))

    def pull_back(self, gradient: DoubleArray, inputs: FloatArray) -> DoubleArray:
        """For each place of the kernel, add its gradient to the inputs that it covered."""
        margins = self.sliding.margins(*inputs.shape[:2])
        handed_back = np.zeros(_padded_shape(inputs, margins))
        kernel = self.kernel.astype(np.float64)
        for down, right in np.ndindex(*self.sliding.size):
            rows = _every(self.sliding.strides[0], down, gradient.shape[0])
            columns = _every(self.sliding.strides[1], right, gradient.shape[1])
            handed_back[rows, columns] += gradient @ kernel[down, right].T  # (rows, columns, channels in)
        return _without_margins(handed_back, inputs, margins)

    def bias_share(self, gradient: DoubleArray) -> float:
        """Return the contribution of all channels' biases, at all places."""
        return float(gradient.sum(axis=(0, 1)) @ self.bias.astype(np.float64))


@dataclass(frozen=True)
class MaxPooling:
    """The largest value of each window, channel by channel; of equal ones the first, row by row."""

    sliding: Sliding

    def window(self, inputs: FloatArray, place: Place) -> Window:
        """Return where the window of an output's place lies."""
        return self.sliding.window(place[0], place[1], *inputs.shape[:2])

    def candidates(self, inputs: FloatArray, place: Place) -> FloatArray:
        """Return the values of which the largest is taken, padding left out: shape ``(rows, columns)``."""
        return inputs[self.window(inputs, place).inside][..., place[2]]

    def terms(self, inputs: FloatArray, place: Place) -> Terms:
        """Return the one term: the largest value, with weight 1."""
        candidates = self.candidates(inputs, place)
        down, right = np.unravel_index(int(candidates.argmax()), candidates.shape)
        row, column = self.window(inputs, place).origin
        winner = (row + int(down), column + int(right), place[2])
        return Terms(winner, inputs[winner].reshape(1, 1, 1), np.ones((1, 1, 1), np.float32), 0.0)

    def pull_back(self, gradient: DoubleArray, inputs: FloatArray) -> DoubleArray:
        """Add each place's gradient to the largest value in its window."""
        margins = self.sliding.margins(*inputs.shape[:2])
        padded = np.pad(inputs, (*margins, (0, 0)), constant_values=-np.inf)
        windows = np.lib.stride_tricks.sliding_window_view(padded, self.sliding.size, axis=(0, 1))
        windows = windows[:: self.sliding.strides[0], :: self.sliding.strides[1]]  # (rows, columns, channels, *size)
        down, right = np.unravel_index(windows.reshape(*gradient.shape, -1).argmax(axis=-1), self.sliding.size)
        row, column, channel = np.indices(gradient.shape)
        handed_back = np.zeros(padded.shape)
        winners = (row * self.sliding.strides[0] + down, column * self.sliding.strides[1] + right, channel)
        np.add.at(handed_back, winners, gradient)
        return _without_margins(handed_back, inputs, margins)

    def bias_share(self, gradient: DoubleArray) -> float:
        """Return zero: a pooling has no biases."""
        return 0.0


@dataclass(frozen=True)
class Elementwise:
    """Each value of the input, in order, times a factor and plus an offset, both in the shape of the output.

    This is a normalization; with factor 1 and offset 0 it is dropout or flatten in a prediction.
    """

    factor: FloatArray | DoubleArray
    offset: FloatArray | DoubleArray

    def terms(self, inputs: FloatArray, place: Place) -> Terms:
        """Return the one term: the input's value in the same place of the order."""
        index = int(np.ravel_multi_index(place, self.factor.shape))
        source = tuple(int(axis) for axis in np.unravel_index(index, inputs.shape))
        one = (1,) * inputs.ndim
        return Terms(
            source, inputs[source].reshape(one), np.asarray(self.factor[place]).reshape(one), float(self.offset[place])
        )

    def pull_back(self, gradient: DoubleArray, inputs: FloatArray) -> DoubleArray:
        """Return ``gradient × factor`` in the input's shape."""
        return (gradient * self.factor).reshape(inputs.shape)

    def bias_share(self, gradient: DoubleArray) -> float:
        """Return the contribution of the offsets."""
        return float((gradient * self.offset).sum())


def _every(stride: int, first: int, count: int) -> slice:
    return slice(first, first + stride * (count - 1) + 1, stride)


def _padded_shape(inputs: FloatArray, margins: tuple[tuple[int, int], tuple[int, int]]) -> tuple[int, int, int]:
    rows, columns, channels = inputs.shape
    return rows + sum(margins[0]), columns + sum(margins[1]), channels


def _without_margins(
    padded: DoubleArray, inputs: FloatArray, margins: tuple[tuple[int, int], tuple[int, int]]
) -> DoubleArray:
    (above, _), (before, _) = margins
    return padded[above : above + inputs.shape[0], before : before + inputs.shape[1]]
