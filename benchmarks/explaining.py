"""How much longer ``/predict`` takes while other clients request the most expensive explanations.

    python -m benchmarks.explaining [--seconds 8] [--networks mnist-mlp cifar10-cnn] [--json FILE]

One server as its users start it, with one worker. One connection asks ``/predict`` of a network, each question as soon
as the last is answered: so does the page while a stroke grows. For every kind of explanation that is measured in turns:
alone, and beside as many connections as explanations may be inside, which ask back to back for the dearest one of that
kind. Their client is on the same machine, where it should cost nothing, so it stands back.

A closed loop alone is at its fastest, so that the ratio is at its hardest: a connection that rests between questions
starts anew each time, and its own 95th percentile is the larger for it. What else the machine does only ever adds, so
of either sort the turn counts whose 95th percentile is the least; how far those of the turns alone lie apart stands
beside it, and says how quiet the machine was.

Exits with 1 where the 95th percentile beside explanations is more than twice that alone, or an answer was wrong. What
is not let in is answered 503: that is counted, and no error.
"""

import argparse
import json
import multiprocessing
import os
import sys
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from app.settings import ROOT, Settings
from benchmarks.client import Tally, post, press, run
from benchmarks.figures import CACHE, describe, machine, percentile, print_table, write_figures
from benchmarks.pictures import pad_pictures
from benchmarks.serving import Server, serve_layerscope

NETWORKS = ("mnist-mlp", "cifar10-cnn")
MOST_RATIO = 2.0
"""The 95th percentile of ``/predict`` beside explanations over that alone."""

TURNS = 4
"""How often it is measured beside explanations, between turns alone."""

LEAD_S = 1.0  # until the explanations are under way
NICENESS = 10
PNG = "image/png"
BUSY = 503

DEAREST: Mapping[str, Mapping[str, str]] = {
    "dense": {
        "unit": "unit?layer=hidden_1&unit=7&top=1000",
        "trace": "trace?top=100",
        "gradients": "gradients?layers=full",
        "gradients, all classes": "gradients?target=all",
        "occlusion": "occlusion?window=1&stride=1",
        "votes": "votes?samples=200",
    },
    "convolution": {
        "unit": "unit?layer=hidden&unit=7&top=1000",
        "trace": "trace?top=100",
        "gradients": "gradients?layers=full",
        "gradients, all classes": "gradients?target=all",
        "gradcam": "gradcam?layer=conv_1",
        "occlusion": "occlusion?window=2&stride=1",  # of one pixel there would be more places than are tried
        "votes": "votes?samples=200",
    },
}
"""The most expensive request of each kind of explanation, by the kind of the network's first layer with weights."""


@dataclass
class Turns:
    """What ``/predict`` took, in seconds, turn by turn; and what came of the explanations beside it."""

    alone: list[list[float]] = field(default_factory=list)
    beside: list[list[float]] = field(default_factory=list)
    explained: Counter[int] = field(default_factory=Counter)
    explaining_s: float = 0.0
    broken: int = 0

    def count(self, tally: Tally, seconds: float) -> None:
        """Add what came of explanations that were asked for in so many seconds."""
        for (_, status), number in tally.statuses.items():
            self.explained[status] += number
        self.broken += tally.broken
        self.explaining_s += seconds


def main() -> int:
    """Measure every kind, print the tables, write the figures down; return 1 where the target is missed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=float, default=8, help="how long beside each kind (default: %(default)s)")
    parser.add_argument("--networks", nargs="+", default=list(NETWORKS), help="which networks (default: %(default)s)")
    parser.add_argument(
        "--json", type=Path, default=CACHE / "bench-explain.json", help="the figures (default: %(default)s)"
    )
    options = parser.parse_args()
    facts, connections = machine(), Settings().max_explanations
    print(f"{connections} connections that ask for explanations; {describe(facts)}", flush=True)
    with (
        ProcessPoolExecutor(1, multiprocessing.get_context("spawn"), os.nice, (NICENESS,)) as others,
        serve_layerscope() as server,
    ):
        ask = Asking(server, others, connections, options.seconds / TURNS)
        networks = {name: measure(name, ask) for name in options.networks}
    missed = [f"{name}, {miss}" for name, kinds in networks.items() for miss in misses(kinds)]
    write_figures({"machine": facts, "connections": connections, "networks": networks, "missed": missed}, options.json)
    print("\n".join(["", "Missed:", *missed]) if missed else "The target is met.")
    return 1 if missed else 0


@dataclass(frozen=True)
class Asking:
    """A server, and how it is asked.

    Attributes:
        server: that answers.
        others: a process that asks for explanations.
        connections: over how many it does that.
        turn_s: how long one turn lasts, in seconds.
    """

    server: Server
    others: ProcessPoolExecutor
    connections: int
    turn_s: float

    def predictions(self, requests: Sequence[bytes]) -> list[float]:
        """Return what each answer took in one turn, in seconds.

        Raises:
            RuntimeError: if one of them was not 200.
        """
        tally = run(partial(press, self.server.port, requests, 1, self.turn_s))
        if tally.broken or any(status != 200 for _, status in tally.statuses):
            raise RuntimeError(f"Predictions went wrong: {dict(tally.statuses)}, {tally.broken} connections broke.")
        return tally.latencies_s

    def in_turns(self, predictions: Sequence[bytes], explanations: Sequence[bytes]) -> Turns:
        """Measure alone and beside explanations, beginning and ending alone."""
        turns = Turns([self.predictions(predictions)])
        for _ in range(TURNS):
            began = time.perf_counter()
            seconds = LEAD_S + self.turn_s
            explaining = self.others.submit(explain, self.server.port, explanations, self.connections, seconds)
            time.sleep(LEAD_S)
            turns.beside.append(self.predictions(predictions))
            turns.count(explaining.result(), time.perf_counter() - began)
            turns.alone.append(self.predictions(predictions))
        return turns


def explain(port: int, requests: Sequence[bytes], connections: int, seconds: float) -> Tally:
    """Ask for explanations back to back; runs in a process of its own."""
    return run(partial(press, port, requests, connections, seconds))


def measure(name: str, ask: Asking) -> dict[str, Any]:
    """Return the figures of each kind of explanation beside one network's predictions, and print them."""
    card = json.loads((ROOT / "models" / name / "card.json").read_text(encoding="utf-8"))
    first = next(layer["kind"] for layer in card["layers"] if layer["parameters"])
    pictures = pad_pictures(card["input"]["preprocessing"])
    predictions = [post(f"/predict?model={name}", picture, PNG) for picture in pictures]
    kinds = {}
    for kind, question in DEAREST[first].items():
        explanations = [post(f"/explain/{question}&model={name}", picture, PNG) for picture in pictures]
        explain(ask.server.port, explanations, 1, LEAD_S)  # what it needs is traced when it is first asked for
        ask.predictions(predictions)
        kinds[kind] = {"question": question, **figures(ask.in_turns(predictions, explanations))}
    report(name, kinds)
    return kinds


def figures(turns: Turns) -> dict[str, Any]:
    """Return the figures of one kind."""
    alone, beside = (sorted(percentile(taken, 0.95) for taken in sort) for sort in (turns.alone, turns.beside))
    answered, refused = turns.explained[200], turns.explained[BUSY]
    return {
        "alone_p50_ms": 1e3 * min(percentile(taken, 0.5) for taken in turns.alone),
        "alone_p95_ms": 1e3 * alone[0],
        "beside_p50_ms": 1e3 * min(percentile(taken, 0.5) for taken in turns.beside),
        "beside_p95_ms": 1e3 * beside[0],
        "ratio": beside[0] / alone[0],
        "every_p95_ms": {"alone": [1e3 * taken for taken in alone], "beside": [1e3 * taken for taken in beside]},
        "alone_spread": alone[-1] / alone[0],
        "explained_per_second": answered / turns.explaining_s,
        "refused": refused,
        "wrong": turns.explained.total() + turns.broken - answered - refused,
    }


def misses(kinds: Mapping[str, Any]) -> list[str]:
    """Return in words which kinds of explanation hold predictions up, or were answered wrongly."""
    slow = [
        f"{kind}: p95 of /predict is {taken['ratio']:.2f} × its own, target {MOST_RATIO}"
        for kind, taken in kinds.items()
        if taken["ratio"] > MOST_RATIO
    ]
    return slow + [f"{kind}: {taken['wrong']} went wrong" for kind, taken in kinds.items() if taken["wrong"]]


def report(name: str, kinds: Mapping[str, Any]) -> None:
    """Print one network's table."""
    print(f"\n{name}: /predict alone, and beside explanations; × of p95; spread of p95 over the turns alone")
    head = ["", "p50 ms", "p95 ms", "p50 beside", "p95 beside", "×", "spread ×", "explained/s", "refused"]
    print_table(head, [[kind, *_cells(taken)] for kind, taken in kinds.items()])
    sys.stdout.flush()


def _cells(taken: Mapping[str, Any]) -> list[str]:
    return [
        *(f"{taken[time]:.2f}" for time in ("alone_p50_ms", "alone_p95_ms", "beside_p50_ms", "beside_p95_ms")),
        *(f"{taken[ratio]:.2f}" for ratio in ("ratio", "alone_spread")),
        f"{taken['explained_per_second']:.0f}",
        f"{taken['refused']}",
    ]


if __name__ == "__main__":
    sys.exit(main())
