"""Photographs in CIFAR form: every pixel counts by its area, and what is 32 x 32 passes to the bit."""

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.preprocessing import prepare, prepare_photo
from app.preprocessing.images import UprightImage
from app.preprocessing.resampling import area_weights

Rgb = npt.NDArray[np.uint8]


def noise(rows: int, columns: int, seed: int = 0) -> Rgb:
    return np.random.default_rng(seed).integers(0, 256, (rows, columns, 3), np.uint8)


def seen(rgb: Rgb, alpha: npt.NDArray[np.uint8] | None = None) -> npt.NDArray[np.float32]:
    return prepare_photo(UprightImage(rgb, alpha, "PNG"), "whole").tensor


@pytest.mark.parametrize("fit", ["whole", "centre"])
def test_a_picture_of_the_right_size_passes_to_the_bit(fit: str) -> None:
    rgb = noise(32, 32)

    prepared = prepare("photos", UprightImage(rgb, None, "PNG"), fit)  # type: ignore[arg-type]

    assert prepared.tensor.dtype == np.float32
    assert (prepared.tensor == rgb.astype(np.float32) / np.float32(255)).all()
    assert not any(step.applied for step in prepared.steps)


def test_a_whole_multiple_is_averaged_in_blocks() -> None:
    rgb = noise(96, 160)

    blocks = rgb.reshape(32, 3, 32, 5, 3).mean(axis=(1, 3)) / 255

    assert seen(rgb) == pytest.approx(blocks, abs=1e-6)


@pytest.mark.parametrize(("rows", "columns"), [(33, 33), (47, 32), (64, 100), (250, 130)])
def test_the_mean_is_kept_at_any_size(rows: int, columns: int) -> None:
    rgb = noise(rows, columns)

    assert seen(rgb).mean(axis=(0, 1)) == pytest.approx(rgb.mean(axis=(0, 1)) / 255, abs=1e-5)


def test_a_large_picture_is_within_two_grey_levels_of_exact() -> None:
    rgb = noise(1030, 1555)

    exact = np.einsum("rh,hwc,qw->rqc", area_weights(1030, 32), rgb / 255, area_weights(1555, 32), optimize=True)

    assert np.abs(seen(rgb) - exact).max() < 2 / 255


def test_a_small_picture_is_interpolated() -> None:
    ramp = np.broadcast_to(np.linspace(0, 240, 8).astype(np.uint8)[np.newaxis, :, np.newaxis], (8, 8, 3))

    row = seen(ramp)[16, :, 0]

    assert (np.diff(row) >= 0).all()
    assert np.diff(row).max() < 0.06  # no steps as wide as a pixel was


def test_the_whole_is_squeezed_and_the_centre_is_cut() -> None:
    rgb = np.zeros((64, 128, 3), np.uint8)
    rgb[:, :32] = 255

    whole = prepare_photo(UprightImage(rgb, None, "PNG"), "whole")
    centre = prepare_photo(UprightImage(rgb, None, "PNG"), "centre")

    assert (whole.tensor[:, :8] == 1).all()
    assert (whole.tensor[:, 8:] == 0).all()
    assert (centre.tensor == 0).all()
    assert dict(centre.steps[1].parameters) == {"left": 32, "top": 0, "width": 64, "height": 64}


def test_alpha_is_laid_on_white() -> None:
    alpha = np.zeros((32, 32), np.uint8)
    alpha[:16] = 255
    alpha[16:24] = 51

    tensor = seen(np.zeros((32, 32, 3), np.uint8), alpha)

    assert (tensor[:16] == 0).all()
    assert tensor[16:24] == pytest.approx(0.8)
    assert (tensor[24:] == 1).all()


@given(length=st.integers(1, 500), target=st.integers(1, 64), start=st.floats(0, 0.4), stop=st.floats(0.6, 1))
def test_weights_are_shares_of_an_area(length: int, target: int, start: float, stop: float) -> None:
    weights = area_weights(length, target, start * length, stop * length)

    assert weights.dtype == np.float32
    assert weights.shape == (target, length)
    assert (weights >= 0).all()
    assert weights.sum(axis=1) == pytest.approx(1, abs=1e-5)


@given(rows=st.integers(1, 90), columns=st.integers(1, 90), fit=st.sampled_from(["whole", "centre"]))
@settings(deadline=None, max_examples=60)
def test_any_size_has_a_tensor(rows: int, columns: int, fit: str) -> None:
    tensor = prepare("photos", UprightImage(noise(rows, columns), None, "PNG"), fit).tensor  # type: ignore[arg-type]

    assert tensor.shape == (32, 32, 3)
    assert tensor.dtype == np.float32
    assert 0 <= tensor.min() <= tensor.max() <= 1
