"""What was done to train each network, as data: a card carries it, and a reader can compare two.

``python -m training train NAME`` does exactly what the recipe of that name says.
"""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal

import keras

from app.bundle import Localised
from training import architectures

ARCHITECTURES: Mapping[str, Callable[..., keras.Model]] = {
    "mnist_mlp": architectures.mnist_mlp,
    "cifar10_cnn": architectures.cifar10_cnn,
}


@dataclass(frozen=True)
class Recipe:
    """One way to train one network.

    Attributes:
        dropout: handed to the architecture: one rate, or one for each of its dropout layers.
        epochs: the most passes over the training images.
        validation_examples: training images that are held out, the last ones in a seeded shuffle. Where there are
            any, the epoch that was best on them is the one that is kept; where there are none, the last one is.
    """

    name: str
    title: Localised
    architecture: Literal["mnist_mlp", "cifar10_cnn"]
    dataset: Literal["mnist", "cifar10"]
    dropout: float | tuple[float, ...]
    optimizer: Literal["rmsprop", "adam"]
    learning_rate: float
    batch_size: int
    epochs: int
    validation_examples: int
    seed: int
    loss: Literal["categorical_crossentropy"] = "categorical_crossentropy"

    def build(self) -> keras.Model:
        """Return the untrained network, its first weights drawn from the recipe's seed."""
        keras.utils.set_random_seed(self.seed)
        return ARCHITECTURES[self.architecture](self.dropout)

    def as_data(self) -> dict[str, Any]:
        """Return what the card says of this recipe; its name and title stand there already."""
        return {key: value for key, value in asdict(self).items() if key not in ("name", "title")}


RECIPES: Mapping[str, Recipe] = {
    recipe.name: recipe
    for recipe in (
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
    )
}
