"""The server's metrics for Prometheus: requests, their duration by stage, batches, refusals, readiness.

Every label has a closed set of values: a route is its template, never a path; a refusal is a problem's name. The
counters of one application are in their own registry. If several processes serve one address, they share their counts
through files (``shared_between_processes``), so that each of them answers for all.
"""

import os
import re
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from prometheus_client import (
    CONTENT_TYPE_PLAIN_0_0_4,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    ProcessCollector,
    generate_latest,
)
from prometheus_client.multiprocess import MultiProcessCollector, mark_process_dead

SHARED_DIRECTORY = "PROMETHEUS_MULTIPROC_DIR"
"""The environment variable that makes prometheus-client share counts; it is read at import."""

MEDIA_TYPE = CONTENT_TYPE_PLAIN_0_0_4
"""Prometheus's text format, which every version of it reads."""

STAGES = ("wait", "decode", "preprocess", "network", "total")

_SECONDS = (0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20)
_IMAGES = (1, 2, 4, 8, 16, 32, 64, 128)
_METHODS = frozenset({"GET", "POST", "HEAD", "OPTIONS", "PUT", "PATCH", "DELETE"})


class Metrics:
    """The counters of one application; thread-safe."""

    def __init__(self) -> None:
        self._registry = registry = CollectorRegistry()
        self._in_flight = Gauge(
            "layerscope_requests_in_flight",
            "Requests that are being answered.",
            registry=registry,
            multiprocess_mode="livesum",
        )
        requests = Counter(
            "layerscope_requests", "Requests that were answered.", ("method", "route", "status"), registry=registry
        )
        request_seconds = Histogram(
            "layerscope_request_seconds",
            "From a request's first byte to the beginning of its answer.",
            ("route",),
            buckets=_SECONDS,
            registry=registry,
        )
        self._of_request = cache(
            lambda method, route, status: (requests.labels(method, route, status), request_seconds.labels(route))
        )  # looking up a counter by its labels costs more than incrementing it
        stage_seconds = Histogram(
            "layerscope_stage_seconds",
            "Duration of each stage of an image's processing.",
            ("stage",),
            buckets=_SECONDS,
            registry=registry,
        )
        self._stages = {stage: stage_seconds.labels(stage) for stage in STAGES}
        self._batch_images = Histogram(
            "layerscope_batch_images",
            "Images that went through a network in one call.",
            buckets=_IMAGES,
            registry=registry,
        )
        self._refusals = Counter(
            "layerscope_refusals", "Requests that were answered with a problem.", ("reason",), registry=registry
        )
        self._model_ready = Gauge(
            "layerscope_model_ready",
            "1 where a bundle's network is ready, 0 where it failed.",
            ("model",),
            registry=registry,
            multiprocess_mode="livemin",
        )
        if not _shared_directory():
            ProcessCollector(registry=registry)

    def begin_request(self) -> None:
        """Count a request that has arrived."""
        self._in_flight.inc()

    def end_request(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count a finished request.

        Args:
            method: of the request; one that HTTP does not name is counted as ``other``.
            route: the template of the address, not the address.
            status: of the answer.
            seconds: until the answer began.
        """
        self._in_flight.dec()
        request, request_seconds = self._of_request(method if method in _METHODS else "other", route, status)
        request.inc()
        request_seconds.observe(seconds)

    def observe_stages(self, timing_ms: Mapping[str, float]) -> None:
        """Record the duration of each stage of one image's processing, in milliseconds, by the names in ``STAGES``."""
        for stage, milliseconds in timing_ms.items():
            self._stages[stage].observe(milliseconds / 1e3)

    def observe_batch(self, images: int) -> None:
        """Record how many images went through a network in one call."""
        self._batch_images.observe(images)

    def count_refusal(self, reason: str) -> None:
        """Count a request that was answered with a problem, by its name."""
        self._refusals.labels(reason).inc()

    def set_readiness(self, ready: Mapping[str, bool]) -> None:
        """Record for each bundle, by its name, whether its network is ready."""
        for name, is_ready in ready.items():
            self._model_ready.labels(name).set(int(is_ready))

    def exposition(self) -> bytes:
        """Return all counts as a text of ``MEDIA_TYPE``."""
        return generate_latest(_of_all_processes() or self._registry)


@contextmanager
def shared_between_processes() -> Iterator[None]:
    """Let the processes that are started in this block share their counts.

    The files are in memory if the system offers that (``/dev/shm``), a few megabytes per process, and are removed at
    the end. It has no effect on this process itself, nor if the environment already names a directory.
    """
    if _shared_directory():
        yield
        return
    memory = Path("/dev/shm")  # noqa: S108 - a fresh directory is made in it, that only this user may open
    directory = tempfile.mkdtemp(prefix="layerscope-", dir=memory if os.access(memory, os.W_OK) else None)
    os.environ[SHARED_DIRECTORY] = directory
    try:
        yield
    finally:
        del os.environ[SHARED_DIRECTORY]
        shutil.rmtree(directory, ignore_errors=True)


def _shared_directory() -> str:
    return os.environ.get(SHARED_DIRECTORY, "")


def _of_all_processes() -> CollectorRegistry | None:
    """The counts of all processes that share theirs; ``None`` if they do not share them."""
    directory = _shared_directory()
    if not directory:
        return None
    for pid in {match[1] for path in Path(directory).iterdir() if (match := re.search(r"_(\d+)\.db$", path.name))}:
        if not _is_alive(int(pid)):
            mark_process_dead(pid, directory)  # type: ignore[no-untyped-call]  # its gauges end with it, its counters stay
    registry = CollectorRegistry()
    MultiProcessCollector(registry, directory)  # type: ignore[no-untyped-call]
    return registry


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
