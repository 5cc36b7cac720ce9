"""A few hundred pictures of bars and dots, made on the spot, in the form of a data set's archive."""

import gzip
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from app.bundle.card import Localised
from training.data.datasets import Dataset, load_dataset
from training.recipes import Extra, Recipe
from training.run.fit import train

TRAIN, TEST = 400, 200


def draw_classes(count: int, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Ten classes that a network can learn: a bright bar at one of ten heights, on noise."""
    labels = rng.integers(0, 10, count)
    images = rng.integers(0, 60, (count, 28, 28))
    for image, label in zip(images, labels, strict=True):
        image[2 + 2 * label : 4 + 2 * label, 4:24] += 180
    return images.astype(np.uint8), labels.astype(np.uint8)


@pytest.fixture(scope="session")
def bars_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data directory with a small ``mnist.npz``, and four digits as pen strokes, one of them not to train on."""
    directory = tmp_path_factory.mktemp("data")
    rng = np.random.default_rng(7)
    x_train, y_train = draw_classes(TRAIN, rng)
    x_test, y_test = draw_classes(TEST, rng)
    np.savez(directory / "mnist.npz", x_train=x_train, y_train=y_train, x_test=x_test, y_test=y_test)
    splits = ["train", "train", "train", "validation"]
    strokes = [[[0.1, 0.4], [0.9, 0.5], [0.6, 0.5]]]
    lines = [json.dumps({"label": 5, "split": split, "writer": split, "strokes": strokes}) for split in splits]
    (directory / "pen-digits.jsonl.gz").write_bytes(gzip.compress("\n".join(lines).encode()))
    return directory


@pytest.fixture(scope="session")
def bars(bars_dir: Path) -> Dataset:
    """The same, loaded."""
    return load_dataset("mnist", bars_dir)


@pytest.fixture(scope="session")
def recipe() -> Recipe:
    """Two epochs with a held-out share, so that everything a run can do is done."""
    return Recipe(
        name="bars",
        title=Localised(en="Bars", pl="Paski"),
        architecture="mnist_mlp",
        dataset="mnist",
        dropout=0.2,
        optimizer="adam",
        learning_rate=1e-3,
        batch_size=16,
        epochs=2,
        validation_examples=80,
        seed=3,
    )


@pytest.fixture(scope="session")
def autoencoder_recipe(recipe: Recipe) -> Recipe:
    """Two epochs of an autoencoder with a code of two numbers."""
    return replace(
        recipe,
        name="bars-autoencoder",
        architecture="mnist_autoencoder",
        dropout=None,
        loss="mean_squared_error",
        averaging=0.9,
        code=2,
        snapshots=False,
    )


@pytest.fixture(scope="session")
def trained(recipe: Recipe, bars: Dataset, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The models directory after one whole run."""
    directory = tmp_path_factory.mktemp("run")
    train(recipe, bars, directory / "cache", directory / "models")
    return directory / "models"


@pytest.fixture(scope="session")
def rich_recipe(recipe: Recipe) -> Recipe:
    """The same with every option that a recipe has."""
    return replace(
        recipe,
        name="rich-bars",
        optimizer="adamw",
        schedule="cosine",
        warmup_epochs=1,
        weight_decay=0.01,
        averaging=0.9,
        label_smoothing=0.1,
        augmentation="digits",
        extra=(Extra("enlarged", renderings=1), Extra("pen_strokes", renderings=2, repeats=2)),
    )
