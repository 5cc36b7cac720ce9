"""Checkpoints of a training run, so that it can be stopped at any moment and continued after its last finished epoch.

A run has a directory in the cache, named after the recipe's name and a hash of its contents: a changed recipe starts a
new run. After each epoch the network, its optimiser, the averaged weights and the history are written atomically to
``epoch-NNN/``; the newest and the best are kept.
"""

import hashlib
import json
import re
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import keras
import numpy as np

from app.bundle.card import EpochRecord
from training.recipes import Recipe
from training.run.averaging import Weights
from training.run.snapshots import Snapshot

_EPOCH = re.compile(r"epoch-(\d{3,})")
AVERAGE = "average.npz"
_SNAPSHOT_FIELDS = ("step", "examples", "loss", "accuracy")


@dataclass(frozen=True)
class Progress:
    """The state of a run: the network with its optimiser, one record per finished epoch, and the averaged weights.

    ``average`` is ``None`` if the recipe does not average.
    """

    model: keras.Model
    history: tuple[EpochRecord, ...]
    average: Weights | None


class RunDirectory:
    """The files of one run."""

    def __init__(self, cache_dir: Path, recipe: Recipe, fingerprint: str) -> None:
        said = json.dumps([recipe.as_data(), fingerprint], sort_keys=True)
        self.path = cache_dir / f"{recipe.name}-{hashlib.sha256(said.encode()).hexdigest()[:12]}"
        self._snapshots = self.path / "snapshots"
        self._snapshots.mkdir(parents=True, exist_ok=True)

    def progress(self) -> Progress | None:
        """Return the run's state, or ``None`` if no epoch is finished yet."""
        epochs = self._epochs()
        return self.load_epoch(max(epochs)) if epochs else None

    def load_epoch(self, epoch: int) -> Progress:
        """Return the network as it was after an epoch, which must be the newest or the best one."""
        directory = self.path / f"epoch-{epoch:03d}"
        records = json.loads((directory / "history.json").read_text(encoding="utf-8"))
        model = keras.saving.load_model(directory / "model.keras")
        average = _read_weights(directory / AVERAGE) if (directory / AVERAGE).is_file() else None
        return Progress(model, tuple(EpochRecord(**record) for record in records), average)

    def save_epoch(
        self, model: keras.Model, history: Sequence[EpochRecord], best_epoch: int, average: Weights | None
    ) -> None:
        """Write the state after the newest epoch, then delete those that are neither the newest nor the best."""
        newest = history[-1].epoch
        partial = self.path / ".partial"
        shutil.rmtree(partial, ignore_errors=True)
        partial.mkdir()
        model.save(partial / "model.keras")
        if average is not None:
            np.savez(partial / AVERAGE, *average, allow_pickle=False)
        records = [record.model_dump() for record in history]
        (partial / "history.json").write_text(json.dumps(records, indent=1), encoding="utf-8")
        target = self.path / f"epoch-{newest:03d}"
        shutil.rmtree(target, ignore_errors=True)
        partial.rename(target)
        for epoch in self._epochs() - {newest, best_epoch}:
            shutil.rmtree(self.path / f"epoch-{epoch:03d}")

    def save_snapshot(self, snapshot: Snapshot) -> None:
        """Write one snapshot; the same step again replaces it."""
        partial = self._snapshots / ".partial.npz"
        about = {name: np.asarray(getattr(snapshot, name)) for name in _SNAPSHOT_FIELDS}
        np.savez(partial, allow_pickle=False, **about, **snapshot.weights)
        partial.rename(self._snapshot_path(snapshot.step))

    def load_snapshots(self, steps: Sequence[int]) -> list[Snapshot]:
        """Return the snapshots that were taken after the given steps."""
        snapshots = []
        for step in steps:
            with np.load(self._snapshot_path(step)) as archive:
                weights = {name: archive[name] for name in archive.files if name not in _SNAPSHOT_FIELDS}
                numbers = {name: archive[name].item() for name in _SNAPSHOT_FIELDS}
            snapshots.append(Snapshot(**numbers, weights=weights))
        return snapshots

    def _snapshot_path(self, step: int) -> Path:
        return self._snapshots / f"step-{step:08d}.npz"

    def _epochs(self) -> set[int]:
        matches = (_EPOCH.fullmatch(path.name) for path in self.path.iterdir())
        return {int(match[1]) for match in matches if match}


def _read_weights(path: Path) -> Weights:
    with np.load(path) as archive:
        return [archive[f"arr_{number}"] for number in range(len(archive.files))]
