"""The changes of test images for robustness, on images whose result is known."""

from types import SimpleNamespace
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from training.data.datasets import Examples
from training.measure.robustness import (
    CHANGES,
    FEWER_EXAMPLES,
    changes_for,
    examples_for,
    measure_change,
    moved,
    noisy,
    thickened,
    turned,
)

DIGITS = np.random.default_rng(7).random((3, 28, 28), np.float32)
PHOTOS = np.random.default_rng(8).random((3, 32, 32, 3), np.float32)


def bar(width: int) -> npt.NDArray[np.float32]:
    """One upright stroke, 20 pixels long."""
    digit = np.zeros((1, 28, 28), np.float32)
    digit[0, 4:24, 12 : 12 + width] = 1
    return digit


def card_of(preprocessing: str, *kinds: str) -> Any:
    return SimpleNamespace(
        input=SimpleNamespace(preprocessing=preprocessing), layers=[SimpleNamespace(kind=kind) for kind in kinds]
    )


@pytest.mark.parametrize("images", [DIGITS, PHOTOS], ids=["digits", "photographs"])
def test_quarter_turn_is_exact(images):
    np.testing.assert_allclose(turned(images, 90), np.rot90(images, axes=(1, 2)), atol=1e-6)


def test_small_turn_and_back_leaves_the_middle_of_a_smooth_picture():
    rows, columns = np.mgrid[:32, :32].astype(np.float32) / 31
    smooth = np.stack([rows, columns, rows * columns], axis=-1)[np.newaxis]

    there_and_back = turned(turned(smooth, 10), -10)

    np.testing.assert_allclose(there_and_back[:, 8:24, 8:24], smooth[:, 8:24, 8:24], atol=0.02)


def test_what_a_turn_brings_in_is_black_on_a_digit_and_mirrored_on_a_photograph():
    assert turned(np.ones((1, 28, 28), np.float32), 45)[0, 0, 0] == 0
    np.testing.assert_allclose(turned(np.ones((1, 32, 32, 3), np.float32), 45), 1, atol=1e-6)


def test_shift_moves_by_whole_pixels_and_brings_in_black():
    down_left = moved(DIGITS, 3, -2)

    np.testing.assert_array_equal(down_left[:, 3:, :-2], DIGITS[:, :-3, 2:])
    assert not down_left[:, :3].any()
    assert not down_left[:, :, -2:].any()


def test_shifted_photograph_goes_on_as_its_mirror_image():
    up = moved(PHOTOS, -2, 0)

    np.testing.assert_array_equal(up[:, :-2], PHOTOS[:, 2:])
    np.testing.assert_array_equal(up[:, -2:], PHOTOS[:, [-2, -3]])


def test_noise_is_the_same_each_time_of_its_deviation_and_in_range():
    grey = np.full((20, 28, 28), 0.5, np.float32)

    first, second = noisy(grey, 0.1), noisy(grey, 0.1)

    np.testing.assert_array_equal(first, second)
    assert first.std() == pytest.approx(0.1, rel=0.02)
    assert first.dtype == np.float32
    assert (noisy(DIGITS, 2).min(), noisy(DIGITS, 2).max()) == (0, 1)


@pytest.mark.parametrize("pixels", [-1, 1, 2])
def test_stroke_becomes_wider_by_what_was_asked(pixels):
    written = thickened(bar(3), pixels)

    assert written[0, 14].sum() == pytest.approx(3 + pixels)
    assert written[0, :, 13].sum() == pytest.approx(20 + pixels)
    assert written.dtype == np.float32


def test_greys_of_an_edge_are_kept():
    soft = bar(3) * np.float32(0.5)

    assert thickened(soft, 1).max() == 0.5


def test_slanted_stroke_becomes_wider_as_an_upright_one_does():
    slanted = turned(bar(4), 40)

    grown = thickened(slanted, 2).sum() - slanted.sum()

    # A margin of one pixel round 20 x 4: its outline, and a disc at the corners.
    assert grown == pytest.approx(2 * (20 + 4) + np.pi, rel=0.1)


def test_every_direction_counts_alike():
    """A network that reads 1 wherever the upper row holds ink: two of four shifts by one pixel empty it."""
    images = np.zeros((5, 28, 28), np.float32)
    images[:, 0, 14] = 1
    shift = next(change for change in CHANGES if change.name == "shift")

    measured = measure_change(
        shift, lambda changed: changed[:, 0].any(axis=1).astype(np.int64), images, np.ones(5, np.int64)
    )

    assert [entry.amount for entry in measured] == [0, 1, 2, 3, 4]
    assert [entry.accuracy for entry in measured] == [1, 0.5, 0.5, 0.5, 0.5]
    assert {(entry.unit, entry.examples) for entry in measured} == {("pixels", 5)}


def test_only_digits_have_a_thickness():
    assert [change.name for change in changes_for(card_of("photos"))] == ["rotation", "shift", "noise"]
    assert [change.name for change in changes_for(card_of("digits"))] == ["rotation", "shift", "noise", "thickness"]


def test_convolutional_network_is_measured_on_a_fixed_choice():
    count = FEWER_EXAMPLES + 500
    test = Examples(np.zeros((count, 1, 1), np.uint8), np.arange(count))

    chosen = examples_for(card_of("photos", "convolution", "dense"), test)

    assert len(set(chosen.labels.tolist())) == FEWER_EXAMPLES
    np.testing.assert_array_equal(chosen.labels, examples_for(card_of("photos", "convolution", "dense"), test).labels)
    assert examples_for(card_of("digits", "dense"), test) is test
