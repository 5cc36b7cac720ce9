"""The API's answers as models, shown by ``/docs``; the tests check every real answer against them.

``app/wire`` writes the answers directly from arrays; these models describe them.
"""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from app.bundle.card import (
    Classes,
    EpochRecord,
    Evaluation,
    InputCard,
    LayerKind,
    Localised,
    Measurement,
    NoveltyCard,
    Provenance,
    Reconstruction,
    Task,
)


def absent_rather_than_null(schema: dict[str, Any]) -> None:
    """Describe fields with a default as they are sent: left out where there is nothing to say, never null."""
    for described in schema.get("properties", {}).values():
        if "default" in described and described["default"] is None:
            del described["default"]
            kinds = [kind for kind in described.pop("anyOf") if kind != {"type": "null"}]
            described.update(kinds[0] if len(kinds) == 1 else {"anyOf": kinds})


class Answer(BaseModel):
    """A part of an answer: nothing in it is undeclared, and a field with a default may be absent."""

    model_config = ConfigDict(extra="forbid", json_schema_extra=absent_rather_than_null)


class ClassProbability(Answer):
    """One class and its softmax probability."""

    label: str
    probability: float = Field(ge=0, le=1)


class PreprocessingStep(Answer):
    """One step from the picture to the network's input, and the figures that it used or found."""

    name: str
    applied: bool
    parameters: dict[str, float]
    skipped: bool | None = Field(None, description="`true` if it was left out because `skip_steps` names it.")
    image: str | None = Field(
        None,
        description="The picture after this step, with `steps=images`: a PNG in a data URL, at most 192 pixels long.",
    )


class Tensor(Answer):
    """Numbers, flat and row-major, beside their shape."""

    shape: list[int]
    values: list[float]


class InputReading(Answer):
    """The picture that arrived, and the network's input made from it."""

    width: int
    height: int
    format: str = Field(description="The file's format, read from its content; `pixels` if those were sent.")
    steps: list[PreprocessingStep]
    tensor: Tensor | None = Field(None, description="The network's input, if layers were requested.")


class PreActivationReading(Answer):
    """A layer's pre-activation: the input of its activation function."""

    min: float
    max: float
    mean: float
    values: list[float] | None = Field(
        None, description="Row-major, in the layer's shape; with `layers=full` or by name."
    )


class ActivationReading(PreActivationReading):
    """A layer's activation: its output."""

    silent: float = Field(ge=0, le=1, description="The share of values that are exactly zero.")


class LayerAnswer(Answer):
    """One layer, for this image."""

    name: str
    kind: LayerKind
    shape: list[int]
    parameters: int
    pre_activation: PreActivationReading | None = Field(None, description="Absent where the layer has no activation.")
    activation: ActivationReading


class UnitsOff(Answer):
    """Units or maps of one layer that were switched off: `values` of its activation are zero there."""

    layer: str
    units: list[int]


class Timing(Answer):
    """Where the time went on the server, in milliseconds; the parts add up to the total.

    Images that wait at the same time go through the network together: `network` is how long it took for all of them.
    """

    wait: float = Field(description="Waiting for its turn, and for the other images of its batch.")
    decode: float
    preprocess: float
    network: float
    total: float = Field(description="From the request's last byte until the network had finished.")


class LayerNovelty(Answer):
    """How far one layer's values lie from those of training images; 1 is further than 99 in 100 of them; 0 is usual."""

    name: str
    score: float = Field(ge=0)


class NoveltyReading(Answer):
    """How unlike the training data an image is."""

    score: float = Field(ge=0)
    threshold: float = Field(description="Set on held-out training images; the card says how many exceed it.")
    unusual: bool = Field(description="Whether the score is above the threshold.")
    layers: list[LayerNovelty] = Field(description="The layers that count, in order.")


class Prediction(Answer):
    """A classifier's answer to one image."""

    model: str
    task: Literal["classification"]
    label: str
    probability: float
    probabilities: list[ClassProbability] = Field(description="All classes, in class order.")
    logits: list[float]
    novelty: NoveltyReading | None = Field(
        description="How unlike the training data the image is; null if this was not measured."
    )
    input: InputReading
    timing_ms: Timing
    layers: list[LayerAnswer] | None = Field(None, description="In order, if requested with `layers`.")
    off: list[UnitsOff] | None = Field(None, description="What was switched off, if requested with `off`.")


class ReconstructionAnswer(Answer):
    """An autoencoder's answer to one image: its code and its reconstruction."""

    model: str
    task: Literal["reconstruction"]
    code: list[float]
    reconstruction: Tensor = Field(description="In the shape of the network's input, values in 0..1.")
    error: float = Field(ge=0, description="The mean squared error of a pixel, between input and reconstruction.")
    off: list[UnitsOff] | None = Field(None, description="What was switched off, if requested with `off`.")
    input: InputReading
    timing_ms: Timing
    layers: list[LayerAnswer] | None = Field(None, description="In order, if requested with `layers`.")


class DecodeAnswer(Answer):
    """The image that an autoencoder decodes from a code."""

    model: str
    code: list[float] = Field(description="The code as the network gets it: rounded to float32.")
    reconstruction: Tensor = Field(description="In the shape of the network's input, values in 0..1.")


PredictAnswer = Annotated[Prediction | ReconstructionAnswer, Field(discriminator="task")]
"""The answer to one image; ``task`` tells which of the two it is."""


class BatchProblem(BaseModel):
    """What was wrong with one image of a batch: an RFC 9457 problem; further members name the limit."""

    type: str
    title: str
    status: int
    detail: str


class BatchEntry(Answer):
    """One image of a batch: its answer, or what was wrong with it."""

    index: int = Field(description="Its place among the images that were sent.")
    name: str | None = Field(description="The name of its file; null in JSON.")
    answer: PredictAnswer | None = None
    problem: BatchProblem | None = None


class BatchAnswer(Answer):
    """The answers to many images, in the order in which they were sent."""

    model: str
    answered: int = Field(description="How many of them were answered.")
    failed: int = Field(description="How many of them could not be read.")
    images: list[BatchEntry]


class NetworkIdentity(Answer):
    """What a network is called, takes and answers."""

    name: str
    title: Localised
    task: Task
    classes: Classes = Field(description="If the network does not classify, the classes of its training images.")
    input: InputCard
    parameters: int


class ModelSummary(NetworkIdentity):
    """One network that is ready."""

    dataset: str
    accuracy: float | None = Field(description="On the test set of `dataset`; null if the network does not classify.")
    loss: float = Field(
        description="On the same test set: cross-entropy in nats, or a pixel's mean squared error for a reconstruction."
    )
    gallery: bool = Field(description="Whether its test images are on this server: `GET /models/{name}/gallery`.")


class FailedModel(Answer):
    """A bundle that is not served, and why."""

    name: str
    reason: str


class ModelList(Answer):
    """The networks that are ready, and the bundles that failed."""

    default: str | None
    models: list[ModelSummary]
    failed: list[FailedModel]


class LayerScale(Answer):
    """The fixed ends of a layer's colour scale: the 99th percentile of the magnitude over test images."""

    pre_activation: float | None
    activation: float | None


class LayerOptions(Answer):
    """What is particular to a layer's kind, as Keras names it; sizes and strides are rows and columns."""

    kernel_size: list[int] | None = Field(None, description="Of a convolution.")
    pool_size: list[int] | None = Field(None, description="Of a pooling.")
    strides: list[int] | None = None
    padding: Literal["valid", "same"] | None = None
    rate: float | None = Field(None, description="The share of units that dropout switches off in training.")


class LayerDescription(Answer):
    """One layer as the card describes it, with its fixed scale."""

    name: str
    kind: LayerKind
    shape: list[int]
    parameters: int
    activation: str | None
    options: LayerOptions
    scale: LayerScale


class StepDescription(Answer):
    """One step from a picture to the network's input, and whether `skip_steps` may name it."""

    name: str
    skippable: bool


class Card(NetworkIdentity):
    """A network's card."""

    format: int
    steps: list[StepDescription] = Field(description="From a picture to the network's input, in order.")
    layers: list[LayerDescription]
    metrics: list[Measurement]
    confusion: list[list[int]] = Field(description="Test images by true class (row) and answer (column).")
    recipe: dict[str, Any]
    provenance: Provenance
    history: list[EpochRecord]
    evaluation: Evaluation | None = Field(description="Calibration, robustness and uploads; null if not measured.")
    reconstruction: Reconstruction | None = Field(
        description="The reconstruction error on test images, and PCA's; null if the network classifies."
    )
    novelty: NoveltyCard | None = Field(
        description="How an image unlike the training data is recognised, and how well; null if not measured."
    )
    files: dict[str, str]
    explainers: list[str] = Field(description="The calls below `/explain` that this network supports.")
    gallery: bool = Field(description="Whether its test images are on this server: `GET /models/{name}/gallery`.")


class LayerWeights(Answer):
    """One layer's weights in Keras's axis order."""

    layer: str
    kernel: Tensor
    bias: Tensor


class Histogram(Answer):
    """How many values fell into each of equal bins."""

    edges: list[float] = Field(description="From the lowest value to the highest: one more than there are bins.")
    counts: list[int]


class Spread(Answer):
    """The distribution of values over test images."""

    histogram: Histogram = Field(description="Of all values of the layer.")
    quantiles: Tensor = Field(
        description="Of each unit, or of each map over all its places (the last axis of the layer's shape), the values "
        "at `levels`: units × levels. A value between two of them lies between their levels among the test set's."
    )


class LayerStatistics(Answer):
    """One layer's statistics on the test set, which give a value's rank among the test set's."""

    model: str
    dataset: str
    layer: str
    kind: LayerKind
    shape: list[int]
    examples: int = Field(description="How many test images: all, or for a large layer only the first ones.")
    levels: list[float] = Field(description="Which quantiles are given: from 0, the lowest value, to 1, the highest.")
    pre_activation: Spread | None = Field(None, description="Absent where the layer has no activation.")
    activation: Spread


class GalleryEntry(Answer):
    """One test image, and the network's answer to it."""

    index: int = Field(description="In the test set; `GET /models/{name}/gallery/{index}.png` is the picture.")
    label: str = Field(description="What it is.")
    answer: str = Field(description="The network's answer.")
    probability: float = Field(description="Of the answer.")
    label_probability: float = Field(description="Of what it is.")


class GalleryPage(Answer):
    """One page of the requested test images."""

    model: str
    dataset: str
    matches_atlas: bool = Field(description="Whether an index names the same image here and in the atlas.")
    total: int = Field(description="How many images match the request.")
    offset: int
    images: list[GalleryEntry]


class GalleryImage(GalleryEntry):
    """One test image with its pixels, which can be sent to `POST /predict` unchanged."""

    model: str
    dataset: str
    probabilities: list[ClassProbability] = Field(description="All classes, in class order.")
    neighbours: list[int] | None = Field(
        description="The images nearest to it in the last hidden layer, nearest first; null if there is no atlas."
    )
    pixels: list[list[float]] | list[list[list[float]]] = Field(description="Row by row, in 0..1, ink bright.")


class AtlasMap(Answer):
    """The test images on a map where near images are similar to the network; all lists in the order of the test set."""

    model: str
    dataset: str
    layer: str = Field(description="The layer that it was measured in.")
    is_code: bool = Field(
        description="Whether the coordinates are the images' codes themselves, as `POST /predict` answers and "
        "`POST /decode` takes them: so for an autoencoder with a code of two numbers. Otherwise near means "
        "alike and no more, and no way leads back from the map."
    )
    coordinates: Tensor = Field(description="Two numbers per image.")
    labels: list[int] = Field(description="Class indices, in the order of the card's classes.")
    answers: list[int] | None = Field(
        description="Class indices of the network's answers; null if it does not classify."
    )
    counts: list[list[int]] | None = Field(description="Test images by label (row) and answer (column); null likewise.")
    layers: list[str] = Field(description="Those for which `GET /models/{name}/atlas/{layer}` has an answer.")


class ExcitingImages(Answer):
    """For each unit, or feature map, the test images that activate it most; the strongest first."""

    model: str
    layer: str
    images: list[list[int]] = Field(description="Indices into the test set, one list per unit.")
    values: list[list[float]] = Field(description="The unit's pre-activation for each image, to three digits.")
    places: list[list[list[int]]] | None = Field(
        description="Row and column of that value in the feature map; null for a layer without places."
    )


class Health(Answer):
    """The process answers."""

    status: Literal["ok"]


class Readiness(Answer):
    """Which networks answer, and which bundles failed."""

    status: Literal["ready"]
    default: str
    models: list[str]
    failed: list[FailedModel]
