"""Fits the measure of novelty on training images, and tests it on pictures of many kinds.

The measure itself is ``app/bundle/novelty.py``. This module fits its subspaces (the first eigenvectors of the
activations of each class's training images in a layer) and the Gaussians of digits' pixels (``mixtures.py``). It sets
the scales and the threshold on held-out training images, and counts the share of other pictures that are flagged. No
test image, validation writer or odd picture is used for fitting or for the threshold.

A network that was also trained on pen strokes and enlarged digits is fitted on some of those too. Of the writers whose
strokes it was trained on, some are held out for the threshold.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Final

import numpy as np

from app.arrays import ByteArray, FloatArray
from app.bundle.card import Arrays, FlaggedShare, ModelCard, NoveltyCard
from app.bundle.novelty import PREFIX, InputMeasure, LayerMeasure, Mixture, NoveltyMeasure, Scale, features, views
from training.data.datasets import Dataset, DatasetError, Examples, Labels, network_input, split_dataset
from training.data.renderings import PEN_DIGITS, render_enlarged, render_strokes
from training.data.strokes import PenDigit, load_pen_digits
from training.measure.evaluation import EvaluationError, Runs
from training.measure.mixtures import fit_mixture
from training.measure.samples import SampleSet, sample_sets

DIMENSIONS: Final = 20  # of a class's subspace; in a layer of fewer than 80 features a quarter of those
MAX_FEATURES: Final = 1024  # a wider layer is not used: its cost exceeds its benefit
FIT_EXAMPLES: Final = 60_000
HELD_OUT_EXAMPLES: Final = 5_000
STROKES_A_WRITER: Final = 100
ENLARGED: Final = 2_000
HELD_OUT_WRITERS: Final = 5  # every fifth
SCALE_QUANTILES: Final = 0.5, 0.99  # quantiles of held-out images: 0 and 1 on the scale
LEAST_UNIT: Final = 1e-4  # of a scale, if all held-out images are alike
FLAGGED_OF_DATASET: Final = 0.045  # at most, of its held-out images
FLAGGED_OF_STROKES: Final = 0.07  # more of other writers' digits may be flagged
BATCH: Final = 250


@dataclass(frozen=True)
class Source:
    """One kind of training images: those for fitting, and others for the threshold.

    Attributes:
        title: their title.
        fit: the measure is fitted on these.
        held_out: the threshold is set on these.
        flagged: the largest share of ``held_out`` that the threshold may flag.
    """

    title: str
    fit: Examples
    held_out: Examples
    flagged: float = FLAGGED_OF_DATASET


def fit_novelty(network: Runs, dataset: Dataset, data_dir: Path | None) -> tuple[NoveltyCard, Arrays]:
    """Fit the measure to a network, set its threshold, and count what it flags.

    Args:
        network: a classifier, as it is served.
        dataset: its training data.
        data_dir: holds the pen strokes, where the network was trained on them, and pictures to try the measure on;
            a set that is not there is left out.

    Returns:
        The card's entry, and the arrays for ``statistics.npz``.

    Raises:
        DatasetError: the network was trained on pen strokes, and there are none.
        EvaluationError: pictures that are there cannot be read, or no layer of the network counts.
    """
    if not layers_that_count(network.card):
        raise EvaluationError(
            f"No hidden layer of “{network.card.name}” has an activation function and {MAX_FEATURES} features at most, "
            "so novelty cannot be measured in them."
        )
    sources = training_sources(network.card, dataset, data_dir)
    measure = fit_measure(network, sources)
    card = NoveltyCard(
        layers=tuple(layer.name for layer in measure.layers),
        threshold=measure.threshold,
        fitted_on=_titles(source.title for source in sources if len(source.fit)),
        fitted_examples=sum(len(source.fit) for source in sources),
        calibrated_on=_titles(source.title for source in sources if len(source.held_out)),
        calibration_examples=sum(len(source.held_out) for source in sources),
        rates=tuple(flagged_share(network, measure, samples) for samples in sample_sets(dataset, data_dir)),
    )
    return card, measure.arrays()


def with_novelty(statistics: Arrays, arrays: Arrays) -> Arrays:
    """Return a bundle's statistics with this measure instead of their present one, if any."""
    return {**{name: values for name, values in statistics.items() if not name.startswith(PREFIX)}, **arrays}


def training_sources(card: ModelCard, dataset: Dataset, data_dir: Path | None) -> tuple[Source, ...]:
    """Return a network's training images by kind, each with a part that is held out.

    Raises:
        DatasetError: the network was trained on pen strokes, and there are none.
    """
    said, seed = card.provenance, card.provenance.seed or 0
    aside = min(HELD_OUT_EXAMPLES, len(dataset.train_labels) // 5)
    split = split_dataset(dataset, said.validation_examples or aside, seed)
    fit, held_out = _first(split.train, FIT_EXAMPLES), _first(split.validation, HELD_OUT_EXAMPLES)
    sources = [Source(dataset.title, fit, held_out)]
    extras = {extra["name"] for extra in card.recipe.get("extra", ())}
    if "enlarged" in extras:
        sources.append(_enlarged(_first(split.train, ENLARGED), seed))
    if "pen_strokes" in extras:
        sources.append(_pen_strokes(data_dir, seed))
    return tuple(sources)


def fit_measure(network: Runs, sources: tuple[Source, ...]) -> NoveltyMeasure:
    """Fit each layer's subspaces on the images for fitting; set its scale and the threshold on the held-out ones.

    For digits the pixels count too. A scale is 1 at the value that 1 in 100 of the held-out images exceeds. The
    threshold is the lowest that flags no more than the allowed share of each source.
    """
    tried = [source for source in sources if len(source.held_out)]
    held_out = [source.held_out.images for source in tried]
    layers: list[LayerMeasure | InputMeasure] = []
    if network.card.input.preprocessing == "digits":
        layers.append(_fit_input(network, sources, held_out))
    layers += _fit_layers(network, sources, held_out)
    unset = NoveltyMeasure(tuple(layers), 0.0)
    scores = [unset.combine(_scores(network, unset, images)) for images in held_out]
    threshold = max(np.quantile(found, 1 - source.flagged) for found, source in zip(scores, tried, strict=True))
    return NoveltyMeasure(unset.layers, round(float(threshold), 4))


def layers_that_count(card: ModelCard) -> tuple[str, ...]:
    """Return the names of the hidden layers with an activation function, without very wide ones."""
    return tuple(
        layer.name
        for layer in card.layers[:-1]
        if layer.activation not in (None, "linear") and layer.shape[-1] <= MAX_FEATURES
    )


def flagged_share(network: Runs, measure: NoveltyMeasure, samples: SampleSet) -> FlaggedShare:
    """Return how many pictures of a set are flagged; a refused picture counts as flagged."""
    examples = flagged = 0
    for batch in _batches(samples.tensors):
        seen = [tensor for tensor in batch if tensor is not None]
        examples += len(batch)
        flagged += len(batch) - len(seen)
        if seen:
            scores = measure.combine(measure.scores(_activations(network, np.stack(seen))))
            flagged += int((scores > measure.threshold).sum())
    return FlaggedShare(
        name=samples.name,
        dataset=samples.dataset,
        usual=samples.usual,
        examples=examples,
        flagged=round(flagged / examples, 4),
    )


def format_rates(card: NoveltyCard) -> str:
    """Return a table: one line per set of samples, the usual ones first."""
    rows = [(f"{rate.name}, {rate.dataset}", rate) for rate in sorted(card.rates, key=lambda rate: not rate.usual)]
    width = max(len(title) for title, _ in rows)
    return "\n".join(f"{title:<{width}}  {100 * rate.flagged:5.1f} % of {rate.examples}" for title, rate in rows)


class _Moments:
    """The sum of the outer products of unit-length vectors, for each class."""

    def __init__(self, classes: int, width: int) -> None:
        self._sums = np.zeros((classes, width, width))

    def add(self, vectors: FloatArray, labels: Labels) -> None:
        length = np.linalg.norm(vectors, axis=1, keepdims=True)
        directions = vectors / np.maximum(length, np.finfo(np.float32).tiny)
        for label in np.unique(labels):
            of_class = directions[labels == label]
            self._sums[label] += of_class.T @ of_class

    def subspaces(self) -> FloatArray:
        """Return each class's first eigenvectors as rows: float32, shape ``(classes, dimensions, width)``."""
        width = self._sums.shape[-1]
        dimensions = min(DIMENSIONS, max(1, width // 4))
        eigenvectors = np.linalg.eigh(self._sums)[1][..., -dimensions:]
        return np.ascontiguousarray(eigenvectors.swapaxes(1, 2), np.float32)


def _fit_input(network: Runs, sources: tuple[Source, ...], held_out: list[ByteArray]) -> InputMeasure:
    seen = views(np.concatenate([_input(network, source.fit.images) for source in sources if len(source.fit)]))
    labels = np.concatenate([source.fit.labels for source in sources])
    mixtures: tuple[Mixture, ...] = tuple(fit_mixture(view, labels) for view in seen)
    others = views(np.concatenate([_input(network, images) for images in held_out]))
    scales = tuple(_scale(_distances(*pair)) for pair in zip(mixtures, others, strict=True))
    return InputMeasure(network.card.layers[0].name, mixtures, scales)


def _distances(mixture: Mixture, vectors: FloatArray) -> FloatArray:
    parts = (vectors[start : start + BATCH] for start in range(0, len(vectors), BATCH))
    return np.concatenate([mixture.distances(part) for part in parts])


def _fit_layers(network: Runs, sources: tuple[Source, ...], held_out: list[ByteArray]) -> list[LayerMeasure]:
    subspaces = _fit_subspaces(network, sources)
    unscaled = NoveltyMeasure(tuple(LayerMeasure(name, rows, Scale(0, 1)) for name, rows in subspaces.items()), 0.0)
    shares = np.concatenate([_scores(network, unscaled, images) for images in held_out])
    return [LayerMeasure(*of, _scale(share)) for of, share in zip(subspaces.items(), shares.T, strict=True)]


def _scale(values: FloatArray) -> Scale:
    usual, far = np.quantile(values, SCALE_QUANTILES)
    return Scale(float(usual), float(max(far, usual + LEAST_UNIT)))


def _fit_subspaces(network: Runs, sources: tuple[Source, ...]) -> dict[str, FloatArray]:
    widths = {layer.name: layer.shape[-1] for layer in network.card.layers}
    names = layers_that_count(network.card)
    moments = {name: _Moments(len(network.card.classes.en), widths[name]) for name in names}
    for source in sources:
        for start in range(0, len(source.fit), BATCH):
            activations = _activations(network, _input(network, source.fit.images[start : start + BATCH]))
            for name in names:
                moments[name].add(features(activations[name]), source.fit.labels[start : start + BATCH])
    # The server uses the rounded measure, so the threshold is set with that one.
    return {name: moments[name].subspaces().astype(np.float16).astype(np.float32) for name in names}


def _scores(network: Runs, measure: NoveltyMeasure, images: ByteArray) -> FloatArray:
    """Return every layer's score for images: shape ``(n, layers)``."""
    batches = (_input(network, images[start : start + BATCH]) for start in range(0, len(images), BATCH))
    return np.concatenate([measure.scores(_activations(network, batch)) for batch in batches])


def _activations(network: Runs, tensors: FloatArray) -> Mapping[str, FloatArray]:
    return {layer.name: layer.activation for layer in network.run(tensors).layers}


def _input(network: Runs, images: ByteArray) -> FloatArray:
    return network_input(images, network.card.input.shape)


def _enlarged(train: Examples, seed: int) -> Source:
    """Some of the training digits as uploads; none of them is held out."""
    images = [render_enlarged(image, np.random.default_rng((seed, index))) for index, image in enumerate(train.images)]
    return Source("its digits enlarged", Examples(np.stack(images), train.labels), _first(train, 0))


def _pen_strokes(data_dir: Path | None, seed: int) -> Source:
    """Some digits of each training writer; those of every fifth writer are held out."""
    if data_dir is None or not (data_dir / PEN_DIGITS).is_file():
        raise DatasetError(
            f"This network was trained on pen strokes too: give the directory that holds {PEN_DIGITS} with --data-dir; "
            "docs/pen-digits.md says where they come from."
        )
    by_writer: dict[str, list[PenDigit]] = {}
    for digit in load_pen_digits(data_dir / PEN_DIGITS, "train"):
        by_writer.setdefault(digit.writer, []).append(digit)
    kept = [digits[:STROKES_A_WRITER] for _, digits in sorted(by_writer.items())]
    held_out = kept[HELD_OUT_WRITERS - 1 :: HELD_OUT_WRITERS]
    fit = [digits for number, digits in enumerate(kept, 1) if number % HELD_OUT_WRITERS]
    return Source("pen strokes", _rendered(fit, seed), _rendered(held_out, seed + 1), FLAGGED_OF_STROKES)


def _rendered(writers: list[list[PenDigit]], seed: int) -> Examples:
    digits = [digit for of_writer in writers for digit in of_writer]
    images = [render_strokes(digit.strokes, np.random.default_rng((seed, i))) for i, digit in enumerate(digits)]
    labels = np.array([digit.label for digit in digits], np.int64)
    return Examples(np.array(images, np.uint8).reshape(-1, 28, 28), labels)


def _first(examples: Examples, count: int) -> Examples:
    return Examples(examples.images[:count], examples.labels[:count])


def _titles(titles: Iterator[str]) -> str:
    return ", ".join(titles)


def _batches(tensors: Iterator[FloatArray | None]) -> Iterator[list[FloatArray | None]]:
    while batch := list(islice(tensors, BATCH)):
        yield batch
