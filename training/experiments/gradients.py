"""The gradient of the loss at every layer of a sigmoid network, by explicit backpropagation.

Keras has no gradient function for all backends, and a vanishing gradient needs more digits than float32 has; so it is
computed here in float64 from the weights. The network is a sequence of dense layers, sigmoid in the hidden ones and
softmax in the last, and the loss is the mean cross-entropy over the batch.

Source: Rumelhart, Hinton and Williams, "Learning representations by back-propagating errors" (1986).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from app.arrays import DoubleArray
from training.data.datasets import Labels

Parameters = Sequence[tuple[npt.NDArray[np.floating], npt.NDArray[np.floating]]]
"""Kernel, shape ``(inputs, units)``, and bias, shape ``(units,)``, of each layer in order."""


@dataclass(frozen=True)
class Backpropagation:
    """One batch's loss and its derivatives, one per layer, in layer order.

    Attributes:
        loss: the mean cross-entropy over the batch, in nats.
        kernels: the derivative of that mean with respect to each weight, shape ``(inputs, units)``.
        pre_activations: the derivative of each image's cross-entropy by its pre-activations, shape ``(n, units)``.
    """

    loss: float
    kernels: tuple[DoubleArray, ...]
    pre_activations: tuple[DoubleArray, ...]


def backpropagate(parameters: Parameters, images: npt.NDArray[np.floating], labels: Labels) -> Backpropagation:
    """Run a batch forward and its error backward.

    Args:
        parameters: each layer's, in order.
        images: shape ``(n, inputs)``.
        labels: the class index of each image, shape ``(n,)``.
    """
    activations = [np.asarray(images, np.float64)]
    for kernel, bias in parameters[:-1]:
        activations.append(1 / (1 + np.exp(-(activations[-1] @ kernel + bias))))
    kernel, bias = parameters[-1]
    logits = activations[-1] @ kernel + bias
    log_probabilities = logits - np.logaddexp.reduce(logits, axis=1, keepdims=True)
    chosen = np.arange(len(labels)), labels

    error = np.exp(log_probabilities)  # softmax minus target is the derivative with respect to the logits
    error[chosen] -= 1
    errors = [error]
    for (kernel, _), activation in zip(parameters[:0:-1], activations[:0:-1], strict=True):
        errors.append((errors[-1] @ np.asarray(kernel, np.float64).T) * activation * (1 - activation))
    errors.reverse()
    return Backpropagation(
        loss=-float(log_probabilities[chosen].mean()),
        kernels=tuple(
            activation.T @ error / len(labels) for activation, error in zip(activations, errors, strict=True)
        ),
        pre_activations=tuple(errors),
    )
