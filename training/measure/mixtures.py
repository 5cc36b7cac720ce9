"""Gaussians of training images, several per class, in the space of their principal components.

Each class's images are divided by k-means. Each part has its own Gaussian; its covariance is shrunk towards the class's
(more for smaller parts) and regularised. The result is rounded to the bundle's precision.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt
from scipy.cluster.vq import kmeans2, vq
from scipy.linalg import eigh

from app.arrays import DoubleArray, FloatArray
from app.bundle.novelty import Mixture
from training.data.datasets import Labels

DIMENSIONS: Final = 40
PARTS: Final = 8  # of a class, at most
LEAST_PART: Final = 20  # images; a smaller part has no Gaussian
ROUNDS: Final = 10  # of k-means
SHARED: Final = 0.5  # weight of the class's covariance, in images per dimension
ROUND: Final = 0.01  # of the mean variance, added to every direction's
SEED: Final = 0


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
    features = vectors.shape[1]
    first = max(0, features - DIMENSIONS)  # eigh's order is ascending
    eigenvectors = eigh(np.cov(vectors.T), subset_by_index=(first, features - 1))[1][:, ::-1]
    rounded: FloatArray = np.ascontiguousarray(eigenvectors).astype(np.float16).astype(np.float32)
    return rounded


def _of_class(vectors: DoubleArray, label: int) -> list[tuple[DoubleArray, DoubleArray]]:
    """Each part's mean and covariance; a class with few images is one part."""
    nearest = _divide(vectors, min(PARTS, max(1, len(vectors) // LEAST_PART)), np.random.default_rng((SEED, label)))
    parts = [vectors[nearest == part] for part in np.unique(nearest)]
    parts = [part for part in parts if len(part) >= LEAST_PART] or [vectors]
    images = sum(len(part) for part in parts)
    shared = np.sum([len(part) * np.cov(part.T, bias=True) for part in parts], axis=0) / images
    return [(part.mean(axis=0), _covariance(part, shared)) for part in parts]


def _divide(vectors: DoubleArray, parts: int, rng: np.random.Generator) -> npt.NDArray[np.intp]:
    """Return which part each vector belongs to. A part that loses its vectors keeps its centre."""
    first = vectors[rng.choice(len(vectors), parts, replace=False)]
    centres, _ = kmeans2(vectors, first, iter=ROUNDS, minit="matrix")
    nearest: npt.NDArray[np.intp] = vq(vectors, centres)[0]
    return nearest


def _covariance(part: DoubleArray, shared: DoubleArray) -> DoubleArray:
    dimensions = len(shared)
    weight = SHARED * dimensions
    mixed = (len(part) * np.cov(part.T, bias=True) + weight * shared) / (len(part) + weight)
    # A class without any variance gets a little, so that its covariance has an inverse.
    kept: DoubleArray = mixed + max(ROUND * float(np.trace(mixed)) / dimensions, 1e-6) * np.eye(dimensions)
    return kept
