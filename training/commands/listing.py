"""``python -m training list``: the networks that can be trained, and which of them are in ``models/``."""

import argparse

from training.commands.shared import Commands, add_models_dir


def add(commands: Commands) -> None:
    """Declare the command and its arguments."""
    parser = commands.add_parser("list", help="the networks that can be trained, and which are in models/")
    add_models_dir(parser)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> None:
    """Print a line for each recipe."""
    from app.bundle.card import BundleError
    from app.bundle.files import read_bundle
    from training.measure.cards import describe_test
    from training.recipes import RECIPES

    for name, recipe in RECIPES.items():
        try:
            state = describe_test(read_bundle(options.models_dir / name).card)
        except BundleError as error:
            state = str(error) if (options.models_dir / name).exists() else "not in the models directory"
        print(f"{name:22} {recipe.title.en}: {state}")
