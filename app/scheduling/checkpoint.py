"""Long work in pieces: between two of them it calls its checkpoint, where it may be paused or cancelled."""

from collections.abc import Callable

Checkpoint = Callable[[], None]
"""Called between pieces of work; raises ``Cancelled`` if the work is to end."""


class Cancelled(Exception):
    """Raised to cancel work whose client has gone or whose time is over."""


def go_on() -> None:
    """The checkpoint of work that is neither paused nor cancelled."""
