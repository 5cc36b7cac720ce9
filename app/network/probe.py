"""Builds a probed network: the same Keras network with every pre-activation and activation as an output.

A student writes ``Dense(512, activation="relu")``, and Keras returns the output of the ReLU. To get its input too, each
such layer is split into the same layer without its activation, and the activation after it; the weights are copied.
Nothing here depends on a backend: it uses only Keras, so that training can probe a network on any backend.
"""

import json
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from math import prod
from pathlib import Path
from typing import Any

import keras

from app.bundle.card import BundleError, LayerCard, LayerKind, Task

KINDS: dict[str, LayerKind] = {
    "InputLayer": "input",
    "Normalization": "normalization",
    "Dense": "dense",
    "Conv2D": "convolution",
    "MaxPooling2D": "pooling",
    "Dropout": "dropout",
    "Flatten": "flatten",
}
"""The allowed layer classes: a network with any other is refused before anything is deserialised."""

MODULES = ("keras", "keras.layers", "keras.initializers", None)
"""The modules that a saved network may name; only its tensors have ``None``."""

CODE = "code"
"""The layer of an autoencoder whose output is the code."""


@dataclass(frozen=True)
class Allowed:
    """The classes that a saved network may contain: networks, layers, and the modules of everything that it names."""

    networks: tuple[str, ...] = ("Functional",)
    layers: frozenset[str] = frozenset(KINDS)
    modules: tuple[str | None, ...] = MODULES


SERVED = Allowed()

OPTIONS: dict[LayerKind, tuple[str, ...]] = {
    "convolution": ("kernel_size", "strides", "padding"),
    "pooling": ("pool_size", "strides", "padding"),
    "dropout": ("rate",),
}


@dataclass(frozen=True)
class Tap:
    """The indices of one layer's outputs among the probed network's.

    ``pre_activation`` is ``None`` for a layer without an activation function, such as pooling; if the activation is
    linear, both are the same output.
    """

    name: str
    pre_activation: int | None
    activation: int


@dataclass(frozen=True)
class ProbedModel:
    """``model(images)`` returns a list of tensors; ``taps`` says, in layer order, which belongs to which layer."""

    model: keras.Model
    taps: tuple[Tap, ...]


def load_model(path: Path, allowed: Allowed = SERVED) -> keras.Model:
    """Load a saved network in safe mode, after checking every layer class in it against the allowed ones.

    Args:
        path: a ``.keras`` file.
        allowed: the allowed classes; by default those that are served.

    Raises:
        BundleError: if the file is no Keras file, or holds a layer class that is not allowed.
    """
    _refuse_unknown_layers(path, allowed)
    return keras.saving.load_model(path, compile=False, safe_mode=True)


def describe_layers(model: keras.Model) -> tuple[LayerCard, ...]:
    """Return a description of each layer, in order; shapes are those of one image."""
    return tuple(_describe(layer) for layer in model.layers)


def task_of(model: keras.Model) -> Task:
    """Return a network's task: one with a ``code`` and as many outputs as inputs is an autoencoder."""
    has_code = any(layer.name == CODE for layer in model.layers)
    returns_image = prod(model.output_shape[1:]) == prod(model.input_shape[1:])
    return "reconstruction" if has_code and returns_image else "classification"


def probe(model: keras.Model) -> ProbedModel:
    """Build the probed network of a sequential network.

    Args:
        model: a functional network, input layer first, made of the classes in ``KINDS``.

    Returns:
        A network with its own copy of the same weights. Its first output is the input itself.
    """
    inputs = keras.Input(model.input_shape[1:], name="input")
    tensor, outputs, taps = inputs, [inputs], [Tap("input", None, 0)]
    for layer in model.layers[1:]:
        activation, pre_activation = _activation_name(layer), None
        if activation in (None, "linear"):
            tensor = _copy(layer)(tensor)
            pre_activation = None if activation is None else len(outputs)
        else:
            tensor = _copy(layer, activation="linear")(tensor)
            outputs.append(tensor)
            pre_activation = len(outputs) - 1
            tensor = keras.layers.Activation(layer.activation, name=f"{layer.name}_activation")(tensor)
        outputs.append(tensor)
        taps.append(Tap(layer.name, pre_activation, len(outputs) - 1))
    probed = keras.Model(inputs, outputs, name=f"{model.name}_probed")
    for layer in model.layers:
        if layer.weights:
            probed.get_layer(layer.name).set_weights(layer.get_weights())
    return ProbedModel(probed, tuple(taps))


def _copy(layer: keras.Layer, **changes: Any) -> keras.Layer:
    return type(layer).from_config({**layer.get_config(), **changes})


def _activation_name(layer: keras.Layer) -> str | None:
    activation = getattr(layer, "activation", None)
    return None if activation is None else str(activation.__name__)


def _describe(layer: keras.Layer) -> LayerCard:
    kind = KINDS[type(layer).__name__]
    config = layer.get_config()
    shape = layer.output.shape[1:]
    return LayerCard(
        name=layer.name,
        kind=kind,
        shape=tuple(int(side) for side in shape),
        parameters=int(layer.count_params()),
        activation=_activation_name(layer),
        options={name: config[name] for name in OPTIONS.get(kind, ())},
    )


def _refuse_unknown_layers(path: Path, allowed: Allowed) -> None:
    """Check the saved description of a network, as text, before Keras deserialises it."""
    where = f"{path.name} in “{path.parent.name}”"
    try:
        with zipfile.ZipFile(path) as archive:
            network = json.loads(archive.read("config.json"))
        known = network["class_name"] in allowed.networks
        classes = [(layer["module"], layer["class_name"]) for layer in network["config"]["layers"]] if known else []
        parts = list(_named_parts(network["config"]))
    except (OSError, zipfile.BadZipFile, KeyError, TypeError, ValueError):
        raise BundleError(f"{where} is not a saved Keras network.") from None
    if not classes:
        raise BundleError(f"{where} is not a {' or '.join(allowed.networks).lower()} Keras network.")
    for module, class_name in classes:
        if module != "keras.layers" or class_name not in allowed.layers:
            raise BundleError(f"{where} holds a {class_name} layer, which is not supported.")
    for module, class_name in parts:
        if module not in allowed.modules:
            raise BundleError(f"{where} holds a {class_name}, which is not part of Keras.")


def _named_parts(config: object) -> Iterator[tuple[str | None, str]]:
    """Yield module and class of everything that a description names, at any depth."""
    if isinstance(config, dict):
        if "class_name" in config:
            yield config.get("module"), str(config["class_name"])
        for value in config.values():
            yield from _named_parts(value)
    elif isinstance(config, list):
        for value in config:
            yield from _named_parts(value)
