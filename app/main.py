"""``create_app(settings)`` builds the application from its parts."""

from collections.abc import Callable, Collection
from functools import partial
from importlib.resources import files
from pathlib import Path

from fastapi import FastAPI
from starlette.middleware.cors import CORSMiddleware
from starlette.types import ASGIApp

from app import __version__
from app.http.envelope import Envelope
from app.http.errors import add_error_handlers
from app.http.intake import IntakeLimits
from app.http.page_files import PageFiles
from app.http.responses import describe_problems
from app.routes import arithmetic, attribution, batch, decode, gallery, models, operations, pages, predict
from app.services import open_services
from app.settings import Settings

DESCRIPTION = """
**See what a neural network sees.** Send a picture, get a Keras network's answer and the values of every layer. Errors
are `application/problem+json` (RFC 9457); the `type` of each is the address of a page that explains it.
"""


def create_app(settings: Settings | None = None) -> FastAPI:
    """Load the networks and return the application.

    Args:
        settings: read from the environment if none are given.
    """
    settings = settings or Settings()
    services = open_services(settings)
    app = FastAPI(
        title="Layerscope",
        version=__version__,
        description=DESCRIPTION,
        license_info={"name": "MIT"},
        docs_url=None,
        redoc_url=None,
        generate_unique_id_function=lambda route: route.name,
    )
    describe_problems(app)
    app.state.services = services
    # Before the routes: trying each of those first takes longer than sending a file, and a page has over a hundred.
    app.mount("/static", services.page_files, name="static")
    app.mount("/docs", PageFiles(Path(str(files("fastapi_swagger"))) / "resources"), name="swagger-ui")
    for routes in (predict, batch, decode, arithmetic, attribution, models, gallery, operations, pages):
        app.include_router(routes.router)
    add_error_handlers(app, services.metrics)
    share = sharing(settings.allowed_origins)
    app.add_middleware(share)
    app.add_middleware(  # the outermost middleware, so that the other's own answers are counted and logged, too
        Envelope,
        metrics=services.metrics,
        max_requests=settings.max_requests,
        intake=IntakeLimits(settings.max_held_bytes, settings.max_body_seconds),
        share=share,
    )
    return app


def sharing(origins: Collection[str]) -> Callable[[ASGIApp], ASGIApp]:
    """Return middleware that lets pages of other origins read the answers; without origins it changes nothing."""
    if not origins:
        return lambda app: app
    return partial(
        CORSMiddleware,
        allow_origins=origins,
        allow_methods=("GET", "POST"),
        allow_headers=("Content-Type", "X-Request-Id"),
        expose_headers=("X-Request-Id", "Retry-After"),
    )
