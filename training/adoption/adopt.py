"""Adopt a user's classifier: convert it to the form that is served, measure it, and write its bundle.

Unknown properties of a network that was trained elsewhere are recorded as unknown; it has no snapshots and no history.
"""

import json
import re
import zipfile
from dataclasses import dataclass
from pathlib import Path

import keras
import numpy as np

from app.arrays import FloatArray
from app.bundle.card import Classes, InputCard, Localised, Measurement, ModelCard, Provenance
from app.bundle.files import Bundle, write_bundle
from app.bundle.statistics import statistics_arrays
from app.network.probe import describe_layers
from training.adoption.straightening import Straightened, StraighteningError, open_network, straighten
from training.data.archives import IMAGE_SHAPES, Archive, ArchiveError, Preprocessing, read_archive
from training.data.datasets import COPIES, Examples, network_input
from training.measure.quality import BATCH, ClassifierQuality, count_answers, judge, measure_classifier
from training.measure.statistics import measure_statistics

FAR_BELOW = 0.1  # of accuracy; a network with inputs in another range loses far more
UNKNOWN = "unknown"


class AdoptionError(Exception):
    """A network that cannot be adopted; its message says why in one sentence."""


@dataclass(frozen=True)
class Adoption:
    """The arguments of one adoption.

    Attributes:
        network: the ``.keras`` file.
        archive: the npz file with the test set.
        name: the bundle's.
        title: for people to read.
        classes: in the order of the network's outputs.
        preprocessing: how the server makes the network's input; ``None`` chooses it from the input's shape.
        replace: whether a bundle of this name may be replaced.
    """

    network: Path
    archive: Path
    name: str
    title: Localised
    classes: Classes
    preprocessing: Preprocessing | None = None
    replace: bool = False


@dataclass(frozen=True)
class Adopted:
    """The bundle, and a sentence for each conversion."""

    bundle: Bundle
    notes: tuple[str, ...]


def bundle_name(stem: str) -> str:
    """Return a file's stem as a bundle's name: small letters, digits and ``-``; ``network`` if none are left."""
    return re.sub(r"[^a-z0-9]+", "-", stem.lower()).strip("-") or "network"


def adopt(adoption: Adoption, models_dir: Path) -> Adopted:
    """Turn a Keras classifier into a bundle.

    Raises:
        AdoptionError: the network cannot be adopted.
        OSError: the bundle cannot be written.
    """
    _check_names(adoption, models_dir)
    classes = len(adoption.classes.en)
    try:
        original = open_network(adoption.network)
        straightened = straighten(original, classes)
        preprocessing = _preprocessing(original, adoption.preprocessing)
        archive = read_archive(adoption.archive, preprocessing, classes)
    except (StraighteningError, ArchiveError) as error:
        raise AdoptionError(str(error)) from error
    model = straightened.model
    test = measure_classifier(model, archive.test)
    _check_range(model, archive.test, test)
    card = _card(adoption, preprocessing, straightened, archive, test)
    measured = measure_statistics(model, network_input(archive.test.images, model.input_shape[1:]))
    return Adopted(write_bundle(models_dir, card, model.save, statistics_arrays(measured)), straightened.notes)


def _check_names(adoption: Adoption, models_dir: Path) -> None:
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]*", adoption.name) or adoption.name == "experiments":
        raise AdoptionError(
            f"“{adoption.name}” cannot be a bundle's name: begin with a letter or digit, and use letters, digits, -, _ "
            "and . alone (“experiments” is taken)."
        )
    if (models_dir / adoption.name).exists() and not adoption.replace:
        raise AdoptionError(
            f"{models_dir / adoption.name} already exists: give another --name, or --force to replace it."
        )
    en, pl = adoption.classes.en, adoption.classes.pl
    if len(set(en)) != len(en) or len(set(pl)) != len(pl) or len(en) < 2 or not all((*en, *pl)):
        raise AdoptionError("--classes must name at least two classes, no two alike and none empty.")
    if len(en) != len(pl):
        raise AdoptionError(f"--classes names {len(en)} classes, and --classes-pl {len(pl)}.")


def _preprocessing(model: keras.Model, asked: Preprocessing | None) -> Preprocessing:
    """Return how the server makes the network's input: as requested, if its input shape allows that."""
    shape = tuple(model.input_shape[1:])
    fitting = [name for name, shapes in IMAGE_SHAPES.items() if shape in shapes]
    if not fitting or asked not in (None, *fitting):
        wanted = " or ".join(
            f"{' or '.join(map(str, shapes))} for {name}"
            for name, shapes in IMAGE_SHAPES.items()
            if asked in (None, name)
        )
        raise AdoptionError(f"The network takes images of shape {shape}; that must be {wanted}.")
    return fitting[0]


def _check_range(model: keras.Model, examples: Examples, quality: ClassifierQuality) -> None:
    """Refuse a network that was trained on values of another range than the server's 0..1."""
    for factor, values, way in ((255, "0..255", "multiply"), (1 / 255, "0..1/255", "divide")):
        other = _accuracy_times(model, examples, factor)
        if quality.accuracy < other - FAR_BELOW:
            here, there = (f"{100 * accuracy:.1f} %" for accuracy in (quality.accuracy, other))
            raise AdoptionError(
                f"The network is right on {here} of the test images with values in 0..1, as the server hands them in, "
                f"and on {there} in {values}: train it on 0..1, or {way} the kernel of its first layer by 255, and "
                "save it again."
            )


def _accuracy_times(model: keras.Model, examples: Examples, factor: float) -> float:
    inputs: FloatArray = network_input(examples.images, model.input_shape[1:]) * np.float32(factor)
    batches = [model.predict_on_batch(inputs[start : start + BATCH]) for start in range(0, len(inputs), BATCH)]
    return judge(np.concatenate(batches), examples.labels).accuracy


def _card(
    adoption: Adoption,
    preprocessing: Preprocessing,
    straightened: Straightened,
    archive: Archive,
    test: ClassifierQuality,
) -> ModelCard:
    model, train = straightened.model, archive.train
    title = _data_title(adoption.archive, archive)
    metrics = [Measurement(dataset=title, split="test", examples=len(archive.test), **_worth(test))]
    if train is not None:
        quality = measure_classifier(model, train)
        metrics.append(Measurement(dataset=title, split="train", examples=len(train), **_worth(quality)))
    return ModelCard(
        name=adoption.name,
        title=adoption.title,
        task="classification",
        classes=adoption.classes,
        input=InputCard(shape=IMAGE_SHAPES[preprocessing][0], preprocessing=preprocessing),
        parameters=model.count_params(),
        layers=describe_layers(model),
        metrics=tuple(metrics),
        confusion=count_answers(archive.test.labels, test.answers, len(adoption.classes.en)),
        recipe={
            "adopted": adoption.network.name,
            "measured_on": adoption.archive.name,
            "test_fingerprint": archive.test.fingerprint(),
        },
        provenance=Provenance(
            dataset=UNKNOWN if train is None else title,
            fingerprint=UNKNOWN if train is None else train.fingerprint(),
            train_examples=0 if train is None else len(train),
            validation_examples=0,
            seed=None,
            epochs=None,
            device=UNKNOWN,
            versions={"keras": _keras_version(adoption.network)},
        ),
        history=(),
    )


def _worth(quality: ClassifierQuality) -> dict[str, float]:
    return {"accuracy": quality.accuracy, "loss": quality.loss}


def _data_title(path: Path, archive: Archive) -> str:
    """Return the file's stem, or the title of a known copy."""
    return COPIES.get(archive.test.label_fingerprint(), path.stem)


def _keras_version(path: Path) -> str:
    """Return the version of Keras that saved a network, from its file."""
    try:
        with zipfile.ZipFile(path) as archive:
            return str(json.loads(archive.read("metadata.json"))["keras_version"])
    except (KeyError, ValueError, TypeError):
        return UNKNOWN
