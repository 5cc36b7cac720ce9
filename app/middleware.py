"""What every answer carries: the id of its request, and the headers that tell a browser what it may do with it."""

import logging
import secrets
import time
from urllib.parse import quote

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.problems import InternalError
from app.routes.responses import problem_response

_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'{inline_style}; img-src 'self' data: blob:; "
    "connect-src 'self'; font-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'"
)
CONTENT_SECURITY_POLICY = _POLICY.format(inline_style="")
DOCS_CONTENT_SECURITY_POLICY = _POLICY.format(inline_style=" 'unsafe-inline'")
"""Swagger UI writes style attributes; its page alone may."""

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
}

log = logging.getLogger("app.requests")


class Envelope:
    """Adds the headers to every response, and one line to the log: id, method, path, status, milliseconds.

    What nothing else caught ends here, as a problem and with its traceback in the log under the same id. HEAD is
    answered as GET is, without the body.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, and put its answer into the envelope."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        reply = _Reply(scope, send)
        asked = {**scope, "method": "GET"} if reply.without_body else scope
        try:
            await self._app(asked, receive, reply.send)
        except Exception:
            log.exception("%s %s %s failed", reply.request_id, scope["method"], quote(scope["path"]))
            if reply.begun:
                raise
            await problem_response(InternalError())(asked, receive, reply.send)


class _Reply:
    """One answer on its way out."""

    def __init__(self, scope: Scope, send: Send) -> None:
        self.request_id = secrets.token_hex(8)
        self.without_body = scope["method"] == "HEAD"
        self.begun = False
        self._scope = scope
        self._send = send
        self._asked_at = time.perf_counter()

    async def send(self, message: Message) -> None:
        """Send a part of the answer."""
        if message["type"] == "http.response.start":
            self.begun = True
            self._add_headers(MutableHeaders(scope=message))
            self._log(message["status"])
        elif self.without_body:
            message = {**message, "body": b""}
        await self._send(message)

    def _add_headers(self, headers: MutableHeaders) -> None:
        docs = self._scope["path"] == "/docs"
        headers.update({**HEADERS, "X-Request-Id": self.request_id})
        headers["Content-Security-Policy"] = DOCS_CONTENT_SECURITY_POLICY if docs else CONTENT_SECURITY_POLICY

    def _log(self, status: int) -> None:
        milliseconds = 1e3 * (time.perf_counter() - self._asked_at)
        path = quote(self._scope["path"])  # decoded, it may hold a line break
        log.info("%s %s %s %d %.1f ms", self.request_id, self._scope["method"], path, status, milliseconds)
