"""Converts a user's Keras classifier to an equivalent sequence of layers that can be served, with a softmax at its end.

The conversion keeps the function: a separate activation layer is merged into the layer before it; a Flatten or a
``Rescaling(1/255)`` right after the input is dropped; a missing bias becomes one of zeros; the constants that a
Normalization was adapted to are written into it. Regularisers and constraints, which only training needs, are dropped.
Uses only Keras.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from math import prod
from pathlib import Path
from typing import Any

import keras
import numpy as np

from app.arrays import FloatArray
from app.bundle.card import BundleError
from app.network.probe import MODULES, Allowed, load_model

FOLDED = ("Activation", "ReLU", "Softmax")
HIDDEN_ACTIVATIONS = ("relu", "sigmoid", "linear")
OPTIONS: dict[str, tuple[str, ...]] = {
    "Dense": ("units",),
    "Conv2D": ("filters", "kernel_size", "strides", "padding"),
    "MaxPooling2D": ("pool_size", "strides", "padding"),
    "Dropout": ("rate",),
    "Flatten": (),
    "Normalization": ("axis", "invert"),
}
"""The constructor arguments of each layer class, besides name, activation and constants."""

ADOPTABLE = Allowed(
    networks=("Functional", "Sequential"),
    layers=frozenset({"InputLayer", "Rescaling", *FOLDED, *OPTIONS}),
    modules=(*MODULES, "keras.regularizers", "keras.constraints"),
)


class StraighteningError(Exception):
    """A network that cannot be served; its message says why in one sentence."""


@dataclass(frozen=True)
class Straightened:
    """A network as it is served, and a sentence for each change worth reporting."""

    model: keras.Model
    notes: tuple[str, ...]


@dataclass(frozen=True)
class _Part:
    """One layer to build: its class's name, its arguments, and its weights."""

    kind: str
    name: str
    options: dict[str, Any]
    weights: list[FloatArray] = field(default_factory=list)


def open_network(path: Path) -> keras.Model:
    """Load a network; one with a layer that cannot be served, or with custom code, is refused before loading.

    Raises:
        StraighteningError: the file is missing or contains no such network.
    """
    if not path.is_file():
        raise StraighteningError(f"{path} does not exist.")
    try:
        return load_model(path.resolve(), ADOPTABLE)
    except BundleError as error:
        raise StraighteningError(str(error)) from error
    except (OSError, ValueError, TypeError, KeyError) as error:
        reason = " ".join(str(error).split())[:200]
        raise StraighteningError(f"Keras {keras.__version__} cannot load {path.name}: {reason}") from error


def straighten(model: keras.Model, classes: int) -> Straightened:
    """Return a network that computes the same, in float32, from the layers that are served.

    Args:
        model: the result of ``open_network``.
        classes: its number of classes.

    Raises:
        StraighteningError: it is not a classifier of that many classes, or not a sequence of layers that can be served.
    """
    layers = _line(model)
    shape, notes = tuple(model.input_shape[1:]), []
    if layers and type(layers[0]).__name__ == "Rescaling":
        _check_rescaling(layers.pop(0))
        notes.append("Its Rescaling(1/255) was left out: the server's inputs are in 0..1.")
    if layers and type(layers[0]).__name__ == "Flatten":
        del layers[0]
        shape = (prod(shape),)
    if len(shape) == 2:
        raise StraighteningError(f"It takes images of shape {shape}: put a Flatten right behind the input.")
    parts = _end_in_softmax(_fold(layers), classes, notes)
    names = _safe_names([part.name for part in parts])
    renamed = [replace(part, name=name) for part, name in zip(parts, names, strict=True)]
    return Straightened(_build(shape, renamed, re.sub(r"\W", "_", model.name)), tuple(notes))


def _line(model: keras.Model) -> list[keras.Layer]:
    if not model.built or len(model.inputs) != 1 or len(model.outputs) != 1 or None in model.input_shape[1:]:
        raise StraighteningError("It must have one input of a known shape and one output.")
    nodes = [len(layer.get("inbound_nodes", [])) for layer in model.get_config()["layers"]]
    if max(nodes) > 1:
        raise StraighteningError("One of its layers is used twice; only layers in one line are supported.")
    return [layer for layer in model.layers if not isinstance(layer, keras.layers.InputLayer)]


def _check_rescaling(layer: keras.Layer) -> None:
    scale, offset = np.asarray(layer.scale), np.asarray(layer.offset)
    if not (np.allclose(scale, 1 / 255, rtol=1e-4) and np.all(offset == 0)):
        raise StraighteningError(
            f"Its Rescaling layer “{layer.name}” is none by 1/255: write it as a Normalization with a given mean and "
            "variance."
        )


def _fold(layers: list[keras.Layer]) -> list[_Part]:
    """Turn layers into parts, with each separate activation merged into the part before it."""
    parts: list[_Part] = []
    for layer in layers:
        if type(layer).__name__ not in FOLDED:
            parts.append(_part(layer))
            continue
        if not parts or parts[-1].options.get("activation") != "linear":
            raise StraighteningError(
                f"The {type(layer).__name__} layer “{layer.name}” does not stand right behind a Dense or Conv2D layer "
                "without an activation of its own."
            )
        parts[-1] = replace(parts[-1], options={**parts[-1].options, "activation": _lone_activation(layer)})
    return parts


def _lone_activation(layer: keras.Layer) -> str:
    config = layer.get_config()
    if type(layer).__name__ == "Activation":
        return _activation_name(layer)
    plain = {"max_value": None, "negative_slope": 0.0, "threshold": 0.0, "axis": -1}
    if any(config[name] != value for name, value in plain.items() if name in config):
        raise StraighteningError(f"The {type(layer).__name__} layer “{layer.name}” is not a plain one.")
    return type(layer).__name__.lower()


def _activation_name(layer: keras.Layer) -> str:
    return str(getattr(layer.activation, "__name__", type(layer.activation).__name__))


def _part(layer: keras.Layer) -> _Part:
    kind, config = type(layer).__name__, layer.get_config()
    options: dict[str, Any] = {}
    weights: list[FloatArray] = []
    if kind in ("Dense", "Conv2D"):
        kernel, *bias = (np.asarray(weight, np.float32) for weight in layer.get_weights())
        weights = [kernel, *(bias or [np.zeros(kernel.shape[-1], np.float32)])]
        options["activation"] = _activation_name(layer)
    if kind in ("Conv2D", "MaxPooling2D") and not _is_plain(config):
        raise StraighteningError(f"The layer “{layer.name}” has channels first, groups or a dilation.")
    options |= {name: config[name] for name in OPTIONS[kind]}
    if kind == "Normalization":
        options |= _constants(layer)
    return _Part(kind, layer.name, options, weights)


def _is_plain(config: dict[str, Any]) -> bool:
    steps = {config.get("groups", 1), *config.get("dilation_rate", ())}
    return config["data_format"] == "channels_last" and steps == {1}


def _constants(layer: keras.Layer) -> dict[str, Any]:
    """Return the mean and variance of a Normalization, given or adapted."""
    if layer.input_mean is not None:
        return {"mean": np.asarray(layer.input_mean).tolist(), "variance": np.asarray(layer.input_variance).tolist()}
    mean, variance, _ = layer.get_weights()
    return {"mean": np.asarray(mean).tolist(), "variance": np.asarray(variance).tolist()}


def _end_in_softmax(parts: list[_Part], classes: int, notes: list[str]) -> list[_Part]:
    if not parts or parts[-1].kind != "Dense":
        raise StraighteningError("It does not end in a Dense layer with a softmax over the classes.")
    *hidden, last = parts
    for part in hidden:
        if part.options.get("activation", "linear") not in HIDDEN_ACTIVATIONS:
            raise StraighteningError(
                f"The layer “{part.name}” has the activation {part.options['activation']}, which cannot be shown; "
                f"{', '.join(HIDDEN_ACTIVATIONS)} can."
            )
    if last.options["units"] != classes:
        raise StraighteningError(f"It ends in {last.options['units']} units, and --classes names {classes}.")
    if last.options["activation"] not in ("softmax", "linear"):
        raise StraighteningError(f"It ends in the activation {last.options['activation']}; a softmax is needed.")
    if last.options["activation"] == "linear":
        notes.append(f"It ended in logits: a softmax was put into its last layer, “{last.name}”.")
    return [*hidden, replace(last, options={**last.options, "activation": "softmax"})]


def _safe_names(names: list[str]) -> Iterator[str]:
    """Yield unique names of letters, digits and ``_``, different from those of other layers' activations."""
    taken = {"input"}
    for name in names:
        plain = candidate = re.sub(r"[^A-Za-z0-9_]+", "_", name).strip("_") or "layer"
        number = 2
        while {candidate, f"{candidate}_activation"} & taken:
            candidate, number = f"{plain}_{number}", number + 1
        taken |= {candidate, f"{candidate}_activation"}
        yield candidate


def _build(shape: tuple[int, ...], parts: list[_Part], name: str) -> keras.Model:
    image = tensor = keras.Input(shape, name="input")
    for part in parts:
        if part.kind == "Dense" and len(tensor.shape) != 2:
            raise StraighteningError(f"The Dense layer “{part.name}” is applied to maps: put a Flatten before it.")
        layer = getattr(keras.layers, part.kind)(**part.options, name=part.name, dtype="float32")
        tensor = layer(tensor)
        if part.weights:
            layer.set_weights(part.weights)
    return keras.Model(image, tensor, name=name)
