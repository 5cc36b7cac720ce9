"""Training images prepared by the server's code: pen strokes drawn in many ways, and MNIST's digits as uploads.

Drawings and photographs reach a network through ``app.preprocessing``, which changes them in typical ways. So the
strokes of the ``train`` writers are drawn with a pen of random width, slant, proportions and steadiness, MNIST's digits
are enlarged as a scan would be, both are made faint, grainy or jagged at random, and both are then prepared by the
server's code. Strokes of other writers and held-out images are never rendered.

A rendering is one pass over all digits of a source. It takes a minute or more, and is kept in the cache directory.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Final

import numpy as np
from PIL import Image

from app.arrays import ByteArray, DoubleArray, FloatArray
from app.preprocessing import prepare_digit
from app.preprocessing.images import UprightImage
from app.preprocessing.steps import to_unit
from app.problems import NothingDrawn
from training.data.datasets import DatasetError, Examples
from training.data.strokes import Stroke, draw, load_pen_digits
from training.recipes import Extra

PEN_DIGITS: Final = "pen-digits.jsonl.gz"
VERSION: Final = 1  # of the random choices here: another version does not use cached renderings
SHARE_JAGGED: Final = 0.3  # of the pictures, without soft edges

Picture = FloatArray
Source = Callable[[Examples, int, int, Path | None, Path], Iterator[Examples]]


def with_extra(
    train: Examples, extras: tuple[Extra, ...], seed: int, data_dir: Path | None, cache_dir: Path
) -> Examples:
    """Return the training images followed by a recipe's extra ones.

    Args:
        train: the training images, without those held out.
        extras: the additional images; a cached rendering is read from the cache.
        seed: every rendering depends only on it, the rendering's number and the digit's.
        data_dir: holds the pen strokes.
        cache_dir: where renderings are kept.

    Raises:
        DatasetError: there are no pen strokes.
    """
    if not extras:
        return train
    if any(extra.name == "pen_strokes" for extra in extras):
        _pen_digits(data_dir)  # reports missing strokes before other renderings take minutes
    together = [train]
    for extra in extras:
        renderings = SOURCES[extra.name](train, extra.renderings, seed, data_dir, cache_dir / "renderings")
        together += list(renderings) * extra.repeats
    return Examples(
        np.concatenate([examples.images for examples in together]),
        np.concatenate([examples.labels for examples in together]),
    )


def render_strokes(strokes: tuple[Stroke, ...], rng: np.random.Generator) -> ByteArray:
    """Draw a digit in a random way, and return it prepared by the server's code: uint8, shape ``(28, 28)``."""
    try:
        return _prepared(_spoil(_write(strokes, rng), rng))
    except NothingDrawn:  # too faint
        return _prepared(draw(strokes))


def render_enlarged(image: ByteArray, rng: np.random.Generator) -> ByteArray:
    """Enlarge one of MNIST's digits, and return it prepared by the server's code: uint8, shape ``(28, 28)``."""
    try:
        return _prepared(_spoil(_enlarge(image, rng), rng))
    except NothingDrawn:
        return _prepared(image)


def _pen_strokes(_: Examples, renderings: int, seed: int, data_dir: Path | None, cache_dir: Path) -> Iterator[Examples]:
    digits = load_pen_digits(_pen_digits(data_dir), "train")
    labels = np.array([digit.label for digit in digits], np.int64)
    written = repr([digit.strokes for digit in digits]).encode()
    for number in range(renderings):
        path = cache_dir / _file_name("pen_strokes", hashlib.sha256(written), seed, number)
        hands = (_generator(seed, number, index) for index in range(len(digits)))
        images = (render_strokes(digit.strokes, hand) for digit, hand in zip(digits, hands, strict=True))
        yield Examples(_kept(path, images, len(digits)), labels)


def _pen_digits(data_dir: Path | None) -> Path:
    """Return the path of the pen strokes."""
    if data_dir is None or not (data_dir / PEN_DIGITS).is_file():
        raise DatasetError(
            f"This recipe trains on pen strokes too: give the directory that holds {PEN_DIGITS} with --data-dir; "
            "docs/pen-digits.md says where they come from."
        )
    return data_dir / PEN_DIGITS


def _enlarged(train: Examples, renderings: int, seed: int, _: Path | None, cache_dir: Path) -> Iterator[Examples]:
    for number in range(renderings):
        path = cache_dir / _file_name("enlarged", hashlib.sha256(train.images.tobytes()), seed, number)
        generators = (_generator(seed, number, index) for index in range(len(train)))
        images = (render_enlarged(image, rng) for image, rng in zip(train.images, generators, strict=True))
        yield Examples(_kept(path, images, len(train)), train.labels)


SOURCES: Final[Mapping[str, Source]] = {"pen_strokes": _pen_strokes, "enlarged": _enlarged}


def _generator(seed: int, number: int, index: int) -> np.random.Generator:
    return np.random.default_rng((seed, number, index))


def _file_name(name: str, content: hashlib._Hash, seed: int, number: int) -> str:
    content.update(f"{VERSION} {seed} {number}".encode())
    return f"{name}-{content.hexdigest()[:12]}.npy"


def _kept(path: Path, images: Iterator[ByteArray], count: int) -> ByteArray:
    """Read a rendering from the cache, or make it and save it there."""
    if not path.is_file():
        print(f"Rendering {count} digits, once: {path}.")
        path.parent.mkdir(parents=True, exist_ok=True)
        partial = path.with_suffix(".partial.npy")
        np.save(partial, np.stack(list(images)))
        partial.rename(path)
    kept: ByteArray = np.load(path)
    return kept


def _prepared(grey: ByteArray) -> ByteArray:
    """Bring a picture into MNIST's form, as the server does."""
    upright = UprightImage(np.broadcast_to(grey[..., np.newaxis], (*grey.shape, 3)), None, "BMP")
    return np.rint(prepare_digit(upright).tensor * 255).astype(np.uint8)


def _write(strokes: tuple[Stroke, ...], rng: np.random.Generator) -> Picture:
    """Draw strokes with random slant, rotation, proportions, unsteadiness, pen and size of the pad."""
    turn, slant, stretch = rng.normal(0, [np.radians(6), 0.15, 0.12])
    cos, sin = np.cos(turn), np.sin(turn)
    hand = np.array([[cos, -sin], [sin, cos]]) @ [[np.exp(stretch), slant], [0, 1]]
    points_kept, unsteadiness = int(rng.integers(1, 4)), float(rng.uniform(0, 0.008))
    written = [_by_hand(np.asarray(stroke), hand, points_kept, unsteadiness, rng) for stroke in strokes]
    pad_px = int(rng.integers(56, 225))
    brush_px = max(1.0, pad_px * float(np.exp(rng.uniform(np.log(0.015), np.log(0.11)))))
    pad = draw(written, pad_px=pad_px, brush_px=brush_px, fill=float(rng.uniform(0.35, 0.9)))
    return to_unit(pad)


def _by_hand(points: DoubleArray, hand: DoubleArray, step: int, jitter: float, rng: np.random.Generator) -> Stroke:
    """Every n-th point of a stroke and its last, moved and jittered."""
    chosen = np.concatenate((points[:-1:step], points[-1:]))
    moved = chosen @ hand.T + rng.normal(0, jitter, chosen.shape)
    return [(float(x), float(y)) for x, y in moved]


def _enlarge(image: ByteArray, rng: np.random.Generator) -> Picture:
    """A digit of MNIST's, three to seven times as large, on a larger sheet."""
    side = int(28 * rng.uniform(3, 7))
    how = rng.choice([Image.Resampling.BILINEAR, Image.Resampling.BICUBIC, Image.Resampling.BOX], p=[0.4, 0.4, 0.2])
    large = np.asarray(Image.fromarray(image).resize((side, side), Image.Resampling(how)), np.float32) / 255
    return np.pad(large.astype(np.float32), int(side * rng.uniform(0, 0.5)))


def _spoil(picture: Picture, rng: np.random.Generator) -> ByteArray:
    """Make a picture faint and grainy at random, and some jagged; dark ink on light as often as light on dark."""
    if rng.random() < SHARE_JAGGED:
        picture = (picture > rng.uniform(0.3, 0.6)).astype(np.float32)
    faint, grain = rng.uniform(0.25, 1), rng.uniform(0, 0.02)
    ground = rng.uniform(0, 1 - faint)
    spoilt = ground + picture * faint + rng.normal(0, grain, picture.shape)
    if rng.random() < 0.5:
        spoilt = 1 - spoilt
    return np.rint(np.clip(spoilt, 0, 1) * 255).astype(np.uint8)
