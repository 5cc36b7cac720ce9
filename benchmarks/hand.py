"""A person's hand as pointer events: where the pen is at which moment, at the speed and rate of a real one."""

import json
import math
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from app.settings import ROOT

Point = tuple[float, float]

SPEEDS = (300.0, 900.0)
"""The slowest and the fastest stroke, in CSS pixels a second."""

RATES_HZ = (60.0, 120.0)
"""How often a second a mouse or pen reports where it is."""

PAUSES_S = (0.15, 0.45)
"""How long the pen is in the air between strokes."""


@dataclass(frozen=True)
class Stroke:
    """One stroke of a hand.

    Attributes:
        points: where the pointer is at each event, in CSS pixels of the page.
        interval_s: time from one event to the next.
        pause_s: time in the air before it.
        begins: whether the pad is cleared before it: a new drawing.
    """

    points: tuple[Point, ...]
    interval_s: float
    pause_s: float
    begins: bool


def draw_digits(count: int, left: float, top: float, side: float, seed: int) -> Iterator[Stroke]:
    """Yield strokes of digits in random order, of both hands.

    Args:
        count: how many strokes.
        left: where the pad begins, in CSS pixels of the page.
        top: the same, downwards.
        side: of the pad, in CSS pixels.
        seed: the same seed draws the same.
    """
    chance = random.Random(seed)
    examples = json.loads((ROOT / "static" / "strokes.json").read_text(encoding="utf-8"))
    drawn = 0
    while drawn < count:
        for position, stroke in enumerate(chance.choice(examples)["strokes"][: count - drawn]):
            rate = chance.uniform(*RATES_HZ)
            path = [(left + x * side, top + y * side) for x, y in stroke]
            points = resample(path, chance.uniform(*SPEEDS) / rate)
            yield Stroke(points, 1 / rate, chance.uniform(*PAUSES_S), begins=position == 0)
            drawn += 1


def resample(path: Sequence[Point], step: float) -> tuple[Point, ...]:
    """Return points along a path, ``step`` apart as the pen travels, its first and its last among them."""
    points = [path[0]]
    travelled = 0.0  # since the last point taken
    for (x, y), end in pairwise(path):
        length = math.dist((x, y), end)
        along = step - travelled  # where on this piece the next point lies
        while along <= length:
            share = along / length
            points.append((x + share * (end[0] - x), y + share * (end[1] - y)))
            along += step
        travelled = length - (along - step)
    if points[-1] != path[-1]:
        points.append(path[-1])
    return tuple(points)
