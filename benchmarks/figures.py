"""What the benchmarks make of their measurements: percentiles, drift, tables; and the machine that they ran on."""

import json
import math
import os
import platform
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from app.settings import ROOT

CACHE = ROOT / ".cache"
"""Where the figures are written, unless another file is named; git ignores it."""

BUSY_SAMPLE_S = 1.0
STAT = Path("/proc/stat")


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
    """Return what a reader must know of the machine, and how busy others keep it before anything is measured."""
    return {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "cores": len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count(),
        "load_average": round(os.getloadavg()[0], 2),  # of the last minute
        "busy_cores": _busy_cores(),
        "processor": _processor(),
        "python": platform.python_version(),
    }


def describe(facts: dict[str, Any]) -> str:
    """Return the machine's facts as one line."""
    busy = "" if facts["busy_cores"] is None else f", {facts['busy_cores']} of them busy with other things"
    return f"{facts['cores']} cores ({facts['processor']}){busy}, load average {facts['load_average']}"


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


def _busy_cores() -> float | None:
    """Return how many cores are busy over the next second, where the system tells it."""
    if not STAT.exists():
        return None
    began = _idle_s()
    time.sleep(BUSY_SAMPLE_S)
    return max(round((os.cpu_count() or 1) - (_idle_s() - began) / BUSY_SAMPLE_S, 1), 0.0)


def _idle_s() -> float:
    """Return the seconds that all cores together have been idle since the system started."""
    idle, waiting = STAT.read_text(encoding="ascii").split(maxsplit=6)[4:6]
    return (int(idle) + int(waiting)) / os.sysconf("SC_CLK_TCK")


def _processor() -> str:
    """Return the processor's name where the system tells it."""
    path = Path("/proc/cpuinfo")
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    named = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(named, platform.processor() or platform.machine())
