"""Converts UCI's original pen digits to ``pen-digits.jsonl.gz``: ``python -m training.data.uci FILE OUTPUT``.

``docs/pen-digits.md`` says where the file comes from and what is in it. The file is in a UNIPEN format: lines that
begin with a dot are keywords, and each other line is a point, on a tablet of 500 x 500 with y up.
"""

import gzip
import json
import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final

TABLET: Final = 500
TRAIN_WRITERS: Final = 24  # of the 30 writers; the others are for validation

_COMMENT = re.compile(r"\.COMMENT\s+(\d)\s+(\d+)\s")  # digit, writer, and a number for the two of them
_POINT = re.compile(r"\s*(\d+)\s+(\d+)\s*")


def convert(lines: Iterable[str]) -> Iterator[dict[str, Any]]:
    """Return each digit as ``training.data.strokes.load_pen_digits`` reads it, y down."""
    digit: dict[str, Any] = {"strokes": []}
    for line in lines:
        if line.startswith(".SEGMENT") and digit["strokes"]:
            yield digit
            digit = {"strokes": []}
        elif comment := _COMMENT.match(line):
            writer = int(comment[2])
            split = "train" if writer <= TRAIN_WRITERS else "validation"
            digit |= {"label": int(comment[1]), "split": split, "writer": f"tra-{writer:02d}"}
        elif line.startswith(".PEN_DOWN"):
            digit["strokes"].append([])
        elif point := _POINT.fullmatch(line):
            digit["strokes"][-1].append([round(int(point[1]) / TABLET, 3), round(1 - int(point[2]) / TABLET, 3)])
    if digit["strokes"]:
        yield digit


def main(source: Path, target: Path) -> None:
    """Convert one file."""
    with source.open(encoding="latin-1") as lines:
        digits = list(convert(lines))
    with gzip.open(target, "wt", encoding="utf-8") as out:
        out.writelines(json.dumps(digit) + "\n" for digit in digits)
    print(f"{target}: {len(digits)} digits.")


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit("Usage: python -m training.data.uci pendigits-orig.tra pen-digits.jsonl.gz")
    main(Path(sys.argv[1]), Path(sys.argv[2]))
