"""Pen strokes, and the picture of them as drawn on the page's pad.

A digit is a list of strokes, a stroke a list of ``(x, y)`` in 0..1 with y down. ``draw`` renders one the way a person
draws on the page: 280 x 280, a round brush, white ink on black, the digit in the middle of the pad. Nothing here is
random.
"""

from __future__ import annotations

import gzip
import json
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

import numpy as np
from PIL import Image, ImageDraw

from app.arrays import ByteArray
from training.data.datasets import DatasetError

PAD_PX: Final = 280
BRUSH_PX: Final = 18
FILL: Final = 0.7  # share of the pad that the digit's longer side takes, brush included
SUPERSAMPLING: Final = 4

Stroke = Sequence[tuple[float, float]]
Split = Literal["train", "validation"]


@dataclass(frozen=True)
class PenDigit:
    """One digit as a person wrote it.

    Attributes:
        label: 0..9.
        writer: identifies the person, the same for all of the person's digits.
        strokes: one per pen-down; points ``(x, y)`` in 0..1 of the tablet's box, y down.
    """

    label: int
    writer: str
    strokes: tuple[tuple[tuple[float, float], ...], ...]


def load_pen_digits(path: Path, split: Split) -> list[PenDigit]:
    """Read the digits of one split from a ``pen-digits.jsonl.gz``.

    Raises:
        DatasetError: the file is missing or damaged, or has no digit of this split.
    """
    try:
        digits = list(_read(path, split))
    except FileNotFoundError:
        raise DatasetError(f"There is no file of pen strokes at {path}.") from None
    except (OSError, EOFError, ValueError, LookupError, TypeError) as error:
        raise DatasetError(f"The pen strokes in {path} cannot be read: {error}.") from error
    if not digits:
        raise DatasetError(f"The file {path} holds no pen strokes of the split {split!r}.")
    return digits


def _read(path: Path, split: Split) -> Iterator[PenDigit]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            entry = json.loads(line)
            if entry["split"] == split:
                strokes = tuple(tuple((float(x), float(y)) for x, y in stroke) for stroke in entry["strokes"])
                yield PenDigit(int(entry["label"]), str(entry["writer"]), strokes)


def draw(
    strokes: Sequence[Stroke], *, pad_px: int = PAD_PX, brush_px: float = BRUSH_PX, fill: float = FILL
) -> ByteArray:
    """Draw strokes as on the pad, with round caps and joins, anti-aliased.

    Args:
        strokes: points in any unit, y down; only their shape counts, they are scaled and centred.
        pad_px: side of the pad.
        brush_px: diameter of the brush.
        fill: share of the pad that the longer side of the ink takes.

    Returns:
        uint8, shape ``(pad_px, pad_px)``, white ink on black.

    Raises:
        ValueError: there is no point to draw.
    """
    placed = _place(strokes, pad_px, brush_px, fill)
    canvas = Image.new("L", (pad_px * SUPERSAMPLING, pad_px * SUPERSAMPLING))
    pen = ImageDraw.Draw(canvas)
    diameter, radius = brush_px * SUPERSAMPLING, brush_px * SUPERSAMPLING / 2
    for stroke in placed:
        points = [(x * SUPERSAMPLING, y * SUPERSAMPLING) for x, y in stroke]
        if len(points) > 1:
            pen.line(points, fill=255, width=round(diameter))
        for x, y in points:  # round caps and joins
            pen.ellipse((x - radius, y - radius, x + radius, y + radius), fill=255)
    return np.asarray(canvas.reduce(SUPERSAMPLING))


def _place(strokes: Sequence[Stroke], pad_px: int, brush_px: float, fill: float) -> list[list[tuple[float, float]]]:
    """Scale so that the ink fills its share of the pad, and put its box in the middle."""
    points = [point for stroke in strokes for point in stroke]
    if not points:
        raise ValueError("There is no point to draw.")
    xs, ys = [x for x, _ in points], [y for _, y in points]
    extent = max(max(xs) - min(xs), max(ys) - min(ys))
    room = max(fill * pad_px - brush_px, 1.0)
    scale = room / extent if extent > 0 and math.isfinite(extent) else 0.0
    middle_x, middle_y = (max(xs) + min(xs)) / 2, (max(ys) + min(ys)) / 2
    return [[(pad_px / 2 + (x - middle_x) * scale, pad_px / 2 + (y - middle_y) * scale) for x, y in s] for s in strokes]
