"""A real server, a real Chromium and pages without errors.

Every page records errors on the console (violations of the Content-Security-Policy included), uncaught exceptions and
requests to another host. A test fails on any of them that it does not expect with ``complaints.expect``.

All of this belongs to the package and ends with it: a running Playwright occupies the thread's event loop.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Error, Page, Request, sync_playwright

from tests.browser.provide_chromium import MISSING, find_chromium

ACTION_TIMEOUT_MS = 15_000  # enough time for a page on a busy machine
PROJECTOR = {"viewport": {"width": 1280, "height": 720}}
PHONE = {
    "viewport": {"width": 390, "height": 844},
    "has_touch": True,
    "is_mobile": True,
    "device_scale_factor": 3,
}
# No sandbox inside containers, no graphics card, and no connection but the pages' own.
CHROMIUM_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

OpenPage = Callable[..., Page]


@dataclass
class Complaints:
    """The errors of a page, and those that the test expects."""

    server_url: str
    seen: list[str] = field(default_factory=list)
    expected: list[str] = field(default_factory=list)

    def expect(self, pattern: str) -> None:
        """Let complaints pass that the regular expression finds: Chromium logs every answer of 400 and above."""
        self.expected.append(pattern)

    def listen(self, page: Page) -> None:
        """Record the complaints of a page from now on."""
        page.on("console", self._console)
        page.on("pageerror", self._page_error)
        page.on("request", self._request)

    def unexpected(self) -> list[str]:
        """The complaints that nothing announced."""
        return [seen for seen in self.seen if not any(re.search(pattern, seen) for pattern in self.expected)]

    def _console(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.seen.append(f"console: {message.text} ({message.location.get('url', '')})")

    def _page_error(self, error: Error) -> None:
        self.seen.append(f"exception: {error}")

    def _request(self, request: Request) -> None:
        if urlsplit(request.url).scheme not in {"data", "blob"} and not request.url.startswith(self.server_url + "/"):
            self.seen.append(f"foreign host: {request.url}")


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """A Chromium that runs; without one, the tests that ask for it are skipped."""
    executable = find_chromium()
    if executable is None:
        pytest.skip(MISSING)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=executable, args=CHROMIUM_ARGUMENTS)
        yield chromium
        chromium.close()


@pytest.fixture
def complaints(server_url: str) -> Iterator[Complaints]:
    """What this test's pages complained of; the test fails at its end when something was not expected."""
    complaints = Complaints(server_url)
    yield complaints
    unexpected = complaints.unexpected()
    if unexpected:
        pytest.fail("The page complained:\n  " + "\n  ".join(unexpected), pytrace=False)


@pytest.fixture
def open_page(browser: Browser, server_url: str, complaints: Complaints) -> Iterator[OpenPage]:
    """A function that opens an empty page in a fresh context: ``open_page(color_scheme="dark", locale="pl-PL")``.

    Its arguments are those of Playwright's ``Browser.new_context``, over a projector's size; addresses are relative to
    the server, as in ``page.goto("/")``.
    """
    contexts = []

    def open_page(**options: Any) -> Page:
        context = browser.new_context(**{**PROJECTOR, "base_url": server_url, "locale": "en-GB", **options})
        contexts.append(context)
        context.set_default_timeout(ACTION_TIMEOUT_MS)
        context.on("page", complaints.listen)
        return context.new_page()

    yield open_page
    for context in contexts:
        context.close()


@pytest.fixture
def page(open_page: OpenPage, request: pytest.FixtureRequest) -> Page:
    """A projector's page, 1280 × 720; ``parametrize("page", [{...}], indirect=True)`` gives it other options."""
    return open_page(**getattr(request, "param", {}))


@pytest.fixture
def phone(open_page: OpenPage, request: pytest.FixtureRequest) -> Page:
    """A phone's page, 390 × 844 with touch and three device pixels a pixel; parametrised like ``page``."""
    return open_page(**{**PHONE, **getattr(request, "param", {})})


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Every test in this folder drives the browser."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker("browser")
