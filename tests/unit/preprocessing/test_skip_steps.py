"""The steps of the preprocessing: what each made, and what becomes of a digit or photograph without some of them."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import ndimage

from app.preprocessing import STEPS, Prepared, StepOptions, prepare, prepare_digit, prepare_photo
from app.preprocessing.images import UprightImage
from app.preprocessing.measures import box_of, extent_of, stroke_width
from app.problems import NothingDrawn
from app.routes.examples import seven_pixels
from training.data.strokes import draw

SEVEN = [[(0.1, 0.0), (0.8, 0.0), (0.35, 1.0)]]
SKIPPABLE = [name for name, skippable in STEPS["digits"].items() if skippable]


def grey(pixels: np.ndarray) -> UprightImage:
    return UprightImage(np.broadcast_to(pixels[..., np.newaxis], (*pixels.shape, 3)), None, "PNG")


PAD = grey(draw(SEVEN))


def without(*names: str, image: UprightImage = PAD) -> Prepared:
    return prepare_digit(image, StepOptions(skip=frozenset(names)))


def test_steps_are_those_that_are_taken_in_their_order():
    digit, photo = prepare("digits", PAD), prepare("photos", PAD)

    assert [step.name for step in digit.steps] == [name for name in STEPS["digits"] if name != "mnist_form"]
    assert [step.name for step in photo.steps] == list(STEPS["photos"])
    assert digit.pictures == photo.pictures == ()


@pytest.mark.parametrize("kind", ["digits", "photos"])
def test_each_step_shows_what_it_made_and_changes_nothing_by_that(kind):
    seen = prepare(kind, PAD, options=StepOptions(keep_pictures=True))

    assert len(seen.pictures) == len(seen.steps)
    assert np.array_equal(seen.pictures[0], PAD.rgb)
    assert np.array_equal(seen.pictures[-1], prepare(kind, PAD).tensor)


def test_step_that_is_left_out_says_so_and_hands_on_what_it_was_given():
    seen = prepare_digit(PAD, StepOptions(skip=frozenset({"background"}), keep_pictures=True))

    index = next(index for index, step in enumerate(seen.steps) if step.name == "background")
    assert seen.steps[index].skipped
    assert not any(step.skipped for step in seen.steps if step.name != "background")
    assert np.array_equal(seen.pictures[index], seen.pictures[index - 1])


def test_without_crop_the_picture_is_made_small_and_not_the_ink():
    pad = np.zeros((120, 120), np.uint8)
    pad[40:80, 55:62] = 255

    seen = without("crop", image=grey(pad))

    assert {step.name for step in seen.steps if step.skipped} == {"crop", "fit"}
    assert extent_of(seen.tensor > 0.5) == pytest.approx(40 / 120 * 20, abs=1)


def test_without_stroke_a_thick_pen_stays_thick():
    pad = grey(draw(SEVEN, brush_px=60))

    widths = [stroke_width(seen.tensor > 0.5) for seen in (without("stroke", image=pad), prepare_digit(pad))]

    assert widths[0] > widths[1] + 1


def test_without_centre_the_box_is_in_the_middle_and_not_the_mass():
    seen = without("centre").tensor

    top, bottom, left, right = box_of(seen > 0)
    assert (top + bottom, left + right) == (pytest.approx(28, abs=1), pytest.approx(28, abs=1))
    assert np.abs(np.array(ndimage.center_of_mass(seen)) + 0.5 - 14.5).max() > 1


def test_without_specks_dust_stays():
    pad = draw(SEVEN).copy()
    pad[:6, :6] = 255

    seen = without("specks", image=grey(pad))

    assert ndimage.label(seen.tensor > 0.5, np.ones((3, 3)))[1] == 2


def test_without_polarity_dark_ink_on_white_is_lost_and_the_step_is_named():
    with pytest.raises(NothingDrawn, match="without: polarity"):
        without("polarity", image=grey(255 - draw(SEVEN)))


def test_without_polarity_and_background_the_paper_is_the_ink():
    seen = without("polarity", "background", "crop", "stroke", image=grey(255 - draw(SEVEN)))

    assert seen.tensor[6, 6] > 0.9
    assert (seen.tensor > 0.5).sum() > 250


@pytest.mark.parametrize("name", ["polarity", "mnist_form"])
def test_picture_in_mnist_form_is_kept_or_prepared_with_all_steps(name):
    scan = 255 - 255 * seven_pixels()
    whole = np.rint(prepare_digit(grey(scan)).tensor * 255).astype(np.uint8)

    seen = without(name, image=grey(255 - whole))

    if name == "polarity":
        assert np.array_equal(np.rint(seen.tensor * 255), 255 - whole)
    else:
        assert len(seen.steps) == len(STEPS["digits"])


@pytest.mark.parametrize("fit", ["centre", "whole"])
def test_photograph_without_crop_is_squeezed_whole(fit):
    wide = UprightImage(np.random.default_rng(7).integers(0, 256, (40, 90, 3), np.uint8), None, "PNG")

    seen = prepare_photo(wide, fit, StepOptions(skip=frozenset({"crop"})))

    assert np.array_equal(seen.tensor, prepare_photo(wide, "whole").tensor)


@given(
    skip=st.sets(st.sampled_from(SKIPPABLE)),
    rows=st.integers(1, 70),
    columns=st.integers(1, 70),
    seed=st.integers(0, 2**32 - 1),
    share=st.floats(0, 1),
)
@settings(max_examples=100, deadline=None)
def test_any_picture_has_a_tensor_or_is_blank_with_any_steps_left_out(skip, rows, columns, seed, share):
    random = np.random.default_rng(seed)
    rgb = random.integers(0, 256, (rows, columns, 3), np.uint8)
    rgb[random.random((rows, columns)) < share] = random.integers(0, 256, 3)

    try:
        seen = without(*skip, image=UprightImage(rgb, None, "PNG")).tensor
    except NothingDrawn:
        return

    assert seen.shape == (28, 28)
    assert seen.dtype == np.float32
    assert 0 <= seen.min() <= seen.max() <= 1
