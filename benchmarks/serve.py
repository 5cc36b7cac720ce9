"""This server compared with its alternatives: the same pictures, network and decoding, in one run.

    python -m benchmarks.serve [--seconds 4] [--networks mnist-mlp cifar10-cnn] [--json FILE]

One server at a time is started as its users start it, asked over one connection and over sixteen that keep alive, and
stopped: ours, LitServe with a traced function and its batching (with either of its queues), FastAPI around
``model.predict``, Gradio's API. The limit is measured last, in one thread without a server: decoding, preparing and the
traced call, and that call alone. A request's processor time is also given as a multiple of that limit. Of ours also how
soon it is ready, what memory a worker holds, and what every layer as ``npz`` costs beside the plain call. Exits with 1
where a target is missed. The peers are in ``peers/``.
"""

import argparse
import base64
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

from app.settings import ROOT
from benchmarks.client import post
from benchmarks.figures import CACHE, describe, machine, print_table, write_figures
from benchmarks.load import WARM_UP_S, generator, press
from benchmarks.peers.environment import provide_peers, size_bytes
from benchmarks.pictures import pad_pictures
from benchmarks.serving import Server, serve, serve_layerscope

NETWORKS = ("mnist-mlp", "cifar10-cnn")
CONNECTIONS = (1, 16)
JSON_TYPE = "application/json"
NOT_OFFERED = 422  # the status of a format that the server does not know

OURS, LITSERVE, CALL = "Layerscope", "LitServe, traced, batching", "the traced call alone"
LINE = "decode, prepare, traced call"
"""The limit: what a request needs without a server around it."""

LEAST_RATE_RATIO = 2.0
"""At sixteen connections, our requests a second over LitServe's."""
MOST_LATENCY_RATIO = 0.8
"""At one connection, our median over LitServe's."""
MOST_ARCHIVE_RATIO: Mapping[str, float] = {"mnist-mlp": 2.0, "cifar10-cnn": 4.0}
"""Every layer as npz, its median at one connection over the plain call's."""
MOST_READY_S = 8.0
MOST_WORKER_MB = 900.0
"""Resident memory of one worker with the default bundle, after the load."""


@dataclass(frozen=True)
class Peer:
    """What is compared: its module, how it is asked, and the environment that it runs in."""

    title: str
    module: str
    ready_path: str
    path: str
    with_peers: bool
    environment: Mapping[str, str] = field(default_factory=dict)

    def body(self, picture: str) -> bytes:
        """Return the JSON that carries a picture in base64."""
        return json.dumps({"data": [picture]} if "gradio" in self.module else {"image": picture}).encode()


PEERS = (
    Peer(LITSERVE, "benchmarks.peers.litserve_traced", "/health", "/predict", with_peers=True),
    Peer(
        "LitServe, fast queue",
        "benchmarks.peers.litserve_traced",
        "/health",
        "/predict",
        with_peers=True,
        environment={"FAST_QUEUE": "1"},
    ),
    Peer("FastAPI, model.predict", "benchmarks.peers.fastapi_predict", "/openapi.json", "/predict", with_peers=False),
    Peer(
        "Gradio's API, traced",
        "benchmarks.peers.gradio_api",
        "/gradio_api/info",
        "/gradio_api/run/predict",
        with_peers=True,
    ),
)


QUIET = {
    "TF_CPP_MIN_LOG_LEVEL": "2",
    "CUDA_VISIBLE_DEVICES": "-1",
    "GRADIO_ANALYTICS_ENABLED": "False",
    "HF_HUB_OFFLINE": "1",  # nothing leaves this machine
    "NO_PROXY": "127.0.0.1",
}

ONE_THREAD = {"TF_NUM_INTRAOP_THREADS": "1", "TF_NUM_INTEROP_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
"""For the limit: a worker of ours has a core and computes in one thread, too."""


def main() -> int:
    """Measure everything, print the tables, write the figures down; return 1 where a target is missed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=int, default=4, help="how long each load lasts (default: %(default)s)")
    parser.add_argument("--networks", nargs="+", default=list(NETWORKS), help="which networks (default: %(default)s)")
    parser.add_argument(
        "--json", type=Path, default=CACHE / "bench-serve.json", help="the figures (default: %(default)s)"
    )
    options = parser.parse_args()
    python = provide_peers()
    facts = machine()
    print(f"Load: {generator()}, {options.seconds} s each; {describe(facts)}", flush=True)
    networks = {name: measure(name, python, options.seconds) for name in options.networks}
    everything = measure_start()
    ready_s, worker_mb = everything["ready_s"], everything["worker_mb"]
    print(f"\nWith every network in models/: ready after {ready_s:.1f} s, {worker_mb:.0f} MB a worker")
    missed = [f"{name}: {miss}" for name, figures in networks.items() for miss in figures["missed"]]
    figures = {"generator": generator(), "every_network": everything, "networks": networks, "missed": missed}
    write_figures({"machine": facts, "peers_bytes": size_bytes(), **figures}, options.json)
    print("\n".join(["", "Missed:", *missed]) if missed else "Every target is met.")
    return 1 if missed else 0


def measure(name: str, python: Path, seconds: int) -> dict[str, Any]:
    """Return all figures of one network, and print them."""
    card = json.loads((ROOT / "models" / name / "card.json").read_text(encoding="utf-8"))
    pictures = [base64.b64encode(picture).decode() for picture in pad_pictures(card["input"]["preprocessing"])]
    figures = measure_ours(name, pictures, seconds)
    for peer in PEERS:
        command = [str(python) if peer.with_peers else sys.executable, "-m", peer.module]
        with serve(command, peer.ready_path, {"BENCH_NETWORK": name, **QUIET, **peer.environment}) as server:
            requests = [post(peer.path, peer.body(picture), JSON_TYPE) for picture in pictures]
            figures["rows"][peer.title] = measure_server(server, requests, seconds)
    for title, load in measure_in_process(name, pictures, seconds).items():
        figures["rows"][title] = {"1": load}
    figures["missed"] = misses(name, figures)
    report(name, figures)
    return figures


def measure_ours(name: str, pictures: Sequence[str], seconds: int) -> dict[str, Any]:
    """Return the figures of this server, a worker a core, with one network and nothing else in its models directory."""
    bodies = [json.dumps({"image": picture}).encode() for picture in pictures]
    workers = {"LAYERSCOPE_WORKERS": str(os.cpu_count() or 1)}
    with alone(name) as models_dir, serve_layerscope({**workers, "LAYERSCOPE_MODELS_DIR": str(models_dir)}) as server:
        row = measure_server(server, [post("/predict", body, JSON_TYPE) for body in bodies], seconds)
        worker_mb = max(server.memory().values()) / 1e6
        archive = measure_archive(server, bodies, seconds)
    return {"rows": {OURS: row}, "npz": archive, "ready_s": server.ready_s, "worker_mb": worker_mb}


@contextmanager
def alone(name: str) -> Iterator[Path]:
    """Yield a directory that holds one bundle and nothing else."""
    with tempfile.TemporaryDirectory() as directory:
        (Path(directory) / name).symlink_to(ROOT / "models" / name, target_is_directory=True)
        yield Path(directory)


def measure_server(server: Server, requests: Sequence[bytes], seconds: int) -> dict[str, Any]:
    """Return a server's figures under each number of connections, and its memory after that."""
    loads = {str(count): measure_load(server, requests, count, seconds) for count in CONNECTIONS}
    memory = server.memory()
    return {**loads, "memory_mb": sum(memory.values()) / 1e6, "processes": len(memory), "ready_s": server.ready_s}


def measure_load(server: Server, requests: Sequence[bytes], connections: int, seconds: int) -> dict[str, float]:
    """Return a warm server's figures, and its processor time a request: that depends least on what else runs here."""
    press(server.port, requests, connections, WARM_UP_S)
    before = server.cpu_s()
    load = press(server.port, requests, connections, seconds)
    return {**asdict(load), "cpu_ms": 1e3 * (server.cpu_s() - before) / (load.per_second * seconds)}


def measure_archive(server: Server, bodies: Sequence[bytes], seconds: int) -> dict[str, float] | None:
    """Return what every layer as npz costs at one connection, and the plain call after it; None without npz."""
    path = "/predict?layers=full&format=npz"
    try:
        with urlopen(Request(server.url + path, bodies[0], {"Content-Type": JSON_TYPE}), timeout=30):
            pass
    except HTTPError as error:
        if error.code != NOT_OFFERED:
            raise
        return None
    full, plain = (
        measure_load(server, [post(each, body, JSON_TYPE) for body in bodies], 1, seconds)["p50_ms"]
        for each in (path, "/predict")
    )
    return {"full_p50_ms": full, "plain_p50_ms": plain, "ratio": full / plain}


def measure_in_process(name: str, pictures: Sequence[str], seconds: int) -> dict[str, dict[str, float]]:
    """Return the figures of the line and of the traced call without a server."""
    command = [sys.executable, "-m", "benchmarks.peers.in_process", str(seconds)]
    environment = {**os.environ, "BENCH_NETWORK": name, **QUIET, **ONE_THREAD}
    done = subprocess.run(
        command, input=json.dumps(pictures), capture_output=True, text=True, check=True, cwd=ROOT, env=environment
    )
    figures = json.loads(done.stdout)
    return {LINE: figures["line"], CALL: figures["call"]}


def measure_start() -> dict[str, float]:
    """Return how soon the server is ready with every network that is there, and what its worker holds then."""
    with serve_layerscope() as server:
        return {"ready_s": server.ready_s, "worker_mb": max(server.memory().values()) / 1e6}


def misses(name: str, figures: Mapping[str, Any]) -> list[str]:
    """Return in words what one network's figures fall short of."""
    rows, archive = figures["rows"], figures["npz"]
    ours, peer = rows[OURS], rows[LITSERVE]
    rate = ours["16"]["per_second"] / peer["16"]["per_second"]
    latency = ours["1"]["p50_ms"] / peer["1"]["p50_ms"]
    found = [
        f"{row}: {rows[row][str(count)]['failures']} requests went wrong"
        for row in rows
        for count in CONNECTIONS
        if rows[row].get(str(count), {}).get("failures")
    ]
    if rate < LEAST_RATE_RATIO:
        found.append(f"at sixteen connections {rate:.2f} × LitServe's requests a second, target {LEAST_RATE_RATIO}")
    if latency > MOST_LATENCY_RATIO:
        found.append(f"at one connection {latency:.2f} × LitServe's median, target {MOST_LATENCY_RATIO}")
    if archive is not None and name in MOST_ARCHIVE_RATIO and archive["ratio"] > MOST_ARCHIVE_RATIO[name]:
        found.append(
            f"every layer as npz takes {archive['ratio']:.1f} × the plain call, target {MOST_ARCHIVE_RATIO[name]}"
        )
    if figures["ready_s"] > MOST_READY_S:
        found.append(f"ready after {figures['ready_s']:.1f} s, target {MOST_READY_S:.0f}")
    if figures["worker_mb"] > MOST_WORKER_MB:
        found.append(f"{figures['worker_mb']:.0f} MB a worker, target {MOST_WORKER_MB:.0f}")
    return found


def report(name: str, figures: Mapping[str, Any]) -> None:
    """Print one network's table, each row's ratios to ours."""
    rows, archive = figures["rows"], figures["npz"]
    ours, limit_ms = rows[OURS], rows[LINE]["1"]["cpu_ms"]

    def cells(row: Mapping[str, Any], connections: int) -> list[str]:
        load = row.get(str(connections))
        if load is None:
            return ["", "", "", "", "", ""]
        ratio = load["per_second"] / ours[str(connections)]["per_second"]
        return [
            f"{load['p50_ms']:.2f}",
            f"{load['p99_ms']:.2f}",
            f"{load['per_second']:.0f}",
            f"{ratio:.2f}",
            f"{load['cpu_ms']:.2f}",
            f"{load['cpu_ms'] / limit_ms:.2f}",
        ]

    def whole(row: Mapping[str, Any]) -> list[str]:
        if "ready_s" not in row:
            return ["", ""]
        return [f"{row['memory_mb']:.0f} in {row['processes']}", f"{row['ready_s']:.1f}"]

    print(f"\n{name}: one connection, sixteen connections; × is requests a second over ours, CPU a request's,")
    print(f"/ limit is that over the CPU of “{LINE}”")
    load = ["p50 ms", "p99 ms", "req/s", "×", "CPU ms", "/ limit"]
    print_table(
        ["", *load, *load, "MB in processes", "ready s"],
        [[title, *cells(row, 1), *cells(row, 16), *whole(row)] for title, row in rows.items()],
    )
    print(f"One worker of ours holds {figures['worker_mb']:.0f} MB.", end=" ")
    if archive is None:
        print("Every layer as npz: not offered.", flush=True)
    else:
        print(
            f"Every layer as npz: {archive['full_p50_ms']:.2f} ms, {archive['ratio']:.2f} × the plain call.", flush=True
        )


if __name__ == "__main__":
    sys.exit(main())
