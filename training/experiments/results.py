"""An experiment's results as one file that a page can draw: ``models/experiments/<name>.json``.

The file contains all its texts: a title for each arm, layer and axis, in both languages, so that a page needs no other
source. A curve is a list of numbers as long as its list of x values: an arm's ``epochs`` each have one ``epoch``, and
in ``gradients`` every list belongs to ``epoch``, which there is a fraction of the first epoch. Values per layer are one
row per measurement, one number per layer, in the order of ``layers``.
"""

import json
from pathlib import Path
from typing import Any, Literal

from app.bundle.card import Localised, Record

MAX_BYTES = 300_000
SIGNIFICANT_DIGITS = 5


class LayerTitle(Record):
    """One layer with a kernel: its name in the network, its units and its title."""

    name: str
    units: int
    title: Localised


class Epoch(Record):
    """One arm after one epoch; 0 is before the first.

    Loss is the mean cross-entropy in nats, over ``measured_examples`` training images and over all test images;
    ``seconds`` is the duration of the epoch's training steps.
    """

    epoch: int
    seconds: float
    loss: float
    accuracy: float
    test_loss: float
    test_accuracy: float


class Gradients(Record):
    """The size of the loss's gradient at each layer, on one fixed batch of training images.

    ``step`` counts training steps, ``epoch`` is the same in epochs, ``loss`` is that of the batch. The four tables
    hold a row for each step and a column for each layer: mean magnitude and root mean square, of the gradient with
    respect to the kernel's weights, and with respect to the pre-activations of one image.
    """

    step: tuple[int, ...]
    epoch: tuple[float, ...]
    loss: tuple[float, ...]
    kernel_magnitude: tuple[tuple[float, ...], ...]
    kernel_rms: tuple[tuple[float, ...], ...]
    pre_activation_magnitude: tuple[tuple[float, ...], ...]
    pre_activation_rms: tuple[tuple[float, ...], ...]


class Reconstruction(Record):
    """How one layer was pretrained: its autoencoder's mean squared error on the test set, before and by epoch.

    ``mean`` is the error of always answering with the training mean, for comparison; a unit's values lie in 0..1.
    """

    layer: str
    error: tuple[float, ...]
    mean: float
    seconds: float


class Arm(Record):
    """One initialisation and its results; ``pretraining`` is empty if there was none."""

    name: str
    title: Localised
    pretraining: tuple[Reconstruction, ...]
    epochs: tuple[Epoch, ...]
    gradients: Gradients


class Measured(Record):
    """The images: ``fingerprint`` is the SHA-256 of the training images and labels."""

    dataset: str
    fingerprint: str
    train_examples: int
    test_examples: int
    measured_examples: int
    gradient_examples: int


class Result(Record):
    """The contents of the file. ``axes`` has the titles of a curve's numbers, by the member that contains them."""

    format: Literal[1] = 1
    name: str
    title: Localised
    sources: tuple[str, ...]
    recipe: dict[str, Any]
    measured: Measured
    layers: tuple[LayerTitle, ...]
    axes: dict[str, Localised]
    arms: tuple[Arm, ...]
    seconds: float
    device: str
    versions: dict[str, str]


class ResultTooLarge(Exception):
    """A result that is too large for a page to load; its message says so in one sentence."""


def write_result(directory: Path, result: Result) -> Path:
    """Write a result atomically, and return its path.

    Floats keep five significant digits; drawing a curve needs fewer.

    Raises:
        ResultTooLarge: the file would be larger than 300 kB.
        OSError: it cannot be written.
    """
    text = json.dumps(_rounded(result.model_dump(mode="json")), ensure_ascii=False, indent=1) + "\n"
    size = len(text.encode())
    if size > MAX_BYTES:
        raise ResultTooLarge(f"the result would take {size} bytes, and a page should load no more than {MAX_BYTES}.")
    directory.mkdir(parents=True, exist_ok=True)
    partial = directory / f".{result.name}.json.partial"
    partial.write_text(text, encoding="utf-8")
    return partial.replace(directory / f"{result.name}.json")


def _rounded(value: object) -> object:
    if isinstance(value, float):
        return float(f"{value:.{SIGNIFICANT_DIGITS}g}")
    if isinstance(value, dict):
        return {name: _rounded(member) for name, member in value.items()}
    return [_rounded(member) for member in value] if isinstance(value, list) else value
