"""Masks for a network: units switched off, and dropout left on."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from app.arrays import DoubleArray, FloatArray
from app.bundle.card import LayerCard, ModelCard
from app.network.traced import Network
from app.scheduling.checkpoint import Checkpoint, go_on


@dataclass(frozen=True)
class Votes:
    """The answers of networks with dropout left on, for one image.

    Attributes:
        probabilities: each network's, float32, shape ``(samples, classes)``.
        counts: how many networks put each class first, int64, shape ``(classes,)``.
        mean: of the probabilities, float64, shape ``(classes,)``.
        deviation: their standard deviation over the networks, float64, shape ``(classes,)``.
    """

    probabilities: FloatArray
    counts: npt.NDArray[np.int64]
    mean: DoubleArray
    deviation: DoubleArray


def switchable_units(card: ModelCard) -> Mapping[str, int]:
    """Return how many units or maps each layer has that can be switched off: dense or convolution, not the output."""
    return {layer.name: layer.shape[-1] for layer in card.layers[:-1] if layer.kind in ("dense", "convolution")}


def dropout_layers(card: ModelCard) -> Mapping[str, LayerCard]:
    """Return the dropout layers with a rate above zero, by name."""
    return {layer.name: layer for layer in card.layers if layer.kind == "dropout" and layer.options["rate"] > 0}


def masks_without(card: ModelCard, off: Mapping[str, Collection[int]]) -> dict[str, FloatArray]:
    """Return masks for ``Network.run_masked`` that are zero for the units that are off, and one for all others.

    Args:
        card: the network's.
        off: the units' or maps' indices by the name of their layer, one of ``switchable_units``.
    """
    units = switchable_units(card)
    axes = {layer.name: len(layer.shape) for layer in card.layers}
    masks = {}
    for name, indices in off.items():
        mask = np.ones(units[name], np.float32)
        mask[list(indices)] = 0
        masks[name] = mask.reshape((1,) * axes[name] + (-1,))
    return masks


def dropout_masks(card: ModelCard, samples: int, rng: np.random.Generator) -> dict[str, FloatArray]:
    """Return masks for ``Network.run_masked`` that apply dropout as in training.

    Each value is 0 with the layer's rate, and otherwise ``1 / (1 − rate)``, so that the mean is unchanged ("inverted"
    dropout, as in Keras); each value is drawn independently.

    Args:
        card: the network's.
        samples: how many masks.
        rng: the random generator; the layers draw from it in their order.

    Returns:
        float32 by the name of a dropout layer, shape ``(samples, *shape of the layer)``.

    Source: Srivastava et al., "Dropout: A Simple Way to Prevent Neural Networks from Overfitting" (2014), section 4,
    with the scaling moved from testing into training (section 10).
    """
    return {
        name: (rng.random((samples, *layer.shape), np.float32) >= layer.options["rate"])
        * np.float32(1 / (1 - layer.options["rate"]))
        for name, layer in dropout_layers(card).items()
    }


def vote(network: Network, image: FloatArray, samples: int, seed: int, checkpoint: Checkpoint = go_on) -> Votes:
    """Classify one image with several random dropout masks.

    Args:
        network: one that has ``dropout_layers``.
        image: float32, shape ``card.input.shape``.
        samples: how many networks.
        seed: the same one gives the same networks.
        checkpoint: called between batches of networks.

    Source: Gal and Ghahramani, "Dropout as a Bayesian Approximation" (2016), section 4.
    """
    masks = dropout_masks(network.card, samples, np.random.default_rng(seed))
    parts = [slice(first, first + network.images_together) for first in range(0, samples, network.images_together)]
    answers = []
    for part in parts:
        checkpoint()
        answers.append(network.answer_masked(image[np.newaxis], {name: mask[part] for name, mask in masks.items()}))
    probabilities = np.concatenate(answers)
    return Votes(
        probabilities=probabilities,
        counts=np.bincount(probabilities.argmax(axis=1), minlength=probabilities.shape[1]),
        mean=probabilities.mean(axis=0, dtype=np.float64),
        deviation=probabilities.std(axis=0, dtype=np.float64),
    )
