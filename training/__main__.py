"""The command line: ``python -m training list``, ``train NAME``, ``evaluate NAME``."""

import argparse
import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MODELS_DIR = ROOT / "models"
CACHE_DIR = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "layerscope" / "training"

INTERRUPTED = 130  # what a shell returns for a command that Ctrl-C ended


class CommandError(Exception):
    """A command that cannot be carried out; its message says why in one sentence."""


def main(arguments: list[str] | None = None) -> int:
    """Carry out one command.

    Returns:
        0 done, 1 not possible (one sentence on standard error says why), 2 a wrong call, 130 interrupted.
    """
    options = _parser().parse_args(arguments)
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    try:
        options.run(options)
    except KeyboardInterrupt:
        print("\nStopped. A training run goes on after its last finished epoch with the same command.", file=sys.stderr)
        return INTERRUPTED
    except CommandError as error:
        print(f"training: {error}", file=sys.stderr)
        return 1
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m training", description="Train and measure Layerscope's networks.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    listing = commands.add_parser("list", help="the networks that can be trained, and which are in models/")
    listing.set_defaults(run=_list)

    training = commands.add_parser("train", help="train a network as its recipe says, and write its bundle")
    training.add_argument("name", metavar="NAME", help="a name that “list” prints")
    training.add_argument(
        "--cache-dir", type=Path, default=CACHE_DIR, help="where checkpoints go (default: %(default)s)"
    )
    training.set_defaults(run=_train)

    evaluation = commands.add_parser(
        "evaluate", help="measure a bundle on photographs and pen strokes, as the server would"
    )
    evaluation.add_argument("name", metavar="NAME", help="a bundle in models/")
    evaluation.add_argument("--photos", type=Path, metavar="ZIP", help="pictures as <class>/<file> in a zip archive")
    evaluation.add_argument("--strokes", type=Path, metavar="FILE", help="pen strokes, one JSON object a line, gzipped")
    evaluation.add_argument(
        "--split",
        choices=("train", "validation"),
        default="validation",
        help="which writers of --strokes (default: %(default)s)",
    )
    evaluation.add_argument("--sheet", type=Path, metavar="PNG", help="write the misread ones as a contact sheet")
    evaluation.set_defaults(run=_evaluate)

    data_dir = os.environ.get("LAYERSCOPE_DATA")
    training.add_argument(
        "--data-dir",
        type=Path,
        default=Path(data_dir) if data_dir else None,
        help="holds mnist.npz, cifar10.npz and pen-digits.jsonl.gz "
        "(default: LAYERSCOPE_DATA; without either, keras.datasets downloads the first two)",
    )
    for command in (listing, training, evaluation):
        command.add_argument("--models-dir", type=Path, default=MODELS_DIR, help="the bundles (default: %(default)s)")
    return parser


def _list(options: argparse.Namespace) -> None:
    from app.bundle import BundleError, read_bundle
    from training.recipes import RECIPES

    for name, recipe in RECIPES.items():
        try:
            test = read_bundle(options.models_dir / name).card.test
            state = f"{100 * test.accuracy:.2f} % on the {test.examples} test images of {test.dataset}"
        except BundleError as error:
            state = str(error) if (options.models_dir / name).exists() else "not in the models directory"
        print(f"{name:22} {recipe.title.en}: {state}")


def _train(options: argparse.Namespace) -> None:
    from training.datasets import DatasetError, load_dataset
    from training.fit import train
    from training.recipes import RECIPES

    if options.name not in RECIPES:
        raise CommandError(f"there is no recipe “{options.name}”; there are {', '.join(RECIPES)}.")
    recipe = RECIPES[options.name]
    try:
        dataset = load_dataset(recipe.dataset, options.data_dir)
        bundle = train(recipe, dataset, options.cache_dir, options.models_dir, options.data_dir)
    except (DatasetError, OSError) as error:
        raise CommandError(str(error)) from error
    test = bundle.card.test
    print(f"{bundle.directory}: {100 * test.accuracy:.2f} % on the {test.examples} test images of {test.dataset}.")


def _evaluate(options: argparse.Namespace) -> None:
    from app.bundle import BundleError, read_bundle
    from app.network import Network
    from training import evaluation

    if options.photos is None and options.strokes is None:
        raise CommandError("give --photos, --strokes, or both.")
    if os.environ.get("KERAS_BACKEND", "tensorflow") != "tensorflow":
        raise CommandError("what is measured is what is served, on TensorFlow: unset KERAS_BACKEND.")
    try:
        network = Network(read_bundle(options.models_dir / options.name))
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


if __name__ == "__main__":
    sys.exit(main())
