"""Batches contain all waiting items in order, lose none, and do not wait to fill."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from threading import Event
from typing import Any

import pytest

from app.scheduling.batching import Batcher


class SlowWork:
    """Squares numbers, refuses negative ones, and does not end a batch before it is let go on."""

    def __init__(self) -> None:
        self.batches: list[list[int]] = []
        self.begun, self.may_go_on = Event(), Event()

    def __call__(self, items: Sequence[int]) -> list[int | Exception]:
        self.batches.append(list(items))
        self.begun.set()
        assert self.may_go_on.wait(timeout=30)
        return [item**2 if item >= 0 else ValueError(item) for item in items]


@pytest.fixture
def work() -> SlowWork:
    return SlowWork()


async def while_first_runs(batcher: Batcher[int, int], work: SlowWork, items: Sequence[int]) -> list[Any]:
    """Submit a first item, all others once it is being done, and let the work go on once they wait."""
    first, others = await submitted(batcher, work, items)
    work.may_go_on.set()
    return await asyncio.gather(first, *others, return_exceptions=True)


async def submitted(batcher: Batcher[int, int], work: SlowWork, items: Sequence[int]) -> Any:
    first = asyncio.create_task(batcher.submit(items[0]))
    await asyncio.to_thread(work.begun.wait, 30)
    others = [asyncio.create_task(batcher.submit(item)) for item in items[1:]]
    await until(lambda: batcher.waiting == len(others))
    return first, others


async def until(condition: Callable[[], bool]) -> None:
    while not condition():  # noqa: ASYNC110 - a batcher has no event for waiting items
        await asyncio.sleep(0)


def in_time(awaitable: Awaitable[Any]) -> Any:
    async def run() -> Any:
        return await asyncio.wait_for(awaitable, timeout=30)

    return asyncio.run(run())


def test_one_that_comes_alone_is_done_at_once_and_alone(work):
    work.may_go_on.set()

    assert in_time(Batcher(work, max_items=4).submit(3)) == 9
    assert work.batches == [[3]]


def test_what_waits_while_a_batch_is_done_is_the_next_one_up_to_the_maximum(work):
    results = in_time(while_first_runs(Batcher(work, max_items=4), work, range(7)))

    assert work.batches == [[0], [1, 2, 3, 4], [5, 6]]
    assert results == [0, 1, 4, 9, 16, 25, 36]


def test_one_that_fails_spoils_nothing_for_the_others(work):
    results = in_time(while_first_runs(Batcher(work, max_items=4), work, [1, 2, -3, 4]))

    assert [results[0], results[1], results[3]] == [1, 4, 16]
    assert isinstance(results[2], ValueError)


def test_one_that_is_cancelled_before_its_turn_is_never_done(work):
    async def cancel_one() -> list[Any]:
        first, (second, third) = await submitted(batcher, work, [1, 2, 3])
        second.cancel()
        await asyncio.wait([second])
        work.may_go_on.set()
        return await asyncio.gather(first, third)

    batcher = Batcher(work, max_items=4)

    assert in_time(cancel_one()) == [1, 9]
    assert work.batches == [[1], [3]]


def test_one_that_is_cancelled_while_it_is_done_leaves_the_others_their_results(work):
    async def cancel_first() -> list[Any]:
        first, (second,) = await submitted(batcher, work, [1, 2])
        first.cancel()
        await asyncio.wait([first])
        work.may_go_on.set()
        return [await second, await batcher.submit(5)]

    batcher = Batcher(work, max_items=4)

    assert in_time(cancel_first()) == [4, 25]


def test_failing_work_raises_for_the_whole_batch_and_the_next_batch_runs():
    def work(items: Sequence[int]) -> list[int]:
        if 0 in items:
            raise RuntimeError("broken")
        return list(items)

    async def use() -> int:
        with pytest.raises(RuntimeError, match="broken"):
            await batcher.submit(0)
        return await batcher.submit(1)

    batcher: Batcher[int, int] = Batcher(work, max_items=4)

    assert in_time(use()) == 1


def test_several_event_loops_share_one_batcher(work):
    work.may_go_on.set()
    batcher = Batcher(work, max_items=4)

    assert [in_time(batcher.submit(item)) for item in (1, 2)] == [1, 4]
