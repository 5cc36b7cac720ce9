"""Brings a drawing, scan or photograph of a digit into MNIST's form.

MNIST's digits were bilevel scans, scaled so that the longer side of the ink's box is 20 pixels, by area averaging,
and put into 28 x 28 pixels with the centre of mass in the middle (LeCun, Bottou, Bengio and Haffner, "Gradient-Based
Learning Applied to Document Recognition", 1998, section III.A). A network trained on them needs such input, so every
picture is prepared in the same way here: find the ink (``ink.py``), bring its stroke near MNIST's width, and repeat
that procedure.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from functools import reduce as reduce_with
from math import ceil
from typing import Final

import numpy as np
from PIL import Image
from scipy import ndimage

from app.arrays import ByteArray, FloatArray
from app.preprocessing.images import UprightImage
from app.preprocessing.ink import (
    INK_LEVEL,
    drop_specks,
    flatten_alpha,
    raise_contrast,
    reduce,
    remove_background,
    settle_polarity,
    to_grey,
)
from app.preprocessing.measures import Mask, box_of, extent_of, framed, stroke_width
from app.preprocessing.resampling import area_weights
from app.preprocessing.sheet import find_sheet
from app.preprocessing.steps import USUAL, Prepared, Step, StepOptions, Trail, to_unit
from app.problems import NothingDrawn

SIDE_PX: Final = 28
DIGIT_PX: Final = 20
FINENESS: Final = 3  # until the last step, pixels have a third of the width of MNIST's
FINE_DIGIT_PX: Final = DIGIT_PX * FINENESS - 2  # the longest side that touches 20 pixels, and never 21, at any position
SHARPENING: Final = 4.0
MIDDLE: Final = 14.5  # the centre of mass in MNIST, measured from the picture's edge: the middle of pixel 14

# Of MNIST's digits, measured as stroke_width does on their bilevel form, the median is 2.3 pixels and nine in ten have
# 1.5 to 3.5. A stroke outside this range is brought to its nearer end.
THINNEST_STROKE_PX: Final = 2.2
THICKEST_STROKE_PX: Final = 3.0

STEPS: Final[Mapping[str, bool]] = {
    "alpha": False,
    "mnist_form": True,
    "reduce": False,
    "grey": False,
    "sheet": True,
    "polarity": True,
    "background": True,
    "contrast": True,
    "specks": True,
    "crop": True,
    "enlarge": False,
    "stroke": True,
    "fit": True,
    "centre": True,
}
"""The steps in order, and whether each can be left out. The fixed ones give every picture the same form and size."""


def prepare_digit(image: UprightImage, options: StepOptions = USUAL) -> Prepared:
    """Bring a picture of one digit into MNIST's form.

    Args:
        image: of any size, dark ink on light or light on dark, with or without alpha.
        options: which steps to leave out. Without ``mnist_form`` a picture in that form goes through all steps; without
            ``crop`` the picture, not the ink, is scaled to 20 pixels, and ``fit`` is left out as well; without
            ``centre`` the box's middle, not the centre of mass, is put into the middle.

    Returns:
        The tensor, float32 in 0..1, shape ``(28, 28)``, ink bright; and the steps that made it.

    Raises:
        NothingDrawn: the picture is blank, or no ink is left without the steps that are left out.
    """
    if not options.skip:
        return _prepare(image, options)
    try:
        return _prepare(image, replace(options, skip=options.skip | {"fit"}) if "crop" in options.skip else options)
    except NothingDrawn:
        raise NothingDrawn([name for name in STEPS if name in options.skip]) from None


def _prepare(image: UprightImage, options: StepOptions) -> Prepared:
    if (recognised := pass_mnist_form(image, options)) is not None:
        return recognised
    trail = Trail(options)
    opaque = trail.take(flatten_alpha(image))
    if "mnist_form" in options.skip:
        trail.take((opaque, Step("mnist_form", applied=False, skipped=True)))
    pixels = trail.take(reduce(opaque))
    grey = trail.may("sheet", find_sheet, trail.take(to_grey(pixels)))
    bright = trail.may("background", remove_background, trail.may("polarity", settle_polarity, grey))
    ink = trail.may("specks", drop_specks, trail.may("contrast", raise_contrast, bright))
    if options.skip:
        _require_ink(ink)
    pixel = image.width / image.rgb.shape[1] * trail.parameter("reduce", "factor")
    # The next step skips the two blank pixels around it.
    digit = trail.may("crop", partial(crop, pixel=pixel), ink, otherwise=partial(np.pad, pad_width=2))
    fine = trail.may("stroke", settle_stroke, trail.take(enlarge(digit)))
    if options.skip:
        _require_ink(fine)
    return trail.prepared(trail.may("centre", centre, trail.may("fit", fit, fine), otherwise=put_in_middle))


def _require_ink(picture: FloatArray) -> None:
    """Raise if there is no ink: with steps left out, the later ones may get a picture without any."""
    if picture.max() <= INK_LEVEL:
        raise NothingDrawn


def pass_mnist_form(image: UprightImage, options: StepOptions = USUAL) -> Prepared | None:
    """The pixels of a picture that is already in MNIST's form, in either polarity; None for any other."""
    if "mnist_form" in options.skip:
        return None
    grey = image.rgb[..., 0]
    if grey.shape != (SIDE_PX, SIDE_PX) or image.alpha is not None or (image.rgb != grey[..., np.newaxis]).any():
        return None
    inverted = bool(grey[0, 0] > 127)
    ink = 255 - grey if inverted else grey
    if not _in_mnist_form(ink):
        return None
    trail = Trail(options)
    polarity = Step("polarity", applied=inverted, parameters={"inverted": int(inverted)})
    settled = trail.may("polarity", lambda _: (ink, polarity), grey)
    return trail.prepared(to_unit(trail.take((settled, Step("mnist_form", applied=False)))))


def _in_mnist_form(ink: ByteArray) -> bool:
    """Whether bright ink is 20 pixels long, centred by mass and as thick as a pen. The tolerances allow for a JPEG."""
    top, bottom, left, right = box_of(ink > 64)
    if ink.max() < 200 or not DIGIT_PX - 3 <= max(bottom - top, right - left) <= DIGIT_PX:
        return False
    if not 1.2 <= stroke_width(ink > 127) <= 5.5:
        return False
    around = ink.copy()
    around[max(top - 2, 0) : bottom + 2, max(left - 2, 0) : right + 2] = 0
    row, column = ndimage.center_of_mass(ink)
    off_centre = max(abs(row + 0.5 - MIDDLE), abs(column + 0.5 - MIDDLE))
    return bool(around.max() <= 24 and off_centre <= 0.75)


def crop(ink: FloatArray, pixel: float) -> tuple[FloatArray, Step]:
    """Cut out the ink's box, with a margin of one pixel for its soft edge.

    Args:
        ink: float32 in 0..1.
        pixel: how many pixels of the picture one of the ink's is wide; the parameters are in pixels of the picture.
    """
    top, bottom, left, right = box_of(ink > INK_LEVEL)
    cut = framed(ink)[top : bottom + 2, left : right + 2]
    box = {"left": left, "top": top, "width": right - left, "height": bottom - top}
    return cut, Step("crop", applied=True, parameters={side: round(value * pixel, 2) for side, value in box.items()})


def enlarge(digit: FloatArray) -> tuple[FloatArray, Step]:
    """Scale the longer side to 58 fine pixels, down by area averaging, up smoothly; sharpen the edge."""
    top, bottom = _soft_ends(digit.max(axis=1))
    left, right = _soft_ends(digit.max(axis=0))
    scale = FINE_DIGIT_PX / max(bottom - top, right - left)
    size = max(1, round((right - left) * scale)), max(1, round((bottom - top) * scale))
    if scale < 1:
        fine = _average_box(digit, size, (top, bottom, left, right))
        full = fine[fine >= fine.max() / 2].mean(dtype=np.float32)
        fine /= full  # averaging with the surroundings makes a hairline paler
    else:
        box = (left, top, right, bottom)
        fine = np.asarray(Image.fromarray(digit).resize(size, Image.Resampling.BICUBIC, box=box), dtype=np.float32)
    gain = max(1.0, SHARPENING / max(scale, 1))  # an enlarged picture already has a soft edge
    sharp: FloatArray = np.clip((fine - INK_LEVEL) * gain + 0.5, 0, 1).astype(np.float32)
    return sharp, Step("enlarge", applied=True, parameters={"factor": round(scale, 4)})


def _soft_ends(profile: FloatArray) -> tuple[float, float]:
    """Where ink begins and ends along an axis; its first and last pixels count by the share that is covered."""
    first, last = 2 - float(profile[:2].sum()), len(profile) - 2 + float(profile[-2:].sum())
    return (first, last) if last - first >= 1 else (1, len(profile) - 1)


def _average_box(picture: FloatArray, size: tuple[int, int], box: tuple[float, float, float, float]) -> FloatArray:
    """Average a box (top, bottom, left, right) down to a size (width, height)."""
    rows = area_weights(picture.shape[0], size[1], box[0], box[1])
    columns = area_weights(picture.shape[1], size[0], box[2], box[3])
    averaged: FloatArray = np.asarray(rows @ picture @ columns.T, np.float32)
    return averaged


def settle_stroke(fine: FloatArray) -> tuple[FloatArray, Step]:
    """Thicken a stroke thinner than MNIST's, thin one that is thicker, by moving its outline.

    Moving the outline out by d makes the stroke 2 d wider and the digit 2 d longer, and the digit is then scaled to
    20 pixels.

    Raises:
        NothingDrawn: there is no ink.
    """
    drawn = fine > 0.5
    side = extent_of(drawn)
    if side == 0:
        raise NothingDrawn
    before = stroke_width(drawn) * DIGIT_PX / side
    after = min(max(before, THINNEST_STROKE_PX), THICKEST_STROKE_PX)
    outward = (after - before) * side / DIGIT_PX / (2 * (1 - after / DIGIT_PX))
    parameters = {"before": round(before, 3), "after": round(after, 3)}
    if abs(outward) < 0.25:
        return fine, Step("stroke", applied=False, parameters=parameters)
    return _move_outline(drawn, outward), Step("stroke", applied=True, parameters=parameters)


def _move_outline(drawn: Mask, outward: float) -> FloatArray:
    """The mask with its outline moved by a distance in pixels, anti-aliased."""
    room = framed(drawn, 1 + max(0, ceil(outward)))
    if outward < 0:
        inside = ndimage.distance_transform_edt(room) + outward
    else:
        inside = outward + 1 - ndimage.distance_transform_edt(~room)
    moved: FloatArray = np.clip(inside, 0, 1).astype(np.float32)
    return moved


def fit(fine: FloatArray) -> tuple[FloatArray, Step]:
    """Bring the longer side back to 58 fine pixels, so that it spans 20 of MNIST's, by area averaging."""
    top, bottom, left, right = box_of(fine > 0.5)
    scale = FINE_DIGIT_PX / max(bottom - top, right - left)
    size = max(1, round((right - left) * scale)), max(1, round((bottom - top) * scale))
    box = (top, bottom, left, right)
    digit = _average_box(fine, size, box) if scale != 1 else fine[top:bottom, left:right]
    return digit, Step("fit", applied=scale != 1, parameters={"factor": round(scale, 4)})


def centre(digit: FloatArray) -> tuple[FloatArray, Step]:
    """Move the digit's centre of mass to the middle, and average 3 x 3 fine pixels to one of the 28 x 28.

    MNIST moved its digits by whole pixels; steps of a third let the picture follow a growing stroke without jumping.
    """
    rows, columns = digit.shape
    mass = digit.sum()
    row = (digit * np.arange(rows, dtype=np.float64)[:, np.newaxis]).sum() / mass
    column = (digit * np.arange(columns, dtype=np.float64)).sum() / mass
    side = SIDE_PX * FINENESS
    top = min(max(round(MIDDLE * FINENESS - 0.5 - row), 0), side - rows)
    left = min(max(round(MIDDLE * FINENESS - 0.5 - column), 0), side - columns)
    parameters = {"left": left / FINENESS, "top": top / FINENESS}
    return _put_at(digit, top, left), Step("centre", applied=True, parameters=parameters)


def put_in_middle(digit: FloatArray) -> FloatArray:
    """Move the middle of the digit's box, not its centre of mass, to the middle, and average as ``centre`` does."""
    top, left = ((SIDE_PX * FINENESS - length) // 2 for length in digit.shape)
    return _put_at(digit, top, left)


def _put_at(digit: FloatArray, top: int, left: int) -> FloatArray:
    """The digit at a place among 84 x 84 fine pixels, 3 x 3 of which are averaged to one."""
    rows, columns = digit.shape
    canvas = np.zeros((SIDE_PX * FINENESS, SIDE_PX * FINENESS), np.float32)
    canvas[top : top + rows, left : left + columns] = digit
    across = reduce_with(np.add, (canvas[:, start::FINENESS] for start in range(FINENESS)))
    tensor: FloatArray = reduce_with(np.add, (across[start::FINENESS] for start in range(FINENESS)))
    return tensor / np.float32(FINENESS**2)
