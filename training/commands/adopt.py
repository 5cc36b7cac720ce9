"""``python -m training adopt FILE.keras``: turn your own Keras classifier into a bundle, or say why not."""

import argparse
from pathlib import Path

from training.commands.shared import CommandError, Commands, add_models_dir


def add(commands: Commands) -> None:
    """Declare the command and its arguments."""
    parser = commands.add_parser("adopt", help="turn your own Keras classifier into a bundle")
    parser.add_argument("network", type=Path, metavar="FILE.keras", help="the file that model.save wrote")
    parser.add_argument(
        "--classes", required=True, metavar="A,B,...", help="the classes' names, in the order of the network's outputs"
    )
    parser.add_argument("--classes-pl", metavar="A,B,...", help="the same in Polish (default: as --classes)")
    parser.add_argument(
        "--data",
        type=Path,
        required=True,
        metavar="FILE.npz",
        help="npz file with x_test and y_test to measure it on, and optionally x_train and y_train: "
        "bytes 0..255 or floats 0..1, and class indices",
    )
    parser.add_argument("--name", help="the bundle's name (default: from the file's name)")
    parser.add_argument("--title", help="the title shown to people (default: the name)")
    parser.add_argument(
        "--preprocessing",
        choices=("digits", "photos"),
        help="how an upload becomes the network's input (default: from the input's shape)",
    )
    parser.add_argument("--force", action="store_true", help="replace a bundle of this name")
    add_models_dir(parser)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> None:
    """Write the bundle, and print the conversions and the test accuracy."""
    from app.bundle.card import Classes, Localised
    from training.adoption.adopt import Adoption, AdoptionError, adopt, bundle_name
    from training.measure.cards import describe_test

    name = bundle_name(options.network.stem) if options.name is None else options.name
    title = options.title or name
    adoption = Adoption(
        network=options.network,
        archive=options.data,
        name=name,
        title=Localised(en=title, pl=title),
        classes=Classes(en=_split(options.classes), pl=_split(options.classes_pl or options.classes)),
        preprocessing=options.preprocessing,
        replace=options.force,
    )
    try:
        adopted = adopt(adoption, options.models_dir)
    except (AdoptionError, OSError) as error:
        raise CommandError(str(error)) from error
    for note in adopted.notes:
        print(note)
    print(f"{adopted.bundle.directory}: {describe_test(adopted.bundle.card)}.")


def _split(names: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in names.split(","))
