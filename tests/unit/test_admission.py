"""Who comes in and who is refused; and that work which nobody waits for is dropped or given up."""

import asyncio
import os
import sys
import threading
from collections.abc import Awaitable, Callable
from typing import Any

import numpy as np
import pytest
from starlette.requests import ClientDisconnect, Request

from app.preprocessing.measures import box_of
from app.problems import Busy, TookTooLong
from app.scheduling import admission
from app.scheduling.admission import Entrance, GivenUp, Precedence, Visit, Workplace, while_wanted

INK = np.ones((1, 1), bool)


def client(receive: Callable[[], Awaitable[dict[str, Any]]]) -> Request:
    return Request({"type": "http"}, receive)


async def stay() -> dict[str, Any]:
    await asyncio.Event().wait()
    raise AssertionError


async def leave() -> dict[str, Any]:
    return {"type": "http.disconnect"}


def test_one_more_than_the_limit_is_refused_and_told_it():
    entrance = Entrance("explanations are being computed", limit=2)

    with entrance.admit(), entrance.admit(), pytest.raises(Busy) as refused, entrance.admit():
        pass

    assert refused.value.members == {"limit": 2}
    assert refused.value.headers["Retry-After"]
    with entrance.admit(), entrance.admit():
        pass


@pytest.mark.parametrize(
    ("receive", "seconds", "told"), [(leave, 30, ClientDisconnect), (stay, 0.05, TookTooLong)], ids=["left", "too late"]
)
def test_work_that_waits_when_it_is_wanted_no_longer_is_never_begun(receive, seconds, told):
    begun, inside, over = [], threading.Event(), threading.Event()

    def occupy(_: Visit) -> None:
        inside.set()
        over.wait(30)

    async def crowd() -> None:
        place = Workplace(places=1)
        occupant = asyncio.create_task(place.do(occupy))
        await asyncio.to_thread(inside.wait, 30)
        with pytest.raises(told):
            async with while_wanted(client(receive), seconds):
                await place.do(begun.append)
        assert place.waiting == 0
        over.set()
        await occupant
        await place.do(lambda _: None)  # behind everything that was not dropped

    asyncio.run(crowd())

    assert begun == []


def test_work_under_way_that_takes_too_long_ends_at_its_next_checkpoint():
    ended = threading.Event()

    def work(visit: Visit) -> None:
        try:
            while True:
                visit.checkpoint()
        except GivenUp:
            ended.set()
            raise

    async def wait() -> None:
        with pytest.raises(TookTooLong) as late:
            async with while_wanted(client(stay), 0.05):
                await Workplace(places=1).do(work)
        assert late.value.members == {"limit_seconds": 0.05}
        assert await asyncio.to_thread(ended.wait, 30)

    asyncio.run(wait())


def test_an_error_of_the_work_itself_is_passed_on():
    def fail(_: Visit) -> None:
        raise TimeoutError("the work's own")

    async def wait() -> None:
        async with while_wanted(client(stay), 30):
            await Workplace(places=1).do(fail)

    with pytest.raises(TimeoutError, match="the work's own"):
        asyncio.run(wait())


@pytest.mark.skipif(sys.platform != "linux", reason="priorities are a thread's on Linux alone")
def test_threads_stand_back_by_as_much_as_they_are_told():
    def niceness(_: Visit) -> int:
        return os.getpriority(os.PRIO_PROCESS, threading.get_native_id())

    usual, nicer = (asyncio.run(Workplace(1, by).do(niceness)) for by in (0, 5))

    assert nicer == min(usual + 5, 19)


def test_long_work_waits_where_it_calls_us_while_one_is_at_work_who_goes_first(monkeypatch):
    monkeypatch.setattr(admission, "LONGEST_WAY_S", 30)
    precedence, begun, order = Precedence(), threading.Event(), []

    def work(_: Visit) -> None:
        begun.set()
        box_of(INK)
        order.append("long")

    async def both() -> None:
        place = Workplace(places=1, behind=precedence)
        with precedence.first():
            job = asyncio.create_task(place.do(work))
            await asyncio.to_thread(begun.wait, 30)
            order.append("short")
        await job

    asyncio.run(both())

    assert order == ["short", "long"]


def test_where_others_are_always_at_work_long_work_comes_to_its_end(monkeypatch):
    monkeypatch.setattr(admission, "LONGEST_WAY_S", 0.001)
    precedence = Precedence()

    async def do() -> tuple[int, ...]:
        with precedence.first():
            return await Workplace(places=1, behind=precedence).do(lambda _: box_of(INK))

    assert asyncio.run(do()) == (0, 1, 0, 1)


def test_long_work_that_nobody_waits_for_is_given_up_in_the_midst_of_its_arithmetic():
    ended = threading.Event()

    def work(_: Visit) -> None:
        try:
            while True:
                box_of(INK)
        except GivenUp:
            ended.set()
            raise

    async def wait() -> None:
        async with while_wanted(client(stay), 0.05):
            await Workplace(places=1, behind=Precedence()).do(work)

    with pytest.raises(TookTooLong):
        asyncio.run(wait())

    assert ended.wait(30)
