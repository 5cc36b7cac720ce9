"""One network, trained in two ways, on the page's own European example digits: as they stand, turned and slanted."""

import json
from pathlib import Path

import numpy as np
import pytest

from app.bundle.files import read_bundle
from app.network.traced import Network
from app.preprocessing import prepare_digit
from app.preprocessing.images import decode_image
from training.data.strokes import Stroke, draw
from training.measure.evaluation import encode_bmp

DEGREES = range(-30, 31, 5)
SLANTS = (-0.3, 0.0, 0.3)  # columns a row


@pytest.fixture(scope="module")
def examples(root: Path) -> list[tuple[int, list[Stroke]]]:
    """The European hand's eleven digits, one of them in two ways."""
    hands = json.loads((root / "static" / "strokes.json").read_text("utf-8"))
    return [(int(digit["label"]), digit["strokes"]) for digit in hands if digit["hand"] == "european"]


@pytest.fixture(scope="module")
def right(models_dir: Path, examples: list[tuple[int, list[Stroke]]]) -> dict[str, np.ndarray]:
    """For each network what it read right: shape ``(examples, slants, degrees)``."""
    tensors = [seen(strokes, degrees, slant) for _, strokes in examples for slant in SLANTS for degrees in DEGREES]
    labels = np.array([label for label, _ in examples])[:, np.newaxis, np.newaxis]
    networks = {name: Network(read_bundle(models_dir / name)) for name in ("mnist-mlp", "mnist-mlp-lecture")}
    answers = {name: network.run(np.stack(tensors)).probabilities.argmax(axis=1) for name, network in networks.items()}
    return {name: read.reshape(-1, len(SLANTS), len(DEGREES)) == labels for name, read in answers.items()}


def seen(strokes: list[Stroke], degrees: float, slant: float) -> np.ndarray:
    """What the network sees of a digit that is slanted, then turned."""
    turn = np.radians(degrees)
    hand = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]]) @ [[1, -slant], [0, 1]]
    written = [[tuple(hand @ point) for point in stroke] for stroke in strokes]
    return prepare_digit(decode_image(encode_bmp(draw(written)))).tensor


@pytest.mark.parametrize("name", ["mnist-mlp", "mnist-mlp-lecture"])
def test_both_read_the_examples_as_they_are_drawn(right, examples, name):
    upright = right[name][:, SLANTS.index(0), DEGREES.index(0)]

    assert [label for (label, _), read in zip(examples, upright, strict=True) if not read] == []


def test_training_for_real_handwriting_pays_on_digits_that_are_turned_and_slanted(right, examples):
    trusted, lecture = right["mnist-mlp"].mean(axis=(1, 2)), right["mnist-mlp-lecture"].mean(axis=(1, 2))
    one, seven = ([label for label, _ in examples].index(digit) for digit in (1, 7))

    assert trusted.mean() >= 0.97
    assert trusted.mean() - lecture.mean() >= 0.05
    assert trusted[one] > 2 * lecture[one]  # the upstroke
    assert trusted[seven] > lecture[seven]  # the bar
