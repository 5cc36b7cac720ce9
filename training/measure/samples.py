"""The sets of pictures that a measure of novelty is tested on: usual ones for the network, and unusual ones.

Every picture is prepared by the server's code, ``app.preprocessing``, except the test images, which are the network's
input already. Pictures come from the data sets in the data directory or are drawn by ``oddities.py``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Final

from app.arrays import FloatArray
from app.bundle.card import SampleName
from app.preprocessing import Kind, prepare
from app.preprocessing.images import UprightImage, decode_image
from app.problems import Problem
from training.data import oddities
from training.data.datasets import Dataset, DatasetName, load_dataset, network_input
from training.data.renderings import PEN_DIGITS
from training.data.strokes import draw, load_pen_digits
from training.measure.evaluation import read_archive

SEED: Final = 5
DRAWN: Final = 400  # of each kind of odd picture
LETTERS: Final = 30 * len(oddities.LETTERS)
ENLARGED: Final = 400  # of another data set's test images
DIGIT_PHOTOS: Final = "digit-photos.zip"
OBJECT_PHOTOS: Final = "object-photos.zip"

Tensors = Iterator[FloatArray | None]


@dataclass(frozen=True)
class SampleSet:
    """Pictures of one kind, as the network's inputs.

    Attributes:
        name: what they show.
        dataset: where they come from.
        usual: whether the network is made for these pictures, so that few should be flagged.
        tensors: one per picture, made on demand; None if the server refuses it.
    """

    name: SampleName
    dataset: str
    usual: bool
    tensors: Tensors


def sample_sets(dataset: Dataset, data_dir: Path | None, every: int = 1) -> Iterator[SampleSet]:
    """Return the sets for a network, usual ones first; one whose file is missing is left out.

    Args:
        dataset: the network's training data.
        data_dir: the directory of the other pictures.
        every: uses only every n-th picture of each set except the test set, to save time.

    Raises:
        DatasetError, EvaluationError: pictures that are there cannot be read.
    """
    test = iter(network_input(dataset.test_images, dataset.test_images.shape[1:]))
    yield SampleSet("test", dataset.title, usual=True, tensors=test)
    kind = dataset.preprocessing
    sources = _digit_sets(data_dir, every) if kind == "digits" else _photo_sets(data_dir, every)
    for source in sources:
        yield SampleSet(source.name, source.dataset, source.usual, _prepared(kind, source.pictures))


@dataclass(frozen=True)
class _Pictures:
    name: SampleName
    dataset: str
    usual: bool
    pictures: Iterator[UprightImage | None]


def _digit_sets(data_dir: Path | None, every: int) -> Iterator[_Pictures]:
    if path := _present(data_dir, PEN_DIGITS):
        digits = load_pen_digits(path, "validation")[::every]
        strokes = (oddities.as_upright(draw(digit.strokes)) for digit in digits)
        yield _Pictures("strokes", "pen-digits, validation", usual=True, pictures=strokes)
    if path := _present(data_dir, DIGIT_PHOTOS):
        yield _Pictures("photographs", path.stem, usual=True, pictures=_archived(path, every))
    yield _drawn("scribbles", oddities.scribbles(DRAWN // every, SEED))
    yield _drawn("full_canvases", oddities.full_canvases(DRAWN // every, SEED))
    yield _drawn("letters", oddities.letters(LETTERS // every, SEED))
    if path := _present(data_dir, OBJECT_PHOTOS):
        yield _Pictures("things", path.stem, usual=False, pictures=_archived(path, every))
    yield from _enlarged("things", "cifar10", data_dir, every)


def _photo_sets(data_dir: Path | None, every: int) -> Iterator[_Pictures]:
    if path := _present(data_dir, OBJECT_PHOTOS):
        yield _Pictures("photographs", path.stem, usual=True, pictures=_archived(path, every))
    yield from _enlarged("digits", "mnist", data_dir, every)
    yield _drawn("noise", oddities.noise(DRAWN // every, SEED))
    yield _drawn("scribbles", oddities.scribbles(DRAWN // every, SEED))
    yield _drawn("full_canvases", oddities.full_canvases(DRAWN // every, SEED))


def _drawn(name: SampleName, pictures: Iterator[UprightImage]) -> _Pictures:
    return _Pictures(name, "made by code", usual=False, pictures=pictures)


def _enlarged(name: SampleName, dataset: DatasetName, data_dir: Path | None, every: int) -> Iterator[_Pictures]:
    """Another data set's test images, enlarged."""
    if data_dir is not None and _present(data_dir, f"{dataset}.npz"):
        other = load_dataset(dataset, data_dir)
        pictures = oddities.enlarged(other.test_images[:ENLARGED:every])
        yield _Pictures(name, f"{other.title}, enlarged", usual=False, pictures=pictures)


def _prepared(kind: Kind, pictures: Iterator[UprightImage | None]) -> Tensors:
    for picture in pictures:
        try:
            yield None if picture is None else prepare(kind, picture).tensor
        except Problem:
            yield None


def _present(data_dir: Path | None, name: str) -> Path | None:
    path = None if data_dir is None else data_dir / name
    return path if path is not None and path.is_file() else None


def _archived(archive: Path, every: int) -> Iterator[UprightImage | None]:
    """The pictures in a zip archive, in any folder."""
    for _, content in islice(read_archive(archive), 0, None, every):
        try:
            yield decode_image(content)
        except Problem:
            yield None
