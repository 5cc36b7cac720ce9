"""Deformations: what they may do to an image, and that they follow from their seed."""

import numpy as np
import pytest

from training.run.augmentation import DeformDigits, DeformPhotos, make_augmentation, read_along, read_between_pixels

STILL = {
    "rotation": 0, "slant": 0, "scale": 0, "shift": 0, "bend": 0, "thickness": 0, "blur": 0, "noise": 0,
}  # fmt: skip


@pytest.fixture
def digits() -> np.ndarray:
    """Twelve upright strokes, three pixels wide."""
    images = np.zeros((12, 28, 28), np.float32)
    images[:, 4:24, 13:16] = 1
    return images


@pytest.fixture
def photos() -> np.ndarray:
    """Sixty-four pictures in which no value stands twice."""
    rng = np.random.default_rng(3)
    return rng.permutation(64 * 32 * 32 * 3).reshape(64, 32, 32, 3).astype(np.float32) / (64 * 32 * 32 * 3)


@pytest.mark.parametrize(("name", "shape"), [("digits", (28, 28)), ("digits_bent", (28, 28)), ("photos", (32, 32, 3))])
def test_images_keep_their_shape_and_range_in_a_batch_of_any_size(name, shape):
    augmentation = make_augmentation(name, shape)
    images = np.random.default_rng(7).random((10, *shape), np.float32)

    for count in (10, 3):
        augmented = augmentation.predict_on_batch(images[:count])

        assert augmented.shape == (count, *shape)
        assert augmented.dtype == np.float32
        assert augmented.min() >= 0
        assert augmented.max() <= 1


@pytest.mark.parametrize(("name", "shape"), [("digits", (28, 28)), ("digits_bent", (28, 28)), ("photos", (32, 32, 3))])
def test_the_same_seed_gives_the_same_images_and_the_next_batch_others(name, shape):
    images = np.random.default_rng(7).random((10, *shape), np.float32)
    first, second = make_augmentation(name, shape), make_augmentation(name, shape)

    begun = first.predict_on_batch(images)

    assert np.array_equal(second.predict_on_batch(images), begun)
    assert not np.array_equal(first.predict_on_batch(images), begun)


def test_without_any_strength_a_digit_stays_as_it_is(digits):
    deformed = np.asarray(DeformDigits(**STILL)(digits))

    np.testing.assert_allclose(deformed, digits, atol=1e-6)


@pytest.mark.parametrize("strength", ["rotation", "slant", "scale", "shift", "bend", "thickness", "blur", "noise"])
def test_each_strength_changes_each_digit_in_its_own_way(digits, strength):
    alone = {**STILL, strength: 10 if strength == "rotation" else 0.2}

    deformed = np.asarray(DeformDigits(**alone)(digits))

    assert all(np.abs(image - digits[0]).max() > 1e-4 for image in deformed)
    assert np.abs(deformed[0] - deformed[1]).max() > 1e-4


def test_a_shift_moves_a_digit_by_no_more_than_twice_its_deviation(digits):
    many = np.repeat(digits, 20, axis=0)

    moved = np.asarray(DeformDigits(**{**STILL, "shift": 1.0})(many))

    rows = (moved * np.arange(28)[:, np.newaxis]).sum(axis=(1, 2)) / moved.sum(axis=(1, 2)) - 13.5
    assert np.abs(rows).max() <= 2.01
    assert 0.6 < rows.std() < 1.1


def test_a_bend_moves_pixels_evenly_over_the_image_and_smoothly():
    layer = DeformDigits(bend=1.0)

    rows, _ = (np.asarray(bend) for bend in layer._bends(4000))

    # An amount drawn evenly from 0 to 1, times a height of deviation 1, has a deviation of the square root of 1/3.
    np.testing.assert_allclose(rows.std(axis=0), np.sqrt(1 / 3), rtol=0.1)
    assert np.abs(np.diff(rows, axis=1)).mean() < 0.2


def test_a_place_between_pixels_is_their_mean_and_outside_is_black():
    image = np.array([[[0.0, 1.0], [0.5, 0.25]]], np.float32)
    rows = np.array([[[0, 0.5, 1, -5, 9]]], np.float32)
    columns = np.array([[[0.5, 0.5, 1, 0, 0]]], np.float32)

    read = np.asarray(read_between_pixels(image, rows, columns))

    assert read.tolist() == [[pytest.approx([0.5, 0.4375, 0.25, 0, 0])]]


def still(**strengths: float) -> DeformPhotos:
    """A layer that does nothing to a photograph but mirror it, and what it is told."""
    return DeformPhotos(**{"shift": 0, "reshaped": 0, "light": 0, **strengths})


def test_half_of_the_photographs_are_mirrored_and_nothing_else_happens_to_them(photos):
    moved = np.asarray(still()(photos))

    as_it_was = np.array([np.allclose(*pair, atol=1e-6) for pair in zip(moved, photos, strict=True)])
    mirrored = np.array([np.allclose(a, b[:, ::-1], atol=1e-6) for a, b in zip(moved, photos, strict=True)])
    assert np.all(as_it_was ^ mirrored)
    assert 16 < mirrored.sum() < 48


def test_a_photograph_is_shifted_by_whole_pixels(photos):
    moved = np.asarray(still(shift=3)(photos))

    shifts = set()
    for image, before in zip(moved, photos, strict=True):
        row, column = np.argwhere(np.isclose(before[..., 0], image[16, 16, 0], rtol=0, atol=1e-7))[0]
        window, source = image[10:22, 10:22], before[row - 6 : row + 6]
        straight, flipped = source[:, column - 6 : column + 6], source[:, column - 5 : column + 7][:, ::-1]
        assert np.allclose(window, straight, atol=1e-6) or np.allclose(window, flipped, atol=1e-6)
        shifts.add(int(row) - 16)
    assert shifts == set(range(-3, 4))


def test_a_reshaped_photograph_is_narrower_than_it_is_wide():
    square = np.zeros((200, 32, 32, 3), np.float32)
    square[:, 8:24, 8:24] = 1

    reshaped = np.asarray(still(reshaped=1, narrow=2.0, wide=1.0, zoom=0.0)(square))

    tall = reshaped[:, :, 15:17].mean(axis=(2, 3)).sum(axis=1)
    broad = reshaped[:, 15:17].mean(axis=(1, 3)).sum(axis=1)
    assert np.all(tall / broad > 0.99)
    assert 1.8 < (tall / broad).max() < 2.02


def test_light_changes_every_photograph_in_its_own_way_and_moves_nothing(photos):
    grey = np.repeat(photos[..., :1], 3, axis=-1)

    relit = np.asarray(still(light=0.3)(grey * 0.5 + 0.25))

    assert np.unique(np.round(relit.mean(axis=(1, 2, 3)), 4)).size > 32
    assert np.ptp(relit, axis=-1).max() < 1e-5  # grey has no colour to make stronger


def test_an_axis_is_read_between_its_pixels_and_goes_on_as_its_mirror_image():
    step, shift = np.array([[[0.5]], [[-1.0]], [[1.0]]], np.float32), np.array([[[0.0]], [[0.0]], [[2.0]]], np.float32)

    read = np.asarray(read_along(4, step, shift)) @ np.array([0.0, 10.0, 20.0, 30.0])

    assert read.tolist() == [[7.5, 12.5, 17.5, 22.5], [30, 20, 10, 0], [20, 30, 20, 10]]
