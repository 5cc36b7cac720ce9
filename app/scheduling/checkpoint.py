"""Long work is done in pieces; between two pieces it calls its checkpoint, which may pause or cancel it."""

from collections.abc import Callable

Checkpoint = Callable[[], None]
"""Called between pieces of work; raises ``Cancelled`` to end the work."""


class Cancelled(Exception):
    """Raised to cancel work whose client has gone or whose time is over."""


def go_on() -> None:
    """The checkpoint of work that is neither paused nor cancelled."""
