"""Threads for one kind of work: a fixed number of places, a priority, and checkpoints that pause or cancel it."""

import asyncio
import os
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Final, TypeVar

from app.scheduling.checkpoint import Cancelled, Checkpoint
from app.scheduling.priority import Priority

LONGEST_PAUSE_S: Final = 0.01
"""The longest pause at one checkpoint."""

LEAST_RUN_S: Final = 0.001
"""How long paused work then runs without a pause: under constant load it gets a tenth of the time, or one piece."""

Result = TypeVar("Result")


class Workers:
    """Runs work in dedicated threads.

    Args:
        places: how many pieces of work run at once; further ones wait for a place.
        niceness: added to the threads' nice value; only Linux sets this by thread.
        behind: tracks work with priority; while any is running, work here pauses at its checkpoints.
    """

    def __init__(self, places: int, niceness: int = 0, behind: Priority | None = None) -> None:
        self._places = places
        self._behind = behind
        self._accepted = 0
        self._threads = ThreadPoolExecutor(places, initializer=_set_niceness, initargs=(niceness,))

    @property
    def waiting(self) -> int:
        """How many pieces of work wait for a place."""
        return max(0, self._accepted - self._places)

    async def run(self, work: Callable[[Checkpoint], Result]) -> Result:
        """Run one piece of work as soon as there is a place, and return its result.

        If this call is cancelled, work that waits never starts, and running work ends at its next checkpoint.
        """
        job = _Job(self._behind)
        future = self._threads.submit(work, job.checkpoint)
        self._accepted += 1
        try:
            return await asyncio.wrap_future(future)
        finally:
            self._accepted -= 1
            job.wanted = False
            future.cancel()  # has an effect only while the work waits


class _Job:
    """The checkpoint of one piece of work."""

    def __init__(self, behind: Priority | None) -> None:
        self.wanted = True
        self._behind = behind
        self._runs_until = 0.0

    def checkpoint(self) -> None:
        """Pause while work with priority is running.

        Raises:
            Cancelled: if the result is no longer wanted.
        """
        if not self.wanted:
            raise Cancelled
        if self._behind is None or time.perf_counter() < self._runs_until:
            return
        if not self._behind.wait_until_idle(LONGEST_PAUSE_S):
            self._runs_until = time.perf_counter() + LEAST_RUN_S
        if not self.wanted:
            raise Cancelled


def _set_niceness(niceness: int) -> None:
    if niceness and sys.platform == "linux":  # on other systems a nice value applies to the whole process
        thread = threading.get_native_id()
        os.setpriority(os.PRIO_PROCESS, thread, os.getpriority(os.PRIO_PROCESS, thread) + niceness)
