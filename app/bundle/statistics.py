"""How the values of each layer are spread over the test set, for the whole layer and unit by unit.

It is part of ``statistics.npz``, and this module alone knows its keys. ``<output>`` is ``activation`` or, where a layer
has an activation function, ``pre_activation``:

- ``quantile_levels``: which quantiles are given, for every layer;
- ``<layer>/examples``: how many test images were measured: all, or as many as fit into memory;
- ``<layer>/<output>/scale``, ``…/edges``, ``…/histogram`` and ``…/quantiles``: the fields of a ``Spread``.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from app.arrays import FloatArray
from app.bundle.card import Arrays, ModelCard

LEVELS = "quantile_levels"


@dataclass(frozen=True)
class Spread:
    """The distribution of one of a layer's outputs over test images.

    Attributes:
        edges: of equal bins from the lowest value to the highest, float32, shape ``(bins + 1,)``.
        counts: how many values of the whole layer fell into each, int64, shape ``(bins,)``.
        quantiles: for each unit, or for each map over all its places, float32, shape ``(units, levels)``.
        scale: the fixed end of the layer's colour scale: the 99th percentile of the magnitude.
    """

    edges: FloatArray
    counts: npt.NDArray[np.int64]
    quantiles: FloatArray
    scale: float


@dataclass(frozen=True)
class LayerStatistics:
    """One layer's values on test images.

    Attributes:
        examples: how many images were measured.
        levels: which quantiles are given, float32 in 0..1, rising, shape ``(levels,)``.
        pre_activation: the input of its activation function; ``None`` if it has none.
        activation: its output.
    """

    examples: int
    levels: FloatArray
    pre_activation: Spread | None
    activation: Spread


def read_layer_statistics(card: ModelCard, statistics: Arrays) -> Mapping[str, LayerStatistics]:
    """Return the measured layers in a bundle's statistics, by name, in layer order."""
    measured = {}
    for layer in card.layers:
        activation = _spread(statistics, f"{layer.name}/activation")
        if activation is not None:
            measured[layer.name] = LayerStatistics(
                examples=int(statistics[f"{layer.name}/examples"][0]),
                levels=statistics[LEVELS],
                pre_activation=_spread(statistics, f"{layer.name}/pre_activation"),
                activation=activation,
            )
    return measured


def statistics_arrays(measured: Mapping[str, LayerStatistics]) -> Arrays:
    """Return statistics, by the layer's name, as they stand in ``statistics.npz``."""
    arrays: dict[str, npt.NDArray[np.generic]] = {}
    for name, layer in measured.items():
        arrays[LEVELS] = layer.levels
        arrays[f"{name}/examples"] = np.array([layer.examples], np.int64)
        for output, spread in (("pre_activation", layer.pre_activation), ("activation", layer.activation)):
            if spread is not None:
                arrays[f"{name}/{output}/scale"] = np.array([spread.scale], np.float32)
                arrays[f"{name}/{output}/histogram"] = spread.counts
                arrays[f"{name}/{output}/edges"] = spread.edges
                arrays[f"{name}/{output}/quantiles"] = spread.quantiles
    return arrays


def _spread(statistics: Arrays, output: str) -> Spread | None:
    if f"{output}/histogram" not in statistics:
        return None
    return Spread(
        edges=statistics[f"{output}/edges"],
        counts=statistics[f"{output}/histogram"],
        quantiles=statistics[f"{output}/quantiles"],
        scale=float(statistics[f"{output}/scale"][0]),
    )
