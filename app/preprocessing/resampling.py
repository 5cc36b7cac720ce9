"""Exact area averaging: every pixel counts by the share of it that the new pixel covers.

Pillow's box filter does this only if the new size divides the old one; otherwise it uses a pixel whole or not at all.
"""

from __future__ import annotations

import numpy as np

from app.arrays import FloatArray


def area_weights(length: int, target: int, start: float = 0.0, stop: float | None = None) -> FloatArray:
    """The matrix that averages pixels along one axis down to fewer.

    Args:
        length: how many pixels there are.
        target: how many pixels the result has.
        start: where the first new pixel begins, in old pixels from the edge.
        stop: where the last new pixel ends; the far edge if None.

    Returns:
        float32, shape ``(target, length)``; rows sum to 1.
    """
    ends = np.linspace(start, length if stop is None else stop, target + 1, dtype=np.float32)
    passed = ends[:, np.newaxis] - np.arange(length, dtype=np.float32)  # of each old pixel, once it is held to 0..1
    np.minimum(np.maximum(passed, 0, out=passed), 1, out=passed)
    shares = passed[1:] - passed[:-1]  # (target, length)
    weights: FloatArray = shares / shares.sum(axis=1, keepdims=True)
    return weights
