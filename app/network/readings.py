"""A network's answer, and a few figures for each layer. Takes arrays and returns frozen records."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from app.arrays import FloatArray
from app.bundle.novelty import Novelty, NoveltyMeasure
from app.network.traced import LayerReadout, Readout


@dataclass(frozen=True)
class Classification:
    """One image's answer; arrays are in class order."""

    label: str
    probability: float
    labels: tuple[str, ...]
    probabilities: FloatArray
    logits: FloatArray


@dataclass(frozen=True)
class Reconstructed:
    """One image's code, and the reconstruction from it.

    Attributes:
        code: float32, shape ``(numbers,)``.
        reconstruction: float32 in 0..1, in the image's shape.
        error: the mean squared error of a pixel.
    """

    code: FloatArray
    reconstruction: FloatArray
    error: float


@dataclass(frozen=True)
class Summary:
    """Summary figures of a tensor; ``silent`` is the share of values that are exactly zero."""

    min: float
    max: float
    mean: float
    silent: float


@dataclass(frozen=True)
class LayerReading:
    """One layer's numbers for one image, and their summaries."""

    name: str
    pre_activation: FloatArray | None
    activation: FloatArray

    def pre_activation_summary(self) -> Summary | None:
        """Summarise the pre-activation, or return ``None`` if the layer has no activation function."""
        return None if self.pre_activation is None else summarise(self.pre_activation)

    def activation_summary(self) -> Summary:
        """Summarise the layer's output."""
        return summarise(self.activation)


def classify(readout: Readout, index: int, labels: Sequence[str]) -> Classification:
    """Return the network's answer for the image at ``index`` of the batch."""
    probabilities = readout.probabilities[index]
    top = int(probabilities.argmax())
    return Classification(
        label=labels[top],
        probability=float(probabilities[top]),
        labels=tuple(labels),
        probabilities=probabilities,
        logits=readout.logits[index],
    )


def reconstruct(readout: Readout, index: int, image: FloatArray) -> Reconstructed:
    """Return an autoencoder's code and reconstruction of an image; the mean error is summed in float64.

    Args:
        readout: of the batch.
        index: of the image in the batch.
        image: the image itself, as the network was given it.
    """
    reconstruction = readout.reconstruction[index].reshape(image.shape)
    error = np.square(reconstruction - image).mean(dtype=np.float64)
    return Reconstructed(readout.code[index], reconstruction, float(error))


def read_layers(readout: Readout, index: int) -> tuple[LayerReading, ...]:
    """Return every layer's numbers for the image at ``index`` of the batch."""
    return tuple(_read_layer(layer, index) for layer in readout.layers)


def read_novelty(measure: NoveltyMeasure | None, readout: Readout) -> tuple[Novelty | None, ...]:
    """Return how unlike the training data each image of the batch is; None if that is not measured."""
    activations = {layer.name: layer.activation for layer in readout.layers}
    if measure is None:
        return (None,) * len(readout.layers[0].activation)
    return measure.read(activations)


def summarise(tensor: FloatArray) -> Summary:
    """Return the figures of one tensor; the mean is summed in float64."""
    return Summary(
        min=float(tensor.min()),
        max=float(tensor.max()),
        mean=float(tensor.mean(dtype=np.float64)),
        silent=float(tensor.size - np.count_nonzero(tensor)) / tensor.size,
    )


def _read_layer(layer: LayerReadout, index: int) -> LayerReading:
    pre_activation = None if layer.pre_activation is None else layer.pre_activation[index]
    return LayerReading(layer.name, pre_activation, layer.activation[index])
