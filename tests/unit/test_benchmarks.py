"""The arithmetic of the benchmarks: what they say of their measurements, and how their hand and their client go."""

import io
import math
from itertools import pairwise

import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image

from benchmarks.client import _answer_size
from benchmarks.figures import drift, percentile
from benchmarks.hand import draw_digits, resample
from benchmarks.page import agree, holds


@pytest.mark.parametrize(("share", "expected"), [(0, 1), (0.5, 30), (0.95, 57), (0.99, 60), (1, 60)])
def test_percentile_is_the_nearest_rank(share: float, expected: int) -> None:
    assert percentile(range(60, 0, -1), share) == expected


def test_percentile_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="Nothing was measured"):
        percentile([], 0.5)


def test_drift_compares_the_two_ends() -> None:
    assert drift([10.0] * 10 + [500.0] * 40 + [15.0] * 10) == 1.5


def test_resampled_path_keeps_its_step_its_ends_and_its_corner() -> None:
    points = resample([(0, 0), (10, 0), (10, 7)], 4)

    assert points == ((0, 0), (4, 0), (8, 0), (10, 2), (10, 6), (10, 7))


def test_hand_moves_at_a_persons_speed_over_the_pad() -> None:
    strokes = list(draw_digits(60, left=100, top=50, side=280, seed=1))

    assert len(strokes) == 60
    assert strokes[0].begins
    for stroke in strokes:
        for first, second in pairwise(stroke.points):
            assert math.dist(first, second) / stroke.interval_s <= 900
        assert 60 <= 1 / stroke.interval_s <= 120
        assert all(100 < x < 380 and 50 < y < 330 for x, y in stroke.points)


def test_answer_is_as_long_as_its_head_says() -> None:
    head = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nServer: x\r\n\r\n"

    assert _answer_size(head[:-1]) == 0
    assert _answer_size(head) == len(head) + 5
    with pytest.raises(ValueError, match="length"):
        _answer_size(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")


def pad_with_ink(*, to_row: int) -> npt.NDArray[np.uint8]:
    raster = np.zeros((280, 280, 4), np.uint8)
    raster[100:to_row, 120:130] = (192, 57, 43, 255)
    return raster


def bmp(pixels: npt.NDArray[np.uint8]) -> bytes:
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "BMP")
    return file.getvalue()


def test_stroke_that_grew_after_its_last_question_is_noticed() -> None:
    asked = bmp(pad_with_ink(to_row=200)[84:216, 104:146, 3])

    assert holds(asked, pad_with_ink(to_row=200))
    assert not holds(asked, pad_with_ink(to_row=201))


def test_paint_that_grew_after_its_last_question_is_noticed() -> None:
    raster = pad_with_ink(to_row=200)
    asked = bmp(np.where(raster[..., 3:] > 0, raster[..., :3], np.uint8(255)))

    assert holds(asked, raster)
    assert not holds(asked, pad_with_ink(to_row=201))


def test_bars_of_an_older_answer_are_noticed() -> None:
    assert agree(["99.97%", "0.03%"], [0.99968, 0.00032])
    assert not agree(["99.97%", "0.03%"], [0.99868, 0.00132])
