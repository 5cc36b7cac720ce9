"""What a network is worth: counted per class, through the server's own code, with the misread ones on a sheet."""

import gzip
import io
import json
import zipfile
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image

from app.network.traced import LayerReadout, Readout
from training.data.strokes import draw
from training.measure import evaluation
from training.measure.evaluation import EvaluationError

TALL = [[(0.5, 0.0), (0.5, 1.0)]]
WIDE = [[(0.0, 0.5), (1.0, 0.5)]]


@dataclass
class ReadsOnesAndZeros:
    """Reads a digit that is taller than wide as 1, and any other as 0."""

    classes: tuple[str, ...] = tuple("0123456789")
    batches: list[int] = field(default_factory=list)

    @property
    def card(self) -> Any:
        return SimpleNamespace(
            classes=SimpleNamespace(en=self.classes), input=SimpleNamespace(preprocessing="digits", shape=(28, 28))
        )

    def run(self, images: npt.NDArray[np.float32]) -> Readout:
        assert images.shape[1:] == (28, 28)
        self.batches.append(len(images))
        tall = images.max(axis=2).sum(axis=1) > images.max(axis=1).sum(axis=1)
        probabilities = np.full((len(images), len(self.classes)), 0.1 / 9, np.float32)
        probabilities[np.arange(len(images)), tall.astype(int)] = 0.9
        return Readout((LayerReadout("output", None, probabilities),))


def png(pixels: npt.NDArray[np.uint8]) -> bytes:
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "PNG")
    return file.getvalue()


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    path = tmp_path / "photos.zip"
    with zipfile.ZipFile(path, "w") as pictures:
        pictures.writestr("1/tall.png", png(draw(TALL)))
        pictures.writestr("1/wide.png", png(draw(WIDE)))
        pictures.writestr("0/wide.jpg", png(draw(WIDE)))  # an extension that lies
        pictures.writestr("0/broken.png", b"\x89PNG\r\n\x1a\n")
        pictures.writestr("README.md", "not a picture")
        pictures.writestr("other/tall.png", png(draw(TALL)))
    return path


@pytest.fixture
def pen_file(tmp_path: Path) -> Path:
    lines = [{"label": 1, "split": "validation", "writer": "w", "strokes": TALL}] * 300
    lines += [{"label": 7, "split": "validation", "writer": "w", "strokes": WIDE}]
    path = tmp_path / "pen.jsonl.gz"
    path.write_bytes(gzip.compress("\n".join(json.dumps(line) for line in lines).encode()))
    return path


def test_photographs_are_counted_by_their_folder(archive: Path) -> None:
    result = evaluation.evaluate_photos(ReadsOnesAndZeros(), archive)

    assert result.accuracy == 0.5
    assert result.per_class[:3] == ((1, 2), (1, 2), (0, 0))
    assert [reading.example.name for reading in result.misread] == ["0/broken.png", "1/wide.png"]


def test_a_refused_picture_is_misread(archive: Path) -> None:
    broken = evaluation.evaluate_photos(ReadsOnesAndZeros(), archive).misread[0]

    assert (broken.read, broken.probability, broken.tensor) == (None, 0.0, None)


def test_strokes_are_drawn_and_run_in_batches(pen_file: Path) -> None:
    network = ReadsOnesAndZeros()

    result = evaluation.evaluate_strokes(network, pen_file)

    assert network.batches == [256, 45]
    assert result.per_class[1] == (300, 300)
    assert result.per_class[7] == (0, 1)
    assert result.misread[0].read == 0


def test_the_table_has_the_whole_and_each_class_with_its_count(archive: Path) -> None:
    table = evaluation.format_result(evaluation.evaluate_photos(ReadsOnesAndZeros(), archive))

    lines = [line.split() for line in table.splitlines()]
    assert lines[0] == ["photos"]
    assert lines[1] == ["all", "50.0", "%", "2", "of", "4"]
    assert lines[2] == ["0", "50.0", "%", "1", "of", "2"]
    assert lines[4] == ["2", "–", "0", "of", "0"]
    assert len(lines) == 12


def test_the_sheet_shows_every_misread_one(archive: Path, pen_file: Path, tmp_path: Path) -> None:
    network = ReadsOnesAndZeros()
    results = [evaluation.evaluate_photos(network, archive), evaluation.evaluate_strokes(network, pen_file)]

    evaluation.write_sheet(results, tmp_path / "sheet.png")
    evaluation.write_sheet([], tmp_path / "empty.png")

    sheet = np.asarray(Image.open(tmp_path / "sheet.png").convert("L"))
    cells = [sheet[8:116, left : left + 108] for left in range(8, 8 + 3 * 232, 232)]
    assert [bool((cell > 250).any()) for cell in cells] == [False, True, True]  # the broken one has no picture
    assert sheet.shape == np.asarray(Image.open(tmp_path / "empty.png").convert("L")).shape


def test_a_network_of_other_classes_reads_no_strokes(pen_file: Path) -> None:
    with pytest.raises(EvaluationError, match="digits 0 to 9"):
        evaluation.evaluate_strokes(ReadsOnesAndZeros(classes=("cat", "dog")), pen_file)


def test_a_missing_file_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(EvaluationError, match=r"^There is no archive of pictures at"):
        evaluation.evaluate_photos(ReadsOnesAndZeros(), tmp_path / "none.zip")
    with pytest.raises(EvaluationError, match=r"^There is no file of pen strokes at"):
        evaluation.evaluate_strokes(ReadsOnesAndZeros(), tmp_path / "none.gz")


def test_a_damaged_archive_is_one_sentence(tmp_path: Path) -> None:
    path = tmp_path / "photos.zip"
    path.write_bytes(b"PK\3\4 and no more")

    with pytest.raises(EvaluationError, match=r"^The archive of pictures .* cannot be read"):
        evaluation.evaluate_photos(ReadsOnesAndZeros(), path)


def test_an_archive_without_a_class_says_which_are_known(archive: Path) -> None:
    with pytest.raises(EvaluationError, match="cat, dog"):
        evaluation.evaluate_photos(ReadsOnesAndZeros(classes=("cat", "dog")), archive)
