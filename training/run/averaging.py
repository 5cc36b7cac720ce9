"""The average of the weights along the way, which reads better than the weights of any one step.

After each step the average moves towards the newest weights. Early on it moves fast, so that it forgets the untrained
network: at step t it keeps no more than (1 + t) / (10 + t) of itself (as TensorFlow's ``ExponentialMovingAverage``).
"""

from collections.abc import Sequence

import keras
import numpy as np

from app.arrays import FloatArray

Weights = list[FloatArray]


class AveragedWeights:
    """The running average of a network's weights.

    Args:
        model: whose weights; ``update`` reads them, and nothing here changes them.
        kept: how much of the average stays at each step, once there were enough of them.
    """

    def __init__(self, model: keras.Model, kept: float) -> None:
        self._newest = model.trainable_variables
        # Copies by way of NumPy: a training step may free the buffer of the weights that it was given.
        copies = [np.array(keras.ops.convert_to_numpy(weight.value)) for weight in self._newest]
        self._averages = [keras.Variable(weights, trainable=False) for weights in copies]
        self._kept = kept

    def update(self, step: int) -> None:
        """Take the weights after a step into the average; steps count from 1."""
        moved = 1 - share_kept(self._kept, step)
        for average, weight in zip(self._averages, self._newest, strict=True):
            average.assign(average.value + moved * (weight.value - average.value))

    def read(self) -> Weights:
        """Return the average: one array a weight, in the network's order."""
        return [keras.ops.convert_to_numpy(average.value) for average in self._averages]

    def restore(self, weights: Sequence[FloatArray]) -> None:
        """Go on from an average that was read before."""
        for average, weight in zip(self._averages, weights, strict=True):
            average.assign(weight)


def share_kept(kept: float, step: int) -> float:
    """Return how much of the average stays at a step."""
    return min(kept, (1 + step) / (10 + step))
