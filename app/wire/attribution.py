"""Encodes gradients, heat-maps and votes as the JSON that ``schemas/attribution.py`` describes."""

from collections.abc import Collection, Iterable, Sequence

import numpy as np

from app.arrays import FloatArray
from app.bundle.card import ModelCard
from app.explain.attribution import Fill, GradCam, Score
from app.http.json_text import Items, Json, Numbers
from app.network.readings import Classification
from app.network.thinning import Votes, dropout_layers
from app.network.traced import LayerGradient
from app.wire.answers import tensor


def gradients(
    card: ModelCard, label: str, of: Score, by_class: Sequence[tuple[str, float, FloatArray]], layers: list[Json] | None
) -> Json:
    """Return input gradients of one class or of all.

    Args:
        card: the network's.
        label: its answer.
        of: which score.
        by_class: label, score, and gradient in the shape of the input.
        layers: the result of ``layer_gradients``, if requested.
    """
    said: Json = {
        "model": card.name,
        "label": label,
        "of": of,
        "scale": max(np.abs(gradient).max() for _, _, gradient in by_class),
        "gradients": Items(
            {"target": target, "score": np.float32(score), "input": tensor(gradient)}
            for target, score, gradient in by_class
        ),
    }
    return said if layers is None else {**said, "layers": Items(layers)}


def layer_gradients(card: ModelCard, found: Iterable[LayerGradient], with_values: Collection[str]) -> list[Json]:
    """Return one object per layer, in order; those named in ``with_values`` include their numbers."""
    answers = []
    for layer, gradient in zip(card.layers, found, strict=True):
        full = layer.name in with_values
        parts = {"pre_activation": gradient.pre_activation, "activation": gradient.activation}
        answers.append(
            {
                "name": layer.name,
                "kind": layer.kind,
                "shape": list(layer.shape),
                **{name: _reading(values, full=full) for name, values in parts.items() if values is not None},
            }
        )
    return answers


def scored(card: ModelCard, label: str, target: str, of: Score, score: float) -> Json:
    """Return the beginning of every explanation of one score."""
    return {"model": card.name, "label": label, "target": target, "of": of, "score": np.float32(score)}


def grad_cam(layer: str, found: GradCam) -> Json:
    """Return the weights and maps of one convolution."""
    names = ("map_weights", "signed", "heat", "signed_upsampled", "heat_upsampled")
    return {"layer": layer, **{name: tensor(getattr(found, name)) for name in names}}


def occlusion(window: int, stride: int, fill: Fill, falls: FloatArray) -> Json:
    """Return how far the score falls at each place of the window."""
    return {"window": window, "stride": stride, "fill": fill, "map": tensor(falls)}


def votes(card: ModelCard, whole: Classification, seed: int, found: Votes) -> Json:
    """Return the votes of runs with dropout, and the answer without it."""
    rows = zip(whole.labels, whole.probabilities, found.counts, found.mean, found.deviation, strict=True)
    return {
        "model": card.name,
        "label": whole.label,
        "samples": len(found.probabilities),
        "seed": seed,
        "dropout": [{"layer": name, "rate": layer.options["rate"]} for name, layer in dropout_layers(card).items()],
        "classes": [
            {"label": label, "probability": probability, "votes": count, "mean": mean, "deviation": deviation}
            for label, probability, count, mean, deviation in rows
        ],
        "probabilities": tensor(found.probabilities),
    }


def _reading(values: FloatArray, *, full: bool) -> Json:
    figures: Json = {
        "min": values.min(),
        "max": values.max(),
        "mean": np.float32(values.mean(dtype=np.float64)),
    }
    return {**figures, "values": Numbers(values)} if full else figures
