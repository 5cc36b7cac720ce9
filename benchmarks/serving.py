"""A server started as its users start it: where it listens, how soon it was ready, what memory it holds."""

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from app.settings import ROOT

READY_TIMEOUT_S = 120
STOP_TIMEOUT_S = 15
LOOPBACK = "127.0.0.1"


@dataclass(frozen=True)
class Server:
    """A server that answers.

    Attributes:
        port: where it listens, on this machine alone.
        pid: its first process; it leads a process group of its own.
        ready_s: seconds from its start until it said that it is ready.
    """

    port: int
    pid: int
    ready_s: float

    @property
    def url(self) -> str:
        """The address of its root."""
        return f"http://{LOOPBACK}:{self.port}"

    def cpu_s(self) -> float:
        """Return the seconds of processor time that its processes have used."""
        return sum(_cpu_s(pid) for pid in _group(self.pid))

    def memory(self) -> dict[int, int]:
        """Return the resident memory in bytes of each of its processes, by pid."""
        return {pid: resident for pid in _group(self.pid) if (resident := _resident_bytes(pid)) is not None}


@contextmanager
def serve_layerscope(environment: Mapping[str, str] | None = None) -> Iterator[Server]:
    """Run ``python -m app`` on a free port until the block ends."""
    with serve([sys.executable, "-m", "app"], "/readyz", environment) as server:
        yield server


@contextmanager
def serve(command: Sequence[str], ready_path: str, environment: Mapping[str, str] | None = None) -> Iterator[Server]:
    """Run a server that takes ``HOST`` and ``PORT`` from its environment, until the block ends.

    Args:
        command: what starts it, in the checkout.
        ready_path: where it answers 200 as soon as it is ready.
        environment: over this process's own.

    Raises:
        RuntimeError: if it ends, or is not ready in time; its log's end is the message.
    """
    signal.signal(signal.SIGTERM, _leave)
    port = free_port()
    variables = {**os.environ, "HOST": LOOPBACK, "PORT": str(port), **(environment or {})}
    with tempfile.TemporaryFile() as log:
        began = time.perf_counter()
        process = subprocess.Popen(
            command,
            cwd=ROOT,
            env=variables,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            if not _becomes_ready(process, f"http://{LOOPBACK}:{port}{ready_path}"):
                log.seek(0)
                raise RuntimeError(log.read().decode(errors="replace")[-2000:] or "The server said nothing.")
            yield Server(port, process.pid, time.perf_counter() - began)
        finally:
            _stop(process)


def free_port() -> int:
    """Return a port that nothing listens on."""
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        return int(probe.getsockname()[1])


def _leave(number: int, _: object) -> None:
    """End in order where the benchmark is told to end, so that no server is left behind."""
    sys.exit(128 + number)


def _becomes_ready(process: subprocess.Popen[bytes], url: str) -> bool:
    deadline = time.monotonic() + READY_TIMEOUT_S
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with urlopen(url, timeout=5):
                return True
        except (URLError, OSError):
            time.sleep(0.02)
    return False


def _stop(process: subprocess.Popen[bytes]) -> None:
    """End the server and whatever it started."""
    process.terminate()
    try:
        process.wait(STOP_TIMEOUT_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    for pid in _group(process.pid):  # children that outlived it
        os.kill(pid, signal.SIGKILL)


def _group(leader: int) -> list[int]:
    """Return the processes of a group that are there, read from /proc."""
    members = []
    for directory in Path("/proc").glob("[0-9]*"):
        try:
            group = (directory / "stat").read_text(encoding="utf-8").rpartition(")")[2].split()[2]
        except OSError:  # it ended meanwhile
            continue
        if int(group) == leader:
            members.append(int(directory.name))
    return members


def _cpu_s(pid: int) -> float:
    try:
        fields = (Path("/proc") / str(pid) / "stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _resident_bytes(pid: int) -> int | None:
    try:
        pages = int((Path("/proc") / str(pid) / "statm").read_text(encoding="utf-8").split()[1])
    except OSError:
        return None
    return pages * os.sysconf("SC_PAGE_SIZE")
