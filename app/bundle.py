"""The model bundle: one network on disk, with everything that the server and a reader need to know about it.

A bundle is a directory: ``model.keras``, ``card.json``, ``statistics.npz`` and, where the weights along the way are
kept, ``snapshots.npz``. This module alone knows the format. It knows no Keras: whoever writes a bundle hands in a
function that saves the model, and whoever reads one gets the path, after the file's hash was found to be the one that
the card names.
"""

import hashlib
import json
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
from pydantic import BaseModel, ConfigDict, ValidationError, model_validator

CARD, MODEL, SNAPSHOTS, STATISTICS = "card.json", "model.keras", "snapshots.npz", "statistics.npz"

LayerKind = Literal["input", "dense", "convolution", "pooling", "dropout", "flatten", "normalization"]
Task = Literal["classification", "reconstruction"]
SampleName = Literal[
    "test", "strokes", "photographs", "scribbles", "full_canvases", "letters", "things", "digits", "noise"
]
Arrays = Mapping[str, npt.NDArray[Any]]


class BundleError(Exception):
    """A bundle that cannot be used; its message says why in one sentence."""


class Record(BaseModel):
    """Something written on a card: it does not change, and holds nothing that is not declared."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Localised(Record):
    """One text in both languages."""

    en: str
    pl: str


class Classes(Record):
    """The class names in class order. The English ones are the labels that the API speaks of."""

    en: tuple[str, ...]
    pl: tuple[str, ...]


class InputCard(Record):
    """What the network takes: ``shape`` is that of one image, ``(28, 28)`` or ``(32, 32, 3)``, values in 0..1."""

    shape: tuple[int, ...]
    preprocessing: Literal["digits", "photos"]


class LayerCard(Record):
    """One layer; ``options`` holds what is particular to its kind, such as ``kernel_size`` or ``rate``."""

    name: str
    kind: LayerKind
    shape: tuple[int, ...]
    parameters: int
    activation: str | None
    options: dict[str, Any]


class Measurement(Record):
    """Accuracy and loss, never without the images that they were measured on.

    ``accuracy`` is ``None`` for a network that does not classify; its loss is the mean squared error of a pixel.
    """

    dataset: str
    split: Literal["train", "validation", "test"]
    examples: int
    accuracy: float | None
    loss: float


class Reconstruction(Record):
    """How well images come back out of a code, beside what the best linear code of the same size can do.

    Attributes:
        code: how many numbers the code holds.
        error: the mean squared error of a pixel in 0..1, on the test set.
        pca_error: the same of as many principal components of the training images.
        ratio: the first as a share of the second.
    """

    code: int
    error: float
    pca_error: float
    ratio: float


class EpochRecord(Record):
    """One epoch of training; accuracy and loss are the running means of the epoch, dropout left on.

    The accuracies are ``None`` for a network that does not classify.
    """

    epoch: int
    seconds: float
    loss: float
    accuracy: float | None = None
    test_loss: float
    test_accuracy: float | None = None
    validation_loss: float | None = None
    validation_accuracy: float | None = None


class Provenance(Record):
    """Where the weights come from. ``fingerprint`` is the SHA-256 of the training images and labels.

    Of a network that was trained elsewhere much of this is ``"unknown"``, and ``seed`` and ``epochs`` are ``None``.
    """

    dataset: str
    fingerprint: str
    train_examples: int
    validation_examples: int
    seed: int | None
    epochs: int | None
    device: str
    versions: dict[str, str]


class ReliabilityBin(Record):
    """The examples whose highest probability lies in one of equal bins: how sure, and how often right.

    Both are means over the bin's examples, in 0..1, and 0 where there are none.
    """

    examples: int
    confidence: float
    accuracy: float


class Temperature(Record):
    """What dividing the logits by one number does to the calibration error, on images that it was not fitted on.

    Attributes:
        value: the number; above 1 it makes the network less sure. The answers stay the same.
        fitted_on: the split that it was fitted on: validation images, or where the recipe held none out one half of the
            test images; then the errors are those of the other half.
        fitted_examples: how many it was fitted on.
        examples: how many the errors were measured on.
        error_before: the expected calibration error of those with the logits as they are.
        error: the same with the logits divided.
    """

    value: float
    fitted_on: Literal["validation", "test"]
    fitted_examples: int
    examples: int
    error_before: float
    error: float


class Calibration(Record):
    """How far probabilities can be taken at their word, on test images.

    Attributes:
        examples: how many test images.
        error: the expected calibration error (Guo et al., "On Calibration of Modern Neural Networks", 2017, section 2).
        bins: equal parts of 0..1 in order, the empty ones among them.
        temperature: what would mend it.
    """

    examples: int
    error: float
    bins: tuple[ReliabilityBin, ...]
    temperature: Temperature


class Robustness(Record):
    """The accuracy on test images that were changed by one amount in one way; 0 leaves them as they are.

    What can be done in several directions is done in each, and ``accuracy`` is the mean.
    """

    change: Literal["rotation", "shift", "noise", "thickness"]
    amount: float
    unit: Literal["degrees", "pixels", "brightness"]
    examples: int
    accuracy: float


class Uploads(Record):
    """The accuracy on pictures that went the server's whole way; ``per_class``: how many were right, of how many."""

    name: Literal["photographs", "strokes"]
    dataset: str
    examples: int
    accuracy: float
    per_class: tuple[tuple[int, int], ...]


class Evaluation(Record):
    """What a finished classifier is worth beyond its accuracy."""

    calibration: Calibration
    robustness: tuple[Robustness, ...]
    uploads: tuple[Uploads, ...]


class FlaggedShare(Record):
    """The share of one set's pictures that is flagged as unlike the training data; a refused one counts as flagged.

    Attributes:
        name: what the pictures show; ``things`` are photographs of no digit.
        dataset: where they come from.
        usual: whether the network is made for them, so that few should be flagged.
    """

    name: SampleName
    dataset: str
    usual: bool
    examples: int
    flagged: float


class NoveltyCard(Record):
    """How a picture unlike the training data is told from others, and how well.

    Attributes:
        layers: those whose scores count; what they are measured by is in ``statistics.npz``.
        threshold: an image whose score is above it is flagged.
        fitted_on: the training images that the measure was fitted on; ``fitted_examples`` of them.
        calibrated_on: the training images, held out from the fit, that the threshold was set on.
        rates: the share that is flagged of each set of samples, none of which the measure or threshold has seen.
    """

    layers: tuple[str, ...]
    threshold: float
    fitted_on: str
    fitted_examples: int
    calibrated_on: str
    calibration_examples: int
    rates: tuple[FlaggedShare, ...]


class ModelCard(Record):
    """What ``card.json`` says. ``files`` holds the SHA-256 of every other file of the bundle.

    A network that does not classify has no ``confusion``; its ``classes`` are those of the data set.
    """

    format: Literal[1] = 1
    name: str
    title: Localised
    task: Task
    classes: Classes
    input: InputCard
    parameters: int
    layers: tuple[LayerCard, ...]
    metrics: tuple[Measurement, ...]
    confusion: tuple[tuple[int, ...], ...]
    recipe: dict[str, Any]
    provenance: Provenance
    history: tuple[EpochRecord, ...]
    evaluation: Evaluation | None = None
    reconstruction: Reconstruction | None = None
    novelty: NoveltyCard | None = None
    files: dict[str, str] = {}

    @property
    def test(self) -> Measurement:
        """The measurement on the test set."""
        return next(measurement for measurement in self.metrics if measurement.split == "test")

    @model_validator(mode="after")
    def _is_complete(self) -> "ModelCard":
        if not any(measurement.split == "test" for measurement in self.metrics):
            raise ValueError("metrics holds no measurement on the test set")
        if not self.layers or len(self.classes.en) != len(self.classes.pl):
            raise ValueError("there are no layers, or not as many classes in one language as in the other")
        if (self.reconstruction is None) != (self.task == "classification"):
            raise ValueError("reconstruction is said of a network that reconstructs, and of no other")
        return self


@dataclass(frozen=True)
class Bundle:
    """A bundle on disk whose files are those that its card names."""

    directory: Path
    card: ModelCard

    @property
    def model_path(self) -> Path:
        """The saved Keras network."""
        return self.directory / MODEL

    def statistics(self) -> Arrays:
        """Return what the test set does in this network, by ``<layer>/<output>/<what>``."""
        return _read_arrays(self.directory / STATISTICS)

    def snapshots(self) -> Arrays:
        """Return the weights along the training run, 8 bits a value, as ``training/snapshots.py`` keeps them.

        Empty where they were not kept.
        """
        return _read_arrays(self.directory / SNAPSHOTS) if SNAPSHOTS in self.card.files else {}


def read_bundle(directory: Path) -> Bundle:
    """Read a bundle and check its files against its card, before anything of the network is deserialised.

    Raises:
        BundleError: if a file is missing, is not the one that the card names, or the card cannot be understood.
    """
    card = _read_card(directory / CARD)
    if card.name != directory.name:
        raise BundleError(f"The card in “{directory.name}” is that of “{card.name}”; rename the directory to match.")
    for name in {MODEL, STATISTICS} | card.files.keys():
        path = directory / name
        if not path.is_file():
            raise BundleError(f"{name} is missing from the bundle “{directory.name}”.")
        if card.files.get(name) != sha256(path):
            raise BundleError(f"{name} in the bundle “{directory.name}” is not the file that its card names.")
    return Bundle(directory, card)


def write_bundle(
    models_dir: Path,
    card: ModelCard,
    save_model: Callable[[Path], None],
    statistics: Arrays,
    snapshots: Arrays | None = None,
) -> Bundle:
    """Write a bundle whole, or not at all: into a hidden directory beside its place, then renamed.

    What a run that was killed while writing left behind is mended first.

    Args:
        models_dir: the directory of all bundles; created where it is missing.
        card: the card, without ``files``: they are hashed and filled in here.
        save_model: saves the network to the path that it is given.
        statistics: what goes into ``statistics.npz``.
        snapshots: what goes into ``snapshots.npz``; without any there is no such file.
    """

    def fill(directory: Path) -> None:
        directory.mkdir(parents=True)
        save_model(directory / MODEL)
        np.savez_compressed(directory / STATISTICS, allow_pickle=False, **statistics)
        if snapshots is not None:
            np.savez_compressed(directory / SNAPSHOTS, allow_pickle=False, **snapshots)

    return _write_whole(models_dir, card, fill)


def amend_bundle(bundle: Bundle, card: ModelCard, statistics: Arrays | None = None) -> Bundle:
    """Write a bundle again with another card, and other statistics where they are given; all else stays.

    Args:
        bundle: the one that is on disk.
        card: what is to be said of it; its name is the bundle's.
        statistics: what goes into ``statistics.npz``; those that are there stay where none are given.
    """

    def fill(directory: Path) -> None:
        shutil.copytree(bundle.directory, directory)
        if statistics is not None:
            np.savez_compressed(directory / STATISTICS, allow_pickle=False, **statistics)

    return _write_whole(bundle.directory.parent, card, fill)


def _write_whole(models_dir: Path, card: ModelCard, fill: Callable[[Path], None]) -> Bundle:
    target = models_dir / card.name
    partial, replaced = (models_dir / f".{card.name}.{state}" for state in ("partial", "replaced"))
    _mend(target, partial, replaced)
    try:
        fill(partial)
        paths = [partial / name for name in (MODEL, SNAPSHOTS, STATISTICS)]
        finished = card.model_copy(update={"files": {path.name: sha256(path) for path in paths if path.is_file()}})
        (partial / CARD).write_text(_card_text(finished), encoding="utf-8")
        if target.exists():
            target.rename(replaced)
        partial.rename(target)
    finally:
        _mend(target, partial, replaced)
    return Bundle(target, finished)


def sha256(path: Path) -> str:
    """Return the SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _read_card(path: Path) -> ModelCard:
    try:
        return ModelCard.model_validate_json(path.read_bytes())
    except FileNotFoundError:
        raise BundleError(f"{CARD} is missing from “{path.parent.name}”.") from None
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(str(part) for part in first["loc"]) or "the file"
        raise BundleError(f"{CARD} in “{path.parent.name}” cannot be understood: {where}: {first['msg']}.") from None


def _card_text(card: ModelCard) -> str:
    """Indent the outer levels only, so that a matrix row or an epoch is one line of a diff."""
    members = []
    for key, value in card.model_dump(mode="json").items():
        if isinstance(value, list) and value:
            rows = ",\n    ".join(json.dumps(row, ensure_ascii=False) for row in value)
            members.append(f"  {json.dumps(key)}: [\n    {rows}\n  ]")
        else:
            members.append(f"  {json.dumps(key)}: {json.dumps(value, ensure_ascii=False)}")
    return "{\n" + ",\n".join(members) + "\n}\n"


def _mend(target: Path, partial: Path, replaced: Path) -> None:
    """Put the old bundle back if the new one did not take its place; leave nothing half-written."""
    if replaced.exists() and not target.exists():
        replaced.rename(target)
    for leftover in (partial, replaced):
        shutil.rmtree(leftover, ignore_errors=True)


def _read_arrays(path: Path) -> Arrays:
    with np.load(path, allow_pickle=False) as archive:
        return {name: archive[name] for name in archive.files}
