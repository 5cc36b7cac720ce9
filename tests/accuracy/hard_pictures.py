"""Pictures of digits as strangers send them, of kinds that are hard to read.

    python -m tests.accuracy.hard_pictures [--count 200] [--kinds frame bar] [--write DIR]

Each kind draws one of the example digits in ``static/strokes.json``, slanted, turned and scaled at random, onto a sheet
or board, and adds one difficulty with random parameters: a frame, a bar, a shadow, glare, inks on nothing. The same
kind and number give the same picture. The command prints how many of each kind the default network reads.
"""

import argparse
import io
import json
import struct
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from PIL import Image
from scipy import ndimage

from app.arrays import ByteArray, FloatArray
from app.bundle.files import read_bundle
from app.network.library import ServedNetwork, serve_bundle
from app.network.readings import read_novelty
from app.preprocessing import prepare
from app.preprocessing.images import decode_image
from app.problems import Problem
from training.data.strokes import draw

ROOT: Final = Path(__file__).parents[2]
PAPER: Final = (0.86, 0.97)
INK: Final = (0.08, 0.32)

Rng = np.random.Generator


@dataclass(frozen=True)
class HardPicture:
    """A file and the digit in it."""

    label: int
    content: bytes


@dataclass(frozen=True)
class Kind:
    """One difficulty.

    Attributes:
        name: what it is.
        make: draws the ink of a digit (float32 in 0..1, ink 1) as a file.
        least_right: the share of its pictures that has to be read.
    """

    name: str
    make: Callable[[FloatArray, Rng], bytes]
    least_right: float = 0.9


@dataclass(frozen=True)
class Tally:
    """What became of the pictures of one kind, as shares of all."""

    right: float
    refused: float
    wrong_unflagged: float
    milliseconds: float


def pictures(kind: Kind, count: int) -> Iterator[HardPicture]:
    """Draw pictures of one kind."""
    digits = json.loads((ROOT / "static" / "strokes.json").read_text())
    for number in range(count):
        rng = np.random.default_rng((sum(kind.name.encode()), number))
        digit = digits[number % len(digits)]
        yield HardPicture(int(digit["label"]), kind.make(ink_of(digit["strokes"], rng), rng))


def ink_of(strokes: Sequence[Sequence[tuple[float, float]]], rng: Rng) -> FloatArray:
    """Draw strokes by another hand: float32 in 0..1, shape ``(side, side)``, the digit anywhere but at the edge."""
    turn, slant, stretch = np.radians(rng.uniform(-8, 8)), rng.uniform(-0.15, 0.15), rng.uniform(0.9, 1.1)
    hand = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]]) @ [[stretch, -slant], [0, 1]]
    moved = [[tuple(hand @ point) for point in stroke] for stroke in strokes]
    side = int(rng.integers(220, 420))
    brush_px = side * rng.uniform(0.03, 0.06)
    ink = draw(moved, pad_px=side, brush_px=brush_px, fill=rng.uniform(0.45, 0.65)) / np.float32(255)
    shift = rng.uniform(-0.1, 0.1, 2) * side
    return np.roll(ink, shift.astype(int), (0, 1)).astype(np.float32)


def photograph(grey: FloatArray, rng: Rng) -> bytes:
    """Save a scene in 0..1, grey or in colour, as a phone does: a little soft, noisy, a JPEG."""
    colour = grey if grey.ndim == 3 else np.repeat(grey[..., np.newaxis], 3, axis=2)
    soft = ndimage.gaussian_filter(colour, (rng.uniform(0.4, 1.0),) * 2 + (0,))
    noisy = soft + rng.normal(0, rng.uniform(0.003, 0.012), soft.shape)
    return saved(Image.fromarray(to_bytes(noisy)), "JPEG", quality=int(rng.integers(70, 95)))


def saved(image: Image.Image, form: str, **options: int) -> bytes:
    """Return an image as a file."""
    file = io.BytesIO()
    image.save(file, form, **options)
    return file.getvalue()


def to_bytes(values: FloatArray) -> ByteArray:
    """Return values in 0..1 as bytes."""
    return np.clip(np.round(values * 255), 0, 255).astype(np.uint8)


def written(ink: FloatArray, rng: Rng) -> FloatArray:
    """Write dark ink on light paper."""
    paper, level = rng.uniform(*PAPER), rng.uniform(*INK)
    return (paper + (level - paper) * ink).astype(np.float32)


def depth_of(distance: FloatArray, softness: float) -> FloatArray:
    """Return 1 inside a shape and 0 outside: a smooth edge of a width in pixels; ``distance`` is positive inside."""
    return (0.5 * (1 + np.tanh(2 * distance / max(softness, 0.5)))).astype(np.float32)


def from_an_edge(side: int, rng: Rng, reach: tuple[float, float], width: tuple[float, float]) -> FloatArray:
    """Return how far each pixel lies inside a rounded bar that enters from one edge: positive inside, in pixels."""
    rows, columns = np.mgrid[:side, :side].astype(np.float32)
    half, deep = side * rng.uniform(*width) / 2, side * rng.uniform(*reach)
    middle, lean = side * rng.uniform(0.15, 0.85), rng.uniform(-0.35, 0.35)
    across = columns - (middle + lean * (deep - rows))
    along = np.maximum(rows - (deep - half), 0)
    return np.rot90(half - np.hypot(across, along), int(rng.integers(4)))


def shadow(softness: tuple[float, float]) -> Callable[[FloatArray, Rng], bytes]:
    """A phone's, hand's or head's shadow from one edge, darkening less than a quarter of the border."""

    def make(ink: FloatArray, rng: Rng) -> bytes:
        inside = from_an_edge(len(ink), rng, (0.4, 0.85), (0.25, 0.55))
        dark = rng.uniform(0.35, 0.5) * depth_of(inside, len(ink) * rng.uniform(*softness))
        return photograph(written(ink, rng) * (1 - dark), rng)

    return make


def half_shadow(ink: FloatArray, rng: Rng) -> bytes:
    """A shadow over about a half of the picture, its edge at any angle."""
    side = len(ink)
    rows, columns = np.mgrid[:side, :side] - (side - 1) / 2
    angle = rng.uniform(0, 2 * np.pi)
    inside = rows * np.sin(angle) + columns * np.cos(angle) - side * rng.uniform(-0.2, 0.2)
    dark = rng.uniform(0.3, 0.5) * depth_of(inside, side * rng.uniform(0.01, 0.15))
    return photograph(written(ink, rng) * (1 - dark), rng)


def hand(ink: FloatArray, rng: Rng) -> bytes:
    """Fingers that hold the sheet at one edge, skin in colour, with a soft shadow beside them."""
    side = len(ink)
    scene = np.repeat(written(ink, rng)[..., np.newaxis], 3, axis=2)
    skin = np.array(((0.85, 0.66, 0.55), (0.55, 0.38, 0.28), (0.33, 0.22, 0.17))[rng.integers(3)], np.float32)
    finger = from_an_edge(side, rng, (0.08, 0.16), (0.1, 0.2))
    near = depth_of(finger + side * 0.02, side * 0.03)[..., np.newaxis]
    over = depth_of(finger, 2)[..., np.newaxis]
    return photograph(scene * (1 - 0.25 * near) * (1 - over) + skin * over, rng)


def frame(ink: FloatArray, rng: Rng) -> bytes:
    """A screenshot of a canvas with its border of 1 to 3 pixels, in any grey, around either polarity."""
    drawn = 1 - ink if rng.random() < 0.7 else ink
    width = int(rng.integers(1, 4))
    colour = float(rng.choice([0, 0.2, 0.5, 0.66, 0.8, 1]))
    return saved(Image.fromarray(to_bytes(np.pad(drawn, width, constant_values=colour))), "PNG")


def thick_frame(ink: FloatArray, rng: Rng) -> bytes:
    """A photograph of a framed card: a frame of 2 to 5 % of the side, dark on light."""
    drawn = written(ink, rng)
    width = int(len(ink) * rng.uniform(0.02, 0.05))
    return photograph(np.pad(drawn, width, constant_values=rng.uniform(0.05, 0.5)), rng)


def bar(ink: FloatArray, rng: Rng) -> bytes:
    """A phone's screenshot: a dark or coloured bar along one edge, at times with marks in it."""
    scene = np.repeat(written(ink, rng)[..., np.newaxis], 3, axis=2)
    deep = int(len(ink) * rng.uniform(0.05, 0.16))
    colour = np.array(((0.05,) * 3, (0.13, 0.3, 0.75), (0.2, 0.6, 0.3), (0.7, 0.2, 0.2))[rng.integers(4)], np.float32)
    strip = np.broadcast_to(colour, (deep, len(ink), 3)).copy()
    if rng.random() < 0.6:
        for start in rng.integers(5, len(ink) - 25, 4):
            strip[deep // 3 : 2 * deep // 3, start : start + int(rng.integers(4, 20))] = 0.95
    turns = int(rng.choice([0, 0, 1, 2, 3]))
    scene = np.rot90(np.concatenate((strip, np.rot90(scene, -turns))), turns)
    return saved(Image.fromarray(to_bytes(scene)), "PNG")


def glare(ink: FloatArray, rng: Rng) -> bytes:
    """A whiteboard with a lamp's reflection, written with a coloured marker."""
    side = len(ink)
    rows, columns = np.mgrid[:side, :side] / side
    board = rng.uniform(0.62, 0.78)
    marker = np.array(((0.1, 0.15, 0.6), (0.65, 0.1, 0.12), (0.05, 0.4, 0.2), (0.1, 0.1, 0.1))[rng.integers(4)])
    scene = board + (marker - board) * (ink * rng.uniform(0.8, 1))[..., np.newaxis]
    top, left = rng.uniform(0.1, 0.9, 2)
    spread = rng.uniform(0.08, 0.2, 2)
    lamp = np.exp(-(((rows - top) / spread[0]) ** 2) - ((columns - left) / spread[1]) ** 2)
    light = rng.uniform(0.25, 0.45) * lamp[..., np.newaxis]
    slope = 1 + rng.uniform(-0.12, 0.12) * (rows - 0.5) + rng.uniform(-0.12, 0.12) * (columns - 0.5)
    return photograph((scene * slope[..., np.newaxis] + light).astype(np.float32), rng)


def inks_on_nothing(ink: FloatArray, rng: Rng) -> bytes:
    """A transparent picture with ink of several colours: halves, a rainbow, a gradient."""
    side = len(ink)
    ramp = np.linspace(0, 1, side)[:, np.newaxis] * np.ones((1, side))
    ramp = ramp if rng.random() < 0.5 else ramp.T
    first, second = rng.uniform(0, 0.75, (2, 3))
    style = rng.integers(3)
    if style == 0:  # two inks
        colours = np.where((ramp > rng.uniform(0.3, 0.7))[..., np.newaxis], first, second)
    elif style == 1:  # a gradient
        colours = first + (second - first) * ramp[..., np.newaxis]
    else:  # a rainbow
        colours = 0.5 + 0.5 * np.cos(2 * np.pi * (ramp[..., np.newaxis] + np.array([0, 1 / 3, 2 / 3])))
    rgba = np.concatenate((colours, ink[..., np.newaxis]), axis=2)
    return saved(Image.fromarray(to_bytes(rgba), "RGBA"), "PNG")


def pale_ink(ink: FloatArray, rng: Rng) -> bytes:
    """A highlighter on transparency: an alpha of 30 to 140 of 255 at most."""
    rgb = np.broadcast_to(rng.uniform(0, 0.9, 3), (*ink.shape, 3))
    alpha = ink * rng.uniform(30, 140) / 255
    return saved(Image.fromarray(to_bytes(np.concatenate((rgb, alpha[..., np.newaxis]), axis=2)), "RGBA"), "PNG")


def blank_alpha(ink: FloatArray, rng: Rng) -> bytes:
    """A 32-bit BMP that says it has alpha, and holds 0 there everywhere; browsers show it opaque."""
    grey = to_bytes(written(ink, rng) if rng.random() < 0.7 else ink)
    pixels = np.zeros((*grey.shape, 4), np.uint8)
    pixels[..., :3] = grey[..., np.newaxis]
    rows, columns = grey.shape
    body = pixels[::-1].tobytes()
    masks = 0xFF0000, 0xFF00, 0xFF, 0xFF000000
    described = struct.pack("<IiiHHIIiiII", 124, columns, rows, 1, 32, 3, len(body), 2835, 2835, 0, 0)
    described += struct.pack("<4I4s", *masks, b"BGRs") + bytes(124 - 40 - 20)
    return struct.pack("<2sIHHI", b"BM", 14 + 124 + len(body), 0, 0, 14 + 124) + described + body


def narrow_sixteen_bits(ink: FloatArray, rng: Rng) -> bytes:
    """A 16-bit PNG that holds only 0 to 255, 1,023 or 4,095."""
    most = int(rng.choice([255, 1023, 4095]))
    drawn = written(ink, rng) if rng.random() < 0.6 else ink
    return saved(Image.fromarray(np.round(drawn * most).astype(np.uint16)), "PNG")


KINDS: Final = (
    Kind("plain", lambda ink, rng: photograph(written(ink, rng), rng)),
    Kind("shadow, hard edge", shadow((0.004, 0.02))),
    Kind("shadow, soft edge", shadow((0.05, 0.15))),
    Kind("shadow over a half", half_shadow),
    Kind("hand", hand),
    Kind("frame", frame),
    Kind("thick frame", thick_frame),
    Kind("bar", bar),
    Kind("glare", glare, least_right=0.8),
    Kind("inks on nothing", inks_on_nothing),
    Kind("pale ink on nothing", pale_ink),
    Kind("alpha of zeros", blank_alpha),
    Kind("narrow 16 bits", narrow_sixteen_bits),
)


def measure(served: ServedNetwork, kind: Kind, count: int) -> Tally:
    """Return what the served network makes of a kind's pictures."""
    right = refused = wrong = 0
    drawn = list(pictures(kind, count))
    began = time.perf_counter()
    for picture in drawn:
        answer = read(served, picture.content)
        if answer is None:
            refused += 1
            continue
        label, unusual = answer
        right += label == picture.label
        wrong += label != picture.label and not unusual
    elapsed = time.perf_counter() - began
    return Tally(right / count, refused / count, wrong / count, 1e3 * elapsed / count)


def read(served: ServedNetwork, content: bytes) -> tuple[int, bool] | None:
    """Return the class and whether the picture is flagged as unusual; ``None`` where it is refused."""
    try:
        tensor = prepare(served.card.input.preprocessing, decode_image(content)).tensor
    except Problem:
        return None
    readout = served.network.run(tensor[np.newaxis])
    (novelty,) = read_novelty(served.novelty, readout)
    return int(readout.probabilities[0].argmax()), novelty is not None and novelty.unusual


def main() -> None:
    """Print the table, or write the pictures of a kind into a folder."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--count", type=int, default=200, help="pictures of each kind (default: %(default)s)")
    parser.add_argument("--kinds", nargs="*", default=[kind.name for kind in KINDS], help="which kinds")
    parser.add_argument("--write", type=Path, help="write the pictures into this folder too")
    options = parser.parse_args()
    served = serve_bundle(read_bundle(ROOT / "models" / "mnist-mlp"))
    print(f"{'':22}  right  refused  wrong, unflagged  ms")
    for kind in (kind for kind in KINDS if kind.name in options.kinds):
        tally = measure(served, kind, options.count)
        shares = f"{tally.right:6.1%}  {tally.refused:7.1%}  {tally.wrong_unflagged:16.1%}"
        print(f"{kind.name:22}  {shares}  {tally.milliseconds:.1f}", flush=True)
        if options.write:
            for number, picture in enumerate(pictures(kind, options.count)):
                folder = options.write / kind.name.replace(" ", "-")
                folder.mkdir(parents=True, exist_ok=True)
                (folder / f"{number}-{picture.label}").write_bytes(picture.content)


if __name__ == "__main__":
    main()
