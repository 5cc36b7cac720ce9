"""Run a recipe: batches, progress, snapshots and checkpoints on the way, and a bundle at the end.

The loop is written out, so that a run that was stopped and taken up again sees the same images in the same order as one
that was not, and the same units rest: both are drawn from the recipe's seed and the epoch's number. Keras operations
only, whatever the backend.
"""

import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import keras
import numpy as np
import numpy.typing as npt

from app.bundle import Bundle, EpochRecord, write_bundle
from training.cards import make_card
from training.checkpoints import RunDirectory
from training.datasets import Dataset, Split, network_input, split_dataset
from training.device import device_name, jit_compile
from training.quality import measure
from training.recipes import Recipe
from training.snapshots import Snapshot, first_epoch_steps, replay_steps, stack, take_weights
from training.statistics import measure_statistics

OPTIMIZERS: Mapping[str, type[keras.Optimizer]] = {
    "rmsprop": keras.optimizers.RMSprop,
    "adam": keras.optimizers.Adam,
}

FloatArray = npt.NDArray[np.float32]
History = tuple[EpochRecord, ...]


@dataclass(frozen=True)
class _Run:
    """One recipe on one data set, and where its files are."""

    recipe: Recipe
    dataset: Dataset
    split: Split
    directory: RunDirectory

    @property
    def steps_per_epoch(self) -> int:
        return -(-len(self.split.train) // self.recipe.batch_size)


def train(recipe: Recipe, dataset: Dataset, cache_dir: Path, models_dir: Path) -> Bundle:
    """Train a network as its recipe says and write its bundle.

    A run that was stopped goes on after its last finished epoch; one that had finished is only measured and written
    again.

    Args:
        recipe: what to do.
        dataset: the data set that the recipe names.
        cache_dir: where checkpoints and snapshots are kept.
        models_dir: where the finished bundle goes.
    """
    directory = RunDirectory(cache_dir, recipe, dataset.fingerprint())
    run = _Run(recipe, dataset, split_dataset(dataset, recipe.validation_examples, recipe.seed), directory)
    model, history = _begin_or_go_on(run)
    model.summary()
    print(f"Training {recipe.name} with {device_name()}; checkpoints in {directory.path}.")
    for epoch in range(len(history) + 1, recipe.epochs + 1):
        history = (*history, _train_epoch(run, model, epoch))
        directory.save_epoch(model, history, best_epoch(history))
    return _write_bundle(run, history, models_dir)


def best_epoch(history: History) -> int:
    """Return the epoch with the highest validation accuracy, the first of equals; without validation, the last."""
    validated = {record.epoch: record.validation_accuracy for record in history if record.validation_accuracy}
    return max(validated, key=lambda epoch: validated[epoch]) if validated else history[-1].epoch


def _begin_or_go_on(run: _Run) -> tuple[keras.Model, History]:
    progress = run.directory.progress()
    if progress is not None:
        print(f"Going on after epoch {len(progress.history)} of {run.recipe.epochs}.")
        return progress.model, progress.history
    model = run.recipe.build()
    model.compile(
        optimizer=OPTIMIZERS[run.recipe.optimizer](run.recipe.learning_rate),
        loss=run.recipe.loss,
        metrics=["accuracy"],
        jit_compile=jit_compile(),
    )
    _save_snapshot(run, model, step=0, examples=0)
    return model, ()


def _train_epoch(run: _Run, model: keras.Model, epoch: int) -> EpochRecord:
    began = time.monotonic()
    snapshot_after = first_epoch_steps(run.steps_per_epoch) if epoch == 1 else frozenset()
    totals, seen = np.zeros(2), 0
    means: list[tuple[str, float]] = []
    _seed_dropout(model, run.recipe.seed, epoch)
    print(f"Epoch {epoch}/{run.recipe.epochs}")
    bar = keras.utils.Progbar(run.steps_per_epoch, stateful_metrics=("loss", "accuracy"))
    for step, (inputs, targets) in enumerate(_batches(run, model, epoch), start=1):
        logs = model.train_on_batch(inputs, targets, return_dict=True)
        totals += len(inputs) * np.array([logs["loss"], logs["accuracy"]])
        seen += len(inputs)
        means = list(zip(("loss", "accuracy"), (totals / seen).tolist(), strict=True))
        bar.update(step, means, finalize=False)
        if step in snapshot_after and step < run.steps_per_epoch:
            _save_snapshot(run, model, step=step, examples=seen)
    measured = _measure_epoch(run, model, epoch)
    accuracies = [(name, value) for name, value in measured.items() if name.endswith("accuracy")]
    bar.update(run.steps_per_epoch, [*means, *accuracies], finalize=True)
    seconds = round(time.monotonic() - began, 1)
    return EpochRecord(epoch=epoch, seconds=seconds, **dict(means), **measured)


def _seed_dropout(model: keras.Model, seed: int, epoch: int) -> None:
    """Let what rests in an epoch follow from seed and epoch alone: a saved network forgets its generators' state."""
    rng = np.random.default_rng((seed, epoch, 1))
    for layer in model.layers:
        if isinstance(layer, keras.layers.Dropout):
            state = layer.seed_generator.state
            state.assign(rng.integers(2**31, size=state.shape).astype(state.dtype))


def _batches(run: _Run, model: keras.Model, epoch: int) -> Iterator[tuple[FloatArray, FloatArray]]:
    """Yield one epoch's batches, each image once, in an order that follows from the seed and the epoch alone."""
    examples, size = run.split.train, run.recipe.batch_size
    order = np.random.default_rng((run.recipe.seed, epoch)).permutation(len(examples))
    for start in range(0, len(order), size):
        chosen = order[start : start + size]
        targets = keras.utils.to_categorical(examples.labels[chosen], model.output_shape[-1])
        yield network_input(examples.images[chosen], model.input_shape[1:]), targets.astype(np.float32)


def _measure_epoch(run: _Run, model: keras.Model, epoch: int) -> dict[str, float]:
    examples = epoch * len(run.split.train)
    snapshot = _save_snapshot(run, model, step=epoch * run.steps_per_epoch, examples=examples)
    measured = {"test_loss": snapshot.loss, "test_accuracy": snapshot.accuracy}
    if len(run.split.validation):
        quality = measure(model, run.split.validation)
        measured |= {"validation_loss": quality.loss, "validation_accuracy": quality.accuracy}
    return measured


def _save_snapshot(run: _Run, model: keras.Model, step: int, examples: int) -> Snapshot:
    quality = measure(model, run.split.test)
    snapshot = Snapshot(step, examples, quality.loss, quality.accuracy, take_weights(model))
    run.directory.save_snapshot(snapshot)
    return snapshot


def _write_bundle(run: _Run, history: History, models_dir: Path) -> Bundle:
    epochs = best_epoch(history)
    print(f"Measuring {run.recipe.name} as it was after epoch {epochs}.")
    model = _without_optimizer(run.directory.load_epoch(epochs).model, run.recipe)
    card = make_card(run.recipe, run.dataset, run.split, model, history, epochs=epochs)
    snapshots: list[Snapshot] = run.directory.load_snapshots(replay_steps(run.steps_per_epoch, epochs))
    inputs = network_input(run.split.test.images, model.input_shape[1:])
    return write_bundle(models_dir, card, model.save, stack(snapshots), measure_statistics(model, inputs))


def _without_optimizer(trained: keras.Model, recipe: Recipe) -> keras.Model:
    """Return the same network as if it had never been compiled: its file is a third as large."""
    model = recipe.build()
    model.set_weights(trained.get_weights())
    return model
