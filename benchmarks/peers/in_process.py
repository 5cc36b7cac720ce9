"""The limit: the same line without a server, in one thread, and the traced call alone. Prints JSON.

BENCH_NETWORK=mnist-mlp python -m benchmarks.peers.in_process 3 < pictures.json
"""

import json
import sys
import time
from collections.abc import Callable, Sequence

import numpy as np

from benchmarks.figures import percentile
from benchmarks.peers.classifier import Classifier

WARM_UP_CALLS = 20


def main() -> None:
    """Measure both for as many seconds as the argument says."""
    seconds = float(sys.argv[1])
    pictures: list[str] = json.load(sys.stdin)
    classifier = Classifier()
    tensors = [classifier.tensor(picture)[np.newaxis] for picture in pictures]

    def line(index: int) -> None:
        classifier.answer(classifier.traced(classifier.tensor(pictures[index])[np.newaxis])[0])

    def call(index: int) -> None:
        classifier.traced(tensors[index])

    json.dump(
        {name: time_calls(work, pictures, seconds) for name, work in (("line", line), ("call", call))}, sys.stdout
    )


def time_calls(work: Callable[[int], None], pictures: Sequence[str], seconds: float) -> dict[str, float]:
    """Call with one index after the other for some seconds; return percentiles in milliseconds and calls a second."""
    for index in range(WARM_UP_CALLS):
        work(index % len(pictures))
    times: list[float] = []
    began, cpu_began = time.perf_counter(), time.process_time()
    while time.perf_counter() - began < seconds:
        started = time.perf_counter()
        work(len(times) % len(pictures))
        times.append(time.perf_counter() - started)
    elapsed, cpu_s = time.perf_counter() - began, time.process_time() - cpu_began
    figures = {"p50_ms": 1e3 * percentile(times, 0.5), "p99_ms": 1e3 * percentile(times, 0.99)}
    return {**figures, "per_second": len(times) / elapsed, "cpu_ms": 1e3 * cpu_s / len(times), "failures": 0}


if __name__ == "__main__":
    main()
