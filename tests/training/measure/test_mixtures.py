"""Gaussians fitted to vectors made by code: that they lie where the vectors do, and stay usable where those are few."""

import numpy as np
import pytest

from training.measure.mixtures import DIMENSIONS, PARTS, fit_mixture


@pytest.fixture
def vectors() -> np.ndarray:
    """Two classes of 400, each in two heaps; fifty features."""
    rng = np.random.default_rng(2)
    heaps = rng.normal(0, 5, (4, 50))
    return (np.repeat(heaps, 200, axis=0) + rng.normal(0, 1, (800, 50))).astype(np.float32)


def test_vectors_like_those_fitted_on_are_nearer_than_others(vectors):
    mixture = fit_mixture(vectors, np.repeat([0, 1], 400))

    usual = mixture.distances(vectors)
    between = (vectors[:200] + vectors[600:]) / 2
    assert mixture.basis.shape == (50, DIMENSIONS)
    assert 2 <= len(mixture.centres) <= 2 * PARTS
    assert mixture.distances(between).min() > np.quantile(usual, 0.99)


def test_the_same_vectors_give_the_same_gaussians(vectors):
    first, second = (fit_mixture(vectors, np.repeat([0, 1], 400)) for _ in range(2))

    assert np.array_equal(first.factors, second.factors)
    assert np.array_equal(first.centres, second.centres)


def test_a_class_of_few_or_equal_vectors_has_a_gaussian_too(vectors):
    few = np.concatenate([vectors[:200], vectors[200:203], np.repeat(vectors[400:401], 30, axis=0)])

    mixture = fit_mixture(few, np.repeat([0, 1, 2], [200, 3, 30]))

    assert np.isfinite(mixture.distances(few)).all()
    assert np.isfinite(mixture.spreads).all()
    assert mixture.distances(few[200:]).max() < mixture.distances(vectors[600:]).min()
