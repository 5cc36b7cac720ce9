"""The card of a trained network: its description, its training data, and its accuracy."""

import platform
from importlib.metadata import version
from typing import Any, Literal

import keras
import numpy as np

from app.bundle.card import EpochRecord, InputCard, Measurement, ModelCard, Provenance, Reconstruction
from app.network.probe import CODE, describe_layers, task_of
from training.data.datasets import Dataset, Examples, Split
from training.device import device_name
from training.measure.principal_components import principal_components
from training.measure.quality import Quality, count_answers, measure
from training.recipes import Recipe

MeasuredOn = Literal["train", "validation", "test"]

EXTRA_TITLES = {"pen_strokes": "pen strokes", "enlarged": "its digits enlarged"}


def make_card(
    recipe: Recipe,
    dataset: Dataset,
    split: Split,
    model: keras.Model,
    history: tuple[EpochRecord, ...],
    *,
    epochs: int,
    fingerprint: str,
) -> ModelCard:
    """Measure a network and return its card.

    Args:
        recipe: how it was trained.
        dataset: the data set.
        split: the division of the data set.
        model: the trained network.
        history: every epoch of the run.
        epochs: the epoch after which the network was kept.
        fingerprint: the SHA-256 of the training images and labels.
    """
    test = measure(model, split.test)
    measurements = [_measurement(dataset, "test", split.test, test)]
    if len(split.validation):
        validation = measure(model, split.validation)
        name: MeasuredOn = "train" if recipe.validated_undeformed else "validation"
        measurements.append(_measurement(dataset, name, split.validation, validation))
    classifies = task_of(model) == "classification"
    return ModelCard(
        name=recipe.name,
        title=recipe.title,
        task=task_of(model),
        classes=dataset.classes,
        input=InputCard(shape=dataset.test_images.shape[1:], preprocessing=dataset.preprocessing),
        parameters=model.count_params(),
        layers=describe_layers(model),
        metrics=tuple(measurements),
        confusion=count_answers(split.test.labels, test.answers, len(dataset.classes.en)) if classifies else (),
        recipe=recipe.as_data(),
        provenance=Provenance(
            dataset=_sources(dataset, recipe),
            fingerprint=fingerprint,
            train_examples=len(split.train),
            validation_examples=recipe.validation_examples,
            seed=recipe.seed,
            epochs=epochs,
            device=device_name(),
            versions=library_versions(),
        ),
        history=history,
        reconstruction=None if classifies else _reconstruction(model, split, test),
    )


def describe_test(card: ModelCard) -> str:
    """Describe a network's result on its test set in a few words."""
    test = card.test
    again = card.reconstruction
    worth = f"mean squared error {test.loss:.5f}" if test.accuracy is None else f"{100 * test.accuracy:.2f} %"
    beside = "" if again is None else f" from a code of {again.code}, {again.ratio:.3f} × PCA’s {again.pca_error:.5f},"
    return f"{worth}{beside} on the {test.examples} test images of {test.dataset}"


def _reconstruction(model: keras.Model, split: Split, test: Quality) -> Reconstruction:
    """Compare a network's error on the test set with that of PCA, fitted on the same training images."""
    code = int(model.get_layer(CODE).output.shape[-1])
    pca_error = principal_components(split.train.images, code).reconstruction_error(split.test.images)
    return Reconstruction(code=code, error=test.loss, pca_error=pca_error, ratio=test.loss / pca_error)


def _sources(dataset: Dataset, recipe: Recipe) -> str:
    """Name all training data, such as "MNIST, its digits enlarged and pen strokes"."""
    names = [dataset.title, *(EXTRA_TITLES[extra.name] for extra in recipe.extra)]
    return " and ".join(filter(None, (", ".join(names[:-1]), names[-1])))


def _measurement(dataset: Dataset, split: MeasuredOn, examples: Examples, quality: Quality) -> Measurement:
    return Measurement(
        dataset=dataset.title, split=split, examples=len(examples), accuracy=quality.accuracy, loss=quality.loss
    )


def library_versions() -> dict[str, str]:
    """Return the versions of Python, Keras, NumPy and the backend."""
    versions: dict[str, Any] = {
        "python": platform.python_version(),
        "keras": keras.__version__,
        "numpy": np.__version__,
    }
    backend = keras.backend.backend()
    return {**versions, backend: version(backend)}
