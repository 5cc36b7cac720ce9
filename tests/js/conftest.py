"""Node.js for the JavaScript tests: the one that Playwright carries, so that no other is needed."""

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright._impl._driver import compute_driver_executable

Node = Callable[..., bytes]
TIMEOUT_S = 60


def run_node(*arguments: str, stdin: bytes = b"") -> bytes:
    """Run Node.js in this folder and return what it printed; the test fails where the script does."""
    ended = subprocess.run(
        [compute_driver_executable()[0], *arguments],
        cwd=Path(__file__).parent,
        input=stdin,
        capture_output=True,
        timeout=TIMEOUT_S,
        check=False,
    )
    if ended.returncode != 0:
        pytest.fail((ended.stdout + ended.stderr).decode(), pytrace=False)
    return ended.stdout


@pytest.fixture
def node() -> Node:
    """``run_node``, for tests of what is written in JavaScript."""
    return run_node
