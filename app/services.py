"""The server's shared objects: built once, and accessed by the routes through one function."""

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from starlette.requests import Request

from app.bundle.gallery import Galleries
from app.explain.ablation import Ablations
from app.http.i18n import Texts, load_texts
from app.http.metrics import Metrics
from app.http.page_files import PageFiles
from app.network.library import Library, open_library
from app.pipeline.reader import Reader, ReaderLimits
from app.scheduling.limits import Limit
from app.scheduling.priority import Priority
from app.scheduling.workers import Workers
from app.settings import ROOT, Settings

EXPLAINING_PLACES: Final = 1
"""How many explanations are computed at once: they take long, and predictions have priority."""

LOW_PRIORITY_NICENESS: Final = 10
"""Added to the nice value of threads for long work; only Linux sets this per thread."""

SWITCH_SECONDS: Final = 0.0005
"""How long a thread may hold Python's lock while others wait for it. With Python's default of 5 ms a prediction waits
longer for an explanation's arithmetic than its own work takes."""

MAX_MEASUREMENTS: Final = 3
"""How many measurements of accuracy may run or wait, one at a time: each takes a core for up to a second."""


@dataclass(frozen=True)
class Services:
    """The server's shared objects.

    Attributes:
        settings: from the environment.
        library: the networks.
        galleries: their test images, if they were made.
        metrics: the counters for Prometheus.
        reader: reads images with networks.
        predictions: held while a prediction is computed; explanations and measurements pause meanwhile.
        explaining: the thread for explanations.
        explanations: the limit on explanations.
        measuring: the thread that measures accuracies with units off.
        measurements: the limit on measurements.
        ablations: the accuracies measured so far.
        writing: the thread that writes long answers piece by piece.
        texts: the pages' texts by language.
        page_files: the files below ``static/``.
    """

    settings: Settings
    library: Library
    galleries: Galleries
    metrics: Metrics
    reader: Reader
    predictions: Priority
    explaining: Workers
    explanations: Limit
    measuring: Workers
    measurements: Limit
    ablations: Ablations
    writing: Workers
    texts: Mapping[str, Texts]
    page_files: PageFiles


def open_services(settings: Settings) -> Services:
    """Load the networks and build the server's shared objects."""
    sys.setswitchinterval(SWITCH_SECONDS)
    library, metrics, predictions = open_library(settings.models_dir), Metrics(), Priority()
    metrics.set_readiness(library.readiness)
    for served in library.networks.values():
        served.network.warm_up(settings.batch_images)
    limits = ReaderLimits(
        body_bytes=settings.max_body_bytes,
        image_pixels=settings.max_image_pixels,
        answer_seconds=settings.max_answer_seconds,
        waiting=settings.max_waiting,
        batch_images=settings.batch_images,
    )
    return Services(
        settings=settings,
        library=library,
        galleries=Galleries(),
        metrics=metrics,
        reader=Reader(limits, metrics, predictions),
        predictions=predictions,
        explaining=Workers(EXPLAINING_PLACES, LOW_PRIORITY_NICENESS, behind=predictions),
        explanations=Limit("explanations are being computed or waiting", settings.max_explanations),
        measuring=Workers(1, LOW_PRIORITY_NICENESS, behind=predictions),
        measurements=Limit("measurements are under way or waiting", MAX_MEASUREMENTS),
        ablations=Ablations(),
        writing=Workers(1, LOW_PRIORITY_NICENESS),
        texts=load_texts(ROOT / "static" / "locales"),
        page_files=PageFiles(ROOT / "static"),
    )


def services_of(request: Request) -> Services:
    """Return the shared objects of the server that answers a request."""
    services: Services = request.app.state.services
    return services
