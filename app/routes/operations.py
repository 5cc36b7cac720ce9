"""For operating the server: liveness, readiness, and metrics."""

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from app import problems
from app.http.metrics import MEDIA_TYPE
from app.http.responses import JsonResponse, documented_problems
from app.schemas.answers import Health, Readiness
from app.services import services_of

router = APIRouter(tags=["operations"])


@router.get("/healthz", summary="Whether the process is alive", response_model=Health)
def get_health() -> Response:
    """Answer as long as the process is alive."""
    return JsonResponse({"status": "ok"})


@router.get(
    "/readyz",
    summary="Whether a network is ready",
    response_model=Readiness,
    responses=documented_problems(problems.NoModel),
)
def get_readiness(request: Request) -> Response:
    """Answer 200 while the default network is ready, and name the bundles that failed."""
    library = services_of(request).library
    return JsonResponse(
        {
            "status": "ready",
            "default": library.default.card.name,
            "models": list(library.networks),
            "failed": [{"name": name, "reason": reason} for name, reason in library.failures.items()],
        }
    )


@router.get(
    "/metrics",
    summary="The server's metrics, for Prometheus",
    response_class=PlainTextResponse,
    responses={
        200: {"description": "Prometheus's text format.", "content": {"text/plain": {"schema": {"type": "string"}}}}
    },
)
def get_metrics(request: Request) -> Response:
    """Return counts of requests, of their latency by stage, batches and refusals, and which networks are ready."""
    return Response(services_of(request).metrics.exposition(), media_type=MEDIA_TYPE)
