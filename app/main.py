"""The one place where the parts are put together: ``create_app(settings)``."""

import sys
from collections.abc import Callable, Collection
from functools import partial
from importlib.resources import files
from pathlib import Path

from fastapi import FastAPI
from starlette.middleware.cors import CORSMiddleware
from starlette.types import ASGIApp

from app import __version__
from app.bundle.gallery import Galleries
from app.explain.ablation import Ablations
from app.http.envelope import Envelope
from app.http.errors import add_error_handlers
from app.http.i18n import load_texts
from app.http.intake import IntakeLimits
from app.http.metrics import Metrics
from app.http.page_files import PageFiles
from app.network.library import open_library
from app.routes import arithmetic, attribution, batch, decode, gallery, models, operations, pages, predict
from app.routes.line import read_together
from app.scheduling.admission import Entrance, Precedence, Workplace
from app.scheduling.batching import Batcher
from app.settings import ROOT, Settings

DESCRIPTION = """
**See what a neural network sees.** Send a picture, get a real network's answer, and the numbers of every layer it
passed through. Errors are `application/problem+json` (RFC 9457); the `type` of each leads to a page that explains
it.
"""


PLACES = 4
"""How many images that go alone are read at once: their arithmetic leaves Python's lock."""

LARGE_DECODES = 2
"""How many large pictures are decoded at once: each takes room, some hundred megabytes."""

EXPLAINING_PLACES = 1
"""How many explanations are computed at once: they are dear, and predictions go first."""

EXPLAINING_NICENESS = 10
"""By how much the thread that explains stands back, on the scale of nice(1); only Linux does this by thread."""

SWITCH_SECONDS = 0.0005
"""How long a thread may keep Python's lock while others wait for it: with Python's own 5 ms an explanation's arithmetic
makes a prediction wait for longer than its whole work takes."""

MAX_MEASUREMENTS = 3
"""How many accuracies may be measured, one at a time, or wait for it: each takes a core for up to a second."""


def create_app(settings: Settings | None = None) -> FastAPI:
    """Load the networks and return the application.

    Args:
        settings: read from the environment where none are given.
    """
    settings = settings or Settings()
    sys.setswitchinterval(SWITCH_SECONDS)
    app = FastAPI(
        title="Layerscope",
        version=__version__,
        description=DESCRIPTION,
        license_info={"name": "MIT"},
        docs_url=None,
        redoc_url=None,
    )
    app.state.settings = settings
    app.state.library = open_library(settings.models_dir)
    app.state.metrics = Metrics()
    app.state.metrics.set_readiness(app.state.library.readiness)
    app.state.galleries = Galleries()
    app.state.alone = Workplace(PLACES)
    app.state.decoders = Workplace(LARGE_DECODES)
    app.state.predictions = Precedence()
    app.state.explaining = Workplace(EXPLAINING_PLACES, EXPLAINING_NICENESS, behind=app.state.predictions)
    app.state.explanations = Entrance("explanations are being computed or waiting", settings.max_explanations)
    app.state.ablations = Ablations()
    app.state.measuring = Workplace(1, EXPLAINING_NICENESS, behind=app.state.predictions)
    app.state.measurements = Entrance("measurements are under way or waiting", MAX_MEASUREMENTS)
    app.state.writing = Workplace(1, EXPLAINING_NICENESS)  # long answers, piece by piece
    app.state.batcher = Batcher(partial(read_together, app.state.metrics), settings.batch_images)
    for network in app.state.library.networks.values():
        network.warm_up(settings.batch_images)
    app.state.texts = load_texts(ROOT / "static" / "locales")
    app.state.page_files = PageFiles(ROOT / "static")
    # Before the routes: to try each of those first takes longer than to send a file, and a page has a hundred and more.
    app.mount("/static", app.state.page_files, name="static")
    app.mount("/docs", PageFiles(Path(str(files("fastapi_swagger"))) / "resources"), name="swagger-ui")
    for routes in (predict, batch, decode, arithmetic, attribution, models, gallery, operations, pages):
        app.include_router(routes.router)
    add_error_handlers(app)
    share = sharing(settings.allowed_origins)
    app.add_middleware(share)
    app.add_middleware(  # the outermost: what the other answers itself is counted and logged, too
        Envelope,
        metrics=app.state.metrics,
        max_requests=settings.max_requests,
        intake=IntakeLimits(settings.max_held_bytes, settings.max_body_seconds),
        share=share,
    )
    return app


def sharing(origins: Collection[str]) -> Callable[[ASGIApp], ASGIApp]:
    """Return what lets the pages of other origins read the answers of an application; for none it is left as it is."""
    if not origins:
        return lambda app: app
    return partial(
        CORSMiddleware,
        allow_origins=origins,
        allow_methods=("GET", "POST"),
        allow_headers=("Content-Type", "X-Request-Id"),
        expose_headers=("X-Request-Id", "Retry-After"),
    )
