"""Reads pictures in a process of its own, so that a crash is seen, and memory is that of reading alone.

    python -m tests.fuzz.reader

takes one picture after the other on standard input, each behind its length in eight bytes, and answers each with a line
of JSON: the problem that it was refused with, if any; the traceback of what is no problem; seconds of processor time;
the most memory that the process has held so far. ``Reader`` starts it and speaks to it.
"""

import json
import resource
import select
import struct
import subprocess
import sys
import time
import traceback
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from app.preprocessing import prepare
from app.preprocessing.images import decode_image
from app.problems import Problem
from tests.conftest import ROOT

PATIENCE_S = 120
LENGTH = struct.Struct("<Q")


class Crashed(Exception):
    """The process that read a picture is no longer there."""


@dataclass(frozen=True)
class Outcome:
    """What became of a picture.

    Attributes:
        problem: the name of the problem that it was refused with; None where it was read.
        error: the traceback of anything else that was raised.
        cpu_s: seconds of processor time.
        most_bytes: the most memory that the process has held since it began.
    """

    problem: str | None
    error: str | None
    cpu_s: float
    most_bytes: int


class Reader:
    """Asks the process that reads; starts another where one has crashed."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None

    def read(self, content: bytes) -> Outcome:
        """Have a picture read.

        Raises:
            Crashed: if the process ends over it, or exceeds the timeout.
        """
        process = self._process or self._start()
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            process.stdin.write(LENGTH.pack(len(content)) + content)
            process.stdin.flush()
            ready, _, _ = select.select([process.stdout], [], [], PATIENCE_S)
            line = process.stdout.readline() if ready else b""
        except BrokenPipeError:
            line = b""
        if not line:
            raise Crashed(f"Reading ended with status {self.stop()}.")
        return Outcome(**json.loads(line))

    def _start(self) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "tests.fuzz.reader"]
        self._process = subprocess.Popen(
            command,
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,  # libtiff says there what it makes of each file
        )
        return self._process

    def stop(self) -> int | None:
        """End the process; return the status that it had ended with by itself, else that of being killed."""
        process, self._process = self._process, None
        if process is None:
            return None
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            process.wait(timeout=0.5)
        except subprocess.TimeoutExpired:
            process.kill()
        status = process.wait()
        process.stdout.close()
        with suppress(BrokenPipeError):  # what was not read any more
            process.stdin.close()
        return status


@contextmanager
def reading() -> Iterator[Reader]:
    """Yield a reader whose process ends with the block."""
    reader = Reader()
    try:
        yield reader
    finally:
        reader.stop()


def main() -> None:
    """Read what comes until nothing comes any more."""
    warnings.simplefilter("ignore")
    while length := sys.stdin.buffer.read(LENGTH.size):
        content = sys.stdin.buffer.read(LENGTH.unpack(length)[0])
        began = time.process_time()
        problem, error = _read(content)
        spent = time.process_time() - began
        print(json.dumps({"problem": problem, "error": error, "cpu_s": spent, "most_bytes": _most_bytes()}), flush=True)


def _most_bytes() -> int:
    """The most memory that this process has held."""
    status = Path("/proc/self/status")
    if not status.exists():
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)
    # Linux hands getrusage's figure on to a child, so that it would be the parent's.
    kilobytes = next(line.split()[1] for line in status.read_text().splitlines() if line.startswith("VmHWM:"))
    return int(kilobytes) * 1024


def _read(content: bytes) -> tuple[str | None, str | None]:
    """Decode a picture and prepare it for either kind of network."""
    problem = None
    try:
        image = decode_image(content)
    except Problem as refused:
        return refused.name, None
    except Exception:  # noqa: BLE001 - whatever it is, it is what is looked for
        return None, traceback.format_exc()
    for kind in ("digits", "photos"):
        try:
            prepare(kind, image)
        except Problem as refused:
            problem = refused.name
        except Exception:  # noqa: BLE001 - as above
            return None, traceback.format_exc()
    return problem, None


if __name__ == "__main__":
    main()
