"""``python -m training experiment NAME``: train and measure several networks to answer one question, into one file."""

import argparse
from typing import Literal

from training.commands.shared import CommandError, Commands, add_data_dir, add_models_dir

EXPERIMENTS: dict[str, Literal["mnist"]] = {"pretraining": "mnist"}
"""Each experiment is a module of that name in ``training/experiments/``, with its data set."""


def add(commands: Commands) -> None:
    """Declare the command and its arguments."""
    parser = commands.add_parser(
        "experiment", help="train and measure several networks to answer one question, into one file"
    )
    parser.add_argument("name", metavar="NAME", help=f"one of: {', '.join(EXPERIMENTS)}")
    add_data_dir(parser)
    add_models_dir(parser)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> None:
    """Run the experiment and write ``experiments/NAME.json`` in the models directory."""
    if options.name not in EXPERIMENTS:
        raise CommandError(f"there is no experiment “{options.name}”; there is {', '.join(EXPERIMENTS)}.")
    from importlib import import_module

    from training.data.datasets import DatasetError, load_dataset
    from training.experiments.results import ResultTooLarge, write_result

    experiment = import_module(f"training.experiments.{options.name}")
    try:
        result = experiment.run(load_dataset(EXPERIMENTS[options.name], options.data_dir))
        path = write_result(options.models_dir / "experiments", result)
    except KeyboardInterrupt:
        raise KeyboardInterrupt(
            "Nothing was written; the same command starts the experiment from the beginning."
        ) from None
    except (DatasetError, ResultTooLarge, OSError) as error:
        raise CommandError(str(error)) from error
    for arm in result.arms:
        last = arm.epochs[-1]
        print(f"{arm.title.en}: {100 * last.test_accuracy:.2f} % of {result.measured.test_examples} test images.")
    print(f"{path}: {path.stat().st_size / 1000:.0f} kB.")
