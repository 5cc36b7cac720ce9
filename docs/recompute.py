"""Recompute it: one unit's number, from the API's own numbers, in ten lines of NumPy.

With a server on this machine, ``python docs/recompute.py`` prints what the network says and what the sum comes to:

    http = httpx.Client(base_url="http://localhost:8000")
    recompute_dense(http, Path("docs/seven.png").read_bytes(), "mnist-mlp", "hidden_2", "hidden_1", unit=7)
"""

from pathlib import Path

import httpx
import numpy as np

PNG = {"Content-Type": "image/png"}


def recompute_dense(
    http: httpx.Client, image: bytes, model: str, layer: str, source: str, unit: int
) -> tuple[float, float]:
    """Return a dense unit's pre-activation as the network computed it, and as bias + Σ input × weight."""
    weights = http.get(f"/models/{model}/weights/{layer}").json()
    kernel = np.float32(weights["kernel"]["values"]).reshape(weights["kernel"]["shape"])
    answer = http.post(f"/predict?model={model}&layers={layer},{source}", content=image, headers=PNG).json()
    layers = {said["name"]: said for said in answer["layers"]}
    inputs = np.float32(layers[source]["activation"]["values"])
    terms = inputs.astype(np.float64) * kernel[:, unit]
    return layers[layer]["pre_activation"]["values"][unit], terms.sum() + np.float32(weights["bias"]["values"][unit])


def recompute_convolution(
    http: httpx.Client, image: bytes, model: str, layer: str, source: str, channel: int, row: int, column: int
) -> tuple[float, float]:
    """Return the same for one place of a map of a ``same`` convolution with an odd window and steps of one."""
    weights = http.get(f"/models/{model}/weights/{layer}").json()
    kernel = np.float32(weights["kernel"]["values"]).reshape(weights["kernel"]["shape"])
    answer = http.post(f"/predict?model={model}&layers={layer},{source}", content=image, headers=PNG).json()
    layers = {said["name"]: said for said in answer["layers"]}
    inputs = np.float32(layers[source]["activation"]["values"]).reshape(layers[source]["shape"])
    high, wide = kernel.shape[:2]
    padded = np.pad(inputs.astype(np.float64), ((high // 2,) * 2, (wide // 2,) * 2, (0, 0)))
    terms = padded[row : row + high, column : column + wide] * kernel[..., channel]
    values = np.reshape(layers[layer]["pre_activation"]["values"], layers[layer]["shape"])
    return values[row, column, channel], terms.sum() + np.float32(weights["bias"]["values"][channel])


if __name__ == "__main__":
    seven = Path(__file__).with_name("seven.png").read_bytes()
    with httpx.Client(base_url="http://localhost:8000") as http:
        print(*recompute_dense(http, seven, "mnist-mlp", "hidden_2", "hidden_1", unit=7))  # noqa: T201
        print(*recompute_convolution(http, seven, "cifar10-cnn-lecture", "conv_3", "pool_1", 5, 0, 14))  # noqa: T201
