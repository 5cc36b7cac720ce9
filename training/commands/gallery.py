"""``python -m training gallery [NAME]``: make the gallery of a network, or of every network."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from training.commands.shared import CommandError, Commands, add_data_dir, add_models_dir, require_tensorflow

if TYPE_CHECKING:
    from training.data.datasets import Dataset, DatasetName

ALL = "all"


class NothingToShow(CommandError):
    """No gallery can be made of this network; it is skipped if all networks are requested."""


def add(commands: Commands) -> None:
    """Declare the command and its arguments."""
    parser = commands.add_parser("gallery", help="make a gallery of test images for a network, from a data set")
    parser.add_argument("name", metavar="NAME", nargs="?", default=ALL, help="a bundle in models/ (default: all)")
    add_data_dir(parser)
    add_models_dir(parser)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> None:
    """Make one gallery, or that of every bundle; if one of several fails, the others are still made."""
    from training.data.datasets import load_dataset

    require_tensorflow()

    @cache
    def load(name: DatasetName) -> Dataset:
        return load_dataset(name, options.data_dir)

    if options.name != ALL:
        _make(options.models_dir / options.name, load)
        return
    not_made = []
    for directory in _bundle_directories(options.models_dir):
        try:
            _make(directory, load)
        except NothingToShow as error:
            print(f"{directory.name}: {error}")
        except CommandError as error:
            print(f"{directory.name}: {error}")
            not_made.append(directory.name)
    if not_made:
        raise CommandError(f"no gallery was made of {', '.join(not_made)}; the reason is above.")


def _make(directory: Path, load: Callable[[DatasetName], Dataset]) -> None:
    from app.bundle.card import BundleError
    from app.bundle.files import read_bundle
    from training.data.datasets import DatasetError
    from training.measure.gallery import dataset_name, make_gallery

    try:
        bundle = read_bundle(directory)
        if bundle.card.task != "classification":
            raise NothingToShow(f"“{bundle.card.name}” does not classify, so it has no answers for a gallery.")
        name = dataset_name(bundle.card)
        if name is None:
            raise NothingToShow(f"the card of “{bundle.card.name}” names no data set that can be loaded here.")
        dataset = load(name)
        print(f"{bundle.card.name} on the test images of {dataset.title}")
        path = make_gallery(bundle, dataset)
    except (BundleError, DatasetError, OSError) as error:
        raise CommandError(str(error)) from error
    print(f"{path}: {path.stat().st_size / 1e6:.1f} MB.")


def _bundle_directories(models_dir: Path) -> list[Path]:
    found = sorted(card.parent for card in models_dir.glob("*/card.json") if not card.parent.name.startswith("."))
    if not found:
        raise CommandError(f"{models_dir} holds no bundle.")
    return found
