"""Runs a recipe: batches, progress, snapshots and checkpoints during training, and a bundle at the end.

The training loop is explicit, so that a run that was stopped and continued uses the same images in the same order, with
the same deformations and the same dropout, as one that was not: all depend only on the recipe's seed and the epoch's
number. If a recipe averages the weights, the average is measured, kept in snapshots and written at the end. An
autoencoder's targets are its inputs after deformation. Uses only Keras operations, so that it runs on any backend.
"""

import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import keras
import numpy as np

from app.arrays import FloatArray
from app.bundle.card import Arrays, EpochRecord
from app.bundle.files import Bundle, write_bundle
from app.bundle.statistics import statistics_arrays
from app.network.probe import task_of
from training.data.datasets import Dataset, Labels, Split, network_input, split_dataset
from training.data.renderings import with_extra
from training.device import device_name, jit_compile
from training.measure.cards import make_card
from training.measure.quality import Quality, measure
from training.measure.statistics import measure_statistics
from training.recipes import Recipe
from training.run.augmentation import make_augmentation
from training.run.averaging import AveragedWeights, Weights
from training.run.checkpoints import Progress, RunDirectory
from training.run.optimizers import make_optimizer
from training.run.snapshots import Snapshot, first_epoch_steps, replay_steps, stack, take_weights

History = tuple[EpochRecord, ...]


@dataclass(frozen=True)
class _Run:
    """One recipe on one data set, and the directory of its files."""

    recipe: Recipe
    dataset: Dataset
    split: Split
    fingerprint: str
    directory: RunDirectory
    augmentation: keras.Model | None

    @property
    def steps_per_epoch(self) -> int:
        return -(-len(self.split.train) // self.recipe.batch_size)


@dataclass
class _Training:
    """A network in training. ``finished`` is the network as it would be served now, with averaged weights if any."""

    model: keras.Model
    average: AveragedWeights | None
    finished: keras.Model = field(init=False)

    def __post_init__(self) -> None:
        self.finished = self.model if self.average is None else keras.models.clone_model(self.model)

    def averaged_weights(self) -> Weights | None:
        return None if self.average is None else self.average.read()

    def as_served(self) -> keras.Model:
        if self.average is not None:
            self.finished.set_weights(self.average.read())
        return self.finished


def train(recipe: Recipe, dataset: Dataset, cache_dir: Path, models_dir: Path, data_dir: Path | None = None) -> Bundle:
    """Train a network by its recipe and write its bundle.

    A stopped run continues after its last finished epoch; a finished one is only measured and written again.

    Args:
        recipe: the recipe.
        dataset: the data set that the recipe names.
        cache_dir: the directory of checkpoints, snapshots and renderings.
        models_dir: the directory for the bundle.
        data_dir: the directory of a recipe's additional training data, such as pen strokes.

    Raises:
        DatasetError: the recipe's additional training data is missing.
    """
    run = _make_run(recipe, dataset, cache_dir, data_dir)
    training, history = _begin_or_go_on(run)
    training.model.summary()
    print(f"Training {recipe.name} with {device_name()}; checkpoints in {run.directory.path}.")
    for epoch in range(len(history) + 1, recipe.epochs + 1):
        history = (*history, _train_epoch(run, training, epoch))
        run.directory.save_epoch(training.model, history, best_epoch(history), training.averaged_weights())
    return _write_bundle(run, history, models_dir)


def _make_run(recipe: Recipe, dataset: Dataset, cache_dir: Path, data_dir: Path | None) -> _Run:
    split = split_dataset(dataset, recipe.validation_examples, recipe.seed)
    if recipe.validated_undeformed:
        split = replace(split, validation=split.train)
    split = replace(split, train=with_extra(split.train, recipe.extra, recipe.seed, data_dir, cache_dir))
    fingerprint = split.train.fingerprint() if recipe.extra else dataset.fingerprint()
    image_shape = split.train.images.shape[1:]
    augmentation = make_augmentation(recipe.augmentation, image_shape) if recipe.augmentation else None
    return _Run(recipe, dataset, split, fingerprint, RunDirectory(cache_dir, recipe, fingerprint), augmentation)


def best_epoch(history: History) -> int:
    """Return the epoch with the highest validation accuracy, the first of equals; without validation, the last.

    For a network that does not classify, it is the epoch with the lowest validation loss.
    """
    worth = {record.epoch: _worth(record) for record in history if record.validation_loss is not None}
    return max(worth, key=lambda epoch: worth[epoch]) if worth else history[-1].epoch


def _worth(record: EpochRecord) -> float:
    """Return an epoch's score on held-out images; higher is better."""
    assert record.validation_loss is not None
    return -record.validation_loss if record.validation_accuracy is None else record.validation_accuracy


def _begin_or_go_on(run: _Run) -> tuple[_Training, History]:
    progress = run.directory.progress()
    if progress is not None:
        print(f"Continuing after epoch {len(progress.history)} of {run.recipe.epochs}.")
        training = _Training(progress.model, _average(run.recipe, progress.model))
        if training.average is not None and progress.average is not None:
            training.average.restore(progress.average)
        return training, progress.history
    model = run.recipe.build()
    model.compile(
        optimizer=make_optimizer(run.recipe, run.steps_per_epoch),
        loss=_loss(run.recipe),
        metrics=list(_means(model)[1:]),
        jit_compile=jit_compile(),
    )
    training = _Training(model, _average(run.recipe, model))
    if run.recipe.snapshots:
        _save_snapshot(run, training, measure(training.as_served(), run.split.test), step=0, examples=0)
    return training, ()


def _loss(recipe: Recipe) -> keras.losses.Loss:
    if recipe.loss == "mean_squared_error":
        return keras.losses.MeanSquaredError()
    return keras.losses.CategoricalCrossentropy(label_smoothing=recipe.label_smoothing)


def _means(model: keras.Model) -> tuple[str, ...]:
    """Return the metrics that are averaged over an epoch."""
    return ("loss", "accuracy") if task_of(model) == "classification" else ("loss",)


def _average(recipe: Recipe, model: keras.Model) -> AveragedWeights | None:
    return AveragedWeights(model, recipe.averaging) if recipe.averaging else None


def _train_epoch(run: _Run, training: _Training, epoch: int) -> EpochRecord:
    began = time.monotonic()
    snapshot_after = first_epoch_steps(run.steps_per_epoch) if epoch == 1 and run.recipe.snapshots else frozenset()
    steps_before = (epoch - 1) * run.steps_per_epoch
    model = training.model
    names = _means(model)
    totals, seen = np.zeros(len(names)), 0
    means: list[tuple[str, float]] = []
    augmenting = [] if run.augmentation is None else run.augmentation.layers
    _seed_layers([*model.layers, *augmenting], run.recipe.seed, epoch)
    print(f"Epoch {epoch}/{run.recipe.epochs}")
    bar = keras.utils.Progbar(run.steps_per_epoch, stateful_metrics=names)
    for step, (inputs, targets) in enumerate(_batches(run, model, epoch), start=1):
        logs = model.train_on_batch(inputs, targets, return_dict=True)
        if training.average is not None:
            training.average.update(steps_before + step)
        totals += len(inputs) * np.array([logs[name] for name in names])
        seen += len(inputs)
        means = list(zip(names, (totals / seen).tolist(), strict=True))
        bar.update(step, means, finalize=False)
        if step in snapshot_after and step < run.steps_per_epoch:
            _save_snapshot(run, training, measure(training.as_served(), run.split.test), step=step, examples=seen)
    measured = _measure_epoch(run, training, epoch)
    shown = [(name, value) for name, value in measured.items() if name.endswith(names[-1])]
    bar.update(run.steps_per_epoch, [*means, *shown], finalize=True)
    seconds = round(time.monotonic() - began, 1)
    return EpochRecord(epoch=epoch, seconds=seconds, **dict(means), **measured)


def _seed_layers(layers: Iterable[keras.Layer], seed: int, epoch: int) -> None:
    """Reset the random generators from seed and epoch, because a saved network does not include their state."""
    rng = np.random.default_rng((seed, epoch, 1))
    for layer in layers:
        if hasattr(layer, "seed_generator"):
            state = layer.seed_generator.state
            state.assign(rng.integers(2**31, size=state.shape).astype(state.dtype))


def _batches(run: _Run, model: keras.Model, epoch: int) -> Iterator[tuple[FloatArray, FloatArray]]:
    """Yield one epoch's batches, each image once, in an order that depends only on the seed and the epoch."""
    examples, size = run.split.train, run.recipe.batch_size
    order = np.random.default_rng((run.recipe.seed, epoch)).permutation(len(examples))
    for start in range(0, len(order), size):
        chosen = order[start : start + size]
        inputs = network_input(examples.images[chosen], examples.images.shape[1:])
        if run.augmentation is not None:
            inputs = run.augmentation.predict_on_batch(inputs)
        yield inputs.reshape(len(chosen), *model.input_shape[1:]), _targets(model, inputs, examples.labels[chosen])


def _targets(model: keras.Model, inputs: FloatArray, labels: Labels) -> FloatArray:
    if task_of(model) == "reconstruction":
        return inputs.reshape(len(inputs), *model.output_shape[1:])
    classes: FloatArray = keras.utils.to_categorical(labels, model.output_shape[-1]).astype(np.float32)
    return classes


def _measure_epoch(run: _Run, training: _Training, epoch: int) -> dict[str, float]:
    """Measure a network after an epoch, and keep its weights if the recipe says so."""
    model = training.as_served()
    test = measure(model, run.split.test)
    if run.recipe.snapshots:
        examples = epoch * len(run.split.train)
        _save_snapshot(run, training, test, step=epoch * run.steps_per_epoch, examples=examples)
    measured = {"test_loss": test.loss, "test_accuracy": test.accuracy}
    if len(run.split.validation):
        validation = measure(model, run.split.validation)
        measured |= {"validation_loss": validation.loss, "validation_accuracy": validation.accuracy}
    return {name: value for name, value in measured.items() if value is not None}


def _save_snapshot(run: _Run, training: _Training, test: Quality, step: int, examples: int) -> None:
    """Keep the present weights; ``test`` is their quality on the test set."""
    if test.accuracy is None:
        raise ValueError("Snapshots are kept for classifiers only: the recipe must say snapshots=False.")
    weights = take_weights(training.as_served())
    run.directory.save_snapshot(Snapshot(step, examples, test.loss, test.accuracy, weights))


def _write_bundle(run: _Run, history: History, models_dir: Path) -> Bundle:
    epochs = best_epoch(history)
    print(f"Measuring {run.recipe.name} as it was after epoch {epochs}.")
    model = _without_optimizer(run.directory.load_epoch(epochs), run.recipe)
    card = make_card(run.recipe, run.dataset, run.split, model, history, epochs=epochs, fingerprint=run.fingerprint)
    snapshots = _load_snapshots(run, epochs) if run.recipe.snapshots else None
    inputs = network_input(run.split.test.images, model.input_shape[1:])
    return write_bundle(models_dir, card, model.save, statistics_arrays(measure_statistics(model, inputs)), snapshots)


def _load_snapshots(run: _Run, epochs: int) -> Arrays:
    return stack(run.directory.load_snapshots(replay_steps(run.steps_per_epoch, epochs)))


def _without_optimizer(progress: Progress, recipe: Recipe) -> keras.Model:
    """Return the network without its compilation, which makes its file a third as large."""
    model = recipe.build()
    model.set_weights(progress.model.get_weights() if progress.average is None else progress.average)
    return model
