"""``python -m training table``: the README's table of networks, from the cards in ``models/``."""

import argparse
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from training.commands.shared import ROOT, CommandError, Commands, add_models_dir

if TYPE_CHECKING:
    from app.bundle.card import ModelCard

README = ROOT / "README.md"


def add(commands: Commands) -> None:
    """Declare the command and its arguments."""
    parser = commands.add_parser("table", help="the README's table of networks, made from their cards")
    parser.add_argument("--write", action="store_true", help="replace the table in the README")
    parser.add_argument("--readme", type=Path, default=README, help="the README (default: %(default)s)")
    add_models_dir(parser)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> None:
    """Print the table, or write it into the README."""
    from training.measure.readme_table import MissingRegion, replace_region

    table = table_of(options.models_dir)
    if not options.write:
        print(table)
        return
    try:
        written = replace_region(options.readme.read_text("utf-8"), table)
        options.readme.write_text(written, "utf-8")
    except MissingRegion:
        raise CommandError(f"{options.readme} has no two comments between which the table belongs.") from None
    except (OSError, UnicodeDecodeError) as error:
        raise CommandError(f"the table cannot be written: {error}.") from error
    print(f"{options.readme}: the table now matches the cards in {options.models_dir}.")


def table_of(models_dir: Path) -> str:
    """Return the table of all bundles in a directory.

    Raises:
        CommandError: a bundle is damaged.
    """
    from app.bundle.card import BundleError
    from app.bundle.files import CARD, read_bundle
    from training.measure.readme_table import make_table

    try:
        paths = [path for path in models_dir.glob(f"*/{CARD}") if not path.parent.name.startswith(".")]
        cards = _in_order(read_bundle(path.parent).card for path in paths)
    except BundleError as error:
        raise CommandError(str(error)) from error
    return make_table(cards)


def _in_order(cards: "Iterable[ModelCard]") -> "list[ModelCard]":
    """Order cards by their recipes' order, then those of other networks by name."""
    from training.recipes import RECIPES

    places = {name: place for place, name in enumerate(RECIPES)}
    return sorted(cards, key=lambda card: (places.get(card.name, len(places)), card.name))
