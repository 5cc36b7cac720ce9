"""Two event loops on one socket, as two workers have them."""

import asyncio
import socket
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from app.http.accepting import Listening, SharingLoop

PATIENCE_S = 30


class Echo(asyncio.Protocol):
    """Says its worker's name as soon as it is connected, and whatever it hears."""

    def __init__(self, name: bytes) -> None:
        self.name = name

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport
        self.transport.write(self.name)

    def data_received(self, data: bytes) -> None:
        self.transport.write(data)


class Worker:
    """An event loop in a thread that listens as ``create_server`` lets it."""

    def __init__(self, name: bytes, listener: socket.socket) -> None:
        self.loop = SharingLoop()
        self.thread = threading.Thread(target=self.loop.run_forever)
        self.thread.start()
        self.server: Listening = self.run(self.loop.create_server(lambda: Echo(name), sock=listener, backlog=64))

    def run(self, coroutine):
        return asyncio.run_coroutine_threadsafe(coroutine, self.loop).result(PATIENCE_S)

    async def close(self) -> None:
        self.server.close()
        await self.server.wait_closed()


@contextmanager
def working(*names: bytes) -> Iterator[tuple[socket.socket, list[Worker]]]:
    """A socket of this machine, and workers that listen on it."""
    with socket.socket() as listener, ExitStack() as stack:
        listener.bind(("127.0.0.1", 0))
        workers = [Worker(name, listener) for name in names]
        for worker in workers:
            stack.callback(worker.loop.close)
            stack.callback(worker.thread.join, PATIENCE_S)
            stack.callback(worker.loop.call_soon_threadsafe, worker.loop.stop)
            stack.callback(lambda worker=worker: worker.run(worker.close()))
        yield listener, workers


@contextmanager
def connections(listener: socket.socket, count: int) -> Iterator[list[socket.socket]]:
    with ExitStack() as stack:
        address = listener.getsockname()
        yield [stack.enter_context(socket.create_connection(address, timeout=PATIENCE_S)) for _ in range(count)]


def test_connections_that_are_opened_together_are_spread() -> None:
    with working(b"A", b"B") as (listener, _), connections(listener, 16) as opened:
        takers = [connection.recv(1) for connection in opened]

    assert set(takers) == {b"A", b"B"}
    assert min(takers.count(b"A"), takers.count(b"B")) >= 4  # eight, but for a thread that the machine let wait


def test_worker_that_held_more_takes_the_next_once_those_are_closed() -> None:
    with working(b"A", b"B") as (listener, _):
        with connections(listener, 6) as opened:
            assert all(connection.recv(1) in b"AB" for connection in opened)
        with connections(listener, 16) as opened:
            takers = [connection.recv(1) for connection in opened]

    assert min(takers.count(b"A"), takers.count(b"B")) >= 4


def test_closing_takes_no_more_and_leaves_what_is_held() -> None:
    with working(b"A") as (listener, [worker]), connections(listener, 1) as [held]:
        assert held.recv(1) == b"A"

        worker.run(worker.close())

        held.sendall(b"7")
        assert held.recv(1) == b"7"
        assert not worker.server.is_serving()
