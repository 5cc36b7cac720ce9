"""The odd pictures: the same for the same seed, no two alike, and fit to be sent to the server."""

from itertools import islice

import numpy as np
import pytest

from app.preprocessing import prepare
from app.problems import NothingDrawn
from training.data import oddities


@pytest.mark.parametrize("draw", [oddities.scribbles, oddities.full_canvases, oddities.letters, oddities.noise])
def test_pictures_follow_from_their_seed(draw):
    first, again, other = ([picture.rgb for picture in draw(12, seed)] for seed in (3, 3, 4))

    assert all(map(np.array_equal, first, again))
    assert sum(map(np.array_equal, first, other)) <= 3  # a canvas that is ink alone is like another one
    assert len({picture.tobytes() for picture in first}) >= 10


def test_more_pictures_begin_with_the_same_ones():
    few, many = (list(islice(oddities.scribbles(count, 1), 4)) for count in (4, 8))

    assert all(np.array_equal(one.rgb, other.rgb) for one, other in zip(few, many, strict=True))


def test_full_canvas_is_mostly_ink():
    ink = [(picture.rgb > 127).mean() for picture in oddities.full_canvases(40, 1)]

    assert min(ink) > 0.2
    assert np.median(ink) > 0.5


def test_every_letter_is_printed_and_written():
    letters = list(oddities.letters(2 * len(oddities.LETTERS), 1))

    assert len({letter.rgb.tobytes() for letter in letters}) == 2 * len(oddities.LETTERS)
    assert all(0.02 < (letter.rgb > 127).mean() < 0.4 for letter in letters)
    assert all(prepare("digits", letter).tensor.shape == (28, 28) for letter in letters)


def test_small_pictures_are_enlarged():
    small = np.full((2, 32, 32, 3), 90, np.uint8)

    assert [picture.rgb.shape for picture in oddities.enlarged(small, 64)] == [(64, 64, 3)] * 2


def test_canvas_of_ink_alone_is_refused():
    with pytest.raises(NothingDrawn):
        prepare("digits", oddities.as_upright(np.full((280, 280), 255, np.uint8)))
