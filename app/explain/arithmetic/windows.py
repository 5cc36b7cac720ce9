"""Windows that slide over a map: where each of them lies, and how much of it is padding.

The padding is TensorFlow's (https://www.tensorflow.org/api_docs/python/tf/nn, "Notes on padding"): with ``same`` there
are ``ceil(side / stride)`` windows along a side, and of the rows that are missing for the last of them half, rounded
down, lie before the first row.
"""

from dataclasses import dataclass
from typing import Literal

Slices = tuple[slice, slice]


@dataclass(frozen=True)
class Window:
    """One window over a map.

    Attributes:
        row: the map's row on which the window's first row lies; negative where that is padding.
        column: the same for columns.
        rows: how many rows the window has.
        columns: the same for columns.
        map_rows: how many rows the map has.
        map_columns: the same for columns.
    """

    row: int
    column: int
    rows: int
    columns: int
    map_rows: int
    map_columns: int

    @property
    def top(self) -> int:
        """How many of the window's first rows are padding."""
        return max(0, -self.row)

    @property
    def bottom(self) -> int:
        """How many of the window's last rows are padding."""
        return max(0, self.row + self.rows - self.map_rows)

    @property
    def left(self) -> int:
        """How many of the window's first columns are padding."""
        return max(0, -self.column)

    @property
    def right(self) -> int:
        """How many of the window's last columns are padding."""
        return max(0, self.column + self.columns - self.map_columns)

    @property
    def origin(self) -> tuple[int, int]:
        """The first row and column of the map that the window covers."""
        return max(0, self.row), max(0, self.column)

    @property
    def inside(self) -> Slices:
        """The rows and columns of the map that the window covers."""
        return slice(max(0, self.row), self.row + self.rows), slice(max(0, self.column), self.column + self.columns)

    @property
    def covered(self) -> Slices:
        """The same rows and columns, counted in the window."""
        return slice(self.top, self.rows - self.bottom), slice(self.left, self.columns - self.right)


@dataclass(frozen=True)
class Sliding:
    """How a window slides over a map: its size and its steps in rows and columns, and whether the map is padded."""

    size: tuple[int, int]
    strides: tuple[int, int]
    padding: Literal["same", "valid"]

    def window(self, row: int, column: int, map_rows: int, map_columns: int) -> Window:
        """Return the window of the value at a row and column of the output."""
        (above, _), (before, _) = self.margins(map_rows, map_columns)
        return Window(
            row * self.strides[0] - above, column * self.strides[1] - before, *self.size, map_rows, map_columns
        )

    def margins(self, map_rows: int, map_columns: int) -> tuple[tuple[int, int], tuple[int, int]]:
        """Return how many rows of padding lie above and below the map, and how many columns left and right of it."""
        return self._margin(0, map_rows), self._margin(1, map_columns)

    def _margin(self, axis: int, side: int) -> tuple[int, int]:
        if self.padding == "valid":
            return 0, 0
        stride, reach = self.strides[axis], self.size[axis]
        missing = max((-(-side // stride) - 1) * stride + reach - side, 0)
        return missing // 2, missing - missing // 2
