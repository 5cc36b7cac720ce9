"""What the benchmarks make of their measurements: percentiles, drift, tables; and the machine that they ran on."""

import json
import math
import os
import platform
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from app.settings import ROOT

CACHE = ROOT / ".cache"
"""Where the figures are written, unless another file is named; git ignores it."""


def percentile(values: Sequence[float], share: float) -> float:
    """Return the smallest value that at least ``share`` (0..1) of the values do not exceed: the nearest rank.

    Raises:
        ValueError: if there are no values.
    """
    if not values:
        raise ValueError("Nothing was measured.")
    return sorted(values)[max(math.ceil(share * len(values)) - 1, 0)]


def drift(values: Sequence[float], count: int = 10) -> float:
    """Return how many times the first values' median the last ones' is, ``count`` at either end."""
    return percentile(values[-count:], 0.5) / percentile(values[:count], 0.5)


def machine() -> dict[str, Any]:
    """Return what a reader must know of the machine, and how busy it is now (mean of the last minute)."""
    return {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "cores": len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count(),
        "load_average": round(os.getloadavg()[0], 2),
        "processor": _processor(),
        "python": platform.python_version(),
    }


def describe(facts: dict[str, Any]) -> str:
    """Return the machine's facts as one line."""
    return f"{facts['cores']} cores ({facts['processor']}), load average {facts['load_average']} before"


def write_figures(figures: dict[str, Any], path: Path) -> None:
    """Write the figures as JSON, and say where they are."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
    print(f"\nFigures: {path}")


def print_table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print a table, the first column to the left and the others to the right."""
    widths = [max(len(row[column]) for row in [head, *rows]) for column in range(len(head))]
    for row in [head, *rows]:
        first, *others = (
            cell.ljust(width) if column == 0 else cell.rjust(width)
            for column, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        print("  ".join([first, *others]).rstrip())


def _processor() -> str:
    """Return the processor's name where the system tells it."""
    path = Path("/proc/cpuinfo")
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    named = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(named, platform.processor() or platform.machine())
