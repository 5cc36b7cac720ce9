"""``python -m training evaluate`` on a network trained on bars: what it prints, and what stands in the card."""

import shutil
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from app.bundle.atlas import read_atlas
from app.bundle.card import ModelCard
from app.bundle.files import amend_bundle, read_bundle
from app.network.library import serve_bundle
from app.network.traced import Network
from training.__main__ import main
from training.data.datasets import Dataset, network_input, split_dataset
from training.measure.answers import answer, score
from training.measure.calibration import cross_entropy
from training.measure.measurements import disagreement
from training.measure.quality import ClassifierQuality
from training.measure.samples import sample_sets


@pytest.fixture(scope="module")
def evaluated(trained: Path, bars_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The models directory after an evaluation."""
    models = tmp_path_factory.mktemp("evaluated") / "models"
    shutil.copytree(trained, models)
    assert (
        main(["evaluate", "bars", "--only", "evaluation", "--data-dir", str(bars_dir), "--models-dir", str(models)])
        == 0
    )
    return models


@pytest.fixture
def models(trained: Path, tmp_path: Path) -> Path:
    """A models directory to write into."""
    return Path(shutil.copytree(trained, tmp_path / "models"))


def card_in(models: Path) -> ModelCard:
    return read_bundle(models / "bars").card


def test_card_gets_what_was_measured_and_keeps_the_rest(evaluated, trained):
    before, after = card_in(trained), card_in(evaluated)

    assert after.model_copy(update={"evaluation": None}) == before
    assert after.evaluation is not None
    assert after.evaluation.calibration.examples == 200
    assert after.evaluation.calibration.temperature.fitted_on == "validation"
    assert after.evaluation.calibration.temperature.fitted_examples == 80
    assert [entry.amount for entry in after.evaluation.robustness if entry.change == "thickness"] == [-1, 0, 1, 2]
    assert [(entry.name, entry.dataset, entry.examples) for entry in after.evaluation.uploads] == [
        ("strokes", "pen-digits, validation", 1)
    ]


def test_unchanged_images_are_read_as_the_card_says(evaluated):
    card = card_in(evaluated)

    assert card.evaluation is not None
    unchanged = [entry.accuracy for entry in card.evaluation.robustness if entry.amount == 0]
    assert unchanged == [pytest.approx(card.test.accuracy)] * 4


def test_amounts_do_harm(evaluated):
    """Of bars that lie at ten heights a shift of four pixels makes another class."""
    evaluation = card_in(evaluated).evaluation

    assert evaluation is not None
    shifts = {entry.amount: entry.accuracy for entry in evaluation.robustness if entry.change == "shift"}
    assert shifts[4] < shifts[0] - 0.3


def test_everything_is_measured_where_no_part_is_named(models, bars_dir, monkeypatch):
    few = partial(sample_sets, every=50)
    monkeypatch.setattr("training.measure.novelty.sample_sets", few)
    monkeypatch.setattr("training.measure.atlas.draw_map", lambda points: points[:, :2])

    assert main(["evaluate", "bars", "--data-dir", str(bars_dir), "--models-dir", str(models)]) == 0

    bundle = read_bundle(models / "bars")
    assert bundle.card.evaluation is not None
    assert bundle.card.novelty is not None
    atlas = read_atlas(bundle.statistics())
    assert atlas is not None
    assert len(atlas.labels) == 200
    assert serve_bundle(bundle).novelty is not None


def test_part_that_is_not_measured_stays_as_it_was(evaluated, bars_dir, tmp_path, monkeypatch):
    models = shutil.copytree(evaluated, tmp_path / "models")
    bundle = read_bundle(models / "bars")
    before = {name: values.tolist() for name, values in bundle.statistics().items()}
    monkeypatch.setattr("training.measure.atlas.draw_map", lambda points: points[:, :2])

    assert main(["evaluate", "bars", "--only", "atlas", "--data-dir", str(bars_dir), "--models-dir", str(models)]) == 0

    after = read_bundle(models / "bars")
    assert after.card.evaluation == bundle.card.evaluation
    kept = {name: values.tolist() for name, values in after.statistics().items() if not name.startswith("atlas/")}
    assert kept == before
    assert read_atlas(after.statistics()) is not None


def test_dry_run_prints_every_table_and_draws_the_sheet_but_leaves_the_card(capsys, models, bars_dir, tmp_path):
    before = (models / "bars" / "card.json").read_bytes()
    sheet = tmp_path / "sheet.png"
    options = ["--dry-run", "--sheet", str(sheet), "--data-dir", str(bars_dir), "--models-dir", str(models)]

    status = main(["evaluate", "bars", "--only", "evaluation", *options])

    printed = capsys.readouterr().out
    assert status == 0
    accuracy = card_in(models).test.accuracy
    assert printed.startswith(f"bars on the 200 test images of MNIST: {100 * accuracy:.2f} %")
    for heading in ("true class", "Expected calibration error", "rotation, degrees", "noise", "Strokes: pen-digits"):
        assert heading in printed
    assert sheet.read_bytes().startswith(b"\x89PNG")
    assert (models / "bars" / "card.json").read_bytes() == before


def test_uploads_that_are_not_at_hand_keep_their_figures(evaluated, bars_dir, tmp_path):
    models = shutil.copytree(evaluated, tmp_path / "models")
    shutil.copy(bars_dir / "mnist.npz", tmp_path)
    kept = card_in(models).evaluation

    assert (
        main(["evaluate", "bars", "--only", "evaluation", "--data-dir", str(tmp_path), "--models-dir", str(models)])
        == 0
    )

    again = card_in(models).evaluation
    assert kept is not None
    assert again == kept


def test_strokes_that_were_trained_on_are_printed_but_not_written(capsys, models, bars_dir):
    arguments = [
        "evaluate",
        "bars",
        "--only",
        "evaluation",
        "--data-dir",
        str(bars_dir),
        "--models-dir",
        str(models),
        "--split",
        "train",
    ]

    assert main(arguments) == 0

    assert "pen-digits, train" in capsys.readouterr().out
    evaluation = card_in(models).evaluation
    assert evaluation is not None
    assert evaluation.uploads == ()


def test_another_data_set_than_the_cards_is_told_and_nothing_is_written(capsys, models, bars_dir, tmp_path):
    with np.load(bars_dir / "mnist.npz") as archive:
        arrays = dict(archive)
    arrays["y_test"] = 9 - arrays["y_test"]
    np.savez(tmp_path / "mnist.npz", **arrays)

    status = main(
        ["evaluate", "bars", "--only", "evaluation", "--data-dir", str(tmp_path), "--models-dir", str(models)]
    )

    assert status == 1
    assert "give the data set that the card names" in capsys.readouterr().err
    assert card_in(models).evaluation is None


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"recipe": {}}, "names no data set that can be loaded"),
        ({"recipe": {"dataset": "letters"}}, "names no data set that can be loaded"),
    ],
)
def test_network_without_a_known_data_set_gets_one_sentence(capsys, models, change, sentence):
    bundle = read_bundle(models / "bars")
    amend_bundle(bundle, bundle.card.model_copy(update=change))

    assert main(["evaluate", "bars", "--only", "evaluation", "--models-dir", str(models)]) == 1

    output = capsys.readouterr().err
    assert sentence in output
    assert output.count("\n") == 1


def test_scores_are_those_of_the_network_that_is_served(trained: Path, bars: Dataset):
    network = Network(read_bundle(trained / "bars"))
    test = split_dataset(bars, 80, 3).test

    scores, quality = score(network, test)

    images = network_input(test.images, (28, 28))
    np.testing.assert_allclose(scores.logits, network.run(images).logits, rtol=1e-4, atol=1e-4)
    np.testing.assert_array_equal(answer(network, images), quality.answers)
    assert quality.loss == pytest.approx(cross_entropy(scores), rel=1e-3)
    assert quality.accuracy == pytest.approx(network.card.test.accuracy)


@pytest.mark.parametrize(
    ("accuracy", "loss", "agrees"),
    [(0.9802, 0.1003, True), (0.9798, 0.1, True), (0.9803, 0.1, False), (0.98, 0.101, False)],
)
def test_rounding_is_forgiven_and_nothing_else(accuracy, loss, agrees):
    test: Any = SimpleNamespace(dataset="MNIST", examples=10_000, accuracy=0.98, loss=0.1)
    card: Any = SimpleNamespace(test=test, reconstruction=None)
    quality = ClassifierQuality(loss=loss, accuracy=accuracy, answers=np.zeros(0, np.int64))

    complaint = disagreement(card, "MNIST", 10_000, quality)

    assert (complaint is None) is agrees
    assert disagreement(card, "MNIST, another copy", 10_000, quality) is not None
