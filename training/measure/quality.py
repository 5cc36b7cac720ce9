"""A network's loss, accuracy and answers on a set of examples; or its reconstruction error.

Uses only Keras, on any backend.
"""

from dataclasses import dataclass

import keras
import numpy as np

from app.arrays import FloatArray
from app.network.probe import task_of
from training.data.datasets import Examples, Labels, network_input

BATCH = 500
SMALLEST_PROBABILITY = 1e-7  # Keras clips to this in its cross-entropy


@dataclass(frozen=True)
class Quality:
    """A network's results on examples.

    Attributes:
        loss: a classifier's mean cross-entropy in nats, an autoencoder's mean squared error of a pixel in 0..1.
        accuracy: ``None`` if the network does not classify.
        answers: the network's class for each example; empty if it does not classify.
    """

    loss: float
    accuracy: float | None
    answers: Labels


@dataclass(frozen=True)
class ClassifierQuality(Quality):
    """A classifier's results: they always include an accuracy."""

    accuracy: float


def measure(model: keras.Model, examples: Examples) -> Quality:
    """Run examples through a network, dropout off, and return its quality."""
    if task_of(model) == "classification":
        return measure_classifier(model, examples)
    inputs, outputs = _run(model, examples)
    error = np.square(outputs.reshape(inputs.shape) - inputs).mean(dtype=np.float64)
    return Quality(loss=float(error), accuracy=None, answers=np.array([], np.int64))


def measure_classifier(model: keras.Model, examples: Examples) -> ClassifierQuality:
    """Run examples through a classifier, dropout off, and return its quality."""
    return judge(_run(model, examples)[1], examples.labels)


def _run(model: keras.Model, examples: Examples) -> tuple[FloatArray, FloatArray]:
    """Return a network's inputs for examples, and its answers."""
    inputs = network_input(examples.images, model.input_shape[1:])
    batches = [model.predict_on_batch(inputs[start : start + BATCH]) for start in range(0, len(inputs), BATCH)]
    return inputs, np.concatenate(batches)


def judge(probabilities: FloatArray, labels: Labels) -> ClassifierQuality:
    """Return the quality of probabilities, shape ``(n, classes)``, for examples of these classes."""
    answers = probabilities.argmax(axis=1)
    right = probabilities[np.arange(len(labels)), labels].astype(np.float64)
    return ClassifierQuality(
        loss=float(-np.log(np.clip(right, SMALLEST_PROBABILITY, 1)).mean()),
        accuracy=float((answers == labels).mean()),
        answers=answers,
    )


def count_answers(labels: Labels, answers: Labels, classes: int) -> tuple[tuple[int, ...], ...]:
    """Count examples by true class (row) and answer (column): the confusion matrix."""
    counts = np.zeros((classes, classes), np.int64)
    np.add.at(counts, (labels, answers), 1)
    return tuple(tuple(row) for row in counts.tolist())
