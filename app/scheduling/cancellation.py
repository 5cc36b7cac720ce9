"""Cancels the work for a request once its client has gone or its time is over."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from starlette.requests import ClientDisconnect, Request

from app.problems import TookTooLong

WATCH_AFTER_S: Final = 0.1
"""When watching for a disconnect begins: most answers are ready sooner, and watching costs time."""


@asynccontextmanager
async def answer_within(request: Request, seconds: float) -> AsyncIterator[None]:
    """Cancel what is awaited in the block once the client has gone or the time is over.

    Args:
        request: one whose body has been read.
        seconds: how long the block may take.

    Raises:
        TookTooLong: if the time is over.
        ClientDisconnect: if the client has gone.
    """
    loop = asyncio.get_running_loop()
    watching: list[asyncio.Task[None]] = []
    gone = False

    async def watch() -> None:
        nonlocal gone
        while (await request.receive())["type"] != "http.disconnect":
            pass
        gone = True
        limit.reschedule(loop.time())

    begin_watching = loop.call_later(WATCH_AFTER_S, lambda: watching.append(loop.create_task(watch())))
    try:
        async with asyncio.timeout(seconds) as limit:
            yield
    except TimeoutError:
        if not limit.expired():
            raise  # raised by the work itself
        raise ClientDisconnect if gone else TookTooLong(seconds) from None
    finally:
        begin_watching.cancel()
        for task in watching:
            task.cancel()
