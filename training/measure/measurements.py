"""All measurements of a trained network, with the server's code; each table is printed as soon as it is ready.

The measurements depend on the card's task (``MEASUREMENTS``). Nothing is written here: the findings are the new card
and statistics; parts that were not measured stay unchanged in both.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from app.bundle.atlas import PREFIX as ATLAS
from app.bundle.card import Arrays, Calibration, Evaluation, ModelCard, Robustness, Task, Uploads
from app.bundle.files import Bundle
from app.network.traced import Network
from training.data.datasets import Dataset, Split, network_input
from training.data.strokes import Split as Writers
from training.measure.answers import answer, rebuild, score
from training.measure.atlas import measure_atlas
from training.measure.calibration import Scores, calibrate
from training.measure.cards import describe_test
from training.measure.evaluation import (
    EvaluationError,
    Runs,
    SetResult,
    evaluate_photos,
    evaluate_strokes,
    format_result,
)
from training.measure.novelty import fit_novelty, format_rates, layers_that_count, with_novelty
from training.measure.quality import ClassifierQuality, count_answers
from training.measure.robustness import changes_for, examples_for, measure_change
from training.measure.tables import format_calibration, format_confusion, format_robustness

Part = Literal["evaluation", "novelty", "atlas"]

PARTS: Final[tuple[Part, ...]] = ("evaluation", "novelty", "atlas")
ROUNDING_EXAMPLES: Final = 2  # test images that may be classified differently on another processor
ROUNDING_LOSS: Final = 0.005  # share of the loss that may differ


@dataclass(frozen=True)
class Subject:
    """The network to measure, and the data to measure it on.

    Attributes:
        bundle: the network on disk.
        network: the same as it is served.
        dataset: the data set of its recipe.
        split: that data set, divided as it was for training.
        data_dir: the directory of pen strokes and pictures for novelty; any may be missing.
        photos: a zip archive of pictures, or None.
        strokes: a file of pen strokes, or None.
        writers: which writers of the strokes; a card has only those that no network was trained on.
        parts: what is measured besides the test set; the rest stays unchanged in the bundle.
    """

    bundle: Bundle
    network: Runs
    dataset: Dataset
    split: Split
    data_dir: Path | None
    photos: Path | None
    strokes: Path | None
    writers: Writers
    parts: tuple[Part, ...] = PARTS


@dataclass(frozen=True)
class Findings:
    """The results of the measurements.

    Attributes:
        card: the new card.
        statistics: the new arrays of ``statistics.npz``.
        uploads: the results for each set of uploads.
    """

    card: ModelCard
    statistics: Arrays
    uploads: tuple[SetResult, ...]


def load_network(bundle: Bundle) -> Network:
    """Load a bundle's network as it is served.

    Raises:
        BundleError: if it does not match the card.
    """
    return Network(bundle)


def measure_classifier(subject: Subject) -> Findings:
    """Measure a classifier: its test set, then calibration, robustness and uploads, novelty, and the atlas.

    Raises:
        EvaluationError: what was measured is not what the card says, or the uploads cannot be read.
        DatasetError: the network was trained on pen strokes, and there are none to measure novelty by.
        AtlasError: what the map is drawn with is not installed.
    """
    card, statistics = subject.bundle.card, subject.bundle.statistics()
    scores = _measure_test_set(subject)
    results: tuple[SetResult, ...] = ()
    if "evaluation" in subject.parts:
        calibration, robustness = _measure_calibration(subject, scores), _measure_robustness(subject)
        results, uploads = _measure_uploads(subject)
        evaluation = Evaluation(calibration=calibration, robustness=robustness, uploads=uploads)
        card = card.model_copy(update={"evaluation": evaluation})
    if "novelty" in subject.parts:
        card, statistics = _measure_novelty(subject, card, statistics)
    if "atlas" in subject.parts:
        statistics = _measure_atlas(subject, statistics)
    return Findings(card, statistics, results)


def measure_autoencoder(subject: Subject) -> Findings:
    """Measure an autoencoder: its reconstruction error on the test set, and the atlas of its codes.

    Raises:
        EvaluationError: what was measured is not what the card says.
        AtlasError: what the map is drawn with is not installed.
    """
    card, statistics = subject.bundle.card, subject.bundle.statistics()
    error = rebuild(subject.network, subject.split.test)
    if abs(error - card.test.loss) > ROUNDING_LOSS * card.test.loss:
        raise EvaluationError(
            f"the card says {describe_test(card)}, but a mean squared error of {error:.4f} was measured: give the data "
            "set that the card names, or train the network again; nothing was written."
        )
    print(f"{card.name}: {describe_test(card)}")
    if "atlas" in subject.parts:
        statistics = _measure_atlas(subject, statistics)
    return Findings(card, statistics, ())


MEASUREMENTS: Final[Mapping[Task, Callable[[Subject], Findings]]] = {
    "classification": measure_classifier,
    "reconstruction": measure_autoencoder,
}
"""The measurements of a network, by its card's task."""


def disagreement(card: ModelCard, dataset: str, examples: int, quality: ClassifierQuality) -> str | None:
    """Return in one sentence how a measurement differs from a card by more than rounding, or None if it does not."""
    said = card.test
    agrees = (
        said.accuracy is not None
        and (said.dataset, said.examples) == (dataset, examples)
        and abs(quality.accuracy - said.accuracy) * examples < ROUNDING_EXAMPLES + 0.5
        and abs(quality.loss - said.loss) <= ROUNDING_LOSS * said.loss
    )
    if agrees:
        return None
    return (
        f"the card says {describe_test(card)}, loss {said.loss:.4f}, but {100 * quality.accuracy:.2f} %, loss "
        f"{quality.loss:.4f}, was measured on {examples} of {dataset}: give the data set that the card names, or train "
        "the network again; nothing was written."
    )


def _measure_test_set(subject: Subject) -> Scores:
    test, classes = subject.split.test, subject.bundle.card.classes.en
    scores, quality = score(subject.network, test)
    complaint = disagreement(subject.bundle.card, subject.dataset.title, len(test), quality)
    if complaint is not None:
        raise EvaluationError(complaint)
    print(
        f"{subject.bundle.card.name} on the {len(test)} test images of {subject.dataset.title}: "
        f"{100 * quality.accuracy:.2f} %, loss {quality.loss:.4f}"
    )
    print(format_confusion(classes, count_answers(test.labels, quality.answers, len(classes))), end="\n\n")
    return scores


def _measure_calibration(subject: Subject, test: Scores) -> Calibration:
    held_out = subject.split.validation
    calibration = calibrate(test, score(subject.network, held_out)[0] if len(held_out) else None)
    print(format_calibration(calibration), end="\n\n")
    return calibration


def _measure_robustness(subject: Subject) -> tuple[Robustness, ...]:
    card = subject.bundle.card
    examples = examples_for(card, subject.split.test)
    images = network_input(examples.images, card.input.shape)
    print(f"Accuracy on {len(examples)} test images, changed by")
    measured: list[Robustness] = []
    for change in changes_for(card):
        entries = measure_change(change, lambda changed: answer(subject.network, changed), images, examples.labels)
        print(format_robustness(entries), flush=True)
        measured += entries
    return tuple(measured)


def _measure_uploads(subject: Subject) -> tuple[tuple[SetResult, ...], tuple[Uploads, ...]]:
    """Measure on the files that exist; figures on the card that were not measured again stay."""
    evaluation = subject.bundle.card.evaluation
    uploads = {entry.name: entry for entry in evaluation.uploads} if evaluation else {}
    results = []
    if subject.photos is not None:
        results.append(evaluate_photos(subject.network, subject.photos))
        uploads["photographs"] = results[-1].as_uploads("photographs")
        print(f"\nPhotographs: {format_result(results[-1])}", flush=True)
    if subject.strokes is not None:
        results.append(evaluate_strokes(subject.network, subject.strokes, subject.writers))
        if subject.writers != "train":
            uploads["strokes"] = results[-1].as_uploads("strokes")
        print(f"\nStrokes: {format_result(results[-1])}", flush=True)
    return tuple(results), tuple(uploads.values())


def _measure_novelty(subject: Subject, card: ModelCard, statistics: Arrays) -> tuple[ModelCard, Arrays]:
    if not layers_that_count(card):
        print("\nNovelty: no hidden layer to measure it in, so it is left out.")
        return card, statistics
    print("\nNovelty: fitting", flush=True)
    novelty, arrays = fit_novelty(subject.network, subject.dataset, subject.data_dir)
    print(format_rates(novelty), flush=True)
    return card.model_copy(update={"novelty": novelty}), with_novelty(statistics, arrays)


def _measure_atlas(subject: Subject, statistics: Arrays) -> Arrays:
    print("\nAtlas: drawing the map", flush=True)
    others = {key: values for key, values in statistics.items() if not key.startswith(ATLAS)}
    return {**others, **measure_atlas(subject.network, subject.dataset)}
