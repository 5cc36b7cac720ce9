"""The command line: ``python -m training COMMAND``; each command is a module of ``training/commands/``."""

import argparse
import os
import sys

from training.commands import adopt, evaluate, experiment, gallery, listing, table, train
from training.commands.shared import CommandError

COMMANDS = (listing, train, evaluate, table, gallery, experiment, adopt)
RESUMED = "The same command continues a training run after its last finished epoch."
INTERRUPTED = 130  # the exit status in a shell for a command ended by Ctrl-C


def main(arguments: list[str] | None = None) -> int:
    """Run one command.

    Returns:
        0 done, 1 not possible (standard error has the reason), 2 wrong arguments, 130 interrupted.
    """
    options = _parser().parse_args(arguments)
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    try:
        options.run(options)
    except KeyboardInterrupt as stopped:
        advice = stopped.args[0] if stopped.args else RESUMED
        print(f"\nStopped. {advice}", file=sys.stderr)
        return INTERRUPTED
    except CommandError as error:
        print(f"training: {error}", file=sys.stderr)
        return 1
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m training", description="Train and measure Layerscope's networks.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for command in COMMANDS:
        command.add(commands)
    return parser


if __name__ == "__main__":
    sys.exit(main())
