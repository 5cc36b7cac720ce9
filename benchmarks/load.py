"""Load on a server from another process: ``wrk`` where it is installed, else our own client."""

import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass

from app.settings import ROOT
from benchmarks.serving import LOOPBACK

WARM_UP_S = 1
"""What a server is given before it is measured."""

SPARE_S = 30  # a server may take this much longer to answer what was asked last

LUA = """
local requests = {%s}
local turn = 0
request = function()
  turn = turn %% #requests + 1
  return requests[turn]
end
done = function(summary, latency, _)
  local errors = summary.errors
  io.write(string.format(
    '\\n{"p50_ms": %%f, "p99_ms": %%f, "per_second": %%f, "failures": %%d}\\n',
    latency:percentile(50) / 1e3, latency:percentile(99) / 1e3, summary.requests / summary.duration * 1e6,
    errors.connect + errors.read + errors.write + errors.status + errors.timeout))
end
"""


@dataclass(frozen=True)
class Load:
    """What a server did under load: milliseconds an answer, answers a second, and how many went wrong."""

    p50_ms: float
    p99_ms: float
    per_second: float
    failures: int


def generator() -> str:
    """Return the name of the load generator that is used here."""
    return "wrk" if shutil.which("wrk") else "benchmarks.client"


def press(port: int, requests: Sequence[bytes], connections: int, seconds: int) -> Load:
    """Ask the requests in turn over so many connections that keep alive.

    Raises:
        subprocess.SubprocessError: if the load generator fails.
    """
    measure = _press_with_wrk if generator() == "wrk" else _press_with_our_own
    return measure(port, requests, connections, seconds)


def _press_with_wrk(port: int, requests: Sequence[bytes], connections: int, seconds: int) -> Load:
    with tempfile.NamedTemporaryFile("w", suffix=".lua", encoding="ascii") as script:
        script.write(LUA % ", ".join(_lua_string(request) for request in requests))
        script.flush()
        options = ["-t1", f"-c{connections}", f"-d{seconds}s", "--timeout", f"{SPARE_S}s", "-s", script.name]
        said = _run(["wrk", *options, f"http://{LOOPBACK}:{port}/"], "", seconds)
    return Load(**json.loads(said.strip().splitlines()[-1]))


def _press_with_our_own(port: int, requests: Sequence[bytes], connections: int, seconds: int) -> Load:
    asked = {
        "port": port,
        "requests": [request.decode("latin-1") for request in requests],
        "connections": connections,
        "seconds": seconds,
    }
    return Load(**json.loads(_run([sys.executable, "-m", "benchmarks.client"], json.dumps(asked), seconds)))


def _run(command: Sequence[str], standard_input: str, seconds: int) -> str:
    done = subprocess.run(
        command, input=standard_input, capture_output=True, text=True, check=True, cwd=ROOT, timeout=seconds + SPARE_S
    )
    return done.stdout


def _lua_string(content: bytes) -> str:
    return '"' + "".join(f"\\{byte:03d}" for byte in content) + '"'
