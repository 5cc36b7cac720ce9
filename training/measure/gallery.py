"""Makes the gallery of a network, its test images and its answers to them, from the user's copy of the data set.

The file is written beside the bundle and is not part of it: no tracked file changes. Only ``app/bundle/gallery.py``
knows its format.
"""

from pathlib import Path
from typing import get_args

import keras
import numpy as np

from app.bundle.card import ModelCard
from app.bundle.files import Bundle
from app.bundle.gallery import write_gallery
from app.network.traced import Network
from training.data.datasets import Dataset, DatasetName, network_input

BATCH = 500


def dataset_name(card: ModelCard) -> DatasetName | None:
    """Return the name of the data set that a network was made for, or ``None`` if its card names no known one."""
    names: tuple[DatasetName, ...] = get_args(DatasetName)
    return next((name for name in names if name == card.recipe.get("dataset")), None)


def make_gallery(bundle: Bundle, dataset: Dataset) -> Path:
    """Run the test set through a bundle's network and write the gallery beside it; progress goes to the terminal.

    Args:
        bundle: the finished network's.
        dataset: the one that its card names.

    Returns:
        The file.
    """
    network, images, probabilities = Network(bundle), dataset.test_images, []
    progress = keras.utils.Progbar(len(images), unit_name="image")
    for start in range(0, len(images), BATCH):
        batch = network_input(images[start : start + BATCH], network.card.input.shape)
        probabilities.append(network.run(batch).probabilities)
        progress.add(len(batch))
    labels = dataset.test_labels.astype(np.uint8)
    return write_gallery(bundle, dataset.title, images, labels, np.concatenate(probabilities))
