"""The contents of ``card.json``: records that the server, a client and a reader share."""

from collections.abc import Mapping
from typing import Any, Literal

import numpy.typing as npt
from pydantic import BaseModel, ConfigDict, model_validator

LayerKind = Literal["input", "dense", "convolution", "pooling", "dropout", "flatten", "normalization"]
Task = Literal["classification", "reconstruction"]
SampleName = Literal[
    "test", "strokes", "photographs", "scribbles", "full_canvases", "letters", "things", "digits", "noise"
]
Arrays = Mapping[str, npt.NDArray[Any]]


class BundleError(Exception):
    """A bundle that cannot be used; its message says why in one sentence."""


class Record(BaseModel):
    """A part of a card: immutable, without undeclared members."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Localised(Record):
    """One text in both languages."""

    en: str
    pl: str


class Classes(Record):
    """The class names in class order. The English names are the labels in the API."""

    en: tuple[str, ...]
    pl: tuple[str, ...]


class InputCard(Record):
    """The network's input: ``shape`` is that of one image, ``(28, 28)`` or ``(32, 32, 3)``, values in 0..1."""

    shape: tuple[int, ...]
    preprocessing: Literal["digits", "photos"]


class LayerCard(Record):
    """One layer; ``options`` holds the parameters of its kind, such as ``kernel_size`` or ``rate``."""

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
    """The reconstruction error of an autoencoder, and that of the best linear code of the same size.

    Attributes:
        code: how many numbers the code holds.
        error: the mean squared error of a pixel in 0..1, on the test set.
        pca_error: the same for as many principal components of the training images.
        ratio: ``error / pca_error``.
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

    For a network that was trained elsewhere much of this is ``"unknown"``, and ``seed`` and ``epochs`` are ``None``.
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
    """The examples whose highest probability lies in one of equal bins: mean confidence and accuracy.

    Both are means over the bin's examples, in 0..1, and 0 where there are none.
    """

    examples: int
    confidence: float
    accuracy: float


class Temperature(Record):
    """The calibration error before and after dividing the logits by one number, on images that it was not fitted on.

    Attributes:
        value: the number; above 1 it makes the network less confident. The answers stay the same.
        fitted_on: the split that it was fitted on: validation images, or, if the recipe held none out, one half of the
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
    """How well probabilities agree with the accuracy, on test images.

    Attributes:
        examples: how many test images.
        error: the expected calibration error (Guo et al., "On Calibration of Modern Neural Networks", 2017, section 2).
        bins: equal parts of 0..1 in order, the empty ones among them.
        temperature: the temperature that minimises the error.
    """

    examples: int
    error: float
    bins: tuple[ReliabilityBin, ...]
    temperature: Temperature


class Robustness(Record):
    """The accuracy on test images that were changed by one amount in one way; 0 leaves them as they are.

    A change that has several directions is applied in each of them, and ``accuracy`` is the mean.
    """

    change: Literal["rotation", "shift", "noise", "thickness"]
    amount: float
    unit: Literal["degrees", "pixels", "brightness"]
    examples: int
    accuracy: float


class Uploads(Record):
    """The accuracy on pictures prepared by the server's code; ``per_class``: how many were right, of how many."""

    name: Literal["photographs", "strokes"]
    dataset: str
    examples: int
    accuracy: float
    per_class: tuple[tuple[int, int], ...]


class Evaluation(Record):
    """Measurements of a trained classifier beyond its accuracy."""

    calibration: Calibration
    robustness: tuple[Robustness, ...]
    uploads: tuple[Uploads, ...]


class FlaggedShare(Record):
    """The share of one set's pictures that is flagged as unlike the training data; a refused one counts as flagged.

    Attributes:
        name: what the pictures show; ``things`` are photographs of no digit.
        dataset: where they come from.
        usual: whether the network is made for these pictures, so that few should be flagged.
    """

    name: SampleName
    dataset: str
    usual: bool
    examples: int
    flagged: float


class NoveltyCard(Record):
    """How a picture unlike the training data is recognised, and how well.

    Attributes:
        layers: those whose scores count; the fitted measure is in ``statistics.npz``.
        threshold: an image whose score is above it is flagged.
        fitted_on: the training images that the measure was fitted on; ``fitted_examples`` of them.
        calibrated_on: the training images, held out from the fit, that the threshold was set on.
        rates: the flagged share of each set of samples; none of them was used for the measure or the threshold.
    """

    layers: tuple[str, ...]
    threshold: float
    fitted_on: str
    fitted_examples: int
    calibrated_on: str
    calibration_examples: int
    rates: tuple[FlaggedShare, ...]


class ModelCard(Record):
    """The contents of ``card.json``. ``files`` holds the SHA-256 of every other file of the bundle.

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
            raise ValueError("reconstruction must be given if, and only if, the network reconstructs images")
        return self
