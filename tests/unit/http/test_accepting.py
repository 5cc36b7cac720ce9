"""Two event loops on one socket, as in two workers."""

import asyncio
import socket
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import uvicorn

from app.http.accepting import LONGEST_S, STEP_ASIDE_S, Listening, SharingLoop

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


class RecordingLoop(SharingLoop):
    """Records how long it waits before it accepts each connection."""

    def __init__(self) -> None:
        self.waits: list[float] = []

    def call_later(self, delay, callback, *args, **options):
        if getattr(callback, "__func__", None) is Listening._take:
            self.waits.append(delay)
        return super().call_later(delay, callback, *args, **options)


class Worker:
    """An event loop in a thread that listens as ``create_server`` lets it."""

    def __init__(self, name: bytes, listener: socket.socket) -> None:
        self.loop = RecordingLoop()
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


def open_one_by_one(listener: socket.socket, stack: ExitStack, count: int) -> list[socket.socket]:
    """Open connections, each once the one before it was accepted."""
    opened = []
    for _ in range(count):
        [connection] = stack.enter_context(connections(listener, 1))
        assert connection.recv(1) == b"A"
        opened.append(connection)
    return opened


def test_every_connection_that_is_opened_together_is_accepted() -> None:
    with working(b"A", b"B") as (listener, _), connections(listener, 16) as opened:
        takers = [connection.recv(1) for connection in opened]

    assert set(takers) <= {b"A", b"B"}


def test_worker_waits_longer_the_more_connections_it_holds() -> None:
    with working(b"A") as (listener, [worker]), ExitStack() as stack:
        open_one_by_one(listener, stack, 24)

        assert worker.loop.waits[:24] == [min(STEP_ASIDE_S * held, LONGEST_S) for held in range(24)]


def test_closed_connections_no_longer_count() -> None:
    with working(b"A") as (listener, [worker]), ExitStack() as stack:
        for connection in open_one_by_one(listener, stack, 6):
            connection.shutdown(socket.SHUT_WR)
            assert connection.recv(1) == b""  # the worker has closed its side
        open_one_by_one(listener, stack, 1)

        assert worker.loop.waits[6] == 0


def test_closing_takes_no_more_and_leaves_what_is_held() -> None:
    with working(b"A") as (listener, [worker]), connections(listener, 1) as [held]:
        assert held.recv(1) == b"A"

        worker.run(worker.close())

        held.sendall(b"7")
        assert held.recv(1) == b"7"
        assert not worker.server.is_serving()


def test_uvicorn_listens_through_create_server_and_closes_what_it_returned() -> None:
    """Pins what ``SharingLoop`` relies on: a bound socket, no TLS, and ``close`` and ``wait_closed`` at the end."""
    asked: list[dict[str, object]] = []

    class AskedLoop(SharingLoop):
        async def create_server(self, protocol_factory, **options):
            asked.append(options)
            listening.append(await super().create_server(protocol_factory, **options))
            return listening[-1]

    async def app(scope, receive, send):
        await send({"type": "http.response.start", "status": 204, "headers": []})
        await send({"type": "http.response.body"})

    async def ask_and_leave(address):
        reader, writer = await asyncio.open_connection(*address)
        writer.write(b"GET / HTTP/1.1\r\nHost: here\r\nConnection: close\r\n\r\n")
        answer = await reader.read()
        writer.close()
        server.should_exit = True
        return answer

    async def serve_one(listener):
        answered, _ = await asyncio.gather(ask_and_leave(listener.getsockname()), server.serve(sockets=[listener]))
        return answered

    listening: list[Listening] = []
    server = uvicorn.Server(uvicorn.Config(app, lifespan="off", log_config=None))
    with socket.socket() as listener, asyncio.Runner(loop_factory=AskedLoop) as runner:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        assert runner.run(serve_one(listener)).startswith(b"HTTP/1.1 204")

        assert [options["sock"] for options in asked] == [listener]
        assert asked[0]["ssl"] is None
        assert not listening[0].is_serving()
