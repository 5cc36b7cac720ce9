"""Blends a transparent picture with a background colour."""

from __future__ import annotations

import numpy as np
from PIL import Image

from app.arrays import ByteArray


def lay_on(rgb: ByteArray, alpha: ByteArray, ground: tuple[int, int, int]) -> ByteArray:
    """Blend a picture with one colour by its alpha, in bytes, since a wider type would need several times the memory.

    Args:
        rgb: uint8, shape ``(rows, columns, 3)``.
        alpha: uint8, shape ``(rows, columns)``; 255 shows the picture, 0 the ground.
        ground: the colour behind it, red, green and blue.

    Returns:
        uint8, shape ``(rows, columns, 3)``.
    """
    rows, columns = alpha.shape
    laid = Image.new("RGB", (columns, rows), ground)
    laid.paste(Image.fromarray(np.ascontiguousarray(rgb)), mask=Image.fromarray(np.ascontiguousarray(alpha)))
    blended: ByteArray = np.asarray(laid)
    return blended
