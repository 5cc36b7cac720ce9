"""Two served networks, and the same arithmetic written once more in NumPy: float64, layer by layer, none of Keras."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from numpy.lib.stride_tricks import sliding_window_view

from app.bundle.card import LayerCard
from app.bundle.files import read_bundle
from app.network.traced import Network
from app.routes.examples import seven_pixels

DoubleArray = npt.NDArray[np.float64]


@pytest.fixture(scope="session")
def mlp(models_dir: Path) -> Network:
    return Network(read_bundle(models_dir / "mnist-mlp"))


@pytest.fixture(scope="session")
def cnn(models_dir: Path) -> Network:
    return Network(read_bundle(models_dir / "cifar10-cnn-lecture"))


@pytest.fixture(scope="session")
def images(mlp: Network, cnn: Network) -> Mapping[str, npt.NDArray[np.float32]]:
    """One image for each network, by its name: a seven, and soft stripes."""
    rows, columns, channels = np.mgrid[:32, :32, :3]
    stripes = 0.5 + 0.5 * np.sin(rows / 3 + channels) * np.cos(columns / 5)
    return {mlp.card.name: seven_pixels().astype(np.float32), cnn.card.name: stripes.astype(np.float32)}


@pytest.fixture(scope="session")
def forward() -> Callable[..., DoubleArray]:
    """``forward(network, values)``: the logits for the input of a network.

    With ``after=layer`` the values are that layer's activation, and with ``into=layer`` its pre-activation.
    ``changes(name, activation)`` may change what comes out of any layer; ``kernels`` replaces kernels by layer.
    """

    def run(
        network: Network,
        values: npt.NDArray[Any],
        *,
        after: str | None = None,
        into: str | None = None,
        changes: Callable[[str, DoubleArray], DoubleArray] = lambda _, activation: activation,
        kernels: Mapping[str, DoubleArray] | None = None,
    ) -> DoubleArray:
        layers = network.card.layers
        names = [layer.name for layer in layers]
        start = names.index(after or into or names[0])
        tensor = np.asarray(values, np.float64).reshape(layers[start].shape)
        if into is not None:
            tensor = np.maximum(tensor, 0)  # every hidden layer with an activation has a ReLU
        for layer in layers[start + 1 :]:
            tensor = _before_activation(network, layer, tensor, kernels or {})
            if layer is not layers[-1]:
                tensor = changes(layer.name, np.maximum(tensor, 0) if layer.activation else tensor)
        return tensor

    return run


def _before_activation(
    network: Network, layer: LayerCard, tensor: DoubleArray, kernels: Mapping[str, DoubleArray]
) -> DoubleArray:
    match layer.kind:
        case "dense" | "convolution":
            weights = network.weights[layer.name]
            kernel = np.asarray(kernels.get(layer.name, weights.kernel), np.float64)
            bias = weights.bias.astype(np.float64)
            if layer.kind == "dense":
                return tensor @ kernel + bias
            if layer.options["padding"] == "same":
                tensor = np.pad(tensor, ((1, 1), (1, 1), (0, 0)))
            windows = sliding_window_view(tensor, kernel.shape[:2], axis=(0, 1))  # (rows, columns, channels, 3, 3)
            return np.tensordot(windows, kernel, axes=((3, 4, 2), (0, 1, 2))) + bias
        case "pooling":
            rows, columns, channels = layer.shape
            inside = tensor[: 2 * rows, : 2 * columns]
            return inside.reshape(rows, 2, columns, 2, channels).max(axis=(1, 3))
        case "normalization":
            mean, deviation = network.moments[layer.name]
            return (tensor - mean) / deviation
        case _:
            return tensor.reshape(layer.shape)
