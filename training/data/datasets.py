"""MNIST and CIFAR-10 as published: from a local directory, or through ``keras.datasets``.

Images stay bytes until they are put into a batch: 60,000 pictures are 180 MB as bytes, and four times that as float32.
"""

import hashlib
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import keras
import numpy as np
import numpy.typing as npt

from app.arrays import ByteArray, FloatArray
from app.bundle.card import Classes

DatasetName = Literal["mnist", "cifar10"]
Labels = npt.NDArray[np.int64]

ARRAYS = ("x_train", "y_train", "x_test", "y_test")
COPIES = {"494134e9c92e469cd3816fdd2badcb2d833654dcf81898be0fccdbd36359661c": "CIFAR-10 (JPEG copy)"}
"""Copies that differ from the published data set, by the SHA-256 of their test labels, with their titles."""

DIGITS = Classes(en=tuple("0123456789"), pl=tuple("0123456789"))
THINGS = Classes(
    en=("airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"),
    pl=("samolot", "samochód", "ptak", "kot", "jeleń", "pies", "żaba", "koń", "statek", "ciężarówka"),
)


class DatasetError(Exception):
    """A data set that cannot be used; its message says why, and what to do, in one sentence."""


@dataclass(frozen=True)
class Dataset:
    """Images as published: bytes, shape ``(n, 28, 28)`` or ``(n, 32, 32, 3)``; labels as class indices, shape ``(n,)``.

    ``title`` is what the data set must be called beside any figure measured on it.
    """

    title: str
    classes: Classes
    preprocessing: Literal["digits", "photos"]
    train_images: ByteArray
    train_labels: Labels
    test_images: ByteArray
    test_labels: Labels

    def fingerprint(self) -> str:
        """Return the SHA-256 of the training images and labels, in hexadecimal."""
        return Examples(self.train_images, self.train_labels).fingerprint()


@dataclass(frozen=True)
class Examples:
    """Images as bytes, with their labels."""

    images: ByteArray
    labels: Labels

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self.labels)

    def fingerprint(self) -> str:
        """Return the SHA-256 of the images and labels, in hexadecimal."""
        digest = hashlib.sha256(np.ascontiguousarray(self.images).tobytes())
        digest.update(self.labels.astype(np.uint8).tobytes())
        return digest.hexdigest()

    def label_fingerprint(self) -> str:
        """Return the SHA-256 of the labels, which identifies a copy in ``COPIES``."""
        return hashlib.sha256(self.labels.astype(np.uint8).tobytes()).hexdigest()


@dataclass(frozen=True)
class Split:
    """The training set, the validation set for choosing the epoch, and the test set."""

    train: Examples
    validation: Examples
    test: Examples


@dataclass(frozen=True)
class _Published:
    title: str
    classes: Classes
    preprocessing: Literal["digits", "photos"]
    image_shape: tuple[int, ...]


_PUBLISHED: Mapping[str, _Published] = {
    "mnist": _Published("MNIST", DIGITS, "digits", (28, 28)),
    "cifar10": _Published("CIFAR-10", THINGS, "photos", (32, 32, 3)),
}


def load_dataset(name: DatasetName, data_dir: Path | None) -> Dataset:
    """Load a data set from ``<data_dir>/<name>.npz``, or through ``keras.datasets`` if no directory is given.

    Raises:
        DatasetError: if the file is missing or damaged, or the download fails.
    """
    published = _PUBLISHED[name]
    arrays = _download(name) if data_dir is None else _read_archive(data_dir / f"{name}.npz")
    _check(arrays, published, f"{name}.npz")
    test = Examples(arrays["x_test"], arrays["y_test"].reshape(-1).astype(np.int64))
    return Dataset(
        title=COPIES.get(test.label_fingerprint(), published.title),
        classes=published.classes,
        preprocessing=published.preprocessing,
        train_images=arrays["x_train"],
        train_labels=arrays["y_train"].reshape(-1).astype(np.int64),
        test_images=test.images,
        test_labels=test.labels,
    )


def split_dataset(dataset: Dataset, validation_examples: int, seed: int) -> Split:
    """Hold out some of the training images, by a seeded shuffle."""
    order = np.random.default_rng(seed).permutation(len(dataset.train_labels))
    kept, held_out = np.split(order, [len(order) - validation_examples])
    return Split(
        train=Examples(dataset.train_images[kept], dataset.train_labels[kept]),
        validation=Examples(dataset.train_images[held_out], dataset.train_labels[held_out]),
        test=Examples(dataset.test_images, dataset.test_labels),
    )


def network_input(images: ByteArray, input_shape: tuple[int, ...]) -> FloatArray:
    """Return bytes as a network's input: float32 in 0..1, shape ``(n, *input_shape)``."""
    return (images.astype(np.float32) / np.float32(255)).reshape(len(images), *input_shape)


def _read_archive(path: Path) -> dict[str, npt.NDArray[Any]]:
    advice = "Give the directory that holds it with --data-dir, or leave --data-dir out to download it."
    if not path.is_file():
        raise DatasetError(f"{path} does not exist. {advice}")
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as archive:
            return {name: archive[name] for name in ARRAYS}
    except KeyError as error:
        raise DatasetError(f"{path} holds no array {error.args[0].split()[0]}; it needs {', '.join(ARRAYS)}.") from None
    except (OSError, ValueError, TypeError, AttributeError, EOFError, zipfile.BadZipFile, zlib.error):
        raise DatasetError(f"{path} is damaged: copy or download it again.") from None


def _download(name: DatasetName) -> dict[str, npt.NDArray[Any]]:
    try:
        (x_train, y_train), (x_test, y_test) = getattr(keras.datasets, name).load_data()
    except Exception as error:
        # keras.datasets raises a bare Exception when a download fails or its checksum is wrong.
        raise DatasetError(
            f"{_PUBLISHED[name].title} could not be downloaded ({error}). "
            f"Try again later, or give a directory that holds {name}.npz with --data-dir."
        ) from error
    return {"x_train": x_train, "y_train": y_train, "x_test": x_test, "y_test": y_test}


def _check(arrays: Mapping[str, npt.NDArray[Any]], published: _Published, file_name: str) -> None:
    for split in ("train", "test"):
        images, labels = arrays[f"x_{split}"], arrays[f"y_{split}"]
        if images.dtype != np.uint8 or images.shape[1:] != published.image_shape or len(images) == 0:
            shape = ", ".join(str(side) for side in published.image_shape)
            raise DatasetError(f"x_{split} in {file_name} must be bytes of shape (n, {shape}).")
        if labels.size != len(images) or not np.isin(labels, range(len(published.classes.en))).all():
            raise DatasetError(f"y_{split} in {file_name} must hold one class index in 0..9 for each image.")
