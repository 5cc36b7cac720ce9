"""Which parts of an image support a class: gradients, Grad-CAM and occlusion. Takes and returns arrays.

All three explain one score of one class: its logit, which is a sum in the network, or its probability, which also
depends on the other classes' logits.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy.special import softmax

from app.arrays import DoubleArray, FloatArray
from app.network.traced import LayerGradient, Network
from app.scheduling.checkpoint import Checkpoint, go_on

Score = Literal["logit", "probability"]
Fill = Literal["zero", "grey", "mean"]

MAX_PLACES = 1000
"""The largest number of window positions for one image."""

GRADIENT_COST = 3
"""A gradient's cost in forward passes: one forward pass, and a backward pass that costs two."""

WINDOWS: Mapping[str, tuple[int, Fill]] = {"digits": (4, "zero"), "photos": (8, "grey")}
"""By preprocessing, the window that covers about a stroke of a digit or a part of an object, and a neutral fill."""


@dataclass(frozen=True)
class GradCam:
    """Where the maps of one convolution support a class; all float32.

    Attributes:
        map_weights: one per map, shape ``(maps,)``: equation 1's α, the mean of the gradient over the map.
        signed: at the layer's resolution, ``(rows, columns)``: Σ map · weight; negative where it opposes the class.
        heat: equation 2: the same with negative values set to zero.
        signed_upsampled: ``signed``, brought to the input's rows and columns.
        heat_upsampled: ``heat``, brought to the input's rows and columns.
    """

    map_weights: FloatArray
    signed: FloatArray
    heat: FloatArray
    signed_upsampled: FloatArray
    heat_upsampled: FloatArray


def scores(logits: FloatArray, of: Score) -> DoubleArray:
    """Return each class's logit or softmax probability, in float64.

    Args:
        logits: shape ``(..., classes)``.
        of: which of the two.
    """
    exact = logits.astype(np.float64)
    return exact if of == "logit" else np.asarray(softmax(exact, axis=-1))


def logit_weights(logits: FloatArray, target: int, of: Score) -> FloatArray:
    """Return the derivative of a class's score with respect to each logit: the start of every gradient.

    For the logit itself that is 1 for the class and 0 for the others; for its probability ``p[target]`` it is
    ``p[target] · (δ[target] − p)``, summed in float64, so that it is right where float32 has rounded ``p`` to 1.

    Args:
        logits: of one image, shape ``(classes,)``.
        target: the class's index.
        of: which score.
    """
    if of == "logit":
        return np.asarray(np.arange(len(logits)) == target, np.float32)
    probabilities = softmax(logits.astype(np.float64), axis=-1)
    derivatives = np.asarray(-probabilities[target] * probabilities, np.float32)
    derivatives[target] = probabilities[target] * np.delete(probabilities, target).sum()
    return derivatives


def class_gradients(
    network: Network, image: FloatArray, logits: FloatArray, target: int, of: Score
) -> tuple[LayerGradient, ...]:
    """Return the gradient of a class's score with respect to every layer, the input first; one image, no batch axis.

    Args:
        network: the network.
        image: float32, shape ``card.input.shape``.
        logits: what the network made of the image, shape ``(classes,)``.
        target: the class's index.
        of: which score.
    """
    gradients = network.gradients(image[np.newaxis], logit_weights(logits, target, of)[np.newaxis])
    return tuple(
        LayerGradient(
            name=gradient.name,
            pre_activation=None if gradient.pre_activation is None else gradient.pre_activation[0],
            activation=None if gradient.activation is None else gradient.activation[0],
        )
        for gradient in gradients
    )


def input_gradients(
    network: Network, image: FloatArray, logits: FloatArray, of: Score, checkpoint: Checkpoint = go_on
) -> FloatArray:
    """Return the gradient of every class's score with respect to the input: shape ``(classes, *card.input.shape)``.

    Args:
        network: the network.
        image: float32, shape ``card.input.shape``.
        logits: what the network made of the image, shape ``(classes,)``.
        of: which score.
        checkpoint: called between batches of classes.
    """
    classes = len(logits)
    weights = np.stack([logit_weights(logits, target, of) for target in range(classes)])
    together = max(1, network.images_together // GRADIENT_COST)
    parts = []
    for first in range(0, classes, together):
        checkpoint()
        parts.append(_by_input(network, image, weights[first : first + together]))
    return np.concatenate(parts)


def _by_input(network: Network, image: FloatArray, weights: FloatArray) -> FloatArray:
    """Return the gradients of weighted sums of logits with respect to the input: shape ``(n, *image.shape)``."""
    gradient = network.gradients(np.repeat(image[np.newaxis], len(weights), axis=0), weights)[0].activation
    assert gradient is not None  # every score depends on the input
    return gradient.reshape(len(weights), *image.shape)


def grad_cam(activation: FloatArray, gradient: FloatArray, rows: int, columns: int) -> GradCam:
    """Return the gradient-weighted class activation map of one convolution.

    Args:
        activation: of the convolution, shape ``(height, width, maps)``.
        gradient: of the score with respect to it, in the same shape.
        rows: of the network's input.
        columns: of the network's input.

    Source: Selvaraju et al., "Grad-CAM: Visual Explanations from Deep Networks via Gradient-based Localization"
    (2017), equations 1 and 2.
    """
    map_weights = gradient.mean(axis=(0, 1), dtype=np.float64)
    signed = activation.astype(np.float64) @ map_weights
    heat = np.maximum(signed, 0)
    return GradCam(
        map_weights=map_weights.astype(np.float32),
        signed=signed.astype(np.float32),
        heat=heat.astype(np.float32),
        signed_upsampled=upsample(signed, rows, columns).astype(np.float32),
        heat_upsampled=upsample(heat, rows, columns).astype(np.float32),
    )


def upsample(values: DoubleArray, rows: int, columns: int) -> DoubleArray:
    """Return a map upsampled: bilinear between its cells' centres, constant beyond the outermost.

    Args:
        values: shape ``(height, width)``.
        rows: of the result.
        columns: of the result.
    """
    height, width = values.shape
    return _interpolation(height, rows) @ values @ _interpolation(width, columns).T


def places_along(side: int, window: int, stride: int) -> int:
    """Return how many positions a window has along one side: multiples of the stride at which it lies inside."""
    return max(0, (side - window) // stride + 1)


def fill_values(image: FloatArray, fill: Fill) -> FloatArray:
    """Return the window's fill: 0, 0.5 or the image's mean; one value, or one per channel."""
    if fill == "mean":
        mean = image.mean(axis=(0, 1), dtype=np.float64)
        return np.asarray(mean, np.float32)
    return np.asarray(0.5 if fill == "grey" else 0.0, np.float32)


def occlusion_map(
    network: Network,
    image: FloatArray,
    target: int,
    of: Score,
    window: int,
    stride: int,
    fill: Fill,
    checkpoint: Checkpoint = go_on,
) -> FloatArray:
    """Return how far a class's score falls where a square window covers the image.

    Args:
        network: the network.
        image: float32, shape ``card.input.shape``.
        target: the class's index.
        of: which score is watched.
        window: side of the square, in pixels, at most the image's shorter side.
        stride: pixels from one place to the next; if it does not divide the rest, the last pixels are never covered.
        fill: the value inside the window.
        checkpoint: called between batches of places.

    Returns:
        float32, shape ``(rows, columns)``, one entry per position of the window, whose first row and column of pixels
        are the entry's times the stride; positive where covering lowers the score.

    Source: Zeiler and Fergus, "Visualizing and Understanding Convolutional Networks" (2014), section 4.2.
    """
    rows, columns = (places_along(side, window, stride) for side in image.shape[:2])
    corners = [(row * stride, column * stride) for row in range(rows) for column in range(columns)]
    filled = fill_values(image, fill)
    found = []
    for first in range(0, len(corners), network.images_together):
        checkpoint()
        some = corners[first : first + network.images_together]
        covered = np.repeat(image[np.newaxis], len(some), axis=0)
        for picture, (top, left) in zip(covered, some, strict=True):
            picture[top : top + window, left : left + window] = filled
        found.append(scores(network.run(covered).logits, of)[:, target])
    whole = scores(network.run(image[np.newaxis]).logits, of)[0, target]
    return np.asarray(whole - np.concatenate(found), np.float32).reshape(rows, columns)


def _interpolation(length: int, stretched: int) -> DoubleArray:
    """Return the weight of each original cell in each upsampled one: shape ``(stretched, length)``."""
    centres = (np.arange(stretched) + 0.5) * length / stretched - 0.5
    return np.stack([np.interp(centres, np.arange(length), cell) for cell in np.eye(length)], axis=1)
