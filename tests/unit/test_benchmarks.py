"""The arithmetic of the benchmarks: what they say of their measurements, and how their hand and their client go."""

import math
from itertools import pairwise

import pytest

from benchmarks.client import _answer_size
from benchmarks.figures import drift, percentile
from benchmarks.hand import draw_digits, resample


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
