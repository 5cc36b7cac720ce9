"""Who may come in, who goes first, and for how long work is wanted: no queue without an end, no work for nobody.

One more than may come in is told to come back. What a client waits for no longer, because it has gone or because the
time is over, is dropped where it waits, and given up at the next checkpoint where it is being done. Long work makes way
for short work while it is under way: a thread that waits leaves processor, memory and Python's lock alone.
"""

import asyncio
import os
import sys
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, contextmanager
from functools import partial
from types import FrameType
from typing import Final, TypeVar

from starlette.requests import ClientDisconnect, Request

from app.problems import Busy, TookTooLong

PATIENCE_S: Final = 0.1
"""After so long a client is watched for leaving: most answers are there sooner, and watching has its price."""

LONGEST_WAY_S: Final = 0.02
"""For how long at a time work makes way for others."""

LEAST_RUN_S: Final = 0.005
"""How long it then runs all the same: where others are always at work it has a fifth of the time, and not none."""

OURS: Final = "app."

Result = TypeVar("Result")


class GivenUp(Exception):
    """Nobody waits for this work any longer. It ends the work, and reaches nobody."""


class Visit:
    """One piece of work on its way; it asks from time to time whether it is still wanted."""

    def __init__(self) -> None:
        self.wanted = True

    def checkpoint(self) -> None:
        """Go on, or end here.

        Raises:
            GivenUp: if nobody waits for the result.
        """
        if not self.wanted:
            raise GivenUp


class Precedence:
    """Tells those who make way whether anybody is at work who goes first."""

    def __init__(self) -> None:
        self._at_work = 0
        self._lock = threading.Lock()  # around the two
        self._nobody = threading.Event()
        self._nobody.set()

    @contextmanager
    def first(self) -> Iterator[None]:
        """Go first for the length of a block."""
        with self._lock:
            self._at_work += 1
            self._nobody.clear()
        try:
            yield
        finally:
            with self._lock:
                self._at_work -= 1
                if not self._at_work:
                    self._nobody.set()

    def make_way(self, seconds: float) -> bool:
        """Wait until nobody is at work who goes first, for so long at most; return whether that came."""
        return self._nobody.wait(seconds)


class Workplace:
    """Threads for one kind of work.

    Args:
        places: how many pieces of work are done at once; the others wait for their turn.
        niceness: by how much its threads stand back behind others.
        behind: for whom work makes way while it is under way: it waits where it calls one of our own functions, and is
            given up there once nobody wants it. Of a thread that calls none for a while nothing of this is to be had.
    """

    def __init__(self, places: int, niceness: int = 0, behind: Precedence | None = None) -> None:
        self._places = places
        self._behind = behind
        self._inside = 0
        self._threads = ThreadPoolExecutor(places, initializer=_stand_back, initargs=(niceness,))

    @property
    def waiting(self) -> int:
        """How many pieces of work wait for a place."""
        return max(0, self._inside - self._places)

    async def do(self, work: Callable[[Visit], Result]) -> Result:
        """Do one piece of work as soon as there is a place, and return what it returns.

        Where this is cancelled, work that waits is never begun, and work that is under way ends at its next checkpoint.
        """
        visit = Visit()
        job = self._threads.submit(work if self._behind is None else partial(_making_way, self._behind, work), visit)
        self._inside += 1
        try:
            return await asyncio.wrap_future(job)
        finally:
            self._inside -= 1
            visit.wanted = False
            job.cancel()  # of effect while it waits


class Entrance:
    """Lets so many in at once, and no more.

    Args:
        doing: what those inside do, for the one who is refused: "explanations are being computed".
        limit: how many there may be.
    """

    def __init__(self, doing: str, limit: int) -> None:
        self._doing = doing
        self._limit = limit
        self._inside = 0

    @contextmanager
    def admit(self) -> Iterator[None]:
        """Let one in for the length of a block.

        Raises:
            Busy: if as many are inside as may be.
        """
        if self._inside >= self._limit:
            raise Busy(self._doing, self._limit)
        self._inside += 1
        try:
            yield
        finally:
            self._inside -= 1


@asynccontextmanager
async def while_wanted(request: Request, seconds: float) -> AsyncIterator[None]:
    """Cancel what is awaited in the block once nobody waits for it any longer.

    Args:
        request: whose body has been read; its client may go.
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

    begin_watching = loop.call_later(PATIENCE_S, lambda: watching.append(loop.create_task(watch())))
    try:
        async with asyncio.timeout(seconds) as limit:
            yield
    except TimeoutError:
        if not limit.expired():
            raise  # one of the work's own
        raise ClientDisconnect if gone else TookTooLong(seconds) from None
    finally:
        begin_watching.cancel()
        for task in watching:
            task.cancel()


def _making_way(precedence: Precedence, work: Callable[[Visit], Result], visit: Visit) -> Result:
    """Do a piece of work, and at each call of a function of ours look whether it is wanted and who goes first.

    Python calls a thread's profiler wherever the thread calls a function: so the arithmetic needs no lines that know of
    servers.
    """
    runs_until = 0.0

    def look(frame: FrameType, event: str, _: object) -> None:
        nonlocal runs_until
        if event != "call" or not frame.f_globals.get("__name__", "").startswith(OURS):
            return
        visit.checkpoint()
        if time.perf_counter() >= runs_until and not precedence.make_way(LONGEST_WAY_S):
            runs_until = time.perf_counter() + LEAST_RUN_S

    sys.setprofile(look)
    try:
        return work(visit)
    finally:
        sys.setprofile(None)


def _stand_back(niceness: int) -> None:
    if niceness and sys.platform == "linux":  # elsewhere a priority is the whole process's
        thread = threading.get_native_id()
        os.setpriority(os.PRIO_PROCESS, thread, os.getpriority(os.PRIO_PROCESS, thread) + niceness)
