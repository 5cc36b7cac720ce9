"""A served network's answers for the images of a data set, in batches, because each layer's values take memory."""

from __future__ import annotations

import numpy as np

from app.arrays import FloatArray
from training.data.datasets import Examples, Labels, network_input
from training.measure.calibration import Scores
from training.measure.evaluation import Runs
from training.measure.quality import ClassifierQuality, judge

BATCH = 250


def score(network: Runs, examples: Examples) -> tuple[Scores, ClassifierQuality]:
    """Return a network's logits for each example, and the quality of its probabilities."""
    images = network_input(examples.images, network.card.input.shape)
    readouts = [(readout.logits, readout.probabilities) for readout in map(network.run, _batches(images))]
    logits, probabilities = (np.concatenate(batches) for batches in zip(*readouts, strict=True))
    return Scores(logits.astype(np.float64), examples.labels), judge(probabilities, examples.labels)


def answer(network: Runs, images: FloatArray) -> Labels:
    """Return a network's class for each image: int64, shape ``(n,)``.

    Args:
        network: as it is served.
        images: float32 in 0..1, shape ``(n, *card.input.shape)``.
    """
    return np.concatenate([network.run(batch).probabilities.argmax(axis=1) for batch in _batches(images)])


def rebuild(network: Runs, examples: Examples) -> float:
    """Return the mean squared error of a pixel in 0..1 of an autoencoder's reconstructions."""
    images = network_input(examples.images, network.card.input.shape)
    total = sum(
        float(np.square(network.run(batch).reconstruction - batch.reshape(len(batch), -1)).sum(dtype=np.float64))
        for batch in _batches(images)
    )
    return total / images.size


def _batches(images: FloatArray) -> list[FloatArray]:
    return np.split(images, range(BATCH, len(images), BATCH))
