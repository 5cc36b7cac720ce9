"""Measurements of a picture or a mask: boxes, borders, the width of a stroke."""

from __future__ import annotations

from math import sqrt
from typing import Final, TypeVar

import numpy as np
import numpy.typing as npt

from app.arrays import FloatArray

EVEN_BORDER: Final = 0.06  # brightness, 0..1, by which the middle half of an even border varies at most
EIGHT_NEIGHBOURS: Final = np.ones((3, 3), bool)

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
    border = np.sort(np.concatenate((grey[0], grey[-1], grey[:, 0], grey[:, -1])))
    low, middle, high = border[len(border) // 4 :: len(border) // 4][:3].tolist()
    return low, middle, high
