"""Shared by the commands: directories, the error of a failed command, and common options."""

import argparse
import os
from pathlib import Path
from typing import TypeAlias

Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"  # noqa: SLF001 - argparse has no other name

ROOT = Path(__file__).resolve().parents[2]
MODELS_DIR = ROOT / "models"
CACHE_DIR = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "layerscope" / "training"


class CommandError(Exception):
    """A command that cannot be run; its message gives the reason in one sentence."""


def add_models_dir(parser: argparse.ArgumentParser) -> None:
    """Add the option for the directory of the bundles."""
    parser.add_argument(
        "--models-dir", type=Path, default=MODELS_DIR, help="the directory of the bundles (default: %(default)s)"
    )


def add_data_dir(parser: argparse.ArgumentParser) -> None:
    """Add the option for the directory of the data sets."""
    data_dir = os.environ.get("LAYERSCOPE_DATA")
    parser.add_argument(
        "--data-dir",
        type=Path,
        default=Path(data_dir) if data_dir else None,
        help="the directory of mnist.npz, cifar10.npz and pen-digits.jsonl.gz "
        "(default: LAYERSCOPE_DATA; without either, keras.datasets downloads the first two)",
    )


def add_cache_dir(parser: argparse.ArgumentParser) -> None:
    """Add the option for the directory of files that are kept between runs."""
    parser.add_argument(
        "--cache-dir", type=Path, default=CACHE_DIR, help="the directory of the checkpoints (default: %(default)s)"
    )


def require_tensorflow() -> None:
    """Refuse any backend but TensorFlow, because the measurements must match the server.

    Raises:
        CommandError: ``KERAS_BACKEND`` names another backend.
    """
    if os.environ.get("KERAS_BACKEND", "tensorflow") != "tensorflow":
        raise CommandError("networks are measured with the server's code, on TensorFlow: unset KERAS_BACKEND.")
