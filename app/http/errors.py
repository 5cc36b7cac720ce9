"""Turns errors into problem documents: the application's, the validation's and the router's.

Unexpected exceptions are turned into one in ``envelope.py``, where the request's id is known.
"""

from collections.abc import Sequence
from typing import Any

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from app.http.metrics import Metrics
from app.http.responses import problem_response
from app.problems import InvalidRequest, MethodNotAllowed, NotFound, Problem


def add_error_handlers(app: FastAPI, metrics: Metrics) -> None:
    """Answer every error with a problem document, and count it."""

    async def answer(request: Request, error: Exception) -> Response:
        problem = _problem_of(request, error)
        metrics.count_refusal(problem.name)
        return problem_response(problem)

    for kind in (Problem, RequestValidationError, HTTPException):
        app.add_exception_handler(kind, answer)


def _problem_of(request: Request, error: Exception) -> Problem:
    if isinstance(error, Problem):
        return error
    if isinstance(error, RequestValidationError):
        # The input is not repeated: NaN cannot be written in JSON.
        return InvalidRequest(" ".join(_sentence(request, one) for one in _first_of_each(error.errors())))
    assert isinstance(error, HTTPException)
    if error.status_code == NotFound.status:
        return NotFound()
    if error.status_code == MethodNotAllowed.status:
        return MethodNotAllowed((error.headers or {}).get("Allow", ""))
    return InvalidRequest("The request cannot be read.")


def _first_of_each(errors: Sequence[Any]) -> list[Any]:
    """Keep one error per parameter: a wrong value for a choice fails once for each option."""
    return list({error["loc"][:2]: error for error in reversed(errors)}.values())[::-1]


def _sentence(request: Request, error: dict[str, Any]) -> str:
    if error["type"] == "extra_forbidden":
        known = ", ".join(f"“{name}”" for name in _query_parameters(request))
        return f"A parameter is not known here; this call takes {known}."
    name = error["loc"][1] if len(error["loc"]) > 1 else error["loc"][0]
    return f"“{name}”: {error['msg']}."


def _query_parameters(request: Request) -> list[str]:
    route = request.scope.get("route")
    operation = request.app.openapi()["paths"].get(getattr(route, "path", ""), {}).get(request.method.lower(), {})
    return [parameter["name"] for parameter in operation.get("parameters", []) if parameter["in"] == "query"]
