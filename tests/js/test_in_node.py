"""Runs the tests of static/js/lib that are written in JavaScript, one file a test."""

from pathlib import Path

import pytest

from tests.js.conftest import Node


@pytest.mark.parametrize("script", sorted(path.name for path in Path(__file__).parent.glob("*.test.js")))
def test_lib(script: str, node: Node) -> None:
    node("--test", "--test-reporter=spec", script)
