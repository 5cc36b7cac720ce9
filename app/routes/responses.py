"""Responses that are written here and nowhere else: JSON from arrays, frames, and problems."""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from app.codings import accepts_gzip
from app.problems import Problem
from app.schemas.answers import ProblemDocument
from app.wire import answers


class JsonResponse(Response):
    """A JSON answer; arrays in it are written as their shortest decimals."""

    media_type = "application/json"

    def __init__(self, content: answers.Json, status_code: int = 200) -> None:
        super().__init__(answers.dump_json(content), status_code)


def frame_response(request: Request, body: bytes) -> Response:
    """Return a frame, compressed where the client asked for that and it helps."""
    headers = {"Vary": "Accept-Encoding"}
    if accepts_gzip(request.headers.get("accept-encoding", "")) and (compressed := answers.compress(body)) is not None:
        return Response(
            compressed, media_type=answers.FRAME_MEDIA_TYPE, headers={**headers, "Content-Encoding": "gzip"}
        )
    return Response(body, media_type=answers.FRAME_MEDIA_TYPE, headers=headers)


def problem_response(problem: Problem) -> Response:
    """Return a problem as RFC 9457 wants it."""
    body = answers.dump_json(dict(problem.body()))
    return Response(body, problem.status, headers=dict(problem.headers), media_type=answers.PROBLEM_MEDIA_TYPE)


def documented_problems(*problems: type[Problem]) -> dict[int | str, dict[str, Any]]:
    """Return what OpenAPI says of the problems that a call can answer with, by status."""
    by_status: dict[int, list[type[Problem]]] = {}
    for problem in problems:
        by_status.setdefault(problem.status, []).append(problem)
    return {status: _documented(same_status) for status, same_status in by_status.items()}


def _documented(problems: list[type[Problem]]) -> dict[str, Any]:
    return {
        "description": "; ".join(f"{problem.title} (`/problems/{problem.name}`)" for problem in problems),
        "content": {answers.PROBLEM_MEDIA_TYPE: {"schema": ProblemDocument.model_json_schema()}},
    }
