"""Sixteen connections send all kinds of requests for minutes, some invalid: checks for failures and memory leaks.

    python -m benchmarks.soak [--seconds 300] [--json FILE]

Every request has the one status that it must be answered with. The resident memory of the server's processes is read
after the first minute and at the end. Exits with 1 where an answer was another, a connection broke, or memory grew.
"""

import argparse
import asyncio
import sys
import time
from dataclasses import dataclass
from operator import itemgetter
from pathlib import Path
from typing import Any

from benchmarks.client import Tally, get, post, press, run
from benchmarks.figures import CACHE, describe, machine, percentile, print_table, write_figures
from benchmarks.pictures import pad_pictures
from benchmarks.serving import Server, serve_layerscope

CONNECTIONS = 16
SETTLED_S = 60  # until then caches and pools fill
MOST_GROWTH = 1.05
"""Memory at the end over that after the first minute."""
SAMPLE_S = 10
PNG = "image/png"


@dataclass(frozen=True)
class Asked:
    """One request, and the status that it must be answered with."""

    name: str
    request: bytes
    status: int = 200


def main() -> int:
    """Soak the server, print what happened, write the figures down; return 1 where something was wrong."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=int, default=300, help="for how long (default: %(default)s)")
    parser.add_argument("--json", type=Path, default=CACHE / "soak.json", help="the figures (default: %(default)s)")
    options = parser.parse_args()
    facts = machine()
    print(f"{CONNECTIONS} connections for {options.seconds} s, {describe(facts)}", flush=True)
    asked = mixture()
    with serve_layerscope() as server:
        memory = Memory(server)
        tally = run(lambda: soak(server, memory, asked, options.seconds))
        memory.read()
    figures = summarise(asked, tally, memory, options.seconds)
    report(figures)
    write_figures({"machine": facts, **figures}, options.json)
    print("\n".join(["", "Wrong:", *figures["wrong"]]) if figures["wrong"] else "No error, and memory is constant.")
    return 1 if figures["wrong"] else 0


class Memory:
    """The resident memory of a server's processes along the way, in MB."""

    def __init__(self, server: Server) -> None:
        self.samples: list[tuple[float, dict[int, float]]] = []
        self._server = server
        self._began = time.perf_counter()

    def read(self) -> None:
        """Note what is held now."""
        held = {pid: resident / 1e6 for pid, resident in self._server.memory().items()}
        self.samples.append((time.perf_counter() - self._began, held))

    def after(self, seconds: float) -> dict[int, float]:
        """Return what was held when so many seconds had passed, or at the end."""
        return next((held for at, held in self.samples if at >= seconds), self.samples[-1][1])


async def soak(server: Server, memory: Memory, asked: list[Asked], seconds: int) -> Tally:
    """Ask until the time is over, and read the memory meanwhile."""

    async def watch() -> None:
        while True:
            memory.read()
            await asyncio.sleep(SAMPLE_S)

    watching = asyncio.create_task(watch())
    tally = await press(server.port, [each.request for each in asked], CONNECTIONS, seconds)
    watching.cancel()
    return tally


def mixture() -> list[Asked]:
    """Return the requests of one round: mostly plain, some expensive, some invalid."""
    digits, photos = pad_pictures("digits"), pad_pictures("photos")
    cnn = "model=cifar10-cnn"

    def each(name: str, path: str, pictures: list[bytes], status: int = 200) -> list[Asked]:
        return [Asked(name, post(path, picture, PNG), status) for picture in pictures]

    kinds: list[list[Asked]] = [
        each("plain", "/predict", digits),
        each("plain, CNN", f"/predict?{cnn}", photos[:10]),
        each("frame", "/predict?layers=full&format=frame", digits[:8]),
        each("frame, CNN", f"/predict?{cnn}&layers=full&format=frame", photos[:4]),
        each("summary", "/predict?layers=summary", digits[:4]),
        each("every layer", "/predict?layers=full", digits[:2]),
        each("every layer, CNN", f"/predict?{cnn}&layers=full", photos[:1]),
        each("unit", "/explain/unit?layer=hidden_2&unit=7", digits[:4]),
        each("unit, CNN", f"/explain/unit?{cnn}&layer=conv_2&channel=3&row=4&column=5", photos[:2]),
        [Asked("pages", get(path)) for path in ("/", "/models", "/healthz", "/readyz")],
        _wrong(digits[0]),
    ]
    return _interleave(kinds)


def _wrong(picture: bytes) -> list[Asked]:
    """Return requests that are refused, each for its own reason."""
    return [
        Asked("no image", post("/predict", b"this is not a picture", PNG), 400),
        Asked("half an image", post("/predict", picture[: len(picture) // 2], PNG), 400),
        Asked("empty", post("/predict", b"", PNG), 422),
        Asked("unknown network", post("/predict?model=none", picture, PNG), 404),
        Asked("unknown layer", post("/predict?layers=none_such", picture, PNG), 404),
        Asked("unknown parameter", post("/predict?lay=full", picture, PNG), 422),
        Asked("no JSON", post("/predict", b"{", "application/json"), 422),
        Asked("a text", post("/predict", b"seven", "text/plain"), 415),
        Asked("no such path", get("/none"), 404),
    ]


def _interleave(kinds: list[list[Asked]]) -> list[Asked]:
    """Return every request once, each kind spread evenly over the round."""
    placed = [((place + 0.5) / len(kind), asked) for kind in kinds for place, asked in enumerate(kind)]
    return [asked for _, asked in sorted(placed, key=itemgetter(0))]


def summarise(asked: list[Asked], tally: Tally, memory: Memory, seconds: int) -> dict[str, Any]:
    """Return the figures, and in words what was wrong."""
    kinds: dict[str, int] = {}
    wrong = []
    for (index, status), number in sorted(tally.statuses.items()):
        kind = asked[index]
        kinds[kind.name] = kinds.get(kind.name, 0) + number
        if status != kind.status:
            wrong.append(f"{kind.name}: {number} × {status} instead of {kind.status}")
    if tally.broken:
        wrong.append(f"{tally.broken} connections broke")
    settled, end = memory.after(min(SETTLED_S, seconds / 5)), memory.samples[-1][1]
    growth = sum(end.values()) / sum(settled.values())
    if growth > MOST_GROWTH:
        wrong.append(f"memory grew to {growth:.3f} times that of the first minute, at most {MOST_GROWTH}")
    if settled.keys() != end.keys():
        wrong.append(f"processes changed: {sorted(settled)} became {sorted(end)}")
    return {
        "requests": kinds,
        "per_second": sum(kinds.values()) / seconds,
        "p50_ms": 1e3 * percentile(tally.latencies_s, 0.5),
        "p99_ms": 1e3 * percentile(tally.latencies_s, 0.99),
        "memory_mb": {"after_first_minute": sum(settled.values()), "at_end": sum(end.values())},
        "memory_growth": growth,
        "memory_mb_along": [[round(at), round(sum(held.values()), 1)] for at, held in memory.samples],
        "wrong": wrong,
    }


def report(figures: dict[str, Any]) -> None:
    """Print what was asked, how fast it was answered, and how memory went."""
    print_table(["request", "answers"], [[name, f"{number:,}"] for name, number in figures["requests"].items()])
    memory = figures["memory_mb"]
    print(f"\n{figures['per_second']:.0f} a second, p50 {figures['p50_ms']:.1f} ms, p99 {figures['p99_ms']:.1f} ms")
    print(
        f"Memory: {memory['after_first_minute']:.0f} MB after the first minute, {memory['at_end']:.0f} MB at the end: "
        f"× {figures['memory_growth']:.3f}"
    )


if __name__ == "__main__":
    sys.exit(main())
