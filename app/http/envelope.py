"""Wraps every request and response: request id, security headers, the limit on requests, log line, counters."""

import logging
import re
import secrets
import time
from collections.abc import Callable
from urllib.parse import quote

from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.http.intake import Body, Intake, IntakeLimits
from app.http.metrics import Metrics
from app.http.responses import problem_response
from app.problems import Busy, InternalError, Problem

_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'{inline_style}; img-src 'self' data: blob:; "
    "connect-src 'self'; font-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'"
)
CONTENT_SECURITY_POLICY = _POLICY.format(inline_style="")
DOCS_CONTENT_SECURITY_POLICY = _POLICY.format(inline_style=" 'unsafe-inline'")
"""Swagger UI writes style attributes; only its page may."""

PERMISSIONS_POLICY = ", ".join(
    f"{feature}=()"
    for feature in (
        "camera",
        "display-capture",
        "geolocation",
        "hid",
        "microphone",
        "midi",
        "payment",
        "serial",
        "usb",
        "xr-spatial-tracking",
    )
)
"""The page needs no browser permissions: a phone's camera is opened by a file input, which needs none."""

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": PERMISSIONS_POLICY,
}

ALWAYS_ANSWERED = frozenset({"/healthz", "/readyz", "/metrics"})
"""The addresses that monitoring requests; they are answered even by a full server."""

CLIENT_GONE = 499
"""The status logged and counted for a request whose client disconnected before the answer, as in nginx."""

FAILED = 400
"""A request with this status or a higher one counts as failed in the log."""

SLOW_SECONDS = 1.0
"""A request that takes at least this long to the beginning of its answer counts as slow in the log."""

_REQUEST_ID = re.compile(rb"[A-Za-z0-9._-]{1,64}")

log = logging.getLogger("app.requests")


class Envelope:
    """Adds the headers to every response, and one line to the log: id, method, path, status, milliseconds.

    A request's id is the client's ``X-Request-Id`` if that is a plain word, otherwise a new one. An unhandled exception
    becomes a problem, with its traceback in the log under the same id. HEAD is answered as GET, without the body.

    Args:
        app: the application that answers.
        metrics: counts requests.
        max_requests: how many are answered at once; the next one is refused with 503.
        intake: the limits on their bodies.
        share: middleware between the envelope and ``app``; applied to the envelope's own refusals, too.
    """

    def __init__(
        self,
        app: ASGIApp,
        metrics: Metrics,
        max_requests: int,
        intake: IntakeLimits,
        share: Callable[[ASGIApp], ASGIApp] = lambda app: app,
    ) -> None:
        self._app = app
        self._share = share
        self._metrics = metrics
        self._intake = Intake(intake)
        self._max_requests = max_requests
        self._in_flight = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, with the headers, the log line and the counts added."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        reply = _Reply(scope, send)
        body = Body(self._intake, receive)
        asked = {**scope, "method": "GET"} if reply.without_body else scope
        self._in_flight += 1
        self._metrics.begin_request()
        try:
            await self._answer(asked, body.receive, reply)
        finally:
            body.release()
            self._in_flight -= 1
            route = _route(asked)
            self._metrics.end_request(scope["method"], route, reply.status, reply.seconds)
            reply.log(route)

    async def _answer(self, asked: Scope, receive: Receive, reply: "_Reply") -> None:
        if self._in_flight > self._max_requests and asked["path"] not in ALWAYS_ANSWERED:
            await self._refuse(Busy("requests are being answered", self._max_requests), asked, receive, reply)
            return
        try:
            await self._app(asked, receive, reply.send)
        except ClientDisconnect:
            pass  # the client has gone
        except Exception:
            log.exception("%s %s %s failed", reply.request_id, asked["method"], quote(asked["path"]))
            if reply.begun:
                raise
            await self._refuse(InternalError(), asked, receive, reply)

    async def _refuse(self, problem: Problem, asked: Scope, receive: Receive, reply: "_Reply") -> None:
        async def refuse(scope: Scope, receive: Receive, send: Send) -> None:
            self._metrics.count_refusal(problem.name)
            await problem_response(problem)(scope, receive, send)

        await self._share(refuse)(asked, receive, reply.send)


class _Reply:
    """One answer being sent."""

    def __init__(self, scope: Scope, send: Send) -> None:
        self.request_id = _request_id(scope)
        self.without_body = scope["method"] == "HEAD"
        self.begun = False
        self.status = CLIENT_GONE
        self._scope = scope
        self._send = send
        self._asked_at = time.perf_counter()
        self._begun_at: float | None = None

    @property
    def seconds(self) -> float:
        """How long it took until the answer began, or was cancelled."""
        return (self._begun_at or time.perf_counter()) - self._asked_at

    async def send(self, message: Message) -> None:
        """Send a part of the answer."""
        if message["type"] == "http.response.start":
            self.begun = True
            self.status = message["status"]
            self._begun_at = time.perf_counter()
            message = {**message, "headers": [*message.get("headers", ()), *self._headers()]}
        elif self.without_body:
            message = {**message, "body": b""}
        await self._send(message)

    def log(self, route: str) -> None:
        """Write the answer's line: at level ``INFO`` if the request was slow or failed, else at ``DEBUG``."""
        level = logging.INFO if self.status >= FAILED or self.seconds >= SLOW_SECONDS else logging.DEBUG
        if not log.isEnabledFor(level):
            return
        method, milliseconds = self._scope["method"], 1e3 * self.seconds
        path = quote(self._scope["path"])  # decoded, it may hold a line break
        fields = {
            "request_id": self.request_id,
            "method": method,
            "path": path,
            "route": route,
            "status": self.status,
            "milliseconds": round(milliseconds, 3),
        }
        line = "%s %s %s %d %.1f ms"
        log.log(level, line, self.request_id, method, path, self.status, milliseconds, extra={"fields": fields})

    def _headers(self) -> tuple[tuple[bytes, bytes], ...]:
        headers = _DOCS_HEADERS if self._scope["path"] == "/docs" else _HEADERS
        return (*headers, (b"x-request-id", self.request_id.encode()))


def _encoded(policy: str) -> tuple[tuple[bytes, bytes], ...]:
    headers = {**HEADERS, "Content-Security-Policy": policy}
    return tuple((name.lower().encode(), value.encode()) for name, value in headers.items())


_HEADERS = _encoded(CONTENT_SECURITY_POLICY)
_DOCS_HEADERS = _encoded(DOCS_CONTENT_SECURITY_POLICY)


def _request_id(scope: Scope) -> str:
    """The client's request id if it can be logged unchanged; otherwise a new one."""
    for name, value in scope["headers"]:
        if name == b"x-request-id" and _REQUEST_ID.fullmatch(value):
            return str(value.decode())
    return secrets.token_hex(8)


def _route(scope: Scope) -> str:
    """The template that the address matched; for files, that of their mount; ``none`` for an unknown address."""
    of_files = scope.get("root_path") if "app_root_path" in scope else None  # Starlette's mark of a mount
    return str(getattr(scope.get("route"), "path", of_files or "none"))
