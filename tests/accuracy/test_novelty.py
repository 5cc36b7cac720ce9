"""What the digit networks call unlike their training data: few digits, most of what is none."""

from pathlib import Path

import numpy as np
import pytest

from app.bundle.card import FlaggedShare
from app.bundle.files import read_bundle
from app.network.library import serve_bundle
from training.data.datasets import load_dataset
from training.measure.novelty import flagged_share
from training.measure.samples import sample_sets

pytestmark = pytest.mark.data

EVERY = 5  # takes one picture in five, to be done in seconds
MOST_OF_USUAL = {"test": 0.05, "strokes": 0.08, "photographs": 0.08}
LEAST_OF_ODD = {"scribbles": 0.95, "full_canvases": 0.95, "things": 0.95, "letters": 0.8}


@pytest.fixture(scope="module")
def shares(models_dir: Path, data_dir: Path) -> tuple[FlaggedShare, ...]:
    """What the default network flags now, by the measure in its bundle."""
    served = serve_bundle(read_bundle(models_dir / "mnist-mlp"))
    assert served.novelty is not None, "the bundle holds no measure of novelty"
    sets = sample_sets(load_dataset("mnist", data_dir), data_dir, EVERY)
    return tuple(flagged_share(served.network, served.novelty, samples) for samples in sets)


def of(shares: tuple[FlaggedShare, ...], name: str) -> float:
    """The share of all sets of a name together."""
    sets = [share for share in shares if share.name == name]
    return float(np.average([share.flagged for share in sets], weights=[share.examples for share in sets]))


@pytest.mark.parametrize(("name", "most"), MOST_OF_USUAL.items())
def test_few_digits_are_flagged(shares: tuple[FlaggedShare, ...], name: str, most: float) -> None:
    assert of(shares, name) <= most


@pytest.mark.parametrize(("name", "least"), LEAST_OF_ODD.items())
def test_most_of_what_is_no_digit_is_flagged(shares: tuple[FlaggedShare, ...], name: str, least: float) -> None:
    assert of(shares, name) >= least


@pytest.mark.parametrize("name", ["mnist-mlp", "mnist-mlp-lecture", "mnist-deep-mlp"])
def test_every_digit_networks_card_keeps_the_limits(models_dir: Path, name: str) -> None:
    card = read_bundle(models_dir / name).card
    assert card.novelty is not None

    shares = {limit: of(card.novelty.rates, limit) for limit in (*MOST_OF_USUAL, *LEAST_OF_ODD)}

    assert {limit: shares[limit] for limit, most in MOST_OF_USUAL.items() if shares[limit] > most} == {}
    assert {limit: shares[limit] for limit, least in LEAST_OF_ODD.items() if shares[limit] < least} == {}


@pytest.mark.parametrize("name", ["mnist-mlp", "mnist-mlp-lecture"])
def test_card_gives_what_is_flagged_of_the_test_set(models_dir: Path, data_dir: Path, name: str) -> None:
    served = serve_bundle(read_bundle(models_dir / name))
    assert served.card.novelty is not None

    test = flagged_share(served.network, served.novelty, next(sample_sets(load_dataset("mnist", data_dir), data_dir)))

    assert test.flagged == pytest.approx(served.card.novelty.rates[0].flagged, abs=2e-4)
