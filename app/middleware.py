"""What every answer carries: the id of its request, and the headers that tell a browser what it may do with it."""

import logging
import secrets
import time

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

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
    """Adds the headers to every response, and one line to the log: id, method, path, status, milliseconds."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, and put its answer into the envelope."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request_id = secrets.token_hex(8)
        began = time.perf_counter()

        async def send_in_envelope(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.update({**HEADERS, "X-Request-Id": request_id})
                docs = scope["path"] == "/docs"
                policy = DOCS_CONTENT_SECURITY_POLICY if docs else CONTENT_SECURITY_POLICY
                headers["Content-Security-Policy"] = policy
                milliseconds = 1e3 * (time.perf_counter() - began)
                status = message["status"]
                log.info("%s %s %s %d %.1f ms", request_id, scope["method"], scope["path"], status, milliseconds)
            await send(message)

        await self._app(scope, receive, send_in_envelope)
