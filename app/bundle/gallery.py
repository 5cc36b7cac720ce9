"""The gallery: a network's test images, and the network's answer to each.

It is the file ``models/<name>/gallery.npz``, made locally (``python -m training gallery NAME``). It is not part of the
bundle: it is never committed, and the card does not name it. Instead it names the network that it belongs to, by the
SHA-256 of ``model.keras``; for another network it counts as absent. Only this module knows the format.
"""

import threading
import zipfile
import zlib
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Literal

import numpy as np
import numpy.typing as npt

from app.arrays import ByteArray, FloatArray
from app.bundle.files import MODEL, Bundle

GALLERY = "gallery.npz"

Order = Literal["index", "confidence", "doubt"]


class GalleryError(Exception):
    """There is no usable gallery; the message says why in one sentence."""


@dataclass(frozen=True)
class Gallery:
    """The test images of one data set and one network's answers; the images are read at the first request for one.

    Attributes:
        path: the file.
        dataset: what the data set is called.
        labels: class indices, uint8, shape ``(n,)``.
        probabilities: softmax, float32, shape ``(n, classes)``.
    """

    path: Path
    dataset: str
    labels: ByteArray
    probabilities: FloatArray
    _reading: threading.Lock = field(default_factory=threading.Lock, repr=False, compare=False)

    def __len__(self) -> int:
        """Return how many images there are."""
        return len(self.labels)

    @cached_property
    def answers(self) -> ByteArray:
        """The network's classes, uint8, shape ``(n,)``."""
        answers: ByteArray = self.probabilities.argmax(axis=1).astype(np.uint8)
        return answers

    @property
    def images(self) -> ByteArray:
        """The images as published, shape ``(n, 28, 28)`` or ``(n, 32, 32, 3)``.

        Raises:
            GalleryError: if they cannot be read to their end.
        """
        with self._reading:  # many clients may ask at once; the thirty megabytes are read only once
            images: ByteArray = self._images
        return images

    @cached_property
    def _images(self) -> ByteArray:
        try:
            with self.path.open("rb") as file, np.load(file, allow_pickle=False) as archive:
                images: ByteArray = archive["images"]
        except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile, zlib.error):
            raise _damaged() from None
        if len(images) != len(self):  # the file was replaced by another gallery while it was read
            raise _damaged()
        return images


def select_images(
    gallery: Gallery, *, label: int | None, answer: int | None, wrong: bool | None, order: Order
) -> npt.NDArray[np.intp]:
    """Return the indices of the images with this label and this answer, misclassified or not.

    Args:
        gallery: the images.
        label: a class index, or any.
        answer: a class index, or any.
        wrong: whether answer and label differ, or either.
        order: by index; by the answer's probability, the highest first; or the lowest first. Equal ones by index.
    """
    wanted = np.ones(len(gallery), bool)
    if label is not None:
        wanted &= gallery.labels == label
    if answer is not None:
        wanted &= gallery.answers == answer
    if wrong is not None:
        wanted &= (gallery.labels != gallery.answers) == wrong
    indices = np.flatnonzero(wanted)
    if order == "index":
        return indices
    confidence = gallery.probabilities.max(axis=1)[indices]
    return indices[np.argsort(confidence if order == "doubt" else -confidence, kind="stable")]


class Galleries:
    """The galleries read so far; one that changed on disk is read again."""

    def __init__(self) -> None:
        self._read: dict[Path, tuple[tuple[int, int], Gallery | str]] = {}
        self._lock = threading.Lock()

    def get(self, bundle: Bundle) -> Gallery:
        """Return the gallery of a network.

        Raises:
            GalleryError: if there is none, it is another network's, or it is damaged.
        """
        path = bundle.directory / GALLERY
        try:
            state = path.stat()
        except OSError:
            raise GalleryError("There is no gallery of this network.") from None
        version = (state.st_mtime_ns, state.st_size)
        with self._lock:
            if path not in self._read or self._read[path][0] != version:
                self._read[path] = (version, _read_or_reason(bundle))
            found = self._read[path][1]
        if isinstance(found, str):
            raise GalleryError(found)
        return found

    def has(self, bundle: Bundle) -> bool:
        """Whether there is a gallery of this network."""
        try:
            self.get(bundle)
        except GalleryError:
            return False
        return True


def read_gallery(bundle: Bundle) -> Gallery:
    """Read a gallery without its images, and check that it belongs to the bundle's network and fits its card.

    Raises:
        GalleryError: if there is none, it is another network's, or it is damaged.
    """
    path = bundle.directory / GALLERY
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as archive:
            model = str(archive["model"])
            gallery = Gallery(path, str(archive["dataset"]), archive["labels"], archive["probabilities"])
            image_shape, dtype = _header(archive.zip, "images.npy")
    except FileNotFoundError:
        raise GalleryError("There is no gallery of this network.") from None
    except (OSError, ValueError, KeyError, AttributeError, EOFError, zipfile.BadZipFile, zlib.error):
        raise _damaged() from None
    if model != bundle.card.files[MODEL]:
        raise GalleryError("The gallery was made for other weights than this network's.")
    count, classes = gallery.labels.size, len(bundle.card.classes.en)
    fits = (
        gallery.labels.dtype == dtype == np.uint8
        and gallery.probabilities.dtype == np.float32
        and gallery.labels.shape == (count,)
        and gallery.probabilities.shape == (count, classes)
        and image_shape == (count, *bundle.card.input.shape)
        and bool((gallery.labels < classes).all())
    )
    if not fits:
        raise _damaged()
    return gallery


def write_gallery(
    bundle: Bundle, dataset: str, images: ByteArray, labels: ByteArray, probabilities: FloatArray
) -> Path:
    """Write a gallery atomically: beside the bundle under a hidden name, then renamed.

    Args:
        bundle: the bundle that it belongs to.
        dataset: what the data set is called.
        images: the test set as published, bytes, shape ``(n, *card.input.shape)``.
        labels: class indices, uint8, shape ``(n,)``.
        probabilities: the network's answers, float32, shape ``(n, classes)``.

    Returns:
        The file.
    """
    target = bundle.directory / GALLERY
    partial = bundle.directory.parent / f".{bundle.card.name}.{GALLERY}"
    try:
        with partial.open("wb") as file:
            np.savez_compressed(
                file,
                allow_pickle=False,
                model=np.array(bundle.card.files[MODEL]),
                dataset=np.array(dataset),
                images=images,
                labels=labels,
                probabilities=probabilities,
            )
        partial.replace(target)
    finally:
        partial.unlink(missing_ok=True)
    return target


def _read_or_reason(bundle: Bundle) -> Gallery | str:
    try:
        return read_gallery(bundle)
    except GalleryError as error:
        return str(error)


def _damaged() -> GalleryError:
    return GalleryError("The gallery of this network is damaged.")


def _header(archive: zipfile.ZipFile, member: str) -> tuple[tuple[int, ...], np.dtype[np.generic]]:
    """Return shape and dtype of an array in an archive, without reading its values."""
    with archive.open(member) as file:
        np.lib.format.read_magic(file)
        shape, _, dtype = np.lib.format.read_array_header_1_0(file)
    return shape, dtype
