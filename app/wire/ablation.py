"""Encodes the comparison of a network with and without some units, as ``schemas/ablation.py`` describes it."""

from collections.abc import Collection, Mapping

from app.bundle.card import ModelCard
from app.explain.ablation import Ablation, Score
from app.http.json_text import Json
from app.wire.answers import units_off


def accuracy(card: ModelCard, dataset: str, off: Mapping[str, Collection[int]], found: Ablation) -> Json:
    """Return the comparison of a network without some units with the whole one."""
    return {
        "model": card.name,
        "dataset": dataset,
        "examples": int(found.whole.examples.sum()),
        "off": units_off(off),
        "whole": _score(card, found.whole),
        "without": _score(card, found.without),
        "lost": found.lost,
        "gained": found.gained,
    }


def _score(card: ModelCard, score: Score) -> Json:
    low, high = score.interval
    rows = zip(card.classes.en, score.right.tolist(), score.examples.tolist(), strict=True)
    return {
        "accuracy": score.accuracy,
        "interval": {"low": low, "high": high},
        "loss": score.loss,
        "classes": [
            {"label": label, "examples": examples, "accuracy": right / examples if examples else None}
            for label, right, examples in rows
        ],
    }
