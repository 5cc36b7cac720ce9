"""Pictures unlike the training data: scribbles, canvases full of ink, letters that resemble no digit, noise.

They measure how well pictures unlike the training data are recognised; nothing is fitted on them.
All depend only on a seed; drawings look as on the page's pad. The letters are printed, in the font that comes with
Pillow (Aileron), and handwritten, from strokes defined here, with random slant and tremor.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Final

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from app.arrays import ByteArray, DoubleArray
from app.preprocessing.images import UprightImage
from training.data.strokes import BRUSH_PX, PAD_PX, Stroke, draw

Kind = Callable[[np.random.Generator], ByteArray]

LETTERS: Final[Mapping[str, tuple[Stroke, ...]]] = {
    "A": (((0, 1), (0.5, 0), (1, 1)), ((0.2, 0.6), (0.8, 0.6))),
    "E": (((0.8, 0), (0, 0), (0, 1), (0.8, 1)), ((0, 0.5), (0.7, 0.5))),
    "F": (((0.8, 0), (0, 0), (0, 1)), ((0, 0.5), (0.65, 0.5))),
    "H": (((0, 0), (0, 1)), ((0.8, 0), (0.8, 1)), ((0, 0.5), (0.8, 0.5))),
    "K": (((0, 0), (0, 1)), ((0.8, 0), (0, 0.55), (0.8, 1))),
    "M": (((0, 1), (0.1, 0), (0.5, 0.7), (0.9, 0), (1, 1)),),
    "N": (((0, 1), (0, 0), (0.8, 1), (0.8, 0)),),
    "R": (((0, 1), (0, 0), (0.55, 0.02), (0.7, 0.25), (0.55, 0.48), (0, 0.5)), ((0.35, 0.5), (0.75, 1))),
    "W": (((0, 0), (0.25, 1), (0.55, 0.3), (0.85, 1), (1.1, 0)),),
    "X": (((0, 0), (0.8, 1)), ((0.8, 0), (0, 1))),
    "Y": (((0, 0), (0.4, 0.5), (0.8, 0)), ((0.4, 0.5), (0.4, 1))),
    "k": (((0, 0), (0, 1)), ((0.5, 0.4), (0, 0.72), (0.55, 1))),
    "m": (
        ((0, 0.4), (0, 1)),
        ((0, 0.6), (0.15, 0.42), (0.32, 0.42), (0.42, 0.6), (0.42, 1)),
        ((0.42, 0.6), (0.58, 0.42), (0.75, 0.42), (0.85, 0.6), (0.85, 1)),
    ),
    "w": (((0, 0.4), (0.2, 1), (0.45, 0.5), (0.7, 1), (0.9, 0.4)),),
    "x": (((0, 0.4), (0.55, 1)), ((0.55, 0.4), (0, 1))),
}
"""Letters that resemble no digit, as a person writes them; y down."""


def as_upright(pixels: ByteArray) -> UprightImage:
    """Return bytes as the server's picture of an upload.

    Args:
        pixels: shape ``(rows, columns)`` for a grey picture, ``(rows, columns, 3)`` for a coloured one.
    """
    if pixels.ndim == 2:
        pixels = np.broadcast_to(pixels[..., np.newaxis], (*pixels.shape, 3))
    return UprightImage(pixels, None, "BMP")


def scribbles(count: int, seed: int) -> Iterator[UprightImage]:
    """Draw tangles, zigzags, coils and scattered dashes in turn, with a random pen."""
    yield from _in_turn((_tangle, _zigzag, _coil, _dashes), count, seed)


def full_canvases(count: int, seed: int) -> Iterator[UprightImage]:
    """Draw canvases with little white left, in turn: brushed over, hatched, big filled shapes, only ink."""
    yield from _in_turn((_brushed_over, _hatching, _filled_shape, _ink_alone), count, seed)


def letters(count: int, seed: int) -> Iterator[UprightImage]:
    """Draw letters that resemble no digit, printed and handwritten in turn."""
    for number in range(count):
        rng = np.random.default_rng((seed, number))
        letter = list(LETTERS)[number // 2 % len(LETTERS)]
        yield as_upright(_printed(letter, rng) if number % 2 else _written(letter, rng))


def noise(count: int, seed: int) -> Iterator[UprightImage]:
    """Make coloured pictures of noise, each pixel independent, with several contrasts and sizes."""
    for number in range(count):
        rng = np.random.default_rng((seed, number))
        side, spread = int(rng.integers(32, 129)), rng.uniform(20, 90)
        yield as_upright(np.clip(rng.normal(rng.uniform(64, 192), spread, (side, side, 3)), 0, 255).astype(np.uint8))


def enlarged(images: ByteArray, side: int = 224) -> Iterator[UprightImage]:
    """Enlarge small pictures smoothly, as a person would to look at them.

    Args:
        images: shape ``(n, rows, columns)`` or ``(n, rows, columns, 3)``.
        side: of the square that each becomes, in pixels.
    """
    for image in images:
        yield as_upright(np.asarray(Image.fromarray(image).resize((side, side), Image.Resampling.BICUBIC)))


def _in_turn(kinds: tuple[Kind, ...], count: int, seed: int) -> Iterator[UprightImage]:
    for number in range(count):
        yield as_upright(kinds[number % len(kinds)](np.random.default_rng((seed, number))))


def _with_pen(strokes: list[DoubleArray], rng: np.random.Generator) -> ByteArray:
    """Draw strokes with a random pen near the pad's, on a random part of the pad."""
    return draw(
        [[(float(x), float(y)) for x, y in stroke] for stroke in strokes],
        brush_px=BRUSH_PX * float(rng.uniform(0.4, 1.3)),
        fill=float(rng.uniform(0.5, 0.95)),
    )


def _smooth(corners: DoubleArray, steps: int = 12) -> DoubleArray:
    """Interpolate points with a smooth curve.

    Source: Catmull and Rom, "A class of local interpolating splines", 1974.
    """
    around = np.concatenate((corners[:1], corners, corners[-1:]))
    before, start, end, after = around[:-3], around[1:-2], around[2:-1], around[3:]
    t = np.linspace(0, 1, steps, endpoint=False)[:, np.newaxis, np.newaxis]
    curve = start + t / 2 * (
        end - before + t * (2 * before - 5 * start + 4 * end - after + t * (3 * (start - end) + after - before))
    )
    return np.concatenate((curve.swapaxes(0, 1).reshape(-1, 2), corners[-1:]))


def _tangle(rng: np.random.Generator) -> ByteArray:
    """One or two long curves through random points."""
    return _with_pen([_smooth(rng.uniform(0, 1, (rng.integers(9, 18), 2))) for _ in range(rng.integers(1, 3))], rng)


def _zigzag(rng: np.random.Generator) -> ByteArray:
    """A zigzag from one side to the other, as when shading a corner."""
    turns = int(rng.integers(9, 18))
    across = np.linspace(0, rng.uniform(0.8, 2), turns)
    along = np.arange(turns) % 2 + rng.normal(0, 0.12, turns)
    return _with_pen([_turned(np.stack((across, along), axis=1), rng)], rng)


def _coil(rng: np.random.Generator) -> ByteArray:
    """A coil whose centre moves."""
    turns = rng.uniform(4, 8)
    angle = np.linspace(0, 2 * np.pi * turns, 200)
    radius = rng.uniform(0.2, 0.5) * (1 + 0.4 * np.sin(angle * rng.uniform(0.1, 0.4) + rng.uniform(0, 6)))
    path = np.stack((np.cos(angle), rng.uniform(0.5, 1) * np.sin(angle)), axis=1) * radius[:, np.newaxis]
    drift = _smooth(rng.uniform(-0.7, 0.7, (5, 2)), 49)
    return _with_pen([_turned(path + np.resize(drift, (200, 2)), rng)], rng)


def _dashes(rng: np.random.Generator) -> ByteArray:
    """Short strokes at random places."""
    starts = rng.uniform(0, 1, (rng.integers(9, 18), 2))
    return _with_pen([np.stack((start, start + rng.normal(0, 0.2, 2))) for start in starts], rng)


def _turned(points: DoubleArray, rng: np.random.Generator) -> DoubleArray:
    angle = rng.uniform(0, 2 * np.pi)
    turned: DoubleArray = points @ np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    return turned


def _blank() -> tuple[Image.Image, ImageDraw.ImageDraw]:
    canvas = Image.new("L", (PAD_PX, PAD_PX))
    return canvas, ImageDraw.Draw(canvas)


def _brushed_over(rng: np.random.Generator) -> ByteArray:
    """The whole canvas painted over with the brush in rows, gaps left here and there."""
    canvas, pen = _blank()
    for row in np.arange(0, PAD_PX + BRUSH_PX, BRUSH_PX * rng.uniform(0.7, 1.1)):
        left, right = rng.uniform(0, 0.12, 2) * PAD_PX
        pen.line((left, row, PAD_PX - right, row + rng.normal(0, 4)), fill=255, width=BRUSH_PX)
    return np.asarray(canvas.rotate(float(rng.choice([0, 90]))))


def _hatching(rng: np.random.Generator) -> ByteArray:
    """Heavy parallel lines over the whole canvas, rotated, half of the time crossed by others."""
    canvas = Image.new("L", (2 * PAD_PX, 2 * PAD_PX))
    pen, far = ImageDraw.Draw(canvas), 2 * PAD_PX
    gap, crossed = int(rng.integers(24, 44)), rng.random() < 0.5
    for place in range(0, far, gap):
        pen.line((0, place, far, place), fill=255, width=gap // 2)
        if crossed:
            pen.line((place, 0, place, far), fill=255, width=gap // 2)
    middle = PAD_PX // 2
    return np.asarray(canvas.rotate(rng.uniform(0, 90)).crop((middle, middle, middle + PAD_PX, middle + PAD_PX)))


def _filled_shape(rng: np.random.Generator) -> ByteArray:
    """A disc, a rectangle or a polygon that fills most of the canvas."""
    canvas, pen = _blank()
    left, top, right, bottom = rng.uniform(0.02, 0.15, 4) * PAD_PX
    box = (left, top, PAD_PX - right, PAD_PX - bottom)
    kind = rng.integers(3)
    if kind == 0:
        pen.ellipse(box, fill=255)
    elif kind == 1:
        pen.rectangle(box, fill=255)
    else:
        angles = np.sort(rng.uniform(0, 2 * np.pi, 8))
        pen.polygon([(PAD_PX / 2 + 130 * np.cos(a), PAD_PX / 2 + 130 * np.sin(a)) for a in angles], fill=255)
    return np.asarray(canvas)


def _ink_alone(rng: np.random.Generator) -> ByteArray:
    """Only ink, except for a few dots or none."""
    canvas = Image.new("L", (PAD_PX, PAD_PX), 255)
    pen = ImageDraw.Draw(canvas)
    for x, y in rng.uniform(0, PAD_PX, (rng.integers(0, 4), 2)):
        radius = rng.uniform(4, 12)
        pen.ellipse((x - radius, y - radius, x + radius, y + radius), fill=0)
    return np.asarray(canvas)


def _written(letter: str, rng: np.random.Generator) -> ByteArray:
    """A letter of strokes, with random slant and tremor."""
    slant, stretch = rng.normal(0, [0.12, 0.12])
    hand = np.array([[np.exp(stretch), slant], [0, 1]])
    strokes = [np.asarray(stroke) @ hand.T for stroke in LETTERS[letter]]
    return _with_pen([stroke + rng.normal(0, 0.025, stroke.shape) for stroke in strokes], rng)


def _printed(letter: str, rng: np.random.Generator) -> ByteArray:
    """A letter of Pillow's own font, light or heavy, slightly rotated."""
    canvas, pen = _blank()
    font = ImageFont.load_default(int(rng.integers(120, 220)))
    middle = (PAD_PX / 2, PAD_PX / 2)
    pen.text(middle, letter, fill=255, font=font, anchor="mm", stroke_width=int(rng.integers(0, 8)))
    return np.asarray(canvas.rotate(rng.normal(0, 6), Image.Resampling.BICUBIC))
