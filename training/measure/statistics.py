"""Measure how the values of each layer are spread over the test set."""

from collections.abc import Mapping

import keras
import numpy as np

from app.arrays import FloatArray
from app.bundle.statistics import LayerStatistics, Spread
from app.network.probe import ProbedModel, probe
from training.device import jit_compile

SCALE_PERCENTILE = 99
HISTOGRAM_BINS = 64
QUANTILE_LEVELS = np.array([0, 0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99, 1], np.float32)
MAX_VALUES_A_LAYER = 50_000_000
BATCH = 250


def measure_statistics(model: keras.Model, images: FloatArray) -> Mapping[str, LayerStatistics]:
    """Run images through a network and return each layer's statistics, by its name.

    Args:
        model: the finished network.
        images: the test set as the network's input, float32, shape ``(n, *input_shape)``.
    """
    probed = probe(model)
    collected = _collect(probed, images)

    def spread_of(output: int | None) -> Spread | None:
        return None if output is None else measure_spread(collected[output])

    return {
        tap.name: LayerStatistics(
            examples=len(collected[tap.activation]),
            levels=QUANTILE_LEVELS,
            pre_activation=spread_of(tap.pre_activation),
            activation=measure_spread(collected[tap.activation]),
        )
        for tap in probed.taps
    }


def measure_spread(values: FloatArray) -> Spread:
    """Return how values are spread.

    Args:
        values: shape ``(n, units)`` or ``(n, rows, columns, channels)``.
    """
    counts, edges = np.histogram(values, HISTOGRAM_BINS)
    return Spread(
        edges=edges.astype(np.float32),
        counts=counts.astype(np.int64),
        quantiles=unit_quantiles(values),
        scale=float(np.float32(np.percentile(np.abs(values), SCALE_PERCENTILE))),  # as it is stored
    )


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
