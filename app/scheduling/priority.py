"""Priority for short work: long work waits at its checkpoints while any is running."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager


class Priority:
    """Tracks whether work with priority is running."""

    def __init__(self) -> None:
        self._running = 0
        self._lock = threading.Lock()  # guards the count and the event
        self._idle = threading.Event()
        self._idle.set()

    @contextmanager
    def hold(self) -> Iterator[None]:
        """Run a block with priority."""
        with self._lock:
            self._running += 1
            self._idle.clear()
        try:
            yield
        finally:
            with self._lock:
                self._running -= 1
                if not self._running:
                    self._idle.set()

    def wait_until_idle(self, seconds: float) -> bool:
        """Wait until no work with priority is running, up to a timeout; return whether none is."""
        return self._idle.wait(seconds)
