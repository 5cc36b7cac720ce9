"""The measure of novelty fitted on pictures made by code: what it is fitted on, and that it tells others from them."""

import zipfile
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from app.bundle.card import ModelCard
from app.bundle.files import read_bundle
from app.bundle.novelty import NoveltyMeasure, read_measure
from app.network.traced import Network
from training.data.datasets import Dataset, DatasetError
from training.measure import novelty, samples
from training.measure.evaluation import EvaluationError
from training.measure.novelty import (
    fit_measure,
    fit_novelty,
    flagged_share,
    format_rates,
    training_sources,
    with_novelty,
)
from training.measure.samples import SampleSet, sample_sets


@pytest.fixture(scope="module")
def network(models_dir: Path) -> Network:
    """A network that was trained on MNIST alone."""
    return Network(read_bundle(models_dir / "mnist-mlp-lecture"))


@pytest.fixture(scope="module")
def measure(network: Network, bars: Dataset) -> NoveltyMeasure:
    """What was fitted on bars."""
    return fit_measure(network, training_sources(network.card, bars, None))


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Few odd pictures, since drawing them takes the time."""
    monkeypatch.setattr(samples, "DRAWN", 8)
    monkeypatch.setattr(samples, "LETTERS", 4)


def as_samples(tensors: np.ndarray) -> SampleSet:
    return SampleSet("noise", "made by code", usual=False, tensors=iter(tensors.astype(np.float32)))


def with_extra(card: ModelCard, *names: str) -> ModelCard:
    extra = [{"name": name, "renderings": 1, "repeats": 1} for name in names]
    return card.model_copy(update={"recipe": {**card.recipe, "extra": extra}})


def test_card_and_arrays_give_back_what_was_measured(network: Network, bars: Dataset, few: None) -> None:
    card, arrays = fit_novelty(network, bars, None)

    measure = read_measure(network.card.model_copy(update={"novelty": card}), arrays)
    test = next(rate for rate in card.rates if rate.name == "test")
    again = flagged_share(network, measure, replace(as_samples(bars.test_images / 255), name="test"))
    assert again.flagged == test.flagged <= 0.2
    assert card.layers == ("input", "hidden_1", "hidden_2", "hidden_3")
    assert (card.fitted_examples, card.calibration_examples) == (320, 80)
    assert {rate.name for rate in card.rates} == {"test", "scribbles", "full_canvases", "letters"}
    assert [rate.usual for rate in card.rates] == [True, False, False, False]
    assert "letters, made by code" in format_rates(card)


def test_other_pictures_are_told_from_those_that_were_fitted_on(
    network: Network, measure: NoveltyMeasure, bars: Dataset
) -> None:
    bars_again = flagged_share(network, measure, as_samples(bars.test_images / 255))
    upended = flagged_share(network, measure, as_samples(bars.test_images.swapaxes(1, 2) / 255))

    assert bars_again.flagged <= 0.2
    assert upended.flagged >= 0.9


def test_what_the_server_refuses_counts_as_flagged(network: Network, measure: NoveltyMeasure, bars: Dataset) -> None:
    usual = bars.train_images[0] / np.float32(255)

    share = flagged_share(network, measure, SampleSet("noise", "", usual=False, tensors=iter([None, usual, None])))

    assert (share.examples, share.flagged) == (3, pytest.approx(2 / 3, abs=1e-4))


def test_no_image_is_both_fitted_on_and_held_out(network: Network, bars: Dataset) -> None:
    (source,) = training_sources(network.card, bars, None)

    fitted, held_out = ({image.tobytes() for image in part.images} for part in (source.fit, source.held_out))
    assert not fitted & held_out
    assert fitted | held_out == {image.tobytes() for image in bars.train_images}


def test_network_trained_on_more_is_fitted_on_more(
    network: Network, bars: Dataset, bars_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(novelty, "ENLARGED", 3)
    card = with_extra(network.card, "enlarged", "pen_strokes")

    _, enlarged, strokes = training_sources(card, bars, bars_dir)

    assert (enlarged.title, len(enlarged.fit), len(enlarged.held_out)) == ("its digits enlarged", 3, 0)
    assert (strokes.title, len(strokes.fit), len(strokes.held_out)) == ("pen strokes", 3, 0)


def test_missing_pen_strokes_are_reported(network: Network, bars: Dataset) -> None:
    with pytest.raises(DatasetError, match="--data-dir"):
        training_sources(with_extra(network.card, "pen_strokes"), bars, None)


def test_network_without_a_hidden_layer_that_counts_is_refused(bars: Dataset, network: Network) -> None:
    layers = tuple(layer for layer in network.card.layers if layer.kind != "dense" or layer.activation == "softmax")
    linear = SimpleNamespace(card=network.card.model_copy(update={"layers": layers}), run=network.run)

    with pytest.raises(EvaluationError, match="No hidden layer"):
        fit_novelty(linear, bars, None)


def test_another_measure_takes_the_place_of_the_first() -> None:
    kept, old, new = (np.array([number]) for number in range(3))

    merged = with_novelty({"hidden_1/examples": kept, "novelty/old/unit": old}, {"novelty/new/unit": new})

    assert set(merged) == {"hidden_1/examples", "novelty/new/unit"}


def test_picture_that_the_server_cannot_read_counts_as_refused_and_stops_nothing(bars, tmp_path):
    with zipfile.ZipFile(tmp_path / "object-photos.zip", "w") as archive:
        archive.writestr("cat/broken.png", b"no picture")
        archive.writestr("cat/notes.txt", b"no picture either")
        archive.writestr("cat/seven.png", (Path(__file__).parents[3] / "docs" / "seven.png").read_bytes())

    things = next(samples for samples in sample_sets(bars, tmp_path, every=1) if samples.name == "things")

    assert [tensor is None for tensor in things.tensors] == [True, False]
