"""Finds a sheet in a photograph and extends it over its surroundings."""

from __future__ import annotations

import numpy as np
from scipy import ndimage

from app.arrays import FloatArray
from app.preprocessing.measures import (
    EIGHT_NEIGHBOURS,
    EVEN_BORDER,
    LEAST_STEP,
    Mask,
    border_quartiles,
    extent_of,
    strips,
    stroke_width,
)
from app.preprocessing.steps import Step


def find_sheet(grey: FloatArray) -> tuple[FloatArray, Step]:
    """If a sheet lies on something else, or has a frame or a bar at its edge, extend the sheet over that.

    Otsu's threshold divides the pixels into two kinds. The largest region of either kind is a sheet if its surroundings
    reach the picture's border, the edge between them is sharp (a shadow's is not), and it encloses strokes of the
    other kind.
    """
    grey, stripped = _without_strips(grey)
    untouched = (
        grey,
        Step("sheet", applied=stripped > 0, parameters={"covered": round(stripped, 4)} if stripped else {}),
    )
    low, middle, high = border_quartiles(grey)
    if high - low < EVEN_BORDER:
        departure = np.abs(grey - middle)
        if np.count_nonzero(departure > departure.max() / 2) < 0.3 * grey.size:
            return untouched  # an even ground with ink on it
    light = grey > _otsu_threshold(grey)
    for kind in (light, ~light):
        sheet = _largest_region(kind)
        filled = ndimage.binary_fill_holes(sheet)
        if _is_sheet(grey, filled, written=filled & ~kind):
            break
    else:
        return untouched
    inside = ndimage.binary_erosion(filled, EIGHT_NEIGHBOURS, iterations=2, border_value=1)
    nearest = ndimage.distance_transform_edt(~(inside & sheet), return_distances=False, return_indices=True)
    continued = np.where(inside, grey, grey[tuple(nearest)])
    return continued, Step(
        "sheet", applied=True, parameters={"covered": round(1 - float(filled.mean()) * (1 - stripped), 4)}
    )


def _without_strips(grey: FloatArray) -> tuple[FloatArray, float]:
    """Extend a picture over frames and bars along its sides; also return the share that they covered."""
    top, bottom, left, right = strips(grey)
    inside = grey[top : grey.shape[0] - bottom, left : grey.shape[1] - right]
    if inside.size == grey.size or float(np.ptp(inside)) < 2 * LEAST_STEP:
        return grey, 0.0  # no strip; or it is the ground, and the inside a stroke
    return np.pad(inside, ((top, bottom), (left, right)), "edge"), 1 - inside.size / grey.size


def _is_sheet(grey: FloatArray, filled: Mask, written: Mask) -> bool:
    """Whether a region is a sheet with something written on it, not a lit patch or a thick digit with its loops."""
    if not 0.25 < float(filled.mean()) < 0.97:
        return False
    strokes = _largest_region(written)
    extent = extent_of(strokes)
    if extent < 0.08 * max(grey.shape) or stroke_width(strokes) > 0.35 * extent:
        return False
    edge = filled & ~ndimage.binary_erosion(filled, EIGHT_NEIGHBOURS)
    if np.count_nonzero(filled) < 0.82 * _smallest_box(edge):  # an ellipse fills 0.785 of its box
        return False
    edge &= ~_frame(edge.shape)
    across = (ndimage.maximum_filter(grey, 7) - ndimage.minimum_filter(grey, 7))[edge]
    difference = abs(float(np.median(grey[filled])) - float(np.median(grey[~filled])))
    return bool(difference > 0.1 and np.quantile(across, 0.1) > 0.6 * difference)


def _smallest_box(edge: Mask) -> float:
    """Area of the smallest box, at any angle, around an outline."""
    points = np.argwhere(edge)
    angles = np.linspace(0, np.pi / 2, 30, endpoint=False)
    across, along = points @ [np.cos(angles), np.sin(angles)], points @ [-np.sin(angles), np.cos(angles)]
    return float(((np.ptp(across, axis=0) + 1) * (np.ptp(along, axis=0) + 1)).min())


def _frame(shape: tuple[int, ...]) -> Mask:
    """The outermost pixels of a picture."""
    frame = np.ones(shape, bool)
    frame[1:-1, 1:-1] = False
    return frame


def _largest_region(mask: Mask) -> Mask:
    labels, count = ndimage.label(mask)
    if count == 0:
        return mask
    areas = np.bincount(labels.ravel())
    areas[0] = 0
    return np.asarray(labels == areas.argmax())


def _otsu_threshold(grey: FloatArray) -> float:
    """The level that divides pixels into two kinds with the least variance within each. Source: Otsu (1979)."""
    counts = np.bincount((grey * 255).astype(np.uint8).ravel(), minlength=256).astype(np.float64)
    below = np.cumsum(counts)
    mass = np.cumsum(counts * np.arange(256))
    above = below[-1] - below
    between = (mass[-1] * below - mass * below[-1]) ** 2 / np.maximum(below * above, 1)
    return (float(np.argmax(between)) + 1) / 255
