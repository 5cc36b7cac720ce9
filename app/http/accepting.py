"""Distributes the connections of one address among workers: the worker with the fewest accepts the next.

Without this the worker that wakes first accepts every connection that waits, and keeps it: of sixteen that are opened
together all may go to one worker while the others have nothing to do. Here a worker accepts one at a time, and waits
first, longer if it holds more connections, so that one with fewer accepts before it. No process counts for all, so
a worker that was killed, does not respond or is still loading its networks delays no other.

Considered instead: ``SO_REUSEPORT`` distributes by a hash of the address, evenly only by chance, and loses what waits
for a worker that dies; a proxy in front distributes well, but a lecture runs without one.
"""

import asyncio
import logging
import socket
from collections.abc import Callable
from typing import Any

import uvloop

log = logging.getLogger("layerscope.accepting")

STEP_ASIDE_S = 0.001
"""How long a worker waits before it accepts a connection, for each that it holds."""

LONGEST_S = 0.02
"""The longest wait: a person does not notice it, and from twenty connections on chance is even enough."""

EXHAUSTED_S = 1.0
"""How long it pauses if the process has no free file descriptors, as asyncio does."""

ProtocolFactory = Callable[[], asyncio.BaseProtocol]


class Listening:
    """Accepts connections from a socket that other processes listen on too.

    Args:
        loop: the event loop.
        listener: bound; its owner closes it.
        protocol_factory: makes a protocol for each connection.
    """

    def __init__(
        self, loop: asyncio.AbstractEventLoop, listener: socket.socket, protocol_factory: ProtocolFactory
    ) -> None:
        self._loop = loop
        self._listener = listener
        self._protocol_factory = protocol_factory
        self._held: list[asyncio.BaseTransport] = []
        self._connecting: set[asyncio.Task[None]] = set()
        self._stepping_aside: asyncio.TimerHandle | None = None
        self._open = True
        loop.add_reader(listener, self._step_aside)

    def close(self) -> None:
        """Accept no more connections; open ones stay open."""
        if self._open:
            self._open = False
            self._loop.remove_reader(self._listener)
            if self._stepping_aside is not None:
                self._stepping_aside.cancel()

    async def wait_closed(self) -> None:
        """Wait for accepted connections that have no protocol yet."""
        await asyncio.gather(*self._connecting)

    def is_serving(self) -> bool:
        """Return whether connections are still accepted."""
        return self._open

    def _step_aside(self) -> None:
        """A connection waits: give workers with fewer connections time to accept it."""
        self._loop.remove_reader(self._listener)
        self._held = [transport for transport in self._held if not transport.is_closing()]
        holding = len(self._held) + len(self._connecting)
        self._stepping_aside = self._loop.call_later(min(STEP_ASIDE_S * holding, LONGEST_S), self._take)

    def _take(self) -> None:
        pause = 0.0
        try:
            connection, _ = self._listener.accept()
        except (BlockingIOError, InterruptedError, ConnectionAbortedError):
            pass  # another worker accepted it, or its client has gone
        except OSError:
            log.exception("No connection can be accepted now; next attempt in %g s", EXHAUSTED_S)
            pause = EXHAUSTED_S
        else:
            connecting = self._loop.create_task(self._connect(connection))
            self._connecting.add(connecting)
            connecting.add_done_callback(self._connecting.discard)
        self._stepping_aside = self._loop.call_later(pause, self._await_next)

    def _await_next(self) -> None:
        self._loop.add_reader(self._listener, self._step_aside)

    async def _connect(self, connection: socket.socket) -> None:
        try:
            connection.settimeout(0)
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            transport, _ = await self._loop.connect_accepted_socket(self._protocol_factory, connection)
        except OSError:  # its client has gone
            connection.close()
        else:
            self._held.append(transport)


class SharingLoop(uvloop.Loop):
    """uvloop's event loop, which shares a listening socket with other processes."""

    async def create_server(  # type: ignore[override]  # uvicorn always passes a socket
        self, protocol_factory: ProtocolFactory, *, sock: socket.socket, backlog: int, **_: Any
    ) -> Listening:
        """Listen on a bound socket; the arguments are ``asyncio.loop.create_server``'s."""
        sock.settimeout(0)
        sock.listen(backlog)
        return Listening(self, sock, protocol_factory)
