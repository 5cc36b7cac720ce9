"""Thousands of damaged pictures through decoding and preprocessing: nothing but a problem, no crash, bounded memory.

    python -m tests.fuzz.pictures [--count 20000] [--seed N]

A failure is shrunk by Hypothesis and printed; the same seed finds it again.
"""

import argparse
import secrets
import sys
from collections import Counter
from dataclasses import dataclass, field

from hypothesis import given

from tests.fuzz.files import damaged_files
from tests.fuzz.generation import generated
from tests.fuzz.reader import Outcome, Reader, reading

MOST_BYTES = 1_250_000_000
"""Memory of the reading process at its highest: what a WebP just within the limit of pixels takes, and a tenth more."""

MOST_CPU_S = 10.0
"""Seconds of processor time for one picture."""


@dataclass
class Tally:
    """The outcomes of the pictures.

    Attributes:
        outcomes: how many were read (``"read"``) and how many refused with which problem.
        most_bytes: memory of the reading process at its highest.
        most_cpu_s: the longest that one picture took.
    """

    outcomes: Counter[str] = field(default_factory=Counter)
    most_bytes: int = 0
    most_cpu_s: float = 0.0

    def add(self, outcome: Outcome) -> None:
        """Take one more."""
        self.outcomes[outcome.problem or "read"] += 1
        self.most_bytes = max(self.most_bytes, outcome.most_bytes)
        self.most_cpu_s = max(self.most_cpu_s, outcome.cpu_s)

    def __str__(self) -> str:
        pictures = ", ".join(f"{name} {count}" for name, count in self.outcomes.most_common())
        return (
            f"{self.outcomes.total()} damaged pictures: {pictures}; "
            f"the reader held {self.most_bytes / 1e6:.0f} MB at most, one picture took {self.most_cpu_s:.2f} s at most."
        )


def check(outcome: Outcome) -> None:
    """Check the outcome of a picture against the limits.

    Raises:
        AssertionError: if it is anything else.
    """
    assert outcome.error is None, outcome.error
    assert outcome.most_bytes <= MOST_BYTES, f"{outcome.most_bytes / 1e6:.0f} MB"
    assert outcome.cpu_s <= MOST_CPU_S, f"{outcome.cpu_s:.1f} s"


def read_damaged(reader: Reader, count: int, start: int) -> Tally:
    """Have so many damaged pictures read.

    Args:
        reader: reads them.
        count: how many.
        start: the seed from which they follow.

    Raises:
        AssertionError: for the simplest picture that is not read or refused as promised.
        Crashed: for the simplest that ends the process.
    """
    tally = Tally()

    @generated(count, start)
    @given(damaged_files())
    def read_one(content: bytes) -> None:
        outcome = reader.read(content)
        tally.add(outcome)
        check(outcome)

    read_one()
    return tally


def main() -> int:
    """Read, and print what became of the pictures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--count", type=int, default=20_000, help="how many pictures (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=secrets.randbits(32), help="where they begin (default: by chance)")
    options = parser.parse_args()
    print(f"Damaged pictures from seed {options.seed}", flush=True)
    with reading() as reader:
        print(read_damaged(reader, options.count, options.seed))
    return 0


if __name__ == "__main__":
    sys.exit(main())
