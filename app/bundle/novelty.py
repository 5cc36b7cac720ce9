"""How unlike the training data an image is, measured in the hidden layers and, for digits, in the pixels.

In each layer the activations of one class's images lie near a subspace of few dimensions, independent of the image's
contrast. A layer's novelty is the share of the activation that lies outside the subspace of every class. The layers of
a network that was trained on undeformed digits miss many unusual images. For digits the pixels therefore count as well:
they are blurred, and their distance from the nearest of several Gaussians per class is measured twice, unscaled and
scaled to length 1. A few dots are far from any digit when scaled to length 1, a blackened canvas when unscaled.

Each number is given on a scale on which half of the held-out training images are at 0, and 1 in 100 exceeds 1. The
image's score is the mean over the hidden layers; if pixels count, two thirds of the score are theirs. An image whose
score exceeds a threshold is called unusual. Subspaces, Gaussians, scales and threshold are fitted in training, and
stored in the bundle. No network is run here.

Source: the subspaces are those of CLAFIC (Oja, "Subspace Methods of Pattern Recognition", 1983); the residual outside
them as a measure of novelty is that of Wang, Li, Feng and Zhang, "ViM: Out-Of-Distribution with Virtual-logit
Matching", 2022. The distance is that of a mixture of Gaussians of which only the nearest component counts (Bishop,
"Pattern Recognition and Machine Learning", 2006, section 9.2).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Final

import numpy as np
import numpy.typing as npt

from app.arrays import FloatArray
from app.bundle.card import Arrays, BundleError, LayerCard, ModelCard

INPUT_SHARE: Final = 2 / 3  # of the score
VIEWS: Final = ("pixels", "shape")  # of the input: unscaled, and scaled to length 1
PREFIX: Final = "novelty/"  # of every key in ``statistics.npz``


@dataclass(frozen=True)
class LayerNovelty:
    """How far one layer's values are from those of training images: 1 is further than 99 in 100 of them."""

    name: str
    score: float


@dataclass(frozen=True)
class Novelty:
    """How unlike the training data an image is: a weighted mean of its layers' scores, and the threshold."""

    score: float
    threshold: float
    layers: tuple[LayerNovelty, ...]

    @property
    def unusual(self) -> bool:
        """Whether the image is called unlike the training data."""
        return self.score > self.threshold


@dataclass(frozen=True)
class Scale:
    """Converts a number to a score: 0 at the usual value and below, 1 at the far value."""

    usual: float
    far: float

    def scores(self, values: FloatArray) -> FloatArray:
        """Return the scores of numbers of any shape, in that shape."""
        scores: FloatArray = np.maximum((values - np.float32(self.usual)) / np.float32(self.far - self.usual), 0)
        return scores

    def array(self) -> FloatArray:
        """Return what is usual and what is far: float32, shape ``(2,)``."""
        return np.array([self.usual, self.far], np.float32)


@dataclass(frozen=True)
class LayerMeasure:
    """The measure of novelty for one layer's activations.

    Attributes:
        name: the layer.
        subspaces: one per class, as orthonormal rows: float32, shape ``(classes, dimensions, features)``.
        scale: for the share outside all of them.
    """

    name: str
    subspaces: FloatArray
    scale: Scale

    def scores(self, activations: FloatArray) -> FloatArray:
        """Return the layer's score for each image.

        Args:
            activations: of a batch, float32, shape ``(n, *shape of the layer)``.

        Returns:
            float32, shape ``(n,)``.
        """
        return self.scale.scores(share_outside(features(activations), self.subspaces))


@dataclass(frozen=True)
class Mixture:
    """Gaussians in a space of few dimensions.

    Attributes:
        basis: projects onto that space: float32, shape ``(features, dimensions)``.
        centres: of the Gaussians: float32, shape ``(components, dimensions)``.
        factors: Cholesky factors of their inverse covariances: float32, shape ``(components, dimensions, dimensions)``.
        spreads: the logarithms of their covariances' determinants, above the least: float32, shape ``(components,)``.
    """

    basis: FloatArray
    centres: FloatArray
    factors: FloatArray
    spreads: FloatArray
    _together: FloatArray = field(init=False, repr=False)
    _offsets: FloatArray = field(init=False, repr=False)

    def __post_init__(self) -> None:
        # All components at once are one matrix product.
        components, dimensions, _ = self.factors.shape
        together = np.ascontiguousarray(self.factors.swapaxes(0, 1)).reshape(dimensions, components * dimensions)
        object.__setattr__(self, "_together", together)
        object.__setattr__(self, "_offsets", np.einsum("cd,cde->ce", self.centres, self.factors).reshape(-1))

    def distances(self, vectors: FloatArray) -> FloatArray:
        """Return how far vectors are from the nearest component; a wide component counts as further than a narrow one.

        Args:
            vectors: float32, shape ``(n, features)``.

        Returns:
            The root of the squared Mahalanobis distance and the spread together: float32, shape ``(n,)``.
        """
        components, dimensions = self.centres.shape
        whitened = (vectors @ self.basis) @ self._together - self._offsets
        squared = np.square(whitened).reshape(-1, components, dimensions).sum(axis=2) + self.spreads
        nearest: FloatArray = np.sqrt(squared.min(axis=1))
        return nearest


@dataclass(frozen=True)
class InputMeasure:
    """The measure of novelty for the pixels of a grey image.

    Attributes:
        name: the input layer.
        mixtures: one per view in ``VIEWS``.
        scales: for the distances from them.
    """

    name: str
    mixtures: tuple[Mixture, ...]
    scales: tuple[Scale, ...]

    def scores(self, activations: FloatArray) -> FloatArray:
        """Return the mean of both views' scores for each image: float32, shape ``(n,)``.

        Args:
            activations: the pixels, float32, shape ``(n, side * side)`` or ``(n, side, side)``.
        """
        measured = zip(views(activations), self.mixtures, self.scales, strict=True)
        mean: FloatArray = np.mean([scale.scores(mixture.distances(view)) for view, mixture, scale in measured], axis=0)
        return mean


@dataclass(frozen=True)
class NoveltyMeasure:
    """The measures of novelty of a network, layer by layer; the input, if it counts, is the first."""

    layers: tuple[LayerMeasure | InputMeasure, ...]
    threshold: float

    def scores(self, activations: Mapping[str, FloatArray]) -> FloatArray:
        """Return every layer's score for each image of a batch: float32, shape ``(n, layers)``.

        Args:
            activations: by layer, float32, shape ``(n, *shape of the layer)``; those that do not count are ignored.
        """
        return np.stack([layer.scores(activations[layer.name]) for layer in self.layers], axis=1)

    def combine(self, scores: FloatArray) -> FloatArray:
        """Return the score of each image of a batch: float32, shape ``(n,)``.

        Args:
            scores: of every layer, float32, shape ``(n, layers)``.
        """
        inputs = sum(isinstance(layer, InputMeasure) for layer in self.layers)
        hidden: FloatArray = scores[:, inputs:].mean(axis=1)
        if not inputs:
            return hidden
        return np.float32(INPUT_SHARE) * scores[:, 0] + np.float32(1 - INPUT_SHARE) * hidden

    def read(self, activations: Mapping[str, FloatArray]) -> tuple[Novelty, ...]:
        """Return how unlike the training data each image of a batch is.

        Args:
            activations: by layer, float32, shape ``(n, *shape of the layer)``; those that do not count are ignored.
        """
        scores = self.scores(activations)
        together = self.combine(scores)
        return tuple(
            Novelty(score, self.threshold, tuple(map(LayerNovelty, (layer.name for layer in self.layers), by_layer)))
            for score, by_layer in zip(together.tolist(), scores.tolist(), strict=True)
        )

    def arrays(self) -> Arrays:
        """Return the measure as it stands in ``statistics.npz``; the threshold is on the card."""
        arrays: dict[str, npt.NDArray[np.generic]] = {}
        for layer in self.layers:
            prefix = f"{PREFIX}{layer.name}"
            if isinstance(layer, LayerMeasure):
                arrays[f"{prefix}/subspaces"] = layer.subspaces.astype(np.float16)
                arrays[f"{prefix}/scale"] = layer.scale.array()
                continue
            for view, mixture, scale in zip(VIEWS, layer.mixtures, layer.scales, strict=True):
                arrays[f"{prefix}/{view}/basis"] = mixture.basis.astype(np.float16)
                arrays[f"{prefix}/{view}/centres"] = mixture.centres
                arrays[f"{prefix}/{view}/factors"] = mixture.factors.astype(np.float16)
                arrays[f"{prefix}/{view}/spreads"] = mixture.spreads
                arrays[f"{prefix}/{view}/scale"] = scale.array()
        return arrays


def views(pixels: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return grey images blurred: unscaled, and scaled to length 1; an image without ink stays zero.

    Args:
        pixels: float32, shape ``(n, side * side)`` or ``(n, side, side)``.

    Returns:
        Each float32, shape ``(n, side * side)``.
    """
    side = round(float(np.sqrt(pixels[0].size)))
    blur = _blur(side)
    blurred: FloatArray = np.matmul(blur @ pixels.reshape(-1, side, side), blur).reshape(len(pixels), -1)
    length = np.sqrt(np.square(blurred).sum(axis=1, keepdims=True))
    shape: FloatArray = blurred / np.maximum(length, np.finfo(np.float32).tiny)
    return blurred, shape


@cache
def _blur(side: int) -> FloatArray:
    """The matrix that blurs an axis twice with weights of 1/4, 1/2 and 1/4."""
    once = np.eye(side) / 2 + np.eye(side, k=1) / 4 + np.eye(side, k=-1) / 4
    blur: FloatArray = (once @ once).astype(np.float32)
    return blur


def features(activations: FloatArray) -> FloatArray:
    """Return one number per unit, or the mean over all places of a feature map.

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
    """Return the share of each vector's squared length outside the subspace that contains most of it.

    Args:
        vectors: float32, shape ``(n, features)``.
        subspaces: orthonormal rows, float32, shape ``(classes, dimensions, features)``.

    Returns:
        float32 in 0..1, shape ``(n,)``; 1 for a vector of zeros.
    """
    classes, dimensions, width = subspaces.shape
    coordinates = vectors @ subspaces.reshape(-1, width).T
    inside = np.square(coordinates).reshape(-1, classes, dimensions).sum(axis=2).max(axis=1)
    length = np.square(vectors).sum(axis=1)
    outside: FloatArray = np.clip(1 - inside / np.maximum(length, np.finfo(np.float32).tiny), 0, 1)
    return outside


def read_measure(card: ModelCard, statistics: Arrays) -> NoveltyMeasure | None:
    """Return a bundle's measures of novelty; None if its card names none.

    Args:
        card: the bundle's.
        statistics: by ``novelty/<layer>/subspaces``, ``novelty/<layer>/scale`` (the usual and the far value) and, for
            the input, ``novelty/<layer>/<view>/…`` instead; large ones are float16, to keep the file small.

    Raises:
        BundleError: the statistics lack a measure that the card names, or it does not fit the layer.
    """
    if card.novelty is None:
        return None
    known = {layer.name: layer for layer in card.layers}
    try:
        layers = tuple(_read_layer(known[name], statistics) for name in card.novelty.layers)
    except (KeyError, ValueError) as error:
        lacking = f"The statistics in “{card.name}” lack the measure of novelty that its card names."
        raise BundleError(lacking) from error
    return NoveltyMeasure(layers, card.novelty.threshold)


def _read_layer(layer: LayerCard, statistics: Arrays) -> LayerMeasure | InputMeasure:
    """Raises ``KeyError`` or ``ValueError`` if something is missing or does not fit."""
    prefix = f"{PREFIX}{layer.name}"
    if layer.kind == "input":
        size = int(np.prod(layer.shape))
        mixtures = tuple(_read_mixture(f"{prefix}/{view}", size, statistics) for view in VIEWS)
        scales = tuple(_read_scale(f"{prefix}/{view}", statistics) for view in VIEWS)
        return InputMeasure(layer.name, mixtures, scales)
    subspaces = statistics[f"{prefix}/subspaces"].astype(np.float32)
    if subspaces.ndim != 3 or subspaces.shape[2] != layer.shape[-1]:
        raise ValueError(subspaces.shape)
    return LayerMeasure(layer.name, subspaces, _read_scale(prefix, statistics))


def _read_mixture(prefix: str, size: int, statistics: Arrays) -> Mixture:
    basis, centres, factors, spreads = (
        statistics[f"{prefix}/{what}"].astype(np.float32) for what in ("basis", "centres", "factors", "spreads")
    )
    components, dimensions = centres.shape
    if (basis.shape, factors.shape) != ((size, dimensions), (components, dimensions, dimensions)):
        raise ValueError(basis.shape, factors.shape)
    return Mixture(basis, centres, factors, spreads)


def _read_scale(prefix: str, statistics: Arrays) -> Scale:
    usual, far = statistics[f"{prefix}/scale"]
    return Scale(float(usual), float(far))
