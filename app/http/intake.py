"""Receives request bodies: limits how many bytes of bodies are held, and how long one may take to arrive."""

import asyncio
from dataclasses import dataclass

from starlette.types import Message, Receive

from app.problems import Busy, SlowBody


@dataclass(frozen=True)
class IntakeLimits:
    """How many bytes of bodies are held at once, in all requests together, and how many seconds one may take."""

    held_bytes: int
    body_seconds: float


class Intake:
    """Counts the bodies of all requests that are being answered."""

    def __init__(self, limits: IntakeLimits) -> None:
        self.limits = limits
        self.held_bytes = 0


class Body:
    """One request's body; ``release`` frees what it holds.

    Args:
        intake: counts it.
        receive: the server's ``receive``, which delivers it.
    """

    def __init__(self, intake: Intake, receive: Receive) -> None:
        self._intake = intake
        self._receive = receive
        self._held_bytes = 0
        self._complete = False
        self._deadline: float | None = None

    async def receive(self) -> Message:
        """Return the next part, or, once the body is complete, wait for the message after it.

        Raises:
            Busy: if other bodies already take up too much memory.
            SlowBody: if it has not arrived in time.
        """
        if self._complete:
            return await self._receive()
        message = await self._next_part()
        self._complete = not message.get("more_body", False)
        size = len(message.get("body", b""))
        if self._intake.held_bytes + size > self._intake.limits.held_bytes:
            raise Busy("bytes of pictures are being held", self._intake.limits.held_bytes)
        self._intake.held_bytes += size
        self._held_bytes += size
        return message

    def release(self) -> None:
        """Free the bytes that are held."""
        self._intake.held_bytes -= self._held_bytes
        self._held_bytes = 0

    async def _next_part(self) -> Message:
        now, seconds = asyncio.get_running_loop().time(), self._intake.limits.body_seconds
        self._deadline = self._deadline or now + seconds
        try:
            async with asyncio.timeout_at(self._deadline):
                return await self._receive()
        except TimeoutError:
            raise SlowBody(seconds) from None
