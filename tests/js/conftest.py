"""Node.js for the JavaScript tests: the one that Playwright carries, so that no other is needed."""

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright._impl._driver import compute_driver_executable

Node = Callable[..., bytes]
TIMEOUT_S = 60


@pytest.fixture
def node() -> Node:
    """A function that runs Node.js in this folder and returns what it printed; the test fails where the script does."""
    executable = compute_driver_executable()[0]

    def run(*arguments: str, stdin: bytes = b"") -> bytes:
        ended = subprocess.run(
            [executable, *arguments],
            cwd=Path(__file__).parent,
            input=stdin,
            capture_output=True,
            timeout=TIMEOUT_S,
            check=False,
        )
        if ended.returncode != 0:
            pytest.fail((ended.stdout + ended.stderr).decode(), pytrace=False)
        return ended.stdout

    return run
