"""Extracts a picture's ink: ink is 1, the background is 0.

The steps here are independent of digits and networks: they blend transparent pictures with a background, determine
whether the ink is dark or light, remove uneven light, raise faint ink and drop specks. Each is a pure function from an
array to an array and a record of the step; each takes and returns the whole picture, so that each can be shown.
"""

from __future__ import annotations

from math import ceil
from typing import Final

import numpy as np
import numpy.typing as npt
from PIL import Image
from scipy import ndimage

from app.arrays import ByteArray, FloatArray
from app.preprocessing.alpha import lay_on
from app.preprocessing.images import UprightImage
from app.preprocessing.measures import (
    EIGHT_NEIGHBOURS,
    Mask,
    box_of,
    even_level,
    extent_of,
    strips,
    stroke_width,
)
from app.preprocessing.steps import Step, to_unit
from app.problems import NothingDrawn

LONGEST_SIDE_PX: Final = 192  # the largest side at which a picture is searched for ink
INK_LEVEL: Final = 0.5  # share of the full ink above which a pixel is ink

LEAST_ALPHA: Final = 16  # of 255: less is the rest of an eraser or of a compression
WIDEST_STROKE: Final = 0.35  # share of a drawing's longer side; a square card's mean width is half of its side

WINDOWS: Final = 8, 5, 3  # parts of the shorter side: the narrowest that is twice as wide as the strokes is used

LEAST_CONTRAST: Final = 0.04
LEAST_SIGNAL_TO_NOISE: Final = 8.0
LEAST_EXTENT: Final = 0.03  # share of the picture's longer side: a grain of dust is no digit

LUMINANCE: Final = np.array([0.299, 0.587, 0.114], np.float32)  # ITU-R BT.601


def flatten_alpha(image: UprightImage) -> tuple[ByteArray, Step]:
    """Blend a transparent picture with a background that contrasts with its ink.

    For ink on a transparent background the ink is the alpha, whatever its colours. A card with transparent corners is
    extended with its most frequent colour.

    Returns:
        uint8, shape ``(rows, columns, 3)``.

    Raises:
        NothingDrawn: no pixel is more than faintly opaque.
    """
    if image.alpha is None:
        return image.rgb, Step("alpha", applied=False)
    most = int(image.alpha.max())
    if most < LEAST_ALPHA:
        raise NothingDrawn
    covered = image.alpha > most // 2
    solid = image.rgb[covered]
    if int(np.ptp(solid, axis=0).max()) < 64 or _is_strokes(covered):
        coverage = np.broadcast_to(image.alpha[..., np.newaxis], image.rgb.shape)
        return coverage, Step("alpha", applied=True, parameters={"coverage": 1})
    red, green, blue = (round(level) for level in np.median(solid, axis=0).tolist())
    flat = lay_on(image.rgb, image.alpha, (red, green, blue))
    return flat, Step("alpha", applied=True, parameters={"red": red, "green": green, "blue": blue})


def _is_strokes(covered: Mask) -> bool:
    """Whether what is opaque is a drawing: narrow for its extent, unlike a card."""
    apart = max(1, max(covered.shape) // LONGEST_SIDE_PX)
    coarse = covered[::apart, ::apart]
    return stroke_width(coarse) < WIDEST_STROKE * extent_of(coarse)


def reduce(rgb: ByteArray) -> tuple[ByteArray, Step]:
    """Average blocks of pixels, so that the later steps take the same time for every picture.

    Returns:
        uint8, shape ``(rows, columns, 3)``, or ``(rows, columns)`` if the picture repeats one channel.
    """
    factor = ceil(max(rgb.shape[:2]) / LONGEST_SIDE_PX)
    one_channel = rgb.strides[2] == 0  # decode_image returns a grey picture like this
    pixels = np.ascontiguousarray(rgb[..., 0] if one_channel else rgb)
    step = Step("reduce", applied=factor > 1, parameters={"factor": factor})
    return (np.asarray(Image.fromarray(pixels).reduce(factor)) if factor > 1 else pixels), step


def to_grey(pixels: ByteArray) -> tuple[FloatArray, Step]:
    """Luminance, or, if ink and ground differ only in colour, the direction in which the colours differ most.

    Returns:
        float32 in 0..1, shape ``(rows, columns)``.
    """
    if pixels.ndim == 2:
        return to_unit(pixels), Step("grey", applied=False)
    colours = to_unit(pixels.reshape(-1, 3))
    inside = _without_strips(colours.reshape(pixels.shape)).reshape(-1, 3)
    sampled = inside[:: max(1, len(inside) // 4096)]
    centred = sampled - sampled.mean(axis=0)
    covariance = centred.T @ centred / len(centred)
    variances, axes = np.linalg.eigh(covariance)
    weights = LUMINANCE
    # Of a grey picture the luminance has a third of the variance along the grey axis.
    if 3 * LUMINANCE @ covariance @ LUMINANCE < 0.25 * variances[-1]:
        weights = (axes[:, -1] / np.abs(axes[:, -1]).sum()).astype(np.float32)
    grey = colours @ weights - np.minimum(weights, 0).sum()
    red, green, blue = weights.tolist()
    return grey.reshape(pixels.shape[:2]), Step(
        "grey", applied=True, parameters={"red": red, "green": green, "blue": blue}
    )


def _without_strips(colours: FloatArray) -> FloatArray:
    """A picture without the frame or bars along its sides, whose colour is not the ink's."""
    top, bottom, left, right = np.max([strips(channel) for channel in np.moveaxis(colours, 2, 0)], axis=0)
    return colours[top : colours.shape[0] - bottom, left : colours.shape[1] - right]


def settle_polarity(grey: FloatArray) -> tuple[FloatArray, Step]:
    """Turn dark ink on light ground into light on dark.

    On an even ground the ink is what differs from the border's level. In uneven light it is the longer tail of the
    differences from the local brightness.
    """
    if (level := even_level(grey)) is not None:
        departure = grey - level
        tendency = float((departure * np.abs(departure)).sum())
    else:
        around = ndimage.uniform_filter(grey, max(3, min(grey.shape) // 3))
        tendency = float(((grey - around) ** 3).sum())
    inverted = tendency < 0
    return (1 - grey if inverted else grey), Step("polarity", applied=inverted, parameters={"inverted": int(inverted)})


def remove_background(bright: FloatArray) -> tuple[FloatArray, Step]:
    """Remove the ground and the uneven light on it.

    An even ground is one level. Otherwise it is a morphological opening with a window wider than any stroke. Ink is
    then divided by the brightness left above the ground, since light multiplies: in a shadow the contrast of ink and
    paper is smaller.

    Returns:
        float32 in 0..1, shape as given; the ground is 0.
    """
    if (level := even_level(bright)) is not None:
        ink = np.maximum(bright - level, 0)
        return ink, Step("background", applied=level > 0, parameters={"level": round(level, 4)})
    for share in WINDOWS:
        window = max(5, min(bright.shape) // share)
        ink = _above_ground(bright, window)
        if stroke_width(ink > ink.max() / 2) < window / 2:
            break
    return _without_border_pieces(ink), Step("background", applied=True, parameters={"window": window})


def _above_ground(bright: FloatArray, window: int) -> FloatArray:
    """Return what is brighter than the ground and narrower than a window, in a share of what is possible there."""
    smooth = np.pad(ndimage.uniform_filter(bright, 3), window, "reflect", reflect_type="odd")  # extrapolates a slope
    ground = ndimage.uniform_filter(ndimage.grey_opening(smooth, window), 3)[window:-window, window:-window]
    room = np.maximum(1 - ground, 0.05)
    ink: FloatArray = np.clip((bright - ground) * (np.median(room) / room), 0, 1)
    return ink


def _without_border_pieces(ink: FloatArray) -> FloatArray:
    """In uneven light, remove what touches the picture's border (a shadow or a table), if something else is left."""
    labels, count = ndimage.label(ink > ink.max() / 4, EIGHT_NEIGHBOURS)
    cut = np.zeros(count + 1, bool)
    cut[np.concatenate([labels[0], labels[-1], labels[:, 0], labels[:, -1]])] = True
    cut[0] = False
    boxes = ndimage.find_objects(labels)
    extents = [
        max(r.stop - r.start, c.stop - c.start) for (r, c), is_cut in zip(boxes, cut[1:], strict=True) if not is_cut
    ]
    if not cut.any() or max(extents, default=0) < 0.1 * max(ink.shape):
        return ink
    return np.where(ndimage.maximum_filter(cut[labels], 3), np.float32(0), ink)


def raise_contrast(ink: FloatArray) -> tuple[FloatArray, Step]:
    """Stretch the ink so that full ink is 1.

    Raises:
        NothingDrawn: nothing differs from the ground by more than its noise.
    """
    levels = (ink * 255).astype(np.uint8)
    top, bottom, left, right = box_of(levels > 0)
    counts = np.bincount(levels[top:bottom, left:right].ravel(), minlength=256)  # level 0 is not used
    few = max(5, ink.size // 2000)
    brightest = 255 - int(np.searchsorted(np.cumsum(counts[::-1]), few))
    peak = brightest / 255
    if peak < LEAST_CONTRAST or (peak < 0.5 and peak < LEAST_SIGNAL_TO_NOISE * _noise(ink)):
        raise NothingDrawn
    upper = np.arange(brightest // 2 + 1, 256)
    full = float(upper @ counts[upper] / counts[upper].sum()) / 255
    return np.minimum(ink / np.float32(full), 1), Step("contrast", applied=True, parameters={"full": round(full, 4)})


def drop_specks(ink: FloatArray) -> tuple[FloatArray, Step]:
    """Keep the largest piece of ink, and those others that a pen can have drawn as part of it.

    A piece is kept if it is no smaller than half a pen's dot and near the largest piece, or if it has a large share of
    the largest piece's size, at any distance.

    Raises:
        NothingDrawn: only a speck is left.
    """
    drawn = ink > INK_LEVEL
    top, bottom, left, right = box_of(drawn)
    box = np.s_[top:bottom, left:right]
    labels, count = ndimage.label(drawn[box], EIGHT_NEIGHBOURS)
    kept = _belongs(labels, count) if count > 1 else np.ones(count, bool)
    dropped = count - int(np.count_nonzero(kept))
    extent = max(bottom - top, right - left)
    if dropped:
        whole = np.zeros(ink.shape, bool)
        whole[box] = np.concatenate(([False], kept))[labels]
        extent = extent_of(whole)
    if extent < LEAST_EXTENT * max(ink.shape):
        raise NothingDrawn
    if not dropped:
        return ink, Step("specks", applied=False, parameters={"dropped": 0})
    near = ndimage.maximum_filter(whole, 3)  # with the soft edge
    return np.where(near, ink, np.float32(0)), Step("specks", applied=True, parameters={"dropped": dropped})


def _belongs(labels: npt.NDArray[np.int32], count: int) -> Mask:
    """Which of the labelled pieces belong to one drawing, the largest among them."""
    areas = np.bincount(labels.ravel(), minlength=count + 1)[1:]
    boxes = np.array([(r.start, r.stop, c.start, c.stop) for r, c in ndimage.find_objects(labels)])
    main = int(areas.argmax())
    top, bottom, left, right = boxes.T
    extent = max(bottom[main] - top[main], right[main] - left[main])
    vertical = np.maximum(top - bottom[main], top[main] - bottom)
    horizontal = np.maximum(left - right[main], left[main] - right)
    near = np.maximum(vertical, horizontal) <= 0.5 * extent
    dot = 0.5 * stroke_width(labels == main + 1) ** 2
    return np.asarray((areas >= 0.25 * areas[main]) | (near & (areas >= dot)))


def _noise(ink: FloatArray) -> float:
    """Standard deviation of the grain, from pixels four apart; the upper quarter of the differences may be ink."""
    differences = np.abs(ink[:, 4:] - ink[:, :-4])
    # Three quarters of normal differences are below 1.15 standard deviations of theirs.
    return float(np.quantile(differences, 0.75)) / (1.15 * 2**0.5) if differences.size else 0.0
