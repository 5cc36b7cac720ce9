"""``python -m app``: serve the page and the API."""

import logging.config
import os
import re
import signal
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from importlib.util import find_spec
from typing import IO, TYPE_CHECKING, NoReturn

from pydantic import ValidationError

from app.http.logs import logging_config
from app.http.metrics import shared_between_processes
from app.settings import Settings

if TYPE_CHECKING:
    from fastapi import FastAPI

LOADING_TIMEOUT_S = 60
"""How long a worker may not respond before it is replaced: libraries hold Python's lock while they load."""

DRAIN_SECONDS = 25
"""How long running requests may take after a signal to stop; Kubernetes gives 30 by default."""

SHARING_LOOP = "app.http.accepting:SharingLoop"
"""The event loop of several workers, where uvloop is installed."""

CHATTER = re.compile(rb"(WARNING: All log messages before absl|[IW]0000 |E0000 .*failed call to cuInit)")
"""Messages that TensorFlow's libraries print while they load, at any log level: on oneDNN and missing GPUs."""


def main() -> int:
    """Serve until a signal to stop; return 1 if a setting is wrong."""
    try:
        settings = Settings()
    except ValidationError as error:
        for one in error.errors(include_url=False, include_input=False):
            print(f"layerscope: the setting {one['loc'][0]} is wrong: {one['msg']}.", file=sys.stderr)
        return 1
    log_config = logging_config(settings.log_format, settings.log_level)
    logging.config.dictConfig(log_config)
    signal.signal(signal.SIGTERM, _leave)
    print(f"Layerscope loads its networks and opens on http://{settings.host}:{settings.port}", flush=True)
    for name, value in compute_environment(settings).items():
        os.environ.setdefault(name, value)
    import uvicorn

    # TensorFlow takes seconds to import; the line above is printed before that. Each worker imports TensorFlow itself,
    # because its state does not survive a fork.
    with shared_between_processes() if settings.workers > 1 else nullcontext():
        uvicorn.run(
            "app.__main__:create_worker" if settings.workers > 1 else create_worker(),
            factory=settings.workers > 1,
            workers=settings.workers,
            loop=SHARING_LOOP if settings.workers > 1 and find_spec("uvloop") else "auto",
            timeout_worker_healthcheck=LOADING_TIMEOUT_S,
            timeout_graceful_shutdown=DRAIN_SECONDS,
            host=settings.host,
            port=settings.port,
            access_log=False,
            log_config=log_config,
            server_header=False,
            ws="none",
        )
    return 0


def create_worker() -> "FastAPI":
    """Return the application that one process serves, from validated settings."""
    with without_chatter():
        from app.main import create_app

        return create_app(Settings())


def compute_environment(settings: Settings) -> dict[str, str]:
    """Return the environment variables that NumPy and TensorFlow read when they are first imported.

    A worker's requests are computed one batch after the other, so that TensorFlow's threads all work on the same
    operation; NumPy's products are too small to be divided.
    """
    threads = settings.tf_threads or max(1, usable_cores() // settings.workers)
    return {
        "TF_CPP_MIN_LOG_LEVEL": "2",
        "CUDA_VISIBLE_DEVICES": "-1",  # one image is computed before a GPU has received it
        "TF_NUM_INTRAOP_THREADS": str(threads),
        "TF_NUM_INTEROP_THREADS": "2",  # with one, a prediction waits until an explanation's call has ended
        "OPENBLAS_NUM_THREADS": "1",
    }


def usable_cores() -> int:
    """Return how many cores this process may run on."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _leave(*_: object) -> NoReturn:
    """Exit with status 0: uvicorn answers running requests first, then passes the signal on to this handler."""
    sys.exit(0)


@contextmanager
def without_chatter() -> Iterator[None]:
    """Buffer standard error, and write it at the end without TensorFlow's start-up messages."""
    sys.stderr.flush()
    terminal = os.dup(2)
    with _file_in_memory() as held_back:
        os.dup2(held_back.fileno(), 2)
        try:
            yield
        finally:
            sys.stderr.flush()
            os.dup2(terminal, 2)
            os.close(terminal)
            held_back.seek(0)
            said = b"".join(line for line in held_back if not CHATTER.match(line))
            os.write(2, said)


def _file_in_memory() -> IO[bytes]:
    """Return a file in memory if the system offers one, since the disk may be read-only."""
    if hasattr(os, "memfd_create"):
        return os.fdopen(os.memfd_create("layerscope"), "w+b")
    return tempfile.TemporaryFile()


if __name__ == "__main__":
    sys.exit(main())
