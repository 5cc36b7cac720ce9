"""JSON from arrays: float32 as its shortest decimals, and long arrays in pieces.

orjson keeps Python's lock for a whole call; a million numbers in one call would stop every other thread for tens of
milliseconds.
"""

from collections.abc import Iterator
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


def dump_json(value: Json) -> bytes:
    """Return JSON; NumPy arrays become lists, float32 numbers their shortest decimals."""
    return orjson.dumps(value, default=_in_pieces, option=orjson.OPT_SERIALIZE_NUMPY)


def _in_pieces(value: object) -> orjson.Fragment:
    if not isinstance(value, Numbers):
        raise TypeError(type(value))
    return orjson.Fragment(b"".join(value.pieces()))
