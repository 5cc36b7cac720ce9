"""The best linear code: reconstructs images from as many principal components as a code has numbers.

An autoencoder whose layers are all linear finds no better code than this (Baldi and Hornik, "Neural Networks and
Principal Component Analysis", 1989), so it is the baseline for a deep one. Exact: the eigenvectors of the covariance
matrix, summed and solved in float64.
"""

from dataclasses import dataclass

import numpy as np
from scipy.linalg import eigh

from app.arrays import ByteArray, DoubleArray

BATCH = 5000


@dataclass(frozen=True)
class PrincipalComponents:
    """The mean of images, and the directions in which they vary most.

    Attributes:
        mean: shape ``(values,)``.
        directions: orthonormal columns, the widest spread first, shape ``(values, count)``.
    """

    mean: DoubleArray
    directions: DoubleArray

    def reconstruction_error(self, images: ByteArray) -> float:
        """Return the mean squared error of a pixel in 0..1 when images are reconstructed from these directions only.

        Args:
            images: bytes, shape ``(n, ...)``, with as many values per image as the directions have.
        """
        total = 0.0
        for start in range(0, len(images), BATCH):
            centred = _flat(images[start : start + BATCH]) - self.mean
            total += float(np.square(centred - centred @ self.directions @ self.directions.T).sum())
        return total / images.size


def principal_components(images: ByteArray, count: int) -> PrincipalComponents:
    """Find the directions in which images vary most.

    Args:
        images: bytes, shape ``(n, ...)``.
        count: how many directions.
    """
    values = images[0].size
    mean = np.zeros(values)
    for start in range(0, len(images), BATCH):
        mean += _flat(images[start : start + BATCH]).sum(axis=0) / len(images)
    covariance = np.zeros((values, values))
    for start in range(0, len(images), BATCH):
        centred = _flat(images[start : start + BATCH]) - mean
        covariance += centred.T @ centred / len(images)
    _, directions = eigh(covariance, subset_by_index=(values - count, values - 1))  # in ascending order of the variance
    return PrincipalComponents(mean, directions[:, ::-1])


def _flat(images: ByteArray) -> DoubleArray:
    """Return bytes as float64 in 0..1, shape ``(n, values)``."""
    return images.reshape(len(images), -1) / np.float64(255)
