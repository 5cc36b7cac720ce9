"""Limits on how much work is accepted; beyond a limit a request is refused at once."""

from collections.abc import Iterator
from contextlib import contextmanager

from app.problems import Busy


class Limit:
    """Accepts a fixed number of pieces of work at a time.

    Args:
        doing: the accepted work, for the problem's text: "explanations are being computed".
        limit: how many are accepted at a time.
    """

    def __init__(self, doing: str, limit: int) -> None:
        self._doing = doing
        self._limit = limit
        self._accepted = 0

    @contextmanager
    def accept(self) -> Iterator[None]:
        """Accept one piece of work for the length of a block.

        Raises:
            Busy: if the limit is reached.
        """
        if self._accepted >= self._limit:
            raise Busy(self._doing, self._limit)
        self._accepted += 1
        try:
            yield
        finally:
            self._accepted -= 1
