"""``python -m training evaluate NAME``: measure a bundle on photographs and pen strokes, as the server would."""

import argparse
from pathlib import Path

from training.commands.shared import CommandError, Commands, add_models_dir, require_tensorflow


def add(commands: Commands) -> None:
    """Say what may be typed."""
    parser = commands.add_parser(
        "evaluate", help="measure a bundle on photographs and pen strokes, as the server would"
    )
    parser.add_argument("name", metavar="NAME", help="a bundle in models/")
    parser.add_argument("--photos", type=Path, metavar="ZIP", help="pictures as <class>/<file> in a zip archive")
    parser.add_argument("--strokes", type=Path, metavar="FILE", help="pen strokes, one JSON object a line, gzipped")
    parser.add_argument(
        "--split",
        choices=("train", "validation"),
        default="validation",
        help="which writers of --strokes (default: %(default)s)",
    )
    parser.add_argument("--sheet", type=Path, metavar="PNG", help="write the misread ones as a contact sheet")
    add_models_dir(parser)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> None:
    """Print what the network made of each set, and write the misread ones as a picture where that is asked for."""
    from app.bundle import BundleError, read_bundle
    from app.network import Network
    from training import evaluation
    from training.cards import describe_test

    require_tensorflow()
    try:
        bundle = read_bundle(options.models_dir / options.name)
        _check_sets(options, bundle.card.task)
        print(f"{options.name}: {describe_test(bundle.card)}.")
        if bundle.card.task != "classification":
            return
        network = Network(bundle)
        results = []
        if options.photos is not None:
            results.append(evaluation.evaluate_photos(network, options.photos))
        if options.strokes is not None:
            results.append(evaluation.evaluate_strokes(network, options.strokes, options.split))
    except (BundleError, evaluation.EvaluationError, OSError) as error:
        raise CommandError(str(error)) from error
    print("\n\n".join(evaluation.format_result(result) for result in results))
    if options.sheet is not None:
        try:
            evaluation.write_sheet(results, options.sheet)
        except OSError as error:
            raise CommandError(f"the contact sheet cannot be written: {error}.") from error
        print(f"The misread ones: {options.sheet}")


def _check_sets(options: argparse.Namespace, task: str) -> None:
    """Refuse a classifier with nothing to read, and a set for a network that reads nothing."""
    named = options.photos is not None or options.strokes is not None
    if task == "classification" and not named:
        raise CommandError("give --photos, --strokes, or both.")
    if task != "classification" and named:
        raise CommandError(f"{options.name} does not classify: leave --photos and --strokes out.")
