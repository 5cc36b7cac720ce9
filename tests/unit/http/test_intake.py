"""Receiving bodies: limits on their total size and on time."""

import asyncio

import pytest

from app.http.intake import Body, Intake, IntakeLimits
from app.problems import Busy, SlowBody


def body(intake: Intake, *sizes: int) -> Body:
    parts = [{"type": "http.request", "body": bytes(size), "more_body": True} for size in sizes]
    parts[-1]["more_body"] = False

    async def receive() -> dict[str, object]:
        return parts.pop(0) if parts else {"type": "http.disconnect"}

    return Body(intake, receive)


def test_bodies_together_are_held_up_to_the_limit_and_given_back():
    intake = Intake(IntakeLimits(held_bytes=100, body_seconds=30))
    first, second = body(intake, 40, 30), body(intake, 31)

    async def arrive() -> None:
        await first.receive()
        await first.receive()
        with pytest.raises(Busy) as refused:
            await second.receive()
        assert refused.value.members["limit"] == 100
        first.release()
        assert (await body(intake, 100).receive())["body"] == bytes(100)

    asyncio.run(arrive())


def test_body_that_does_not_arrive_is_waited_for_no_longer_than_the_limit():
    async def never() -> dict[str, object]:
        await asyncio.Event().wait()
        raise AssertionError

    async def arrive() -> None:
        await Body(Intake(IntakeLimits(held_bytes=100, body_seconds=0.01)), never).receive()

    with pytest.raises(SlowBody) as late:
        asyncio.run(arrive())

    assert late.value.members == {"limit_seconds": 0.01}


def test_what_comes_after_the_body_has_all_the_time():
    """The client's leaving comes there, and that may be never."""
    intake = Intake(IntakeLimits(held_bytes=100, body_seconds=0.01))
    left = asyncio.Event()

    async def arrive() -> str:
        parts = [{"type": "http.request", "body": b"all of it"}]

        async def receive() -> dict[str, object]:
            if parts:
                return parts.pop()
            await left.wait()
            return {"type": "http.disconnect"}

        arriving = Body(intake, receive)
        await arriving.receive()
        asyncio.get_running_loop().call_later(0.03, left.set)
        return str((await arriving.receive())["type"])

    assert asyncio.run(arrive()) == "http.disconnect"
