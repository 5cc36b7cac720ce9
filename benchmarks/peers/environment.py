"""The peers' own environment: their packages, and ours behind them, so that TensorFlow is on disk once."""

import hashlib
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path

from benchmarks.figures import CACHE

DIRECTORY = CACHE / "bench-venv"
REQUIREMENTS = Path(__file__).with_name("requirements.txt")
OURS = ("pillow",)
"""Installed by the peers in another version than ours; taken out again, so that all decode with the same."""


def provide_peers() -> Path:
    """Return the Python that has the peers; their environment is made where it is missing or out of date.

    Raises:
        subprocess.CalledProcessError: if pip cannot install them.
    """
    python = DIRECTORY / ("Scripts" if sys.platform == "win32" else "bin") / "python"
    stamp = DIRECTORY / "made-from"
    wanted = hashlib.sha256(REQUIREMENTS.read_bytes() + sys.version.encode()).hexdigest()
    if stamp.exists() and stamp.read_text(encoding="utf-8") == wanted:
        return python
    print(f"Installing the peers into {DIRECTORY}: about 260 MB, once", flush=True)
    venv.create(DIRECTORY, clear=True, with_pip=True)
    pip = [str(python), "-m", "pip", "--disable-pip-version-check", "--quiet"]
    _put_ours_behind(python)
    subprocess.run([*pip, "install", "--requirement", str(REQUIREMENTS)], check=True)
    subprocess.run([*pip, "uninstall", "--yes", *OURS], check=True)
    stamp.write_text(wanted, encoding="utf-8")
    return python


def size_bytes() -> int:
    """Return how much disk the environment takes."""
    return sum(file.stat().st_size for file in DIRECTORY.rglob("*") if file.is_file() and not file.is_symlink())


def _put_ours_behind(python: Path) -> None:
    """Let the environment find the packages of the one that runs now, after its own."""
    ask = "import sysconfig; print(sysconfig.get_path('purelib'))"
    site = subprocess.run([str(python), "-c", ask], check=True, capture_output=True, text=True).stdout.strip()
    (Path(site) / "layerscope.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
