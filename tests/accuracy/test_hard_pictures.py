"""Kinds of pictures that strangers send: how many are read, and that hardly any is read wrongly without a flag."""

from pathlib import Path

import pytest

from app.bundle.files import read_bundle
from app.network.library import ServedNetwork, serve_bundle
from tests.accuracy.hard_pictures import KINDS, Kind, measure

COUNT = 100
MOST_WRONG = 0.02
"""Share of all that may be read wrongly without being flagged as unusual."""


@pytest.fixture(scope="module")
def served(models_dir: Path) -> ServedNetwork:
    """The default network."""
    return serve_bundle(read_bundle(models_dir / "mnist-mlp"))


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_kind_is_read(served: ServedNetwork, kind: Kind) -> None:
    tally = measure(served, kind, COUNT)

    assert tally.right >= kind.least_right, tally
    assert tally.wrong_unflagged <= MOST_WRONG, tally
