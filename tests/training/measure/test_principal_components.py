"""PCA against NumPy's singular values, and where the answer is known."""

import numpy as np
import pytest

from training.measure.principal_components import principal_components


@pytest.fixture
def images() -> np.ndarray:
    """Three hundred pictures of 6 × 5 pixels, some pixels brighter and more varied than others."""
    rng = np.random.default_rng(7)
    return (rng.random((300, 6, 5)) * np.linspace(20, 255, 30).reshape(6, 5)).astype(np.uint8)


@pytest.mark.parametrize("count", [1, 2, 7])
def test_error_on_the_fitted_images_is_what_the_other_singular_values_leave(images, count, monkeypatch):
    monkeypatch.setattr("training.measure.principal_components.BATCH", 70)
    flat = images.reshape(300, 30) / 255

    error = principal_components(images, count).reconstruction_error(images)

    singular_values = np.linalg.svd(flat - flat.mean(axis=0), compute_uv=False)
    assert error == pytest.approx((singular_values[count:] ** 2).sum() / flat.size, rel=1e-9)


def test_as_many_directions_as_pixels_lose_nothing(images):
    assert principal_components(images, 30).reconstruction_error(images[:50]) == pytest.approx(0, abs=1e-20)


def test_images_that_were_not_fitted_are_measured_from_the_fitted_mean(images):
    components = principal_components(images[:200], 3)

    centred = images[200:].reshape(100, 30) / 255 - images[:200].reshape(200, 30).mean(axis=0) / 255
    _, _, directions = np.linalg.svd(images[:200].reshape(200, 30) / 255 - components.mean)
    left = centred - centred @ directions[:3].T @ directions[:3]
    assert components.reconstruction_error(images[200:]) == pytest.approx((left**2).mean(), rel=1e-9)
