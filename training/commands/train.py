"""``python -m training train NAME``: train a network by its recipe, and write its bundle."""

import argparse

from training.commands.shared import CommandError, Commands, add_cache_dir, add_data_dir, add_models_dir


def add(commands: Commands) -> None:
    """Declare the command and its arguments."""
    parser = commands.add_parser("train", help="train a network by its recipe, and write its bundle")
    parser.add_argument("name", metavar="NAME", help="a name that “list” prints")
    add_cache_dir(parser)
    add_data_dir(parser)
    add_models_dir(parser)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> None:
    """Train, or continue a stopped run."""
    from training.data.datasets import DatasetError, load_dataset
    from training.measure.cards import describe_test
    from training.recipes import RECIPES
    from training.run.fit import train

    if options.name not in RECIPES:
        raise CommandError(f"there is no recipe “{options.name}”; there are {', '.join(RECIPES)}.")
    recipe = RECIPES[options.name]
    try:
        dataset = load_dataset(recipe.dataset, options.data_dir)
        bundle = train(recipe, dataset, options.cache_dir, options.models_dir, options.data_dir)
    except (DatasetError, OSError) as error:
        raise CommandError(str(error)) from error
    print(f"{bundle.directory}: {describe_test(bundle.card)}.")
