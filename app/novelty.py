"""How unlike the training data an image is, told from what it excites in the hidden layers.

What the images of one class excite in a layer lies near a subspace of few dimensions, whatever the image's contrast.
An image is as unlike the training data, at that layer, as the share of its activation that lies outside the subspace
of every class. Each share is given in units of the one that only 1 in 100 held-out training images passes; the image's
score is the mean over the layers, and above a threshold it is called unusual. Which subspaces, units and threshold:
that is found in training, and stands in the bundle. No network is run here.

Source: the subspaces are those of CLAFIC (Oja, "Subspace Methods of Pattern Recognition", 1983); what lies outside them
as a sign of the unknown is the residual of Wang, Li, Feng and Zhang, "ViM: Out-Of-Distribution with Virtual-logit
Matching", 2022.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from app.bundle import Arrays, BundleError, ModelCard

FloatArray = npt.NDArray[np.float32]


@dataclass(frozen=True)
class LayerNovelty:
    """How far one layer's activation is from those of training images; 1 is further than 99 in 100 of them."""

    name: str
    score: float


@dataclass(frozen=True)
class Novelty:
    """How unlike the training data an image is: the mean of its layers' scores, and where the unusual begins."""

    score: float
    threshold: float
    layers: tuple[LayerNovelty, ...]

    @property
    def unusual(self) -> bool:
        """Whether the image is called unlike the training data."""
        return self.score > self.threshold


@dataclass(frozen=True)
class LayerMeasure:
    """What one layer's activations are held against.

    Attributes:
        name: the layer.
        subspaces: one a class, as orthonormal rows: float32, shape ``(classes, dimensions, features)``.
        unit: the share outside of all of them that counts as 1.
    """

    name: str
    subspaces: FloatArray
    unit: float

    def scores(self, activations: FloatArray) -> FloatArray:
        """Return the layer's score for each image.

        Args:
            activations: of a batch, float32, shape ``(n, *shape of the layer)``.

        Returns:
            float32, shape ``(n,)``.
        """
        return share_outside(features(activations), self.subspaces) / np.float32(self.unit)


@dataclass(frozen=True)
class NoveltyMeasure:
    """What a network's activations are held against, layer by layer."""

    layers: tuple[LayerMeasure, ...]
    threshold: float

    def scores(self, activations: Mapping[str, FloatArray]) -> FloatArray:
        """Return every layer's score for each image of a batch: float32, shape ``(n, layers)``.

        Args:
            activations: by layer, float32, shape ``(n, *shape of the layer)``; those that do not count are ignored.
        """
        return np.stack([layer.scores(activations[layer.name]) for layer in self.layers], axis=1)

    def read(self, activations: Mapping[str, FloatArray]) -> Novelty:
        """Return how unlike the training data one image is.

        Args:
            activations: by layer, float32, in the shape of the layer.
        """
        scores = self.scores({layer.name: activations[layer.name][np.newaxis] for layer in self.layers})[0]
        layers = tuple(LayerNovelty(layer.name, float(score)) for layer, score in zip(self.layers, scores, strict=True))
        return Novelty(float(scores.mean()), self.threshold, layers)


def features(activations: FloatArray) -> FloatArray:
    """Return one number a unit, or the mean over all places of a feature map.

    Args:
        activations: shape ``(n, units)`` or ``(n, rows, columns, channels)``.

    Returns:
        float32, shape ``(n, units)`` or ``(n, channels)``.
    """
    if activations.ndim == 2:
        return activations
    means: FloatArray = activations.mean(axis=(1, 2))
    return means


def share_outside(vectors: FloatArray, subspaces: FloatArray) -> FloatArray:
    """Return what share of each vector's squared length lies outside the subspace that holds most of it.

    Args:
        vectors: float32, shape ``(n, features)``.
        subspaces: orthonormal rows, float32, shape ``(classes, dimensions, features)``.

    Returns:
        float32 in 0..1, shape ``(n,)``; 1 for a vector of zeros, of which no subspace holds anything.
    """
    classes, dimensions, width = subspaces.shape
    coordinates = vectors @ subspaces.reshape(-1, width).T
    inside = np.square(coordinates).reshape(-1, classes, dimensions).sum(axis=2).max(axis=1)
    length = np.square(vectors).sum(axis=1)
    outside: FloatArray = np.clip(1 - inside / np.maximum(length, np.finfo(np.float32).tiny), 0, 1)
    return outside


def read_measure(card: ModelCard, statistics: Arrays) -> NoveltyMeasure | None:
    """Return what a bundle holds its network's activations against; None where its card says nothing of it.

    Args:
        card: the bundle's.
        statistics: by ``novelty/<layer>/subspaces`` (float16, to keep the file small) and ``novelty/<layer>/unit``.

    Raises:
        BundleError: the statistics lack what the card speaks of, or it does not fit the layer.
    """
    if card.novelty is None:
        return None
    widths = {layer.name: layer.shape[-1] for layer in card.layers}
    layers = []
    for name in card.novelty.layers:
        subspaces, unit = (statistics.get(f"novelty/{name}/{what}") for what in ("subspaces", "unit"))
        if subspaces is None or unit is None or subspaces.ndim != 3 or subspaces.shape[2] != widths.get(name):
            raise BundleError(f"The statistics in “{card.name}” lack the measure of novelty that its card names.")
        layers.append(LayerMeasure(name, subspaces.astype(np.float32), float(unit[0])))
    return NoveltyMeasure(tuple(layers), card.novelty.threshold)
