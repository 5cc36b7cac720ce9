"""Measurements of a picture or a mask: boxes, borders, the width of a stroke."""

from __future__ import annotations

from math import sqrt
from typing import Final, TypeVar

import numpy as np
import numpy.typing as npt
from scipy import ndimage

from app.arrays import FloatArray

EVEN_BORDER: Final = 0.06  # brightness, 0..1, by which the middle half of an even border varies at most
EIGHT_NEIGHBOURS: Final = np.ones((3, 3), bool)

SHADED: Final = 0.08  # brightness by which a shadow or a hand differs from the ground at least
SHADE_WIDTH: Final = 0.12  # share of the longer side: what reaches the border and is wider is no stroke
FINGER_WIDTH: Final = 0.05  # likewise, if it is wide for its length
FINGER_PROPORTION: Final = 0.25  # width over length

DEEPEST_STRIP: Final = 0.22  # share of a side: bars of phones and frames are narrower
STRAIGHT: Final = 0.9  # share of an edge's pixels that have to change in its direction
LEAST_STEP: Final = 0.05  # brightness, 0..1

Mask = npt.NDArray[np.bool_]
Pixel = TypeVar("Pixel", bound=np.generic)


def box_of(mask: Mask) -> tuple[int, int, int, int]:
    """Top, bottom, left and right of the set pixels, the ends exclusive; zeros if none is set."""
    places, width = mask.tobytes(), mask.shape[1]  # searching bytes takes a third of the time of reducing axes
    first = places.find(_SET)
    if first < 0:
        return 0, 0, 0, 0
    top, bottom = first // width, places.rfind(_SET) // width + 1
    columns = mask[top:bottom].any(axis=0).tobytes()
    return top, bottom, columns.find(_SET), columns.rfind(_SET) + 1


_SET: Final = b"\x01"


def extent_of(mask: Mask) -> int:
    """The longer side of the box around the set pixels."""
    top, bottom, left, right = box_of(mask)
    return max(bottom - top, right - left)


def framed(picture: npt.NDArray[Pixel], margin: int = 1) -> npt.NDArray[Pixel]:
    """The picture, or a mask, padded with zeros: the same as ``np.pad``, in a third of its time."""
    rows, columns = picture.shape
    frame = np.zeros((rows + 2 * margin, columns + 2 * margin), picture.dtype)
    frame[margin : margin + rows, margin : margin + columns] = picture
    return frame


def stroke_width(drawn: Mask) -> float:
    """Mean width of the strokes in a mask, in pixels: a long stroke's area is half its outline times its width."""
    room = framed(drawn)
    down, right = room[1:, :-1] != room[:-1, :-1], room[:-1, 1:] != room[:-1, :-1]
    edges, corners = np.count_nonzero(down) + np.count_nonzero(right), np.count_nonzero(down & right)
    outline = edges - (2 - sqrt(2)) * corners  # if both change, the outline runs diagonally across the pixel
    return 2 * np.count_nonzero(drawn) / max(outline, 1.0)


def border_quartiles(grey: FloatArray) -> tuple[float, float, float]:
    """Quartiles of the brightness along the picture's border."""
    return _quartiles(_border(grey))


def _border(grey: FloatArray) -> FloatArray:
    """The brightness of the border's pixels in rising order."""
    border = np.concatenate((grey[0], grey[-1], grey[:, 0], grey[:, -1]))
    border.sort()
    return border


def _quartiles(border: FloatArray) -> tuple[float, float, float]:
    low, middle, high = border[len(border) // 4 :: len(border) // 4][:3].tolist()
    return low, middle, high


def even_level(grey: FloatArray) -> float | None:
    """The border's level, apart from strokes that reach it; None in uneven light, or where a shadow or hand comes in.

    A shadow or a hand comes from one side or a corner; what reaches three sides is a large digit.
    """
    border = _border(grey)
    low, middle, high = _quartiles(border)
    if high - low >= EVEN_BORDER:
        return None
    least, most = border.searchsorted((middle - SHADED, middle + SHADED)).tolist()
    if most - least > 0.98 * len(border):
        return middle
    reaching = touching_border(np.abs(grey - middle) > SHADED)
    sides = (reaching[0], reaching[-1], reaching[:, 0], reaching[:, -1])
    if sum(bool(side.any()) for side in sides) > 2:
        return middle
    side, width = max(grey.shape), stroke_width(reaching)
    finger = max(FINGER_WIDTH * side, FINGER_PROPORTION * extent_of(reaching))
    return middle if width < min(SHADE_WIDTH * side, finger) else None


def touching_border(mask: Mask) -> Mask:
    """The pieces of a mask that touch the picture's border."""
    labels, count = ndimage.label(mask, EIGHT_NEIGHBOURS)
    touching = np.zeros(count + 1, bool)
    touching[np.concatenate((labels[0], labels[-1], labels[:, 0], labels[:, -1]))] = True
    touching[0] = False
    return np.asarray(touching[labels])


def strips(grey: FloatArray) -> tuple[int, int, int, int]:
    """Widths of the frame or the bars along a picture's sides: top, bottom, left and right; 0 where there is none.

    A strip ends in a straight edge as long as the side, and what lies beyond it is of another level than the strip.
    """
    border = _border(grey)
    if border[-1] - border[0] < LEAST_STEP and abs(border[0] - _middle(grey[::8, ::8])) < LEAST_STEP:
        return 0, 0, 0, 0  # one level all around, which is the ground's: most drawings
    by_row, by_column = grey.mean(axis=1), grey.mean(axis=0)
    return (
        _strip_depth(grey, by_row),
        _strip_depth(grey[::-1], by_row[::-1]),
        _strip_depth(grey.T, by_column),
        _strip_depth(grey.T[::-1], by_column[::-1]),
    )


def _middle(values: FloatArray) -> float:
    """The median of few values, in a quarter of ``np.median``'s time."""
    return float(np.sort(values, axis=None)[values.size // 2])


def _strip_depth(grey: FloatArray, means: FloatArray) -> int:
    """How many of the first rows belong to a strip; ``means`` are the rows' means, which tell where to look."""
    deepest = 2 + int(DEEPEST_STRIP * len(grey))
    changes = means[2:deepest] - means[: deepest - 2]  # an edge is blurred over two rows
    for row in np.flatnonzero(np.abs(changes) > LEAST_STEP)[::-1].tolist():
        along = (grey[row + 2] - grey[row]) * np.sign(changes[row]) > LEAST_STEP / 2
        if np.count_nonzero(along) <= STRAIGHT * along.size:
            continue
        strip, beyond = float(np.median(grey[: row + 1])), float(np.median(grey[row + 2 : deepest]))
        if abs(strip - beyond) > LEAST_STEP:
            return int(row) + 2
    return 0
