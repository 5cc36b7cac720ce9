"""Snapshots of the weights for the replay of a training run: 8 bits per value, dense in time where most is learnt.

A kernel is kept as signed bytes with one scale per output unit, so that ``kernel = bytes × scale`` and zero stays
zero; a bias stays float32. Loss and accuracy beside a snapshot are those of the exact weights on the test set.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import keras
import numpy as np
import numpy.typing as npt

from app.arrays import FloatArray

FIRST_EPOCH_PARTS = (64, 32, 16, 8, 4, 2, 1)
LATER_POINTS = 4


@dataclass(frozen=True)
class Snapshot:
    """One moment of a run. ``weights`` holds ``<layer>/kernel``, ``<layer>/kernel_scale`` and ``<layer>/bias``."""

    step: int
    examples: int
    loss: float
    accuracy: float
    weights: Mapping[str, npt.NDArray[Any]]


def first_epoch_steps(steps_per_epoch: int) -> frozenset[int]:
    """Return the steps of the first epoch after which a snapshot is taken, 0 for the untrained network to its end."""
    return frozenset({0, *(max(1, steps_per_epoch // part) for part in FIRST_EPOCH_PARTS)})


def replay_steps(steps_per_epoch: int, epochs: int) -> tuple[int, ...]:
    """Return the steps that a run keeps: those of the first epoch, then four epochs in a constant ratio."""
    later = {round(epochs ** (point / LATER_POINTS)) for point in range(1, LATER_POINTS + 1)}
    return tuple(sorted(first_epoch_steps(steps_per_epoch) | {epoch * steps_per_epoch for epoch in later}))


def quantise(kernel: FloatArray) -> tuple[npt.NDArray[np.int8], FloatArray]:
    """Return a kernel as signed bytes, and the scale of each output unit (the last axis)."""
    largest = np.abs(kernel).max(axis=tuple(range(kernel.ndim - 1)))
    scale = (largest / 127).astype(np.float32)
    steps = np.rint(kernel / np.where(scale > 0, scale, 1))
    return steps.astype(np.int8), scale


def take_weights(model: keras.Model) -> dict[str, npt.NDArray[Any]]:
    """Return the network's weights in a snapshot's form."""
    weights: dict[str, npt.NDArray[Any]] = {}
    for layer in _layers_with_kernel(model):
        kernel, bias = layer.get_weights()
        weights[f"{layer.name}/kernel"], weights[f"{layer.name}/kernel_scale"] = quantise(kernel)
        weights[f"{layer.name}/bias"] = bias.astype(np.float32)
    return weights


def stack(snapshots: Sequence[Snapshot]) -> dict[str, npt.NDArray[Any]]:
    """Return the arrays of ``snapshots.npz``: every array of a snapshot with a leading axis, one entry per snapshot."""
    arrays: dict[str, npt.NDArray[Any]] = {
        "step": np.array([snapshot.step for snapshot in snapshots], np.int64),
        "examples": np.array([snapshot.examples for snapshot in snapshots], np.int64),
        "loss": np.array([snapshot.loss for snapshot in snapshots], np.float32),
        "accuracy": np.array([snapshot.accuracy for snapshot in snapshots], np.float32),
    }
    for name in snapshots[0].weights:
        arrays[name] = np.stack([snapshot.weights[name] for snapshot in snapshots])
    return arrays


def restore_weights(model: keras.Model, arrays: Mapping[str, npt.NDArray[Any]], index: int) -> None:
    """Put the weights of one snapshot of ``snapshots.npz`` into a network of the same architecture."""
    for layer in _layers_with_kernel(model):
        kernel = arrays[f"{layer.name}/kernel"][index].astype(np.float32)
        scale = arrays[f"{layer.name}/kernel_scale"][index]
        layer.set_weights([kernel * scale, arrays[f"{layer.name}/bias"][index]])


def _layers_with_kernel(model: keras.Model) -> list[keras.Layer]:
    return [layer for layer in model.layers if isinstance(layer, keras.layers.Dense | keras.layers.Conv2D)]
