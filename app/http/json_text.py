"""JSON from arrays: float32 as its shortest decimals, and long arrays in pieces.

orjson keeps Python's lock for a whole call; a million numbers in one call would stop every other thread for tens of
milliseconds.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

import numpy as np
import numpy.typing as npt
import orjson

PIECE_VALUES = 8_192
"""Numbers of a long array that are written at a time: a quarter of a millisecond, while all other threads wait."""

Json = dict[str, Any]


class Numbers:
    """A flat JSON array of any length, written in pieces, so that other threads can run meanwhile.

    Args:
        values: float32 or float64, of any shape; written row by row.
    """

    def __init__(self, values: npt.NDArray[np.floating]) -> None:
        self._flat = np.ascontiguousarray(values).reshape(-1)

    def pieces(self) -> Iterator[bytes]:
        """Yield the text in pieces; a million numbers at once would hold Python's lock for tens of milliseconds."""
        yield b"["
        for first in range(0, self._flat.size, PIECE_VALUES):
            some = orjson.dumps(self._flat[first : first + PIECE_VALUES], option=orjson.OPT_SERIALIZE_NUMPY)
            yield (b"," if first else b"") + some[1:-1]
        yield b"]"


class Items:
    """A JSON array whose items are made one by one as they are written.

    Args:
        items: each a JSON value; iterated once.
    """

    def __init__(self, items: Iterable[Json]) -> None:
        self.items = items


def dump_json(value: Json) -> bytes:
    """Return JSON; NumPy arrays become lists, float32 numbers their shortest decimals."""
    return orjson.dumps(value, default=_in_pieces, option=orjson.OPT_SERIALIZE_NUMPY)


def dump_json_in_pieces(value: Json, between: Callable[[], None]) -> bytes:
    """Return the same JSON as ``dump_json``, written in pieces of less than a millisecond.

    Args:
        value: divided wherever there are ``Numbers`` or ``Items``.
        between: called after each piece; may pause, or raise to end the writing.
    """
    pieces = []
    for piece in _pieces(value):
        pieces.append(piece)
        between()
    return b"".join(pieces)


def _pieces(value: object) -> Iterator[bytes]:
    if isinstance(value, Numbers):
        yield from value.pieces()
    elif not _is_divisible(value):
        yield orjson.dumps(value, default=_in_pieces, option=orjson.OPT_SERIALIZE_NUMPY)
    elif isinstance(value, dict):
        for number, (key, item) in enumerate(value.items()):
            yield (b"," if number else b"{") + orjson.dumps(key) + b":"
            yield from _pieces(item)
        yield b"}"
    elif isinstance(value, Items):
        yield b"["
        for number, item in enumerate(value.items):
            if number:
                yield b","
            yield from _pieces(item)
        yield b"]"


def _is_divisible(value: object) -> bool:
    """Whether a value is or contains ``Numbers`` or ``Items``; a list is written as a whole."""
    if isinstance(value, dict):
        return any(map(_is_divisible, value.values()))
    return isinstance(value, Numbers | Items)


def _in_pieces(value: object) -> orjson.Fragment | list[Json]:
    if isinstance(value, Items):
        return list(value.items)
    if not isinstance(value, Numbers):
        raise TypeError(type(value))
    return orjson.Fragment(b"".join(value.pieces()))
