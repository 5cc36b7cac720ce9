"""A network's accuracy on test images that are rotated, shifted, noisy, or have another stroke thickness.

The network's input itself is changed: the server's preprocessing, which would centre a digit again and normalise its
stroke, is not applied. Each change has fixed amounts; the first amount, 0, is no change.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
from scipy import ndimage

from app.arrays import FloatArray
from app.bundle.card import ModelCard, Robustness
from training.data.datasets import Examples, Labels

SEED: Final = 5
FEWER_EXAMPLES: Final = 2_000  # for a convolutional network, which takes a hundred times as long as a dense one
FINENESS: Final = 4  # a stroke's outline is moved in steps of a quarter of a pixel
BATCH: Final = 50  # images; their finer pixels fit into a processor's cache

ChangeName = Literal["rotation", "shift", "noise", "thickness"]


@dataclass(frozen=True)
class Change:
    """One way to change images, and by how much.

    Attributes:
        versions: yields the images changed by an amount, once for each possible direction.
    """

    name: ChangeName
    unit: Literal["degrees", "pixels", "brightness"]
    amounts: tuple[float, ...]
    versions: Callable[[FloatArray, float], Iterator[FloatArray]]


def changes_for(card: ModelCard) -> tuple[Change, ...]:
    """Return the changes for a network's images: only strokes have a thickness, photographs have none."""
    return tuple(change for change in CHANGES if change.name != "thickness" or card.input.preprocessing == "digits")


def examples_for(card: ModelCard, test: Examples) -> Examples:
    """Return the images to change: the test set, or a fixed part of it for a convolutional network."""
    if len(test) <= FEWER_EXAMPLES or all(layer.kind != "convolution" for layer in card.layers):
        return test
    chosen = np.sort(np.random.default_rng(SEED).choice(len(test), FEWER_EXAMPLES, replace=False))
    return Examples(test.images[chosen], test.labels[chosen])


def measure_change(
    change: Change, answer: Callable[[FloatArray], Labels], images: FloatArray, labels: Labels
) -> tuple[Robustness, ...]:
    """Measure a network on images that are changed by each amount.

    Args:
        change: the change to apply.
        answer: the network: returns its class for each image.
        images: float32 in 0..1, shape ``(n, rows, columns)`` or ``(n, rows, columns, 3)``.
        labels: their classes.
    """
    measured = []
    for amount in change.amounts:
        versions = change.versions(images, amount) if amount else iter((images,))
        accuracy = float(np.mean([(answer(version) == labels).mean() for version in versions]))
        measured.append(
            Robustness(change=change.name, amount=amount, unit=change.unit, examples=len(labels), accuracy=accuracy)
        )
    return tuple(measured)


def turned(images: FloatArray, degrees: float) -> FloatArray:
    """Rotate images about their middle, anticlockwise, with linear interpolation between pixels.

    Pixels from outside are black for a digit, and mirrored for a photograph.
    """
    rotated: FloatArray = ndimage.rotate(
        images, degrees, axes=(2, 1), reshape=False, order=1, mode="mirror" if images.ndim == 4 else "constant"
    )
    return rotated


def moved(images: FloatArray, down: int, right: int) -> FloatArray:
    """Shift images by whole pixels; pixels from outside are as in a rotation."""
    rows, columns = images.shape[1:3]
    margins = [(0, 0), (abs(down), abs(down)), (abs(right), abs(right)), (0, 0)][: images.ndim]
    padded = np.pad(images, margins, mode="reflect" if images.ndim == 4 else "constant")
    top, left = abs(down) - down, abs(right) - right
    return padded[:, top : top + rows, left : left + columns]


def noisy(images: FloatArray, deviation: float) -> FloatArray:
    """Add Gaussian noise, the same at each call, and keep the brightness within 0..1."""
    noise = np.random.default_rng(SEED).standard_normal(images.shape, np.float32)
    return np.clip(images + np.float32(deviation) * noise, 0, 1)


def thickened(digits: FloatArray, pixels: float) -> FloatArray:
    """Make bright strokes wider by a number of pixels, or narrower if negative: half of it on either side.

    A pixel is divided into ``FINENESS`` × ``FINENESS``, these are dilated or eroded by a disc, and averaged again.

    Args:
        digits: float32, shape ``(n, rows, columns)``.
        pixels: in pixels of the given images.
    """
    return np.concatenate(
        [_outline_moved(few, pixels / 2) for few in np.split(digits, range(BATCH, len(digits), BATCH))]
    )


def _outline_moved(digits: FloatArray, outward: float) -> FloatArray:
    """For each fine pixel the brightest, or darkest, within the distance, so that a stroke's edge keeps its greys."""
    fine = digits.repeat(FINENESS, axis=1).repeat(FINENESS, axis=2)
    radius = abs(outward) * FINENESS
    reach = int(radius)
    padded = np.pad(fine, ((0, 0), (reach, reach), (reach, reach)))
    rows, columns = fine.shape[1:]
    extreme = np.maximum if outward > 0 else np.minimum
    for down, right in itertools.product(range(2 * reach + 1), repeat=2):
        if np.hypot(down - reach, right - reach) <= radius:
            extreme(fine, padded[:, down : down + rows, right : right + columns], out=fine)
    blocks = fine.reshape(len(digits), rows // FINENESS, FINENESS, columns // FINENESS, FINENESS)
    averaged: FloatArray = blocks.mean(axis=(2, 4))
    return averaged


def _both_ways_round(images: FloatArray, degrees: float) -> Iterator[FloatArray]:
    yield turned(images, degrees)
    yield turned(images, -degrees)


def _four_ways(images: FloatArray, pixels: float) -> Iterator[FloatArray]:
    for down, right in ((1, 0), (-1, 0), (0, 1), (0, -1)):
        yield moved(images, down * int(pixels), right * int(pixels))


def _noisy_once(images: FloatArray, deviation: float) -> Iterator[FloatArray]:
    yield noisy(images, deviation)


def _thickened_once(images: FloatArray, pixels: float) -> Iterator[FloatArray]:
    yield thickened(images, pixels)


CHANGES: Final = (
    Change("rotation", "degrees", (0, 10, 20, 30, 45), _both_ways_round),
    Change("shift", "pixels", (0, 1, 2, 3, 4), _four_ways),
    Change("noise", "brightness", (0, 0.1, 0.2, 0.3, 0.5), _noisy_once),
    Change("thickness", "pixels", (-1, 0, 1, 2), _thickened_once),
)
