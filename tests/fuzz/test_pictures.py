"""A fixed sample of the damaged pictures of ``make fuzz``, and every expensive file of ``bombs.py``."""

from collections.abc import Iterator

import pytest

from tests.fuzz.bombs import BOMBS
from tests.fuzz.pictures import check, read_damaged
from tests.fuzz.reader import Crashed, Reader, reading


@pytest.fixture(scope="module")
def reader() -> Iterator[Reader]:
    with reading() as running:
        yield running


@pytest.mark.parametrize("bomb", BOMBS)
def test_file_made_to_hurt_does_not(reader: Reader, bomb: str) -> None:
    make, problem = BOMBS[bomb]

    outcome = reader.read(make())

    check(outcome)
    assert outcome.problem == problem


def test_damaged_pictures_are_read_or_refused(reader: Reader) -> None:
    tally = read_damaged(reader, 300, start=1)

    assert tally.outcomes.total() >= 300
    assert {"read", "broken-image", "not-an-image", "too-many-pixels"} <= tally.outcomes.keys()


def test_a_process_that_ends_over_a_picture_is_noticed() -> None:
    with reading() as reader:
        reader.read(b"no picture")
        assert reader._process is not None
        reader._process.kill()

        with pytest.raises(Crashed):
            reader.read(b"no picture either")
        assert reader.read(b"another process answers").problem == "not-an-image"
