"""The atlas: a map of the test images, their nearest neighbours, and the images that activate each unit most.

The map is made by t-SNE (van der Maaten and Hinton, "Visualizing Data using t-SNE", 2008) from the activations of the
last hidden layer; labels are not used. It is computed from a seed on one thread, so that the same network on the same
machine has the same map. A layer of two numbers is used as the map itself.

The server reads it with ``app/bundle/atlas.py``; no image is kept.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Self

import numpy as np
import numpy.typing as npt

from app.arrays import DoubleArray, FloatArray
from app.bundle.atlas import Atlas, Exciting
from app.bundle.card import Arrays, ModelCard
from app.network.probe import CODE
from app.network.traced import LayerReadout, Readout
from training.data.datasets import Dataset, network_input
from training.measure.evaluation import Runs
from training.measure.quality import count_answers

NEIGHBOURS = 8
EXCITING = 9
BATCH = 100  # images; all outputs of the CNN together then take 70 MB per copy
DISTANCES_AT_ONCE = 500  # rows of the matrix of distances: 40 MB for 10,000 images
PRINCIPAL_COMPONENTS = 50
PERPLEXITY = 30
SEED = 1
WEIGHTED = ("dense", "convolution")


class AtlasError(Exception):
    """An atlas cannot be made; the message says what is missing, in one sentence."""


def require_scikit_learn() -> None:
    """Check that the map can be made before anything is measured.

    Raises:
        AtlasError: if scikit-learn is not installed.
    """
    try:
        import sklearn.manifold  # noqa: F401 - only to see that it is there
    except ImportError:
        raise AtlasError(
            "the map of the test images needs scikit-learn: pip install scikit-learn, or measure the rest alone with "
            "--only evaluation novelty."
        ) from None


def measure_atlas(network: Runs, dataset: Dataset) -> Arrays:
    """Run the test set through a network and return the arrays of its atlas, under ``atlas/``.

    Args:
        network: the finished network.
        dataset: its test set has at most as many images as 16 bits can count.

    Raises:
        AtlasError: if scikit-learn is not installed.
    """
    card = network.card
    classifies = card.task == "classification"
    mapped = mapped_layer(card)
    strongest = {described.name: Strongest.none() for described in card.layers if described.kind in WEIGHTED}
    activations, answers = [], []
    for first, readout in _readouts(network, dataset):
        if classifies:
            answers.append(readout.probabilities.argmax(axis=1))
        for read in readout.layers:
            if read.name == mapped:
                activations.append(read.activation.reshape(len(read.activation), -1))
            if read.name in strongest:
                strongest[read.name] = strongest[read.name].with_batch(_excitement(read), first)
    points = np.concatenate(activations)
    labels = dataset.test_labels
    answered = np.concatenate(answers) if classifies else None
    return Atlas(
        layer=mapped,
        coordinates=draw_map(points),
        labels=labels.astype(np.uint8),
        answers=None if answered is None else answered.astype(np.uint8),
        counts=None if answered is None else np.array(count_answers(labels, answered, len(card.classes.en)), np.int64),
        neighbours=nearest_neighbours(points, NEIGHBOURS),
        exciting={name: found.as_exciting() for name, found in strongest.items()},
    ).arrays()


def mapped_layer(card: ModelCard) -> str:
    """Return the layer for the map and the neighbours: the code, or the last hidden layer with weights.

    For a network without a hidden layer it is the input.
    """
    if card.task == "reconstruction":
        return CODE
    *before, _ = card.layers
    return next((layer.name for layer in reversed(before) if layer.kind in WEIGHTED), before[0].name)


def nearest_neighbours(points: FloatArray, count: int) -> npt.NDArray[np.uint16]:
    """Return for each point the nearest others by Euclidean distance, nearest first.

    Args:
        points: shape ``(n, units)``.
        count: how many; at most as many as there are other points.

    Returns:
        Indices, shape ``(n, count)``.
    """
    # In float64, because a distance is the small difference of large squares.
    exact = points.astype(np.float64)
    squares = (exact**2).sum(axis=1)
    count = min(count, len(points) - 1)
    found = []
    for start in range(0, len(points), DISTANCES_AT_ONCE):
        rows = exact[start : start + DISTANCES_AT_ONCE]
        distances = squares - 2 * rows @ exact.T  # without each row's own square, which does not change the order
        distances[np.arange(len(rows)), start + np.arange(len(rows))] = np.inf
        near = np.argpartition(distances, count - 1, axis=1)[:, :count]
        order = np.take_along_axis(distances, near, axis=1).argsort(axis=1, kind="stable")
        found.append(np.take_along_axis(near, order, axis=1))
    return np.concatenate(found).astype(np.uint16)


def draw_map(points: FloatArray) -> FloatArray:
    """Return a position in the plane for each point, so that near points stay near.

    Args:
        points: shape ``(n, units)``, two units or more.

    Returns:
        float32, shape ``(n, 2)``. Points of two numbers are unchanged; others lie within -1..1, the mean at the origin.

    Raises:
        AtlasError: if scikit-learn is not installed.
    """
    if points.shape[1] == 2:
        return points
    require_scikit_learn()
    from sklearn.manifold import TSNE
    from threadpoolctl import threadpool_limits

    components = principal_components(points, PRINCIPAL_COMPONENTS)
    # Starts from the two largest components, scaled down, so that they and not the seed determine the map's layout.
    start = components[:, :2] / components[:, 0].std() * 1e-4
    with threadpool_limits(1):  # several threads would add in a different order each time
        perplexity = min(PERPLEXITY, (len(points) - 1) / 3)  # t-SNE uses three times as many neighbours of each point
        embedding = TSNE(init=start.astype(np.float32), perplexity=perplexity, random_state=SEED, n_jobs=1)
        places = embedding.fit_transform(components.astype(np.float32))
    places = places - places.mean(axis=0)
    coordinates: FloatArray = np.round(places / np.abs(places).max(), 4).astype(np.float32)
    return coordinates


def principal_components(points: FloatArray, count: int) -> DoubleArray:
    """Return the points' coordinates along their first principal components, the largest first.

    Args:
        points: shape ``(n, units)``.
        count: how many components; at most as many as there are units.

    Returns:
        Shape ``(n, count)``. The largest weight of each direction is positive, so that its sign is determined.
    """
    centred = points.astype(np.float64) - points.mean(axis=0, dtype=np.float64)
    _, directions = np.linalg.eigh(centred.T @ centred)
    directions = directions[:, ::-1][:, :count]
    largest = np.abs(directions).argmax(axis=0)
    signs = np.sign(directions[largest, np.arange(directions.shape[1])])
    components: DoubleArray = centred @ (directions * signs)
    return components


@dataclass(frozen=True)
class Strongest:
    """The images that activated each unit of a layer most so far; arrays of the shape ``(ranks, units)``.

    ``spots`` is the place in the feature map, counted row by row; ``columns`` is the length of its rows, 0 for a layer
    without places.
    """

    values: FloatArray
    images: npt.NDArray[np.int64]
    spots: npt.NDArray[np.int64]
    columns: int

    @classmethod
    def none(cls) -> Self:
        """Return the state before the first image."""
        nothing = np.zeros((0, 0), np.int64)
        return cls(nothing.astype(np.float32), nothing, nothing, 0)

    def with_batch(self, values: FloatArray, first: int) -> Self:
        """Return the strongest after a further batch; of equal ones the earlier image comes first.

        Args:
            values: each unit's value for each image, shape ``(n, units)`` or ``(n, rows, columns, channels)``.
            first: the index of the batch's first image.
        """
        places = values.reshape(len(values), -1, values.shape[-1])  # (n, places, units)
        spots = places.argmax(axis=1)
        peaks = np.take_along_axis(places, spots[:, np.newaxis], axis=1)[:, 0]
        images = np.broadcast_to(first + np.arange(len(values))[:, np.newaxis], peaks.shape)
        known = self if self.values.size else type(self)(peaks[:0], images[:0], spots[:0], 0)
        merged = np.concatenate([known.values, peaks])
        best = np.argsort(-merged, axis=0, kind="stable")[:EXCITING]
        return type(self)(
            values=np.take_along_axis(merged, best, axis=0),
            images=np.take_along_axis(np.concatenate([known.images, images]), best, axis=0),
            spots=np.take_along_axis(np.concatenate([known.spots, spots]), best, axis=0),
            columns=values.shape[2] if values.ndim == 4 else 0,
        )

    def as_exciting(self) -> Exciting:
        """Return them in the atlas's form, one row per unit."""
        limit = np.finfo(np.float16).max
        places = np.stack(divmod(self.spots.T, self.columns), axis=-1).astype(np.uint8) if self.columns else None
        return Exciting(
            images=self.images.T.astype(np.uint16),
            values=self.values.T.clip(-limit, limit).astype(np.float16),
            places=places,
        )


def _excitement(read: LayerReadout) -> FloatArray:
    """The pre-activation: it still distinguishes images for which a softmax gives 1 to thousands."""
    return read.activation if read.pre_activation is None else read.pre_activation


def _readouts(network: Runs, dataset: Dataset) -> Iterator[tuple[int, Readout]]:
    images = dataset.test_images
    for first in range(0, len(images), BATCH):
        yield first, network.run(network_input(images[first : first + BATCH], network.card.input.shape))
