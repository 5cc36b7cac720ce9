"""Reads a user's images and labels from an npz file, as bytes and class indices."""

import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from app.arrays import ByteArray
from training.data.datasets import Examples, Labels

Preprocessing = Literal["digits", "photos"]
IMAGE_SHAPES: dict[Preprocessing, tuple[tuple[int, ...], ...]] = {
    "digits": ((28, 28), (28, 28, 1), (784,)),
    "photos": ((32, 32, 3), (3072,)),
}
"""The shapes of one image, that of the server's first."""


class ArchiveError(Exception):
    """Data that cannot be used; its message says why in one sentence."""


@dataclass(frozen=True)
class Archive:
    """The test set, and the training set if the file has one."""

    test: Examples
    train: Examples | None


def read_archive(path: Path, preprocessing: Preprocessing, classes: int) -> Archive:
    """Read ``x_test``, ``y_test`` and, if present, ``x_train`` and ``y_train``.

    Images are whole numbers in 0..255 or floats in 0..1, which are rounded to 255ths; their shape is one of
    ``IMAGE_SHAPES``. Labels are class indices, shape ``(n,)`` or ``(n, 1)``.

    Raises:
        ArchiveError: the file is missing or damaged, or contains something else.
    """
    arrays = _read(path)
    if missing := {"x_test", "y_test"} - arrays.keys():
        raise ArchiveError(f"{path.name} holds no array {min(missing)}; it needs x_test and y_test.")
    has_train = {"x_train", "y_train"} <= arrays.keys()
    return Archive(
        test=_examples(arrays, "test", preprocessing, classes),
        train=_examples(arrays, "train", preprocessing, classes) if has_train else None,
    )


def _read(path: Path) -> dict[str, npt.NDArray[Any]]:
    if not path.is_file():
        raise ArchiveError(f"{path} does not exist.")
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as archive:
            names = {"x_test", "y_test", "x_train", "y_train"} & set(archive.files)
            return {name: archive[name] for name in names}
    except (OSError, ValueError, TypeError, AttributeError, EOFError, zipfile.BadZipFile, zlib.error):
        raise ArchiveError(f"{path.name} is not an npz file of plain arrays, or is damaged.") from None


def _examples(arrays: dict[str, npt.NDArray[Any]], split: str, preprocessing: Preprocessing, classes: int) -> Examples:
    images, labels = arrays[f"x_{split}"], arrays[f"y_{split}"]
    shapes = IMAGE_SHAPES[preprocessing]
    if images.shape[1:] not in shapes or len(images) == 0:
        wanted = " or ".join(str(("n", *shape)).replace("'", "") for shape in shapes)
        raise ArchiveError(f"x_{split} has the shape {images.shape}; for {preprocessing} it must be {wanted}.")
    return Examples(
        _as_bytes(images, f"x_{split}").reshape(len(images), *shapes[0]),
        _as_indices(labels, f"y_{split}", len(images), classes),
    )


def _as_bytes(images: npt.NDArray[Any], name: str) -> ByteArray:
    if images.dtype == np.uint8:
        return images
    whole = np.issubdtype(images.dtype, np.integer)
    end = 255 if whole else 1
    if not (whole or np.issubdtype(images.dtype, np.floating)) or not (images.min() >= 0 and images.max() <= end):
        raise ArchiveError(f"{name} must hold whole numbers in 0..255 or floats in 0..1.")
    return images.astype(np.uint8) if whole else np.rint(images * 255).astype(np.uint8)


def _as_indices(labels: npt.NDArray[Any], name: str, count: int, classes: int) -> Labels:
    if labels.shape not in ((count,), (count, 1)) or not np.issubdtype(labels.dtype, np.integer):
        raise ArchiveError(f"{name} must hold one class index, a whole number, for each of the {count} images.")
    if labels.min() < 0 or labels.max() >= classes:
        raise ArchiveError(
            f"{name} holds labels in {labels.min()}..{labels.max()}; with {classes} classes they are 0..{classes - 1}."
        )
    return labels.reshape(-1).astype(np.int64)
