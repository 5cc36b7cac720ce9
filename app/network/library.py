"""The bundles in ``models/``: which are ready, and which failed and why.

A damaged bundle is listed with its error and not served; the others are. No network is served with weights other than
its own.
"""

import logging
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from app.bundle.atlas import Atlas, read_atlas
from app.bundle.card import BundleError, ModelCard
from app.bundle.files import Bundle, read_bundle
from app.bundle.novelty import NoveltyMeasure, read_measure
from app.bundle.statistics import LayerStatistics, read_layer_statistics
from app.network.traced import Network
from app.problems import NoModel, UnknownModel

DEFAULTS = ("mnist-mlp", "mnist-mlp-lecture")
"""The default network is the first of these that is ready, otherwise any classifier."""

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class ServedNetwork:
    """A network that is served, and its measurements.

    Attributes:
        network: traced.
        bundle: on disk.
        novelty: the measure of novelty; ``None`` if it was not fitted.
        statistics: the distribution of each measured layer's values over test images, in layer order.
    """

    network: Network
    bundle: Bundle
    novelty: NoveltyMeasure | None
    statistics: Mapping[str, LayerStatistics]

    @property
    def card(self) -> ModelCard:
        """The bundle's card."""
        return self.bundle.card

    @cached_property
    def atlas(self) -> Atlas | None:
        """The map of the test images; ``None`` if it was not made."""
        return read_atlas(self.bundle.statistics())


def serve_bundle(bundle: Bundle) -> ServedNetwork:
    """Load a bundle's network and what was measured of it; the atlas is read when it is first asked for.

    Raises:
        BundleError: if the saved network or a measurement does not match the card.
    """
    card, statistics = bundle.card, bundle.statistics()
    return ServedNetwork(
        Network(bundle), bundle, read_measure(card, statistics), read_layer_statistics(card, statistics)
    )


@dataclass(frozen=True)
class Library:
    """The networks that are ready, by name, and the errors of those that are not."""

    networks: Mapping[str, ServedNetwork]
    failures: Mapping[str, str]

    @property
    def readiness(self) -> Mapping[str, bool]:
        """Whether each bundle's network is ready, by its name."""
        return {**dict.fromkeys(self.failures, False), **dict.fromkeys(self.networks, True)}

    @property
    def default(self) -> ServedNetwork:
        """The network that answers if the request names none.

        Raises:
            NoModel: if no network is ready.
        """
        classifiers_first = sorted(self.networks, key=lambda name: self.networks[name].card.task != "classification")
        for name in (*DEFAULTS, *classifiers_first):
            if name in self.networks:
                return self.networks[name]
        raise NoModel

    def get(self, name: str | None) -> ServedNetwork:
        """Return the network of this name, or the default for ``None``.

        Raises:
            UnknownModel: if there is no such network, or it could not be loaded.
            NoModel: if none is named, and no network is ready.
        """
        if name is None:
            return self.default
        if name not in self.networks:
            raise UnknownModel(tuple(self.networks))
        return self.networks[name]


def open_library(models_dir: Path) -> Library:
    """Load every bundle in a directory; those that cannot be loaded are logged and listed separately."""
    networks: dict[str, ServedNetwork] = {}
    failures: dict[str, str] = {}
    for directory in _bundle_directories(models_dir):
        try:
            networks[directory.name] = serve_bundle(read_bundle(directory))
        except BundleError as error:
            failures[directory.name] = str(error)
            log.warning("%s is not served: %s", directory.name, error)
        except Exception:  # an error in one bundle does not affect the others
            failures[directory.name] = "The bundle cannot be loaded; the server's log says why."
            log.exception("%s is not served", directory.name)
    return Library(networks, failures)


def _bundle_directories(models_dir: Path) -> Iterator[Path]:
    if models_dir.is_dir():
        candidates = sorted(path for path in models_dir.iterdir() if path.is_dir())
        yield from (path for path in candidates if not path.name.startswith(".") and path.name != "experiments")
