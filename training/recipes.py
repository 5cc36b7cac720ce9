"""The recipe of each network as data, so that a card can include it and a reader can compare two.

``python -m training train NAME`` follows the recipe of that name exactly.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal

import keras

from app.bundle.card import Localised
from training import architectures
from training.architectures import Normalization

ARCHITECTURES: Mapping[str, Callable[..., keras.Model]] = {
    "mnist_mlp": architectures.mnist_mlp,
    "mnist_deep_mlp": architectures.mnist_deep_mlp,
    "mnist_autoencoder": architectures.mnist_autoencoder,
    "cifar10_cnn": architectures.cifar10_cnn,
}


@dataclass(frozen=True)
class Extra:
    """Additional training images, made by ``renderings.py``.

    Attributes:
        name: ``"pen_strokes"``, those of the ``train`` writers; or ``"enlarged"``, MNIST's training digits as uploads.
        renderings: how many times each digit is rendered, differently each time.
        repeats: how often each rendering is used in an epoch.
    """

    name: Literal["pen_strokes", "enlarged"]
    renderings: int
    repeats: int = 1


@dataclass(frozen=True)
class Recipe:
    """One way to train one network.

    Attributes:
        dropout: passed to the architecture: one rate, or one for each of its dropout layers; None if it has none.
        learning_rate: the highest.
        epochs: the most passes over the training images.
        validation_examples: how many training images are held out, the last ones in a seeded shuffle. If there are any,
            the epoch that is best on them is kept; otherwise the last epoch is.
        validated_undeformed: the epoch is chosen on the undeformed training images, which the network is never trained
            on (Cireşan et al. 2010, section 2); nothing is held out.
        schedule: the learning rate is constant, or falls along half a cosine to zero at the end of the last epoch.
        warmup_epochs: epochs in which the learning rate first rises linearly from zero.
        weight_decay: share of each weight that a step subtracts, times the learning rate; only for ``"adamw"``.
        averaging: how much of the averaged weights is kept at each step; 0 means no averaging.
        label_smoothing: share of a target that is distributed over all classes.
        normalization: passed to the architecture, if it takes one.
        augmentation: applied to each training image, a name in ``augmentation.py``.
        extra: more training images.
        code: passed to the architecture of an autoencoder: how many numbers its code has.
        snapshots: whether weights are kept during training, for the replay; only for classifiers.
    """

    name: str
    title: Localised
    architecture: Literal["mnist_mlp", "mnist_deep_mlp", "mnist_autoencoder", "cifar10_cnn"]
    dataset: Literal["mnist", "cifar10"]
    dropout: float | tuple[float, ...] | None
    optimizer: Literal["rmsprop", "adam", "adamw"]
    learning_rate: float
    batch_size: int
    epochs: int
    validation_examples: int
    seed: int
    loss: Literal["categorical_crossentropy", "mean_squared_error"] = "categorical_crossentropy"
    schedule: Literal["constant", "cosine"] = "constant"
    warmup_epochs: int = 0
    weight_decay: float = 0.0
    averaging: float = 0.0
    label_smoothing: float = 0.0
    normalization: Normalization | None = None
    augmentation: Literal["digits", "digits_bent", "photos"] | None = None
    extra: tuple[Extra, ...] = ()
    validated_undeformed: bool = False
    code: int | None = None
    snapshots: bool = True

    def build(self) -> keras.Model:
        """Return the untrained network, its initial weights drawn from the recipe's seed."""
        keras.utils.set_random_seed(self.seed)
        options = {"dropout": self.dropout, "normalization": self.normalization, "code": self.code}
        taken = {name: option for name, option in options.items() if option is not None}
        return ARCHITECTURES[self.architecture](**taken)

    def as_data(self) -> dict[str, Any]:
        """Return the recipe as JSON for the card, which already has its name and title."""
        said = {key: value for key, value in asdict(self).items() if key not in ("name", "title")}
        as_json: dict[str, Any] = json.loads(json.dumps(said))
        return as_json


def _autoencoder(name: str, code: int, title: Localised) -> Recipe:
    """Return the recipe of an autoencoder; only the size of the code differs."""
    return Recipe(
        name=name,
        title=title,
        architecture="mnist_autoencoder",
        dataset="mnist",
        dropout=None,
        optimizer="adam",
        learning_rate=1e-3,
        batch_size=256,
        epochs=60,
        validation_examples=5000,
        seed=1,
        loss="mean_squared_error",
        schedule="cosine",
        warmup_epochs=1,
        averaging=0.999,
        code=code,
        snapshots=False,
    )


RECIPES: Mapping[str, Recipe] = {
    recipe.name: recipe
    for recipe in (
        Recipe(
            name="mnist-mlp",
            title=Localised(
                en="784–512–512–512–10, trained for real handwriting",
                pl="784–512–512–512–10, uczona prawdziwego pisma",
            ),
            architecture="mnist_mlp",
            dataset="mnist",
            dropout=0.1,
            optimizer="adamw",
            learning_rate=1e-3,
            batch_size=256,
            epochs=50,
            validation_examples=5000,
            seed=1,
            schedule="cosine",
            warmup_epochs=1,
            weight_decay=0.01,
            averaging=0.999,
            augmentation="digits",
            extra=(Extra("enlarged", renderings=1), Extra("pen_strokes", renderings=8)),
        ),
        Recipe(
            name="mnist-mlp-lecture",
            title=Localised(en="784–512–512–512–10, the lecture’s recipe", pl="784–512–512–512–10, przepis z wykładu"),
            architecture="mnist_mlp",
            dataset="mnist",
            dropout=0.2,
            optimizer="rmsprop",
            learning_rate=1e-3,
            batch_size=128,
            epochs=10,
            validation_examples=0,
            seed=1,
        ),
        Recipe(
            name="mnist-deep-mlp",
            title=Localised(
                en="784–2500–2000–1500–1000–500–10: deep, big, simple",
                pl="784–2500–2000–1500–1000–500–10: głęboka, wielka, prosta",
            ),
            architecture="mnist_deep_mlp",
            dataset="mnist",
            dropout=None,
            optimizer="adamw",
            learning_rate=6e-4,
            batch_size=256,
            epochs=48,
            validation_examples=0,
            validated_undeformed=True,
            seed=1,
            schedule="cosine",
            warmup_epochs=1,
            weight_decay=0.02,
            averaging=0.999,
            augmentation="digits_bent",
            snapshots=False,
        ),
        Recipe(
            name="cifar10-cnn-lecture",
            title=Localised(en="4 convolutions, the lecture’s recipe", pl="4 sploty, przepis z wykładu"),
            architecture="cifar10_cnn",
            dataset="cifar10",
            dropout=(0.25, 0.25, 0.5),
            optimizer="adam",
            learning_rate=1e-3,
            batch_size=128,
            epochs=30,
            validation_examples=5000,
            seed=1,
        ),
        Recipe(
            name="cifar10-cnn",
            title=Localised(en="4 convolutions, trained longer", pl="4 sploty, dłuższa nauka"),
            architecture="cifar10_cnn",
            dataset="cifar10",
            dropout=(0.1, 0.1, 0.4),
            optimizer="adamw",
            learning_rate=1.2e-3,
            batch_size=128,
            epochs=60,
            validation_examples=5000,
            seed=1,
            schedule="cosine",
            warmup_epochs=1,
            weight_decay=0.03,
            averaging=0.999,
            label_smoothing=0.05,
            normalization=((0.4914, 0.4822, 0.4465), (0.061, 0.0594, 0.0684)),
            augmentation="photos",
        ),
        _autoencoder(
            "mnist-autoencoder",
            code=2,
            title=Localised(
                en="Autoencoder: a digit as two numbers, and back",
                pl="Autokoder: cyfra jako dwie liczby i z powrotem",
            ),
        ),
        _autoencoder(
            "mnist-autoencoder-32",
            code=32,
            title=Localised(
                en="Autoencoder: a digit as 32 numbers, and back",
                pl="Autokoder: cyfra jako 32 liczby i z powrotem",
            ),
        ),
    )
}
