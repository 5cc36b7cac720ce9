"""A small load generator: many keep-alive connections, each sending one request after the other.

    python -m benchmarks.client < questions.json

It parses no more of an answer than its status and its length. ``load.py`` runs it in a process of its own where there
is no ``wrk``; ``soak.py`` runs it in its own process.
"""

import asyncio
import json
import sys
import time
from collections import Counter
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import count
from typing import Any, cast

from benchmarks.figures import percentile
from benchmarks.serving import LOOPBACK

PATIENCE_S = 30
"""How long an answer is awaited after the time is over; later ones count as missing."""

HEAD_END = b"\r\n\r\n"


@dataclass
class Tally:
    """The answers.

    Attributes:
        latencies_s: seconds from sending a request to the last byte of its answer, in the order of the answers.
        statuses: how many answers of which status each request had, by ``(its index, status)``.
        broken: how many connections ended without an answer, were refused, or timed out.
    """

    latencies_s: list[float] = field(default_factory=list)
    statuses: Counter[tuple[int, int]] = field(default_factory=Counter)
    broken: int = 0


def post(path: str, body: bytes, content_type: str) -> bytes:
    """Return a POST request as it goes over the wire."""
    fields = f"Host: {LOOPBACK}\r\nContent-Type: {content_type}\r\nContent-Length: {len(body)}"
    return f"POST {path} HTTP/1.1\r\n{fields}\r\n\r\n".encode() + body


def get(path: str) -> bytes:
    """Return a GET request as it goes over the wire."""
    return f"GET {path} HTTP/1.1\r\nHost: {LOOPBACK}\r\n\r\n".encode()


async def press(port: int, requests: Sequence[bytes], connections: int, seconds: float) -> Tally:
    """Ask the requests in turn over so many connections for so long; those under way then are still awaited."""
    tally = Tally()
    turn = count()
    until = time.perf_counter() + seconds

    async def keep_asking() -> None:
        loop = asyncio.get_running_loop()
        while time.perf_counter() < until:
            connection = _Connection(requests, turn, until, tally)
            try:
                await loop.create_connection(partial(_itself, connection), LOOPBACK, port)
                await asyncio.wait_for(connection.over, until - time.perf_counter() + PATIENCE_S)
            except (OSError, TimeoutError):
                tally.broken += 1
                await asyncio.sleep(0.05)

    await asyncio.gather(*(keep_asking() for _ in range(connections)))
    return tally


class _Connection(asyncio.Protocol):
    """One connection: a request, its answer, the next request."""

    def __init__(self, requests: Sequence[bytes], turn: "count[int]", until: float, tally: Tally) -> None:
        self.over: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._requests = requests
        self._turn = turn
        self._until = until
        self._tally = tally
        self._received = b""
        self._size = 0  # of the whole answer, as soon as its head is there
        self._asking = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Ask the first request."""
        self._transport = cast(asyncio.Transport, transport)  # uvloop's own is none by inheritance
        self._ask()

    def data_received(self, data: bytes) -> None:
        """Take a part of the answer; at its end ask the next request."""
        self._received += data
        if not self._size:
            self._size = _answer_size(self._received)
        if not self._size or len(self._received) < self._size:
            return
        now = time.perf_counter()
        self._tally.latencies_s.append(now - self._asked_at)
        self._tally.statuses[self._index, int(self._received[9:12])] += 1
        self._asking = False
        if now >= self._until:
            self._transport.close()
        else:
            self._ask()

    def connection_lost(self, exc: Exception | None) -> None:
        """End; a request that was still without an answer is broken."""
        self._tally.broken += self._asking
        if not self.over.done():
            self.over.set_result(None)

    def _ask(self) -> None:
        self._index = next(self._turn) % len(self._requests)
        self._received, self._size, self._asking = b"", 0, True
        self._asked_at = time.perf_counter()
        self._transport.write(self._requests[self._index])


def _itself(connection: _Connection) -> _Connection:
    return connection


def _answer_size(received: bytes) -> int:
    """Return how many bytes an answer has in all, 0 where its head has not arrived.

    Raises:
        ValueError: if the head does not say it.
    """
    end = received.find(HEAD_END)
    if end < 0:
        return 0
    head = received[:end].lower()
    at = head.find(b"\r\ncontent-length:")
    if at < 0:
        raise ValueError("An answer does not say its length.")
    return end + len(HEAD_END) + int(head[at + 17 :].partition(b"\r\n")[0])


def run(work: Callable[[], Coroutine[Any, Any, Tally]]) -> Tally:
    """Run on the fastest event loop that is there."""
    try:
        import uvloop
    except ImportError:
        return asyncio.run(work())
    return uvloop.run(work())


def main() -> None:
    """Read what to ask from standard input, and print what came back; both are JSON."""
    asked = json.load(sys.stdin)
    requests = [request.encode("latin-1") for request in asked["requests"]]
    began = time.perf_counter()
    tally = run(lambda: press(asked["port"], requests, asked["connections"], asked["seconds"]))
    elapsed = time.perf_counter() - began
    refused = sum(number for (_, status), number in tally.statuses.items() if status != 200)
    answer = {
        "p50_ms": 1e3 * percentile(tally.latencies_s, 0.5),
        "p99_ms": 1e3 * percentile(tally.latencies_s, 0.99),
        "per_second": len(tally.latencies_s) / elapsed,
        "failures": tally.broken + refused,
    }
    json.dump(answer, sys.stdout)


if __name__ == "__main__":
    main()
