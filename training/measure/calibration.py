"""The calibration error of a network's probabilities, and the temperature that reduces it.

A network is calibrated if 80 % of the answers with a probability of 80 % are right. Everything here is arithmetic on
logits, in float64; no network is run. Source: Guo, Pleiss, Sun and Weinberger, "On Calibration of Modern Neural
Networks" (2017).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
from scipy import optimize
from scipy.special import log_softmax, softmax

from app.arrays import DoubleArray
from app.bundle.card import Calibration, ReliabilityBin, Temperature
from training.data.datasets import Labels

BINS: Final = 15
LOWEST_TEMPERATURE, HIGHEST_TEMPERATURE = 0.05, 20.0


@dataclass(frozen=True)
class Scores:
    """A network's logits for examples, float64, shape ``(n, classes)``, and the right classes."""

    logits: DoubleArray
    labels: Labels

    def __len__(self) -> int:
        """Return how many examples there are."""
        return len(self.labels)

    def every_other(self, first: Literal[0, 1]) -> Scores:
        """Return every other example, since a data set's order is seldom random."""
        return Scores(self.logits[first::2], self.labels[first::2])


def calibrate(test: Scores, held_out: Scores | None) -> Calibration:
    """Measure a network's calibration on a test set, and the effect of a temperature.

    Args:
        test: its logits for the test images.
        held_out: its logits for other images that it was not trained on, to fit the temperature; without them, the
            temperature is fitted on one half of the test images and measured on the other.
    """
    bins = reliability_bins(test)
    if held_out is None:
        temperature = _try_temperature("test", test.every_other(0), test.every_other(1))
    else:
        temperature = _try_temperature("validation", held_out, test)
    return Calibration(examples=len(test), error=expected_calibration_error(bins), bins=bins, temperature=temperature)


def reliability_bins(scores: Scores, temperature: float = 1.0) -> tuple[ReliabilityBin, ...]:
    """Sort examples by the network's confidence into ``BINS`` equal parts of 0..1, each without its lower end."""
    probabilities = softmax(scores.logits / temperature, axis=1)
    confidences = probabilities.max(axis=1)
    right = probabilities.argmax(axis=1) == scores.labels
    places = np.clip(np.ceil(confidences * BINS).astype(np.int64) - 1, 0, BINS - 1)
    counts = np.bincount(places, minlength=BINS)
    divisors = np.maximum(counts, 1)
    means = np.bincount(places, confidences, BINS) / divisors, np.bincount(places, right, BINS) / divisors
    return tuple(
        ReliabilityBin(examples=count, confidence=confidence, accuracy=accuracy)
        for count, confidence, accuracy in zip(counts.tolist(), *(mean.tolist() for mean in means), strict=True)
    )


def expected_calibration_error(bins: Sequence[ReliabilityBin]) -> float:
    """Return the difference of accuracy and confidence, in 0..1: the mean over the bins, weighted by their examples.

    Source: Guo et al. (2017), equation 3.
    """
    examples = sum(part.examples for part in bins)
    return sum(part.examples * abs(part.accuracy - part.confidence) for part in bins) / examples


def fit_temperature(scores: Scores) -> float:
    """Return the number by which to divide the logits so that the mean cross-entropy is smallest.

    The cross-entropy is convex in the number's inverse, so it has one minimum. It is searched between
    ``LOWEST_TEMPERATURE`` and ``HIGHEST_TEMPERATURE`` on a logarithmic scale: if every answer is right there is no
    minimum, and a value near the lowest is returned.

    Source: Guo et al. (2017), section 4.2.
    """
    bounds = np.log((LOWEST_TEMPERATURE, HIGHEST_TEMPERATURE))
    found = optimize.minimize_scalar(
        lambda logarithm: cross_entropy(Scores(scores.logits / np.exp(logarithm), scores.labels)),
        bounds=bounds,
        method="bounded",
        options={"xatol": 1e-6},
    )
    return float(np.exp(found.x))


def cross_entropy(scores: Scores) -> float:
    """Return the mean cross-entropy, in nats, of the softmax, without clipping small probabilities."""
    return -float(log_softmax(scores.logits, axis=1)[np.arange(len(scores)), scores.labels].mean())


def _try_temperature(fitted_on: Literal["validation", "test"], fitted: Scores, measured: Scores) -> Temperature:
    value = fit_temperature(fitted)
    return Temperature(
        value=value,
        fitted_on=fitted_on,
        fitted_examples=len(fitted),
        examples=len(measured),
        error_before=expected_calibration_error(reliability_bins(measured)),
        error=expected_calibration_error(reliability_bins(measured, value)),
    )
