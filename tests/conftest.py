"""Shared by all tests: the models, the data sets, a running server; and in CI a skipped test fails."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

import pytest

ROOT = Path(__file__).parents[1]
READY_TIMEOUT_S = 90
IN_CI = os.environ.get("CI") == "true"
NEED_DATA: pytest.StashKey[int] = pytest.StashKey()
"""How many tests were left out because they need the data sets."""
NEED_DATA_OUTPUT = "need_data"


@pytest.fixture(scope="session")
def root() -> Path:
    """The checkout."""
    return ROOT


@pytest.fixture(scope="session")
def models_dir() -> Path:
    """The committed bundles."""
    return ROOT / "models"


@pytest.fixture(scope="session")
def data_dir() -> Path:
    """The directory with the data sets, for tests marked ``data``."""
    named = os.environ.get("LAYERSCOPE_DATA")
    if not named:
        pytest.skip("measures on the data sets: name their directory in LAYERSCOPE_DATA")
    return Path(named)


@pytest.fixture(scope="session")
def server_url(models_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of ``python -m app``, serving the committed models on a free port of this machine."""
    with serve(models_dir, tmp_path_factory.mktemp("server") / "log") as url:
        yield url


@contextmanager
def serve(models_dir: Path, log: Path) -> Iterator[str]:
    """Serve a models directory until the block ends; yields the address."""
    port = free_port()
    environment = {**os.environ, "HOST": "127.0.0.1", "PORT": str(port), "LAYERSCOPE_MODELS_DIR": str(models_dir)}
    with log.open("wb") as output:
        server = subprocess.Popen(
            [sys.executable, "-m", "app"],
            cwd=ROOT,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        url = f"http://127.0.0.1:{port}"
        try:
            _wait_until_ready(url, server, log)
            yield url
        finally:
            server.terminate()
            server.wait(timeout=30)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out the tests that need the data sets if there are none; in CI they fail instead."""
    if os.environ.get("LAYERSCOPE_DATA") or IN_CI:
        return
    needing = [item for item in items if item.get_closest_marker("data")]
    if needing:
        items[:] = [item for item in items if item not in needing]
        config.hook.pytest_deselected(items=needing)
        config.stash[NEED_DATA] = len(needing)


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """Take over from a test process how many tests it left out; each collects the same ones."""
    if NEED_DATA_OUTPUT in getattr(node, "workeroutput", {}):
        node.config.stash[NEED_DATA] = node.workeroutput[NEED_DATA_OUTPUT]


def pytest_sessionfinish(session: pytest.Session) -> None:
    """In CI a skipped test makes the run fail, so that everything is tested there."""
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput[NEED_DATA_OUTPUT] = session.config.stash.get(NEED_DATA, 0)
    if IN_CI and _skipped(session.config) and session.exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Say how many tests need the data sets, and why a run failed in which nothing but a test was skipped."""
    if left_out := config.stash.get(NEED_DATA, 0):
        terminalreporter.write_line(
            f"{left_out} tests need the data sets and were left out: name their directory in LAYERSCOPE_DATA."
        )
    skipped = _skipped(config)
    if IN_CI and skipped:
        terminalreporter.write_line(f"CI=true and {skipped} skipped: in CI nothing may be.", red=True, bold=True)


def _skipped(config: pytest.Config) -> int:
    """How many tests, or whole files, were skipped; only the process that reports knows."""
    reporter = config.pluginmanager.get_plugin("terminalreporter")
    return len(reporter.stats.get("skipped", [])) if reporter else 0


def free_port() -> int:
    """A free port of this machine."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_until_ready(url: str, server: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + READY_TIMEOUT_S
    while time.monotonic() < deadline and server.poll() is None:
        try:
            with urlopen(f"{url}/readyz", timeout=5):
                return
        except (URLError, OSError):
            time.sleep(0.1)
    pytest.fail(f"The server did not become ready:\n{log.read_text(errors='replace')}", pytrace=False)
