"""A network's accuracy on test images with some of its units off, compared with the whole network.

The whole network's answers are read from the gallery. Those without the units are computed on a fixed sample of the
images, so that results for different units can be compared. Recent results are cached.
"""

import threading
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.stats import binomtest

from app.arrays import ByteArray, FloatArray
from app.bundle.gallery import Gallery
from app.network.thinning import masks_without
from app.network.traced import Network
from app.preprocessing.steps import to_unit
from app.scheduling.checkpoint import Checkpoint, go_on

SAMPLE = 2000
"""How many test images are used, the first of the test set: 0.7 s for the CNN."""

BATCH = 50  # images; between two batches other calls can use the network
REMEMBERED = 64  # results per network
SMALLEST_PROBABILITY = 1e-7  # Keras clips to this in its cross-entropy

UnitsOff = Mapping[str, Sequence[int]]


@dataclass(frozen=True)
class Score:
    """How well a network does on images.

    Attributes:
        loss: the mean cross-entropy, in nats.
        right: how many images of each class were classified correctly, int64, shape ``(classes,)``.
        examples: how many images of each class there are, int64, shape ``(classes,)``.
    """

    loss: float
    right: npt.NDArray[np.int64]
    examples: npt.NDArray[np.int64]

    @property
    def accuracy(self) -> float:
        """The share of images that were classified correctly."""
        return float(self.right.sum() / self.examples.sum())

    @property
    def interval(self) -> tuple[float, float]:
        """The 95 % confidence interval of the accuracy on all images of this kind."""
        # Wilson, "Probable Inference, the Law of Succession, and Statistical Inference" (1927).
        found = binomtest(int(self.right.sum()), int(self.examples.sum())).proportion_ci(0.95, method="wilson")
        return float(found.low), float(found.high)


@dataclass(frozen=True)
class Ablation:
    """A network with units off compared with the whole network, on the same images.

    Attributes:
        whole: how well the whole network does.
        without: how well it does without the units.
        lost: how many images only the whole network classifies correctly.
        gained: how many only the network without the units classifies correctly.
    """

    whole: Score
    without: Score
    lost: int
    gained: int


class Ablations:
    """Measures networks without some units, and caches the results."""

    def __init__(self) -> None:
        self._by_network: dict[str, tuple[Gallery, OrderedDict[str, Ablation]]] = {}
        self._lock = threading.Lock()

    def recall(self, network: Network, gallery: Gallery, off: UnitsOff) -> Ablation | None:
        """Return the cached result of ``measure`` for the same network, gallery and units, if there is one."""
        with self._lock:
            results = self._results(network, gallery)
            found = results.get(_key(off))
            if found is not None:
                results.move_to_end(_key(off))
            return found

    def measure(self, network: Network, gallery: Gallery, off: UnitsOff, checkpoint: Checkpoint = go_on) -> Ablation:
        """Measure a network with these units off, unless the result is cached.

        Args:
            network: a classifier.
            gallery: its own.
            off: units or maps by the name of their layer, one of ``switchable_units``.
            checkpoint: called between batches; what it raises ends the measurement.

        Raises:
            GalleryError: if the gallery's images cannot be read.
        """
        found = self.recall(network, gallery, off)
        if found is not None:
            return found
        found = ablate(network, gallery, off, checkpoint)
        with self._lock:
            results = self._results(network, gallery)
            results[_key(off)] = found
            while len(results) > REMEMBERED:
                results.popitem(last=False)
        return found

    def _results(self, network: Network, gallery: Gallery) -> OrderedDict[str, Ablation]:
        """Return a network's cached results, the oldest first; none if its gallery was made again."""
        name = network.card.name
        if name not in self._by_network or self._by_network[name][0] is not gallery:
            self._by_network[name] = gallery, OrderedDict()
        return self._by_network[name][1]


def ablate(network: Network, gallery: Gallery, off: UnitsOff, checkpoint: Checkpoint = go_on) -> Ablation:
    """Run the first ``SAMPLE`` images of a gallery through its network with units off.

    Args:
        network: a classifier.
        gallery: its own.
        off: units or maps by the name of their layer.
        checkpoint: called between batches; what it raises ends the measurement.

    Raises:
        GalleryError: if the gallery's images cannot be read.
    """
    labels, whole = gallery.labels[:SAMPLE], gallery.probabilities[:SAMPLE]
    without = _probabilities(network, gallery.images[:SAMPLE], off, checkpoint) if off else whole
    was_right, is_right = (probabilities.argmax(axis=1) == labels for probabilities in (whole, without))
    return Ablation(
        whole=judge(whole, labels),
        without=judge(without, labels),
        lost=int(np.count_nonzero(was_right & ~is_right)),
        gained=int(np.count_nonzero(is_right & ~was_right)),
    )


def judge(probabilities: FloatArray, labels: ByteArray) -> Score:
    """Return how good probabilities are, float32, shape ``(n, classes)``, for images of these classes."""
    classes = probabilities.shape[1]
    of_label = probabilities[np.arange(len(labels)), labels].astype(np.float64)
    right = labels[probabilities.argmax(axis=1) == labels]
    return Score(
        loss=float(-np.log(np.clip(of_label, SMALLEST_PROBABILITY, 1)).mean()),
        right=np.bincount(right, minlength=classes),
        examples=np.bincount(labels, minlength=classes),
    )


def _probabilities(network: Network, images: ByteArray, off: UnitsOff, checkpoint: Checkpoint) -> FloatArray:
    masks = masks_without(network.card, off)
    found = []
    for start in range(0, len(images), BATCH):
        checkpoint()
        found.append(network.answer_masked(to_unit(images[start : start + BATCH]), masks))
    return np.concatenate(found)


def _key(off: UnitsOff) -> str:
    return repr(sorted((layer, sorted(units)) for layer, units in off.items()))
