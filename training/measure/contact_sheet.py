"""A contact sheet: misclassified pictures, each with the network's input and a caption."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from app.arrays import FloatArray
from app.preprocessing.images import decode_image
from app.problems import Problem

COLUMNS: Final = 8
CELL_PX: Final = 112
CAPTION_PX: Final = 34
GAP_PX: Final = 8
PAPER: Final = (46, 52, 64)
INK: Final = (236, 239, 244)


@dataclass(frozen=True)
class Misread:
    """One cell of the sheet.

    Attributes:
        content: the picture's file.
        tensor: the network's input, float32 in 0..1, ``(rows, columns)`` or ``(rows, columns, 3)``; or None.
        caption: its class and the network's answer.
        name: where it comes from.
    """

    content: bytes
    tensor: FloatArray | None
    caption: str
    name: str


def draw_sheet(entries: Sequence[Misread]) -> Image.Image:
    """Draw the entries in rows; a sheet without entries says so."""
    width = COLUMNS * (2 * CELL_PX + GAP_PX) + GAP_PX
    rows = max(1, -(-len(entries) // COLUMNS))
    sheet = Image.new("RGB", (width, rows * (CELL_PX + CAPTION_PX + GAP_PX) + GAP_PX), PAPER)
    pen = ImageDraw.Draw(sheet)
    font = ImageFont.load_default(12)
    if not entries:
        pen.text((GAP_PX, GAP_PX), "Nothing was misclassified.", INK, font)
    for number, entry in enumerate(entries):
        row, column = divmod(number, COLUMNS)
        left = GAP_PX + column * (2 * CELL_PX + GAP_PX)
        top = GAP_PX + row * (CELL_PX + CAPTION_PX + GAP_PX)
        for offset, picture in ((0, _thumbnail(entry.content)), (CELL_PX, _as_seen(entry.tensor))):
            if picture is not None:
                sheet.paste(picture, (left + offset, top))
        pen.text((left, top + CELL_PX + 2), entry.caption, INK, font)
        pen.text((left, top + CELL_PX + 17), entry.name[-34:], INK, font)
    return sheet


def _thumbnail(content: bytes) -> Image.Image | None:
    """The picture, blended with the sheet's background if transparent, a small one enlarged without smoothing."""
    try:
        decoded = decode_image(content)
    except Problem:
        return None
    picture = Image.fromarray(np.ascontiguousarray(decoded.rgb))
    if decoded.alpha is not None:
        ground = Image.new("RGB", picture.size, tuple((3 * channel) // 2 + 40 for channel in PAPER))
        picture = Image.composite(picture, ground, Image.fromarray(np.ascontiguousarray(decoded.alpha)))
    room = CELL_PX - 4
    scale = room / max(picture.size)
    size = max(1, round(picture.width * scale)), max(1, round(picture.height * scale))
    return picture.resize(size, Image.Resampling.NEAREST if scale > 1 else Image.Resampling.LANCZOS)


def _as_seen(tensor: FloatArray | None) -> Image.Image | None:
    if tensor is None:
        return None
    pixels = np.rint(np.clip(tensor, 0, 1) * 255).astype(np.uint8)
    return Image.fromarray(pixels).resize((CELL_PX - 4, CELL_PX - 4), Image.Resampling.NEAREST)
