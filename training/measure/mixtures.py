"""Gaussians of training images, several per class, in the space of their principal components.

Each class's images are divided by k-means. Each part has its own Gaussian; its covariance is shrunk towards the class's
(more for smaller parts) and regularised. The result is rounded to the bundle's precision.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from app.bundle.novelty import FloatArray, Mixture
from training.data.datasets import Labels

DIMENSIONS: Final = 40
PARTS: Final = 8  # of a class, at most
LEAST_PART: Final = 20  # images; a smaller part has no Gaussian
ROUNDS: Final = 10  # of k-means
SHARED: Final = 0.5  # weight of the class's covariance, in images per dimension
ROUND: Final = 0.01  # of the mean variance, added to every direction's
SEED: Final = 0

Doubles = npt.NDArray[np.float64]


def fit_mixture(vectors: FloatArray, labels: Labels) -> Mixture:
    """Fit Gaussians to vectors, ``PARTS`` per class.

    Args:
        vectors: float32, shape ``(n, features)``.
        labels: whole numbers, shape ``(n,)``.

    Source: k-means is Lloyd's, "Least squares quantization in PCM", 1982.
    """
    basis = _principal_components(vectors)
    reduced = (vectors @ basis).astype(np.float64)
    fitted = [gaussian for label in np.unique(labels) for gaussian in _of_class(reduced[labels == label], int(label))]
    centres, covariances = (np.stack(parts) for parts in zip(*fitted, strict=True))
    factors = np.linalg.cholesky(np.linalg.inv(covariances))
    spreads = np.linalg.slogdet(covariances)[1]
    return Mixture(
        basis,
        centres.astype(np.float32),
        factors.astype(np.float16).astype(np.float32),
        (spreads - spreads.min()).astype(np.float32),
    )


def _principal_components(vectors: FloatArray) -> FloatArray:
    """The directions of greatest variance as columns: shape ``(features, dimensions)``."""
    eigenvectors = np.linalg.eigh(np.cov(vectors.T))[1][:, : -DIMENSIONS - 1 : -1]
    rounded: FloatArray = np.ascontiguousarray(eigenvectors).astype(np.float16).astype(np.float32)
    return rounded


def _of_class(vectors: Doubles, label: int) -> list[tuple[Doubles, Doubles]]:
    """Each part's mean and covariance; a class with few images is one part."""
    nearest = _divide(vectors, min(PARTS, max(1, len(vectors) // LEAST_PART)), np.random.default_rng((SEED, label)))
    parts = [vectors[nearest == part] for part in np.unique(nearest)]
    parts = [part for part in parts if len(part) >= LEAST_PART] or [vectors]
    images = sum(len(part) for part in parts)
    shared = np.sum([len(part) * np.cov(part.T, bias=True) for part in parts], axis=0) / images
    return [(part.mean(axis=0), _covariance(part, shared)) for part in parts]


def _divide(vectors: Doubles, parts: int, rng: np.random.Generator) -> npt.NDArray[np.intp]:
    """Return which part each vector belongs to."""
    centres = vectors[rng.choice(len(vectors), parts, replace=False)]
    for _ in range(ROUNDS):
        nearest = _nearest(vectors, centres)
        centres = np.stack(
            [
                vectors[nearest == part].mean(axis=0) if (nearest == part).any() else centres[part]
                for part in range(parts)
            ]
        )
    return _nearest(vectors, centres)


def _nearest(vectors: Doubles, centres: Doubles) -> npt.NDArray[np.intp]:
    nearest: npt.NDArray[np.intp] = (np.square(centres).sum(axis=1) - 2 * vectors @ centres.T).argmin(axis=1)
    return nearest


def _covariance(part: Doubles, shared: Doubles) -> Doubles:
    dimensions = len(shared)
    weight = SHARED * dimensions
    mixed = (len(part) * np.cov(part.T, bias=True) + weight * shared) / (len(part) + weight)
    # A class without any variance gets a little, so that its covariance has an inverse.
    kept: Doubles = mixed + max(ROUND * float(np.trace(mixed)) / dimensions, 1e-6) * np.eye(dimensions)
    return kept
