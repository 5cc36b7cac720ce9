"""Finding a browser: the first that really starts."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.browser import provide_chromium
from tests.browser.provide_chromium import find_chromium, main

MakeExecutable = Callable[[str, str], Path]


@pytest.fixture
def executable(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> MakeExecutable:
    """A function that puts a script on the PATH, where there is nothing else that could be a browser."""
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("LAYERSCOPE_CHROMIUM", raising=False)
    monkeypatch.setattr(provide_chromium, "APPLICATIONS", ())
    monkeypatch.setattr(provide_chromium, "_playwright_cache", lambda: iter(()))

    def create(name: str, script: str) -> Path:
        path = tmp_path / name
        path.write_text(f"#!/bin/sh\n{script}\n")
        path.chmod(0o755)
        return path

    return create


def test_browser_that_starts_is_preferred_to_a_launcher_whose_browser_is_gone(executable: MakeExecutable) -> None:
    executable("chromium", "exit 1")
    chrome = executable("google-chrome", "echo Chrome 1.2.3")

    assert find_chromium() == chrome


def test_named_browser_is_used_and_no_other(executable: MakeExecutable, monkeypatch: pytest.MonkeyPatch) -> None:
    executable("chromium", "exit 0")
    named = executable("mine", "exit 0")
    monkeypatch.setenv("LAYERSCOPE_CHROMIUM", str(named))

    assert find_chromium() == named

    named.unlink()
    assert find_chromium() is None


@pytest.mark.parametrize(("ci", "status"), [("true", 1), ("", 0)])
def test_missing_browser_is_said_in_one_line_and_fails_in_ci(
    ci: str,
    status: int,
    executable: MakeExecutable,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("LAYERSCOPE_CHROMIUM", str(executable("broken", "exit 1")))
    monkeypatch.setenv("CI", ci)

    assert main() == status
    assert capsys.readouterr().out.splitlines() == [provide_chromium.MISSING]


def test_browser_that_an_installation_brings_is_found(
    executable: MakeExecutable, monkeypatch: pytest.MonkeyPatch
) -> None:
    attempts = []

    def install(command: list[str]) -> None:
        attempts.append(command[-1])
        executable("chromium", "exit 0")

    monkeypatch.setattr(provide_chromium, "_attempt", install)

    found = provide_chromium.provide_chromium()

    assert found is not None
    assert os.access(found, os.X_OK)
    assert attempts == ["chromium"]
