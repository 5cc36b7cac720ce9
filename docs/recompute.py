"""Recompute one unit's value from the API's numbers, in ten lines of NumPy.

With a server on this machine, ``python docs/recompute.py`` prints the network's value and the recomputed sum:

    http = httpx.Client(base_url="http://localhost:8000")
    recompute_dense(http, Path("docs/seven.png").read_bytes(), "mnist-mlp", "hidden_2", "hidden_1", unit=7)
"""

from pathlib import Path

import httpx
import numpy as np

IMAGE = {"Content-Type": "image/png"}


def recompute_dense(
    http: httpx.Client, image: bytes, model: str, layer: str, source: str, unit: int, fit: str = "centre"
) -> tuple[float, float]:
    """Return a dense unit's pre-activation as the network computed it, and as bias + Σ input × weight."""
    weights = http.get(f"/models/{model}/weights/{layer}").json()
    kernel = np.float32(weights["kernel"]["values"]).reshape(weights["kernel"]["shape"])
    asked = f"/predict?model={model}&fit={fit}&layers={layer},{source}"
    layers = {said["name"]: said for said in http.post(asked, content=image, headers=IMAGE).json()["layers"]}
    inputs = np.float32(layers[source]["activation"]["values"])
    terms = inputs.astype(np.float64) * kernel[:, unit]
    said = layers[layer]["pre_activation"]["values"][unit]
    return said, terms.sum() + np.float32(weights["bias"]["values"][unit])


def recompute_convolution(
    http: httpx.Client,
    image: bytes,
    model: str,
    layer: str,
    source: str,
    channel: int,
    row: int,
    column: int,
    fit: str = "centre",
) -> tuple[float, float]:
    """Return the same for one place of a map of a convolution with stride 1, padded or not."""
    weights = http.get(f"/models/{model}/weights/{layer}").json()
    kernel = np.float32(weights["kernel"]["values"]).reshape(weights["kernel"]["shape"])
    asked = f"/predict?model={model}&fit={fit}&layers={layer},{source}"
    layers = {said["name"]: said for said in http.post(asked, content=image, headers=IMAGE).json()["layers"]}
    inputs = np.float32(layers[source]["activation"]["values"]).reshape(layers[source]["shape"])
    high, wide = kernel.shape[:2]
    around = np.subtract(layers[layer]["shape"][:2], inputs.shape[:2]) + kernel.shape[:2] - 1  # rows, columns of zeros
    padded = np.pad(inputs.astype(np.float64), [(n // 2, n - n // 2) for n in (*around, 0)])
    terms = padded[row : row + high, column : column + wide] * kernel[..., channel]
    said = np.reshape(layers[layer]["pre_activation"]["values"], layers[layer]["shape"])[row, column, channel]
    return said, terms.sum() + np.float32(weights["bias"]["values"][channel])


if __name__ == "__main__":
    seven = Path(__file__).with_name("seven.png").read_bytes()
    with httpx.Client(base_url="http://localhost:8000") as http:
        print(*recompute_dense(http, seven, "mnist-mlp", "hidden_2", "hidden_1", unit=7))  # noqa: T201
        print(*recompute_convolution(http, seven, "cifar10-cnn-lecture", "conv_3", "pool_1", 5, 0, 14))  # noqa: T201
