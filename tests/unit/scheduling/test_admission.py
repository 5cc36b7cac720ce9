"""Limits, and workers that pause for work with priority and cancel work whose result is not needed."""

import asyncio
import os
import sys
import threading
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from starlette.requests import ClientDisconnect, Request

from app.problems import Busy, TookTooLong
from app.scheduling import workers
from app.scheduling.cancellation import answer_within
from app.scheduling.checkpoint import Cancelled, Checkpoint
from app.scheduling.limits import Limit
from app.scheduling.priority import Priority
from app.scheduling.workers import Workers


def client(receive: Callable[[], Awaitable[dict[str, Any]]]) -> Request:
    return Request({"type": "http"}, receive)


async def stay() -> dict[str, Any]:
    await asyncio.Event().wait()
    raise AssertionError


async def leave() -> dict[str, Any]:
    return {"type": "http.disconnect"}


def test_work_beyond_the_limit_is_refused_and_the_limit_is_named():
    explanations = Limit("explanations are being computed", limit=2)

    with explanations.accept(), explanations.accept(), pytest.raises(Busy) as refused, explanations.accept():
        pass

    assert refused.value.members == {"limit": 2}
    assert refused.value.headers["Retry-After"]
    with explanations.accept(), explanations.accept():
        pass


@pytest.mark.parametrize(
    ("receive", "seconds", "told"), [(leave, 30, ClientDisconnect), (stay, 0.05, TookTooLong)], ids=["left", "too late"]
)
def test_work_that_waits_when_it_is_wanted_no_longer_is_never_begun(receive, seconds, told):
    begun, inside, over = [], threading.Event(), threading.Event()

    def occupy(_: Checkpoint) -> None:
        inside.set()
        over.wait(30)

    async def crowd() -> None:
        place = Workers(places=1)
        occupant = asyncio.create_task(place.run(occupy))
        await asyncio.to_thread(inside.wait, 30)
        with pytest.raises(told):
            async with answer_within(client(receive), seconds):
                await place.run(begun.append)
        assert place.waiting == 0
        over.set()
        await occupant
        await place.run(lambda _: None)  # behind everything that was not dropped

    asyncio.run(crowd())

    assert begun == []


def test_work_under_way_that_takes_too_long_ends_at_its_next_checkpoint():
    ended = threading.Event()

    def work(checkpoint: Checkpoint) -> None:
        try:
            while True:
                checkpoint()
        except Cancelled:
            ended.set()
            raise

    async def wait() -> None:
        with pytest.raises(TookTooLong) as late:
            async with answer_within(client(stay), 0.05):
                await Workers(places=1).run(work)
        assert late.value.members == {"limit_seconds": 0.05}
        assert await asyncio.to_thread(ended.wait, 30)

    asyncio.run(wait())


def test_an_error_of_the_work_itself_is_passed_on():
    def fail(_: Checkpoint) -> None:
        raise TimeoutError("the work's own")

    async def wait() -> None:
        async with answer_within(client(stay), 30):
            await Workers(places=1).run(fail)

    with pytest.raises(TimeoutError, match="the work's own"):
        asyncio.run(wait())


@pytest.mark.skipif(sys.platform != "linux", reason="priorities are a thread's on Linux alone")
def test_threads_get_the_niceness_that_was_asked_for():
    def niceness(_: Checkpoint) -> int:
        return os.getpriority(os.PRIO_PROCESS, threading.get_native_id())

    usual, nicer = (asyncio.run(Workers(1, by).run(niceness)) for by in (0, 5))

    assert nicer == min(usual + 5, 19)


def test_work_pauses_at_its_checkpoint_while_work_with_priority_runs(monkeypatch):
    monkeypatch.setattr(workers, "LONGEST_PAUSE_S", 30)
    priority, begun, order = Priority(), threading.Event(), []

    def work(checkpoint: Checkpoint) -> None:
        begun.set()
        checkpoint()
        order.append("long")

    async def both() -> None:
        with priority.hold():
            job = asyncio.create_task(Workers(places=1, behind=priority).run(work))
            await asyncio.to_thread(begun.wait, 30)
            order.append("short")
        await job

    asyncio.run(both())

    assert order == ["short", "long"]


def test_paused_work_finishes_under_constant_load(monkeypatch):
    monkeypatch.setattr(workers, "LONGEST_PAUSE_S", 0.001)
    priority, passed = Priority(), []

    def work(checkpoint: Checkpoint) -> None:
        for piece in range(3):
            checkpoint()
            passed.append(piece)

    async def run() -> None:
        with priority.hold():
            await Workers(places=1, behind=priority).run(work)

    asyncio.run(run())

    assert passed == [0, 1, 2]


def test_work_that_is_paused_when_it_is_cancelled_ends_at_that_checkpoint(monkeypatch):
    monkeypatch.setattr(workers, "LONGEST_PAUSE_S", 0.2)
    priority, ended, went_on = Priority(), threading.Event(), []

    def work(checkpoint: Checkpoint) -> None:
        try:
            checkpoint()
            went_on.append(True)
        except Cancelled:
            ended.set()
            raise

    async def wait() -> None:
        with priority.hold():
            async with answer_within(client(stay), 0.05):
                await Workers(places=1, behind=priority).run(work)

    with pytest.raises(TookTooLong):
        asyncio.run(wait())

    assert ended.wait(30)
    assert went_on == []
