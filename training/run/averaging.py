"""The moving average of the weights during training, which classifies better than the weights of any one step.

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
        model: its weights are read by ``update``, and never changed here.
        kept: how much of the average is kept at each step, after the first steps.
    """

    def __init__(self, model: keras.Model, kept: float) -> None:
        self._newest = model.trainable_variables
        # Copies through NumPy, because a training step may free the buffer of its weights.
        copies = [np.array(keras.ops.convert_to_numpy(weight.value)) for weight in self._newest]
        self._averages = [keras.Variable(weights, trainable=False) for weights in copies]
        self._kept = kept

    def update(self, step: int) -> None:
        """Update the average with the weights after a step; steps count from 1."""
        moved = 1 - share_kept(self._kept, step)
        for average, weight in zip(self._averages, self._newest, strict=True):
            average.assign(average.value + moved * (weight.value - average.value))

    def read(self) -> Weights:
        """Return the average: one array per weight, in the network's order."""
        return [keras.ops.convert_to_numpy(average.value) for average in self._averages]

    def restore(self, weights: Sequence[FloatArray]) -> None:
        """Continue from a saved average."""
        for average, weight in zip(self._averages, weights, strict=True):
            average.assign(weight)


def share_kept(kept: float, step: int) -> float:
    """Return how much of the average is kept at a step."""
    return min(kept, (1 + step) / (10 + step))
