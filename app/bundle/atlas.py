"""The atlas: a network's activations on the test set, described without any of its images.

A map of the test images, their nearest neighbours, and the images that activate each unit most; an image is named by
its index in the test set. It is part of ``statistics.npz``, under ``atlas/``; only this module knows its keys:

- ``atlas/layer``: the name of the layer that the map and the neighbours were measured in;
- ``atlas/coordinates``, ``atlas/labels``, ``atlas/answers``, ``atlas/counts``, ``atlas/neighbours``;
- ``atlas/<layer>/exciting``, ``atlas/<layer>/values`` and, for a convolution, ``atlas/<layer>/places``.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from app.arrays import ByteArray, FloatArray
from app.bundle.card import Arrays

PREFIX = "atlas/"


@dataclass(frozen=True)
class Exciting:
    """The test images that activate each unit of one layer most, the strongest first.

    Attributes:
        images: indices into the test set, uint16, shape ``(units, ranks)``.
        values: the unit's pre-activation for each image, float16, same shape; zero or negative if the ReLU after it
            gives zero.
        places: for a feature map the row and column of that value, uint8, shape ``(units, ranks, 2)``.
    """

    images: npt.NDArray[np.uint16]
    values: npt.NDArray[np.float16]
    places: ByteArray | None


@dataclass(frozen=True)
class Atlas:
    """A network's activations on the test set; arrays are in the order of the test set.

    Attributes:
        layer: the layer that the map and the neighbours were measured in.
        coordinates: each image's position on the map, float32, shape ``(n, 2)``.
        labels: class indices, uint8, shape ``(n,)``.
        answers: the network's classes, uint8, shape ``(n,)``; ``None`` if it does not classify.
        counts: images by label (row) and answer (column), int64, shape ``(classes, classes)``; ``None`` likewise.
        neighbours: for each image the nearest others in that layer, nearest first, uint16, shape ``(n, neighbours)``.
        exciting: by the layer's name.
    """

    layer: str
    coordinates: FloatArray
    labels: ByteArray
    answers: ByteArray | None
    counts: npt.NDArray[np.int64] | None
    neighbours: npt.NDArray[np.uint16]
    exciting: Mapping[str, Exciting]

    def arrays(self) -> Arrays:
        """Return the atlas as arrays for ``statistics.npz``."""
        arrays: dict[str, npt.NDArray[np.generic]] = {
            f"{PREFIX}layer": np.array(self.layer),
            f"{PREFIX}coordinates": self.coordinates,
            f"{PREFIX}labels": self.labels,
            f"{PREFIX}neighbours": self.neighbours,
        }
        if self.answers is not None and self.counts is not None:
            arrays |= {f"{PREFIX}answers": self.answers, f"{PREFIX}counts": self.counts}
        for layer, exciting in self.exciting.items():
            arrays[f"{PREFIX}{layer}/exciting"] = exciting.images
            arrays[f"{PREFIX}{layer}/values"] = exciting.values
            if exciting.places is not None:
                arrays[f"{PREFIX}{layer}/places"] = exciting.places
        return arrays


def read_atlas(statistics: Arrays) -> Atlas | None:
    """Return the atlas in a bundle's statistics, or ``None`` if they have none."""
    if f"{PREFIX}coordinates" not in statistics:
        return None
    layers = [key.split("/")[1] for key in statistics if key.startswith(PREFIX) and key.endswith("/exciting")]
    return Atlas(
        layer=str(statistics[f"{PREFIX}layer"]),
        coordinates=statistics[f"{PREFIX}coordinates"],
        labels=statistics[f"{PREFIX}labels"],
        answers=statistics.get(f"{PREFIX}answers"),
        counts=statistics.get(f"{PREFIX}counts"),
        neighbours=statistics[f"{PREFIX}neighbours"],
        exciting={
            layer: Exciting(
                images=statistics[f"{PREFIX}{layer}/exciting"],
                values=statistics[f"{PREFIX}{layer}/values"],
                places=statistics.get(f"{PREFIX}{layer}/places"),
            )
            for layer in layers
        },
    )
