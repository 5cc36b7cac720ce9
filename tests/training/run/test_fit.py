"""Training for real, on little: a recipe learns, writes a bundle that is served, and can be stopped at any moment."""

import asyncio
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import httpx
import numpy as np
import pytest

from app.bundle.card import BundleError, Localised
from app.bundle.files import Bundle, amend_bundle, read_bundle
from app.main import create_app
from app.network.probe import load_model
from app.settings import Settings
from training.data.datasets import Dataset, Examples, network_input
from training.measure.quality import Quality, measure
from training.recipes import Recipe
from training.run import fit
from training.run.fit import train
from training.run.snapshots import restore_weights

BACKEND_RUN = """
import sys
sys.modules["tensorflow"] = None
from pathlib import Path
from training.data.datasets import load_dataset
from training.run.fit import train
from training.recipes import RECIPES
from dataclasses import replace
data, work = Path(sys.argv[1]), Path(sys.argv[2])
few = replace(RECIPES["mnist-mlp"], epochs=2, batch_size=32, validation_examples=350)
bundle = train(few, load_dataset("mnist", data), work / "cache", work / "models", data)
print(bundle.card.provenance.device, [name for name in ("app.network.traced",) if name in sys.modules])
"""


@pytest.fixture
def run(recipe: Recipe, bars: Dataset, tmp_path: Path) -> Callable[[], Bundle]:
    """Begins or goes on with a run of its own."""
    return lambda: train(recipe, bars, tmp_path / "cache", tmp_path / "models")


def stop_in_epoch(stopped: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Press Ctrl-C after the tenth batch of an epoch."""
    batches = fit._batches

    def interrupted(run: object, model: object, epoch: int) -> Iterator[object]:
        for count, batch in enumerate(batches(run, model, epoch)):
            if epoch == stopped and count == 10:
                raise KeyboardInterrupt
            yield batch

    monkeypatch.setattr(fit, "_batches", interrupted)


def test_two_epochs_learn_and_the_bundle_is_served(trained, bars):
    app = create_app(Settings(models_dir=trained))
    rows = (bars.test_images[0] / 255).tolist()

    async def ask() -> httpx.Response:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test") as client:
            return await client.post("/predict", json={"pixels": rows})

    answer = asyncio.run(ask()).json()
    assert answer["model"] == "bars"
    assert answer["label"] == str(bars.test_labels[0])


def test_card_says_what_was_done_and_how_well_it_went(trained):
    card = read_bundle(trained / "bars").card

    assert card.test.accuracy > 0.9
    assert card.test.examples == 200
    assert (card.provenance.train_examples, card.provenance.validation_examples) == (320, 80)
    assert sum(map(sum, card.confusion)) == 200
    assert len(card.history) == 2
    assert card.history[1].loss < card.history[0].loss
    assert card.recipe["batch_size"] == 16


def test_saved_network_has_the_accuracy_of_its_card_and_no_optimiser(trained, bars):
    bundle = read_bundle(trained / "bars")
    model = load_model(bundle.model_path)

    probabilities = model.predict_on_batch(network_input(bars.test_images, (784,)))

    assert (probabilities.argmax(axis=1) == bars.test_labels).mean() == pytest.approx(bundle.card.test.accuracy)
    assert bundle.model_path.stat().st_size < 1.2 * 4 * bundle.card.parameters


def test_every_snapshot_loaded_again_has_its_recorded_accuracy(trained, bars, recipe):
    bundle = read_bundle(trained / "bars")
    snapshots = bundle.snapshots()
    model = recipe.build()
    examples = Examples(bars.test_images, bars.test_labels)

    for index, recorded in enumerate(snapshots["accuracy"]):
        restore_weights(model, snapshots, index)
        # 200 test images: the 0.2 points of 10,000 are less than one of them, so allow one.
        assert measure(model, examples).accuracy == pytest.approx(recorded, abs=0.0051)
    assert snapshots["step"][0] == 0
    assert np.all(np.diff(snapshots["step"]) > 0)
    assert snapshots["examples"][-1] == 320 * bundle.card.provenance.epochs


def test_stopped_run_continues_to_the_same_network(trained, run, tmp_path, monkeypatch):
    whole = read_bundle(trained / "bars")
    stop_in_epoch(2, monkeypatch)
    with pytest.raises(KeyboardInterrupt):
        run()
    assert not (tmp_path / "models").exists()
    monkeypatch.undo()

    bundle = run()

    assert [record.epoch for record in bundle.card.history] == [1, 2]
    assert bundle.card.history[1].loss == pytest.approx(whole.card.history[1].loss, rel=1e-3)
    assert bundle.card.test.accuracy == pytest.approx(whole.card.test.accuracy, abs=0.0051)


@pytest.fixture(scope="module")
def rich(rich_recipe: Recipe, bars: Dataset, bars_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Bundle:
    """The bundle after a whole run with every option."""
    directory = tmp_path_factory.mktemp("rich")
    return train(rich_recipe, bars, directory / "cache", directory / "models", bars_dir)


def test_run_with_every_option_says_what_it_trained_on(rich, bars):
    card = rich.card

    assert card.provenance.train_examples == 320 + 320 + 2 * 2 * 3
    assert card.provenance.dataset == "MNIST, its digits enlarged and pen strokes"
    assert card.provenance.fingerprint != bars.fingerprint()
    assert card.recipe["extra"][1] == {"name": "pen_strokes", "renderings": 2, "repeats": 2}
    assert card.history[1].loss < card.history[0].loss


@pytest.fixture(scope="module")
def undeformed(recipe: Recipe, bars: Dataset, tmp_path_factory: pytest.TempPathFactory) -> Bundle:
    """The bundle after a run on deformed images whose epoch was chosen on the undeformed ones."""
    directory = tmp_path_factory.mktemp("undeformed")
    options = {"validation_examples": 0, "validated_undeformed": True, "augmentation": "digits", "snapshots": False}
    return train(replace(recipe, **options), bars, directory / "cache", directory / "models")


def test_epoch_is_chosen_on_the_undeformed_training_images_where_a_recipe_says_so(undeformed, bars):
    card = undeformed.card
    model = load_model(undeformed.model_path)

    trained_on = next(measurement for measurement in card.metrics if measurement.split == "train")
    assert [measurement.split for measurement in card.metrics] == ["test", "train"]

    quality = measure(model, Examples(bars.train_images, bars.train_labels))
    assert (trained_on.examples, trained_on.accuracy) == (400, pytest.approx(quality.accuracy))
    assert (card.provenance.train_examples, card.provenance.validation_examples) == (400, 0)
    best = max(card.history, key=lambda record: record.validation_accuracy)
    assert card.provenance.epochs == best.epoch


def test_bundle_without_snapshots_is_whole(undeformed):
    assert not (undeformed.directory / "snapshots.npz").exists()
    assert read_bundle(undeformed.directory).snapshots() == {}


def test_amended_bundle_has_another_card_and_other_statistics_and_all_else_as_it_was(trained, tmp_path):
    shutil.copytree(trained / "bars", tmp_path / "bars")
    (tmp_path / "bars" / "gallery.npz").write_bytes(b"made on the spot")
    before = read_bundle(tmp_path / "bars")
    card = before.card.model_copy(update={"title": Localised(en="Amended", pl="Zmienione")})

    amend_bundle(before, card, {**before.statistics(), "more": np.arange(3)})

    after = read_bundle(tmp_path / "bars")
    assert after.card.title.en == "Amended"
    assert after.statistics()["more"].tolist() == [0, 1, 2]
    assert after.card.files["model.keras"] == before.card.files["model.keras"]
    assert np.array_equal(after.snapshots()["step"], before.snapshots()["step"])
    assert (tmp_path / "bars" / "gallery.npz").read_bytes() == b"made on the spot"


def test_averaged_weights_are_those_that_are_measured_kept_and_written(rich, bars):
    model = load_model(rich.model_path)
    epoch = rich.card.provenance.epochs

    quality = measure(model, Examples(bars.test_images, bars.test_labels))

    assert quality.accuracy == pytest.approx(rich.card.history[epoch - 1].test_accuracy)
    assert quality.loss == pytest.approx(rich.card.history[epoch - 1].test_loss, rel=1e-5)
    assert rich.snapshots()["loss"][-1] == pytest.approx(quality.loss, rel=1e-5)


def test_stopped_run_with_every_option_continues_to_the_same_network(
    rich, rich_recipe, bars, bars_dir, tmp_path, monkeypatch
):
    stop_in_epoch(2, monkeypatch)
    with pytest.raises(KeyboardInterrupt):
        train(rich_recipe, bars, tmp_path / "cache", tmp_path / "models", bars_dir)
    monkeypatch.undo()

    bundle = train(rich_recipe, bars, tmp_path / "cache", tmp_path / "models", bars_dir)

    ours, theirs = (load_model(finished.model_path).get_weights() for finished in (bundle, rich))
    for weight, same_weight in zip(ours, theirs, strict=True):
        np.testing.assert_allclose(weight, same_weight, rtol=1e-3, atol=1e-4)
    assert bundle.card.history[1].loss == pytest.approx(rich.card.history[1].loss, rel=1e-4)


def test_augmentation_leaves_labels_and_their_order_alone(recipe, rich_recipe, bars, tmp_path):
    plain = fit._make_run(recipe, bars, tmp_path, None)
    augmented = fit._make_run(replace(recipe, augmentation="digits"), bars, tmp_path, None)
    model = recipe.build()

    for (before, targets), (after, same_targets) in zip(
        fit._batches(plain, model, 1), fit._batches(augmented, model, 1), strict=True
    ):
        assert np.array_equal(targets, same_targets)
        assert before.shape == after.shape
        assert not np.array_equal(before, after)


def test_finished_run_is_not_trained_again(run, monkeypatch):
    first = run()
    stop_in_epoch(1, monkeypatch)

    again = run()

    assert again.card.history == first.card.history


def test_interrupted_writing_leaves_the_old_bundle_whole(run, tmp_path, monkeypatch):
    def interrupt(_: Path) -> str:
        raise KeyboardInterrupt

    before = run()
    monkeypatch.setattr("app.bundle.files.sha256", interrupt)

    with pytest.raises(KeyboardInterrupt):
        run()

    monkeypatch.undo()
    assert read_bundle(tmp_path / "models" / "bars").card == before.card
    assert [path.name for path in (tmp_path / "models").iterdir()] == ["bars"]


@pytest.mark.parametrize("state", ["partial", "replaced"])
def test_what_a_killed_run_left_behind_is_mended(run, tmp_path, state):
    models = tmp_path / "models"
    run()
    (models / "bars").rename(models / ".bars.replaced")
    if state == "partial":
        (models / ".bars.partial").mkdir()

    bundle = run()

    assert read_bundle(models / "bars") == bundle
    assert [path.name for path in models.iterdir()] == ["bars"]


def test_the_epoch_that_was_best_on_held_out_images_is_kept(run, monkeypatch):
    validation_accuracies = iter([0.9, 0.4])

    def worse_later(model: object, examples: Examples) -> Quality:
        quality = measure(model, examples)
        held_out = len(examples) == 80
        return replace(quality, accuracy=next(validation_accuracies)) if held_out else quality

    monkeypatch.setattr(fit, "measure", worse_later)

    card = run().card

    assert card.provenance.epochs == 1
    assert len(card.history) == 2


def test_training_runs_on_jax_with_tensorflow_out_of_reach(bars_dir, tmp_path, root):
    environment = {**os.environ, "KERAS_BACKEND": "jax", "JAX_PLATFORMS": "cpu"}

    run = subprocess.run(
        [sys.executable, "-c", BACKEND_RUN, bars_dir, tmp_path],
        cwd=root, env=environment, capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip

    assert run.returncode == 0, run.stderr
    assert run.stdout.splitlines()[-1] == "jax on cpu []"
    assert read_bundle(tmp_path / "models" / "mnist-mlp").card.provenance.versions["jax"]


def test_bundle_that_was_tampered_with_is_refused(run):
    bundle = run()
    (bundle.directory / "snapshots.npz").write_bytes(b"other weights")

    with pytest.raises(BundleError, match=r"snapshots\.npz .* is not the file that its card names"):
        read_bundle(bundle.directory)
