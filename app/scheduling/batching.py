"""Items that wait are processed together, in one batch; a lone item is processed at once.

A thread takes all waiting items, up to a maximum, as one batch; what arrives meanwhile is the next. A batch grows with
the load and never waits to fill. One thread is enough: the work holds Python's lock for most of its time, and several
threads would only compete for it. This module is independent of what the work is.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import groupby
from threading import Lock
from typing import Generic, TypeAlias, TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")

Outcome: TypeAlias = Result | Exception
"""The result of one item, or the exception to raise where the result is awaited."""


@dataclass(frozen=True, eq=False)
class _Ticket(Generic[Item, Result]):
    """One item, and the future of its result."""

    item: Item
    loop: asyncio.AbstractEventLoop
    awaited: "asyncio.Future[Result]"


class Batcher(Generic[Item, Result]):
    """Collects the items of several coroutines, on one event loop or several, into batches.

    Args:
        work: processes a batch in a thread; returns one outcome per item, in order. An exception that it raises is
            raised for every item of the batch.
        max_items: the largest number of items in a batch.
    """

    def __init__(self, work: Callable[[Sequence[Item]], Sequence[Outcome[Result]]], max_items: int) -> None:
        self._work = work
        self._max_items = max_items
        self._waiting: deque[_Ticket[Item, Result]] = deque()
        self._working = False
        self._lock = Lock()  # around the two above
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="batch")

    @property
    def waiting(self) -> int:
        """How many items wait, without those of the batch being processed."""
        return len(self._waiting)

    async def submit(self, item: Item) -> Result:
        """Process an item, in order of arrival, and return its result.

        An item whose caller was cancelled before its turn is not processed.
        """
        loop = asyncio.get_running_loop()
        ticket: _Ticket[Item, Result] = _Ticket(item, loop, loop.create_future())
        with self._lock:
            self._waiting.append(ticket)
            idle, self._working = not self._working, True
        if idle:
            self._thread.submit(self._work_off)
        return await ticket.awaited

    def _work_off(self) -> None:
        """Process batch after batch until no item waits."""
        while batch := self._take():
            outcomes = self._outcomes(batch)
            by_loop = groupby(zip(batch, outcomes, strict=True), key=lambda pair: pair[0].loop)
            for loop, pairs in by_loop:
                _hand_over(loop, list(pairs))

    def _take(self) -> list[_Ticket[Item, Result]]:
        batch: list[_Ticket[Item, Result]] = []
        with self._lock:
            while self._waiting and len(batch) < self._max_items:
                ticket = self._waiting.popleft()
                if not ticket.awaited.cancelled():
                    batch.append(ticket)
            self._working = bool(batch)
        return batch

    def _outcomes(self, batch: Sequence[_Ticket[Item, Result]]) -> Sequence[Outcome[Result]]:
        try:
            return self._work([ticket.item for ticket in batch])
        except Exception as error:  # noqa: BLE001 - raised again where each result is awaited
            return [error] * len(batch)


def _hand_over(loop: asyncio.AbstractEventLoop, pairs: Sequence[tuple[_Ticket[Item, Result], Outcome[Result]]]) -> None:
    """Wake a loop once for all of its results; nothing waits on a closed loop."""
    if not loop.is_closed():
        loop.call_soon_threadsafe(_settle, pairs)


def _settle(pairs: Iterable[tuple[_Ticket[Item, Result], Outcome[Result]]]) -> None:
    for ticket, outcome in pairs:
        if ticket.awaited.done():  # cancelled meanwhile
            continue
        if isinstance(outcome, Exception):
            ticket.awaited.set_exception(outcome)
        else:
            ticket.awaited.set_result(outcome)
