"""What is measured of a picture or a mask on the way: boxes, borders, the width of a stroke."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from app.preprocessing.steps import FloatArray

EVEN_BORDER: Final = 0.06  # brightness, 0..1, by which the middle half of an even border varies at most
EIGHT_NEIGHBOURS: Final = np.ones((3, 3), bool)

Mask = npt.NDArray[np.bool_]


def box_of(mask: Mask) -> tuple[int, int, int, int]:
    """Top, bottom, left and right of what is set, the ends exclusive; zeros where nothing is."""
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    if not rows.size:
        return 0, 0, 0, 0
    return int(rows[0]), int(rows[-1]) + 1, int(columns[0]), int(columns[-1]) + 1


def extent_of(mask: Mask) -> int:
    """The longer side of the box round what is set."""
    top, bottom, left, right = box_of(mask)
    return max(bottom - top, right - left)


def stroke_width(drawn: Mask) -> float:
    """Mean width of the strokes in a mask, in pixels: a long stroke's area is half its outline times its width."""
    padded = np.pad(drawn, 1).astype(np.float32)
    down, right = padded[1:, :-1] - padded[:-1, :-1], padded[:-1, 1:] - padded[:-1, :-1]
    return 2 * float(padded.sum()) / max(float(np.hypot(down, right).sum()), 1.0)


def border_quartiles(grey: FloatArray) -> tuple[float, float, float]:
    """Quartiles of the brightness along the picture's border."""
    border = np.sort(np.concatenate((grey[0], grey[-1], grey[:, 0], grey[:, -1])))
    low, middle, high = border[len(border) // 4 :: len(border) // 4][:3].tolist()
    return low, middle, high
