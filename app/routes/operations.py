"""For whoever runs the server: does the process live, and does it answer."""

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from app import problems
from app.library import Library
from app.routes.responses import JsonResponse, documented_problems
from app.schemas import Health, Readiness

router = APIRouter(tags=["operations"])


@router.get("/healthz", summary="Does the process live", response_model=Health)
def get_health() -> Response:
    """Answer as long as the process can answer at all."""
    return JsonResponse({"status": "ok"})


@router.get(
    "/readyz",
    summary="Is a network ready",
    response_model=Readiness,
    responses=documented_problems(problems.NoModel),
)
def get_readiness(request: Request) -> Response:
    """Answer 200 while the default network serves, and name the bundles that failed."""
    library: Library = request.app.state.library
    return JsonResponse(
        {
            "status": "ready",
            "default": library.default.card.name,
            "models": list(library.networks),
            "failed": [{"name": name, "reason": reason} for name, reason in library.failures.items()],
        }
    )
