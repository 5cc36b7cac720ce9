"""A network's statistics on the test set: the fixed ends of the colour scale, and the usual values of each unit.

For each layer's pre-activation and activation ``statistics.npz`` holds, by ``<layer>/<output>/<what>``:

- ``scale``: the 99th percentile of the magnitude, float32, the end of the picture's colour scale;
- ``histogram``: how many values fell into each of 64 equal bins between ``edges``, the lowest and the highest value;
- ``quantiles``: per unit, or per feature map over all its places, the values at ``quantile_levels``;
  shape ``(units, levels)``.

``examples`` says how many test images each layer was measured on: all of them, or as many as fit into memory.
"""

from collections.abc import Iterator

import keras
import numpy as np
import numpy.typing as npt

from app.bundle.card import Arrays
from app.network.probe import ProbedModel, probe
from training.device import jit_compile

SCALE_PERCENTILE = 99
HISTOGRAM_BINS = 64
QUANTILE_LEVELS = np.array([0, 0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99, 1], np.float32)
MAX_VALUES_A_LAYER = 50_000_000
BATCH = 250

FloatArray = npt.NDArray[np.float32]


def measure_statistics(model: keras.Model, images: FloatArray) -> Arrays:
    """Run images through a network and return the arrays of ``statistics.npz``.

    Args:
        model: the finished network.
        images: the test set as the network's input, float32, shape ``(n, *input_shape)``.
    """
    probed = probe(model)
    arrays: dict[str, npt.NDArray[np.generic]] = {"quantile_levels": QUANTILE_LEVELS}
    collected = _collect(probed, images)
    for name, output, index in _outputs(probed):
        values = collected[index]
        histogram, edges = np.histogram(values, HISTOGRAM_BINS)
        arrays[f"{name}/examples"] = np.array([len(values)], np.int64)
        arrays[f"{name}/{output}/scale"] = np.percentile(np.abs(values), SCALE_PERCENTILE).astype(np.float32)[
            np.newaxis
        ]
        arrays[f"{name}/{output}/histogram"] = histogram.astype(np.int64)
        arrays[f"{name}/{output}/edges"] = edges.astype(np.float32)
        arrays[f"{name}/{output}/quantiles"] = unit_quantiles(values)
    return arrays


def unit_quantiles(values: FloatArray) -> FloatArray:
    """Return the values at ``QUANTILE_LEVELS`` of each unit (the last axis), over all images and places.

    Args:
        values: shape ``(n, units)`` or ``(n, rows, columns, channels)``.

    Returns:
        float32, shape ``(units, levels)``.
    """
    units = values.reshape(-1, values.shape[-1])
    quantiles = [np.quantile(np.ascontiguousarray(units[:, unit]), QUANTILE_LEVELS) for unit in range(units.shape[-1])]
    return np.stack(quantiles).astype(np.float32)


def _outputs(probed: ProbedModel) -> Iterator[tuple[str, str, int]]:
    for tap in probed.taps:
        if tap.pre_activation is not None:
            yield tap.name, "pre_activation", tap.pre_activation
        yield tap.name, "activation", tap.activation


def _collect(probed: ProbedModel, images: FloatArray) -> list[FloatArray]:
    """Return each output's values, for as many images as may be kept in memory."""
    probed.model.compile(jit_compile=jit_compile())
    wanted = [min(len(images), MAX_VALUES_A_LAYER // int(np.prod(tensor.shape[1:]))) for tensor in probed.model.outputs]
    batches: list[list[FloatArray]] = [[] for _ in wanted]
    for start in range(0, len(images), BATCH):
        outputs = probed.model.predict_on_batch(images[start : start + BATCH])
        for kept, values, count in zip(batches, outputs, wanted, strict=True):
            if start < count:
                kept.append(np.asarray(values)[: count - start])
    return [np.concatenate(kept) for kept in batches]
