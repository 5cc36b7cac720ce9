"""Pen strokes as the pad shows them, and the file they come from."""

import gzip
import json
from pathlib import Path

import numpy as np
import pytest
from scipy import ndimage

from app.preprocessing.measures import box_of
from training.data.datasets import DatasetError
from training.data.strokes import PenDigit, draw, load_pen_digits

LINES = [
    {"label": 7, "split": "train", "writer": "a", "strokes": [[[0, 0], [0.5, 0], [0.2, 1]]]},
    {"label": 1, "split": "validation", "writer": "b", "strokes": [[[0.5, 0.1], [0.5, 0.9]], [[0.2, 0.3]]]},
]


@pytest.fixture
def pen_file(tmp_path: Path) -> Path:
    path = tmp_path / "pen.jsonl.gz"
    path.write_bytes(gzip.compress("\n".join(json.dumps(line) for line in LINES).encode()))
    return path


def test_a_split_is_read_alone(pen_file: Path) -> None:
    assert load_pen_digits(pen_file, "validation") == [
        PenDigit(1, "b", (((0.5, 0.1), (0.5, 0.9)), ((0.2, 0.3),))),
    ]


def test_a_missing_file_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match=r"^There is no file of pen strokes at .*pen\.gz\.$"):
        load_pen_digits(tmp_path / "pen.gz", "train")


@pytest.mark.parametrize(
    "content",
    [b"no gzip", gzip.compress(b"no json"), gzip.compress(b'{"label": 1}'), gzip.compress(b"[]" * 9)[:-9]],
    ids=["no gzip", "no JSON", "no strokes", "truncated"],  # gzip writes the time; names must be alike
)
def test_a_damaged_file_is_one_sentence(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "pen.jsonl.gz"
    path.write_bytes(content)

    with pytest.raises(DatasetError, match=r"^The pen strokes in .* cannot be read"):
        load_pen_digits(path, "train")


def test_a_file_without_the_split_says_so(tmp_path: Path) -> None:
    path = tmp_path / "pen.jsonl.gz"
    path.write_bytes(gzip.compress(json.dumps(LINES[0]).encode()))

    with pytest.raises(DatasetError, match="holds no pen strokes of the split"):
        load_pen_digits(path, "validation")


def test_the_digit_fills_its_share_of_the_pad_and_lies_in_the_middle() -> None:
    pad = draw([[(0.1, 0.7), (0.3, 0.9)], [(0.2, 0.5), (0.2, 0.9)]])

    top, bottom, left, right = box_of(pad > 0)
    assert (pad.shape, pad.dtype) == ((280, 280), np.uint8)
    assert (pad.min(), pad.max()) == (0, 255)
    assert max(bottom - top, right - left) == pytest.approx(0.7 * 280, abs=2)
    assert (top + bottom) / 2 == pytest.approx(140, abs=1)
    assert (left + right) / 2 == pytest.approx(140, abs=1)


def test_the_brush_is_round_and_as_wide_as_told() -> None:
    pad = draw([[(0, 0), (1, 0)]], brush_px=20)

    top, bottom, left, _ = box_of(pad > 127)
    assert bottom - top == pytest.approx(20, abs=1)
    assert pad[top + 1, left + 1] == 0  # the cap has no corners
    assert pad[(top + bottom) // 2, left + 1] > 200


def test_a_join_is_round() -> None:
    pad = draw([[(0, 0), (1, 0), (1, 1)]], brush_px=40)

    top, _, _, right = box_of(pad > 0)
    assert pad[top + 2, right - 3] == 0


def test_slanted_edges_are_smooth() -> None:
    pad = draw([[(0, 0), (1, 0.37)]])

    assert len(np.unique(pad)) > 10


def test_strokes_are_not_joined_to_each_other() -> None:
    pad = draw([[(0, 0), (0, 1)], [(1, 0), (1, 1)]])

    assert ndimage.label(pad > 0)[1] == 2


def test_a_single_point_is_a_dot() -> None:
    pad = draw([[(0.3, 0.3)]])

    assert (pad > 127).sum() == pytest.approx(np.pi * 9**2, rel=0.05)


def test_nothing_to_draw_is_refused() -> None:
    with pytest.raises(ValueError, match="no point"):
        draw([[]])
