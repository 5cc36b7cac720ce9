"""How well a network does on a set of examples: loss, accuracy, and each answer. Keras alone, on any backend."""

from dataclasses import dataclass

import keras
import numpy as np

from training.datasets import Examples, Labels, network_input

BATCH = 500
SMALLEST_PROBABILITY = 1e-7  # what Keras clips to in its cross-entropy


@dataclass(frozen=True)
class Quality:
    """``loss`` is the mean cross-entropy in nats; ``answers`` holds the network's class for each example."""

    loss: float
    accuracy: float
    answers: Labels


def measure(model: keras.Model, examples: Examples) -> Quality:
    """Run examples through a network, dropout off, and return how well it did."""
    inputs = network_input(examples.images, model.input_shape[1:])
    batches = [model.predict_on_batch(inputs[start : start + BATCH]) for start in range(0, len(inputs), BATCH)]
    probabilities = np.concatenate(batches)
    answers = probabilities.argmax(axis=1)
    right = probabilities[np.arange(len(examples)), examples.labels].astype(np.float64)
    return Quality(
        loss=float(-np.log(np.clip(right, SMALLEST_PROBABILITY, 1)).mean()),
        accuracy=float((answers == examples.labels).mean()),
        answers=answers,
    )
