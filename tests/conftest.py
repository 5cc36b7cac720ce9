"""What all tests share: where the models and the data sets are, and that in CI nothing may be skipped."""

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
IN_CI = os.environ.get("CI") == "true"


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


def pytest_sessionfinish(session: pytest.Session) -> None:
    """In CI a skipped test is a failed run: what is not tried there is not known to work."""
    if IN_CI and _skipped(session.config) and session.exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Say why the run failed where nothing but a skipped test made it fail."""
    skipped = _skipped(config)
    if IN_CI and skipped:
        terminalreporter.write_line(f"CI=true and {skipped} skipped: in CI nothing may be.", red=True, bold=True)


def _skipped(config: pytest.Config) -> int:
    """How many tests, or whole files, were skipped; only the process that reports knows."""
    reporter = config.pluginmanager.get_plugin("terminalreporter")
    return len(reporter.stats.get("skipped", [])) if reporter else 0
