"""Encodes records of ``arithmetic`` as the JSON that ``schemas/arithmetic.py`` describes.

The terms of a sum are written with all digits of their float64, so that the printed numbers add up; the network's
inputs, weights and activations as the shortest decimal that gives back the same float32.
"""

from collections.abc import Mapping, Sequence

import numpy as np

from app.arrays import FloatArray
from app.bundle.card import ModelCard
from app.explain.arithmetic import Contribution, Level, Place, Rest, SoftmaxTerms, Stage, Term, Trace, UnitSum, Window
from app.http.json_text import Items, Json
from app.wire.answers import tensor

AXES = {1: ("unit",), 2: ("row", "column"), 3: ("row", "column", "channel")}
"""The names of a layer's axes, by their number."""


def unit_sum(card: ModelCard, stage: Stage, place: Place, taken_apart: UnitSum, softmax: Json | None) -> Json:
    """Return one unit's sum; parts that a layer of its kind does not have are left out."""
    function = stage.layer.activation
    parts = {
        "activation": None if function is None else {"function": function, "value": np.float32(taken_apart.activation)},
        "window": None if taken_apart.window is None else _window(taken_apart.window),
        "candidates": None if taken_apart.candidates is None else tensor(taken_apart.candidates),
        "weights": None if taken_apart.weights is None else tensor(taken_apart.weights),
        "products": None if taken_apart.products is None else tensor(taken_apart.products),
        "softmax": softmax,
    }
    return {
        "model": card.name,
        "layer": stage.layer.name,
        "kind": stage.layer.kind,
        "address": _address(place),
        "source": {"layer": stage.source, "shape": list(stage.inputs.shape)},
        "bias": taken_apart.bias,
        "supporting": [_term(term) for term in taken_apart.supporting],
        "opposing": [_term(term) for term in taken_apart.opposing],
        "rest": _rest(taken_apart.rest),
        "value": taken_apart.value,
        "residual": taken_apart.residual,
        **{name: part for name, part in parts.items() if part is not None},
    }


def softmax(labels: Sequence[str], logits: FloatArray, terms: SoftmaxTerms, residual: float | None) -> Json:
    """Return a softmax class by class."""
    rows = zip(labels, logits, terms.exponentials, terms.probabilities, strict=True)
    return {
        "temperature": terms.temperature,
        "maximum": np.float32(terms.maximum),
        "total": terms.total,
        "classes": [
            {"label": label, "logit": logit, "exponential": exponential, "probability": probability}
            for label, logit, exponential, probability in rows
        ],
        "residual": residual,
    }


def trace(
    card: ModelCard, label: str, target: str, against: str | None, traced: Trace, shapes: Mapping[str, Sequence[int]]
) -> Json:
    """Return a trace; ``shapes`` holds each level's shape by its layer's name."""
    affine = traced.affine
    return {
        "model": card.name,
        "label": label,
        "target": target,
        "against": against,
        "logit": traced.logit,
        "levels": Items(_level(level, shapes[level.layer]) for level in traced.levels),
        "biases": [{"layer": layer, "value": value} for layer, value in traced.biases],
        "affine": {
            "weights": tensor(affine.weights),
            "products": tensor(affine.products),
            "constant": affine.constant,
            "residual": affine.residual,
        },
    }


def _level(level: Level, shape: Sequence[int]) -> Json:
    return {
        "layer": level.layer,
        "shape": list(shape),
        "units": Items(_contribution(unit) for unit in level.units),
        "rest": _rest(level.rest),
        "bias": level.bias,
        "residual": level.residual,
    }


def _contribution(unit: Contribution) -> Json:
    return {
        **_address(unit.place),
        "activation": np.float32(unit.activation),
        "value": unit.value,
        "sources": [{**_address(source.place), "value": source.value} for source in unit.sources],
        "rest": _rest(unit.rest),
        "bias": unit.bias,
    }


def _term(term: Term) -> Json:
    return {**_address(term.place), "input": term.input, "weight": term.weight, "value": term.value}


def _rest(rest: Rest) -> Json:
    return {"count": rest.count, "sum": rest.sum}


def _address(place: Place) -> Json:
    return dict(zip(AXES[len(place)], place, strict=True))


def _window(window: Window) -> Json:
    padding = {side: getattr(window, side) for side in ("top", "bottom", "left", "right")}
    return {
        "row": window.row,
        "column": window.column,
        "rows": window.rows,
        "columns": window.columns,
        "padding": padding,
    }
