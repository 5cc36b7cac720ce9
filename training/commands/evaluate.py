"""``python -m training evaluate NAME``: measure a bundle with the server's code, and write its card."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Final

from training.commands.shared import CommandError, Commands, add_data_dir, add_models_dir, require_tensorflow

if TYPE_CHECKING:
    from app.bundle.files import Bundle
    from training.measure.measurements import Subject

PARTS: Final = ("evaluation", "novelty", "atlas")  # as training/measure/measurements.py names them
USUAL_PHOTOS: Final = {"mnist": "digit-photos.zip", "cifar10": "object-photos.zip"}
USUAL_STROKES: Final = {"mnist": "pen-digits.jsonl.gz"}


def add(commands: Commands) -> None:
    """Declare the command and its arguments."""
    parser = commands.add_parser(
        "evaluate", help="measure a bundle with the server's code, and write the results into its card"
    )
    parser.add_argument("name", metavar="NAME", help="a bundle in models/")
    parser.add_argument(
        "--photos",
        type=Path,
        metavar="ZIP",
        help="pictures as <class>/<file> in a zip archive (default: digit-photos.zip or object-photos.zip in the data "
        "directory, if it is there)",
    )
    parser.add_argument(
        "--strokes",
        type=Path,
        metavar="FILE",
        help="pen strokes, one JSON object per line, gzipped (default: for digits pen-digits.jsonl.gz in the data "
        "directory, if it is there)",
    )
    parser.add_argument(
        "--split",
        choices=("train", "validation"),
        default="validation",
        help="which writers of --strokes; results for the train writers are never written (default: %(default)s)",
    )
    parser.add_argument("--sheet", type=Path, metavar="PNG", help="write the misclassified uploads as a contact sheet")
    parser.add_argument(
        "--only",
        nargs="+",
        choices=PARTS,
        default=PARTS,
        metavar="PART",
        help="besides the test set measure only these, and keep the other results: %(choices)s (default: all of them)",
    )
    parser.add_argument("--dry-run", action="store_true", help="print only, do not change the card")
    add_data_dir(parser)
    add_models_dir(parser)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> None:
    """Measure, print each table when it is ready, and finally write the card beside the same network."""
    from app.bundle.card import BundleError
    from app.bundle.files import CARD, amend_bundle, read_bundle
    from training.data.datasets import DatasetError
    from training.measure.atlas import AtlasError, require_scikit_learn
    from training.measure.evaluation import EvaluationError, write_sheet
    from training.measure.measurements import MEASUREMENTS

    require_tensorflow()
    try:
        bundle = read_bundle(options.models_dir / options.name)
        if bundle.card.task != "classification" and (options.photos or options.strokes):
            raise CommandError(f"{options.name} does not classify: leave --photos and --strokes out.")
        if "atlas" in options.only:
            require_scikit_learn()
        findings = MEASUREMENTS[bundle.card.task](_load(bundle, options))
        if not options.dry_run:
            print(f"\nWritten: {amend_bundle(bundle, findings.card, findings.statistics).directory / CARD}")
    except (AtlasError, BundleError, DatasetError, EvaluationError, OSError) as error:
        raise CommandError(str(error)) from error
    if options.sheet is not None:
        try:
            write_sheet(findings.uploads, options.sheet)
        except OSError as error:
            raise CommandError(f"the contact sheet cannot be written: {error}.") from error
        print(f"Misclassified uploads: {options.sheet}")


def _load(bundle: "Bundle", options: argparse.Namespace) -> "Subject":
    from training.data.datasets import load_dataset, split_dataset
    from training.measure.measurements import Subject, load_network

    recipe = bundle.card.recipe
    name = recipe.get("dataset")
    if name not in USUAL_PHOTOS:
        raise CommandError(f"the card of “{bundle.card.name}” names no data set that can be loaded to measure it on.")
    photos = _upload_file(options.photos, USUAL_PHOTOS.get(name), options.data_dir)
    strokes = _upload_file(options.strokes, USUAL_STROKES.get(name), options.data_dir)
    dataset = load_dataset(name, options.data_dir)
    return Subject(
        bundle=bundle,
        network=load_network(bundle),
        dataset=dataset,
        split=split_dataset(dataset, recipe.get("validation_examples", 0), recipe.get("seed", 0)),
        data_dir=options.data_dir,
        photos=photos,
        strokes=strokes,
        writers=options.split,
        parts=tuple(options.only),
    )


def _upload_file(given: Path | None, usual: str | None, data_dir: Path | None) -> Path | None:
    """Return the named file, or the one in the data directory if it exists."""
    if given is not None and not given.is_file():
        raise CommandError(f"there is no file {given}.")
    if given is not None or usual is None or data_dir is None:
        return given
    return data_dir / usual if (data_dir / usual).is_file() else None
