"""Makes the README's table of networks from their cards.

A figure that a card does not have is a dash. In the README the table is between two HTML
comments.
"""

from __future__ import annotations

from collections.abc import Iterable
from math import prod
from typing import Final, Literal

from app.bundle.card import Measurement, ModelCard

BEGINNING: Final = "<!-- This table is made from the cards in models/: python -m training table --write -->"
END: Final = "<!-- The end of the table -->"
NOTHING: Final = "–"
DEGREES, PIXELS = 30, 3

HEADS: Final = (
    "network",
    "layers",
    "parameters",
    "data set",
    "test set",
    "calibration error",
    f"turned by {DEGREES}°",
    f"moved by {PIXELS} pixels",
    "photographs",
    "strokes of unseen writers",
)


class MissingRegion(Exception):
    """The text has no place for the table."""


def make_table(cards: Iterable[ModelCard]) -> str:
    """Return the table in Markdown, one row per card in the given order."""
    lines = (HEADS, ["---"] * len(HEADS), *map(_row, cards))
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def replace_region(text: str, table: str) -> str:
    """Return a text with another table between the two comments.

    Raises:
        MissingRegion: there are no such comments.
    """
    before, beginning, rest = text.partition(BEGINNING)
    _, end, after = rest.partition(END)
    if not beginning or not end:
        raise MissingRegion
    return f"{before}{beginning}\n{table}\n{end}{after}"


def describe_shape(card: ModelCard) -> str:
    """Describe a network's layers in a few words, such as "784-512-512-512-10" or "4 convolutions, 1 hidden"."""
    convolutions = sum(layer.kind == "convolution" for layer in card.layers)
    dense = [layer for layer in card.layers if layer.kind == "dense"]
    if not convolutions:
        return "-".join(str(prod(layer.shape)) for layer in (card.layers[0], *dense))
    noun = "convolution" if convolutions == 1 else "convolutions"
    return f"{convolutions} {noun}, {len(dense) - 1} hidden"


def _row(card: ModelCard) -> tuple[str, ...]:
    return (
        f"`{card.name}`",
        describe_shape(card),
        f"{card.parameters:,}",
        card.test.dataset,
        _worth(card.test),
        _calibration(card),
        _robustness(card, "rotation", DEGREES),
        _robustness(card, "shift", PIXELS),
        _uploads(card, "photographs"),
        _uploads(card, "strokes"),
    )


def _worth(test: Measurement) -> str:
    """The accuracy, or for a network that does not classify the mean squared error of a pixel."""
    return f"squared error {test.loss:.4f}" if test.accuracy is None else f"{100 * test.accuracy:.2f} %"


def _calibration(card: ModelCard) -> str:
    return f"{100 * card.evaluation.calibration.error:.1f} %" if card.evaluation else NOTHING


def _robustness(card: ModelCard, change: Literal["rotation", "shift"], amount: float) -> str:
    measured = card.evaluation.robustness if card.evaluation else ()
    found = [entry for entry in measured if (entry.change, entry.amount) == (change, amount)]
    return f"{100 * found[0].accuracy:.1f} %" if found else NOTHING


def _uploads(card: ModelCard, name: Literal["photographs", "strokes"]) -> str:
    measured = card.evaluation.uploads if card.evaluation else ()
    found = [entry for entry in measured if entry.name == name]
    return f"{100 * found[0].accuracy:.1f} % of {found[0].examples:,}" if found else NOTHING
