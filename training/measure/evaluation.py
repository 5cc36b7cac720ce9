"""A network's accuracy on people's drawings and photographs, prepared by the server's code.

Every picture is processed as in the server: encoded bytes, ``decode_image``, ``prepare``, ``Network.run``. A picture
that the server would refuse counts as misclassified. Photographs come from a zip archive, ``<class>/<file>``; strokes
are drawn as on the pad. The table has each class besides the whole, to show which classes fail.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Final, Literal, Protocol

import numpy as np
from PIL import Image

from app.arrays import ByteArray, FloatArray
from app.bundle.card import ModelCard, Uploads
from app.network.traced import Readout
from app.preprocessing import USUAL_FIT, Fit, Kind, prepare
from app.preprocessing.images import decode_image
from app.problems import Problem
from training.data.datasets import DatasetError
from training.data.strokes import Split, draw, load_pen_digits
from training.measure.contact_sheet import Misread, draw_sheet

BATCH: Final = 256
EXTENSION_OF_NO_PICTURE: Final = {".txt", ".md", ".json", ".csv"}


class EvaluationError(Exception):
    """The pictures to measure on cannot be read; the message says why in one sentence."""


class Runs(Protocol):
    """The interface of a network that is needed here; ``app.network.traced.Network`` has it."""

    @property
    def card(self) -> ModelCard:
        """The classes, the input's shape and its preprocessing."""

    def run(self, images: FloatArray) -> Readout:
        """Every layer's numbers for a batch."""


@dataclass(frozen=True)
class Example:
    """One encoded picture and what it shows.

    Attributes:
        name: where it comes from, for the contact sheet.
        label: index of the class.
        content: the file's bytes.
    """

    name: str
    label: int
    content: bytes


@dataclass(frozen=True)
class Reading:
    """The result for one example.

    Attributes:
        example: the example.
        read: index of the predicted class; None if the picture was refused.
        probability: of the predicted class.
        tensor: the network's input, float32 in 0..1; None if the picture was refused.
    """

    example: Example
    read: int | None
    probability: float
    tensor: FloatArray | None

    @property
    def right(self) -> bool:
        """Whether the network classified the picture correctly."""
        return self.read == self.example.label


@dataclass(frozen=True)
class SetResult:
    """A network's results for one set.

    Attributes:
        title: the set's title.
        classes: their names, in the network's order.
        readings: one per example.
    """

    title: str
    classes: tuple[str, ...]
    readings: tuple[Reading, ...]

    @property
    def accuracy(self) -> float:
        """The share that was classified correctly."""
        return sum(reading.right for reading in self.readings) / len(self.readings)

    @property
    def per_class(self) -> tuple[tuple[int, int], ...]:
        """For each class how many were classified correctly, and how many there are."""
        right = [0] * len(self.classes)
        count = [0] * len(self.classes)
        for reading in self.readings:
            right[reading.example.label] += reading.right
            count[reading.example.label] += 1
        return tuple(zip(right, count, strict=True))

    def as_uploads(self, name: Literal["photographs", "strokes"]) -> Uploads:
        """Return the card's entry for the set."""
        return Uploads(
            name=name,
            dataset=self.title,
            examples=len(self.readings),
            accuracy=self.accuracy,
            per_class=self.per_class,
        )

    @property
    def misread(self) -> tuple[Reading, ...]:
        """The examples that were misclassified or refused."""
        return tuple(reading for reading in self.readings if not reading.right)


def evaluate_photos(network: Runs, archive: Path, fit: Fit = USUAL_FIT) -> SetResult:
    """Measure a network on pictures in a zip archive, ``<class>/<file>``.

    Args:
        network: its classes are the folders' names.
        archive: the zip file.
        fit: how photographs are made square; of no effect on digits.

    Raises:
        EvaluationError: the archive is missing or damaged, or holds no picture of the network's classes.
    """
    classes = tuple(network.card.classes.en)
    examples = list(_photos(archive, classes))
    if not examples:
        raise EvaluationError(
            f"The archive {archive} holds no picture in a folder named after a class: {', '.join(classes)}."
        )
    return SetResult(archive.stem, classes, evaluate(network, examples, fit))


def evaluate_strokes(network: Runs, path: Path, split: Split = "validation") -> SetResult:
    """Measure a network on pen strokes, drawn as on the pad.

    Raises:
        EvaluationError: the file is missing or damaged, or the network does not read the ten digits.
    """
    classes = tuple(network.card.classes.en)
    if classes != tuple("0123456789"):
        raise EvaluationError("Pen strokes measure a network that reads the digits 0 to 9, and this one does not.")
    try:
        digits = load_pen_digits(path, split)
    except DatasetError as error:
        raise EvaluationError(str(error)) from error
    examples = (
        Example(f"{digit.writer}, {number}", digit.label, encode_bmp(draw(digit.strokes)))
        for number, digit in enumerate(digits)
    )
    return SetResult(f"{path.name.removesuffix('.jsonl.gz')}, {split}", classes, evaluate(network, examples))


def evaluate(network: Runs, examples: Iterable[Example], fit: Fit = USUAL_FIT) -> tuple[Reading, ...]:
    """Classify examples as the server does, several in each batch."""
    readings: list[Reading] = []
    for batch in _batches(examples):
        tensors = [_prepared(network.card.input.preprocessing, example.content, fit) for example in batch]
        seen = [tensor for tensor in tensors if tensor is not None]
        rows = iter(network.run(np.stack(seen)).probabilities) if seen else iter(())
        for example, tensor in zip(batch, tensors, strict=True):
            if tensor is None:
                readings.append(Reading(example, None, 0.0, None))
            else:
                row = next(rows)
                readings.append(Reading(example, int(row.argmax()), float(row.max()), tensor))
    return tuple(readings)


def encode_bmp(grey: ByteArray) -> bytes:
    """A grey picture as the pad sends it: an 8-bit BMP.

    Args:
        grey: uint8, shape ``(rows, columns)``.
    """
    file = io.BytesIO()
    Image.fromarray(grey).save(file, "BMP")
    return file.getvalue()


def format_result(result: SetResult) -> str:
    """A table: the whole set, then each class."""
    width = max(len(name) for name in (*result.classes, "all"))
    right = sum(reading.right for reading in result.readings)
    rows = [("all", right, len(result.readings))]
    rows += [(name, *counts) for name, counts in zip(result.classes, result.per_class, strict=True)]
    lines = [f"{name:<{width}}  {_percent(good, count):>7}  {good:>5} of {count}" for name, good, count in rows]
    return "\n".join([result.title, *(f"  {line}" for line in lines)])


def write_sheet(results: Sequence[SetResult], path: Path) -> None:
    """Write the misclassified pictures as one PNG, each with the network's input and answer."""
    draw_sheet([_on_sheet(result, reading) for result in results for reading in result.misread]).save(path, "PNG")


def _on_sheet(result: SetResult, reading: Reading) -> Misread:
    read = "nothing" if reading.read is None else f"{result.classes[reading.read]} ({reading.probability:.2f})"
    caption = f"{result.classes[reading.example.label]} read as {read}"
    return Misread(reading.example.content, reading.tensor, caption, reading.example.name)


def _photos(archive: Path, classes: tuple[str, ...]) -> Iterator[Example]:
    for path, content in read_archive(archive):
        if path.parent.name in classes:
            yield Example(str(path), classes.index(path.parent.name), content)


def read_archive(archive: Path) -> Iterator[tuple[PurePosixPath, bytes]]:
    """Read the pictures in a zip archive, in the order of their names, with any file extension.

    Raises:
        EvaluationError: the archive is missing or damaged.
    """
    try:
        with zipfile.ZipFile(archive) as files:
            for entry in sorted(files.infolist(), key=lambda entry: entry.filename):
                path = PurePosixPath(entry.filename)
                if not entry.is_dir() and path.suffix.lower() not in EXTENSION_OF_NO_PICTURE:
                    yield path, files.read(entry)
    except FileNotFoundError:
        raise EvaluationError(f"There is no archive of pictures at {archive}.") from None
    except (OSError, zipfile.BadZipFile, RuntimeError, NotImplementedError, EOFError, ValueError) as error:
        raise EvaluationError(f"The archive of pictures {archive} cannot be read: {error}.") from error


def _prepared(kind: Kind, content: bytes, fit: Fit) -> FloatArray | None:
    """The network's input made from a file; None if the server would refuse it."""
    try:
        return prepare(kind, decode_image(content), fit).tensor
    except Problem:
        return None


def _batches(examples: Iterable[Example]) -> Iterator[list[Example]]:
    batch: list[Example] = []
    for example in examples:
        batch.append(example)
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _percent(right: int, count: int) -> str:
    return f"{100 * right / count:.1f} %" if count else "–"
