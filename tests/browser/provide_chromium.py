"""Find a Chromium for the browser tests, or provide one: what is there, else Playwright's, else the system's package.

``make test`` runs this before the tests. It says in one line what it found or what is missing, and leaves the machine
alone where a browser runs already. ``LAYERSCOPE_CHROMIUM`` names one to use instead of looking.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
APPLICATIONS = (
    Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"),
    Path("/Applications/Chromium.app/Contents/MacOS/Chromium"),
)
DOWNLOAD_TIMEOUT_S = 300
MISSING = (
    "No Chromium runs here, so the browser tests are skipped: install Chromium or Google Chrome, "
    "or name one in LAYERSCOPE_CHROMIUM."
)


def find_chromium() -> Path | None:
    """The first Chromium or Chrome that really starts, or None."""
    return next((candidate for candidate in _candidates() if _starts(candidate)), None)


def provide_chromium() -> Path | None:
    """Like find_chromium, but installs one where none is found and this machine lets it."""
    found = find_chromium()
    if found or os.environ.get("LAYERSCOPE_CHROMIUM"):  # one that was named and does not start is not replaced
        return found
    for install in (_install_with_playwright, _install_with_apt):
        install()
        found = find_chromium()
        if found:
            break
    return found


def _candidates() -> Iterator[Path]:
    named = os.environ.get("LAYERSCOPE_CHROMIUM")
    if named:
        yield Path(named)
        return
    for name in NAMES:
        found = shutil.which(name)
        if found:
            yield Path(found)
    yield from (application for application in APPLICATIONS if application.exists())
    yield from _playwright_cache()


def _playwright_cache() -> Iterator[Path]:
    """The browser that this version of Playwright downloads, where it has been downloaded."""
    from playwright.sync_api import sync_playwright  # starting its driver costs half a second

    with sync_playwright() as playwright:
        executable = Path(playwright.chromium.executable_path)
    if executable.exists():
        yield executable


def _starts(executable: Path) -> bool:
    """Whether it runs at all: a launcher whose browser is gone, or one that lacks a system library, does not."""
    try:
        return subprocess.run([executable, "--version"], capture_output=True, timeout=30, check=False).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


def _install_with_playwright() -> None:
    _attempt([sys.executable, "-m", "playwright", "install", "chromium"])


def _install_with_apt() -> None:
    if not shutil.which("apt-get"):
        return
    if os.geteuid() == 0:
        as_root = []
    elif shutil.which("sudo"):
        as_root = ["sudo", "--non-interactive"]
    else:
        return
    _attempt([*as_root, "apt-get", "update", "-qq"])
    _attempt([*as_root, "apt-get", "install", "--yes", "-qq", "chromium"])


def _attempt(command: list[str]) -> None:
    """Run an installation that may fail: what counts is whether a browser starts afterwards."""
    print("Providing a browser:", " ".join(command).removeprefix(f"{sys.executable} -m "), flush=True)
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    try:
        subprocess.run(command, env=environment, capture_output=True, timeout=DOWNLOAD_TIMEOUT_S, check=False)
    except subprocess.TimeoutExpired:
        print(f"  gave up after {DOWNLOAD_TIMEOUT_S} s", flush=True)


def main() -> int:
    """Provide a browser and say which, or what to install."""
    found = provide_chromium()
    print(f"The browser tests use {found}." if found else MISSING)
    return 1 if found is None and os.environ.get("CI") == "true" else 0


if __name__ == "__main__":
    sys.exit(main())
