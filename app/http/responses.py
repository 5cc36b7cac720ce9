"""The response types: JSON from arrays, frames, and problems."""

from collections.abc import Callable, Mapping
from typing import Any

from fastapi import FastAPI
from pydantic import BaseModel
from starlette.requests import Request
from starlette.responses import Response

from app.http.codings import accepts_gzip, compress
from app.http.json_text import Json, dump_json, dump_json_in_pieces
from app.problems import Problem

PROBLEM_MEDIA_TYPE = "application/problem+json"


class ProblemDocument(BaseModel):
    """An RFC 9457 problem; further members name the limit that was exceeded."""

    type: str
    title: str
    status: int
    detail: str


class JsonResponse(Response):
    """A JSON answer; arrays in it are written as their shortest decimals.

    Args:
        content: the answer.
        status_code: of HTTP.
        between: for long work: called between pieces of the JSON; may pause, or raise to end the work.
    """

    media_type = "application/json"

    def __init__(self, content: Json, status_code: int = 200, between: Callable[[], None] | None = None) -> None:
        body = dump_json(content) if between is None else dump_json_in_pieces(content, between)
        super().__init__(body, status_code)


def compressible_response(request: Request, body: bytes, media_type: str) -> Response:
    """Return a body, compressed where the client accepts gzip and it becomes smaller."""
    headers = {"Vary": "Accept-Encoding"}
    if accepts_gzip(request.headers.get("accept-encoding", "")) and (compressed := compress(body)) is not None:
        return Response(compressed, media_type=media_type, headers={**headers, "Content-Encoding": "gzip"})
    return Response(body, media_type=media_type, headers=headers)


def problem_response(problem: Problem) -> Response:
    """Return a problem as an RFC 9457 response."""
    body = dump_json(dict(problem.body()))
    return Response(body, problem.status, headers=dict(problem.headers), media_type=PROBLEM_MEDIA_TYPE)


def documented_problems(*problems: type[Problem]) -> dict[int | str, dict[str, Any]]:
    """Return OpenAPI's description of the problems that a call can answer with, by status."""
    by_status: dict[int, list[type[Problem]]] = {}
    for problem in problems:
        by_status.setdefault(problem.status, []).append(problem)
    return {status: _documented(same_status) for status, same_status in by_status.items()}


def _documented(problems: list[type[Problem]]) -> dict[str, Any]:
    return {
        "description": "; ".join(f"{problem.title} (`/problems/{problem.name}`)" for problem in problems),
        "content": {PROBLEM_MEDIA_TYPE: {"schema": {"$ref": f"#/components/schemas/{ProblemDocument.__name__}"}}},
    }


def describe_problems(app: FastAPI) -> None:
    """Add the schema of problems to an application's OpenAPI description, where every operation refers to it."""
    describe = app.openapi

    def described() -> dict[str, Any]:
        document = describe()
        schemas = document.setdefault("components", {}).setdefault("schemas", {})
        schemas.setdefault(ProblemDocument.__name__, ProblemDocument.model_json_schema())
        return document

    app.openapi = described  # type: ignore[method-assign]  # FastAPI's own way to extend the description


def server_timing(timing_ms: Mapping[str, float]) -> str:
    """Return a ``Server-Timing`` header, which browsers show beside a request (W3C, Server Timing)."""
    return ", ".join(f"{name};dur={milliseconds:.3f}" for name, milliseconds in timing_ms.items())
