"""Each layer's values on the test set: their distribution over the whole layer and for each unit.

They are part of ``statistics.npz``, by ``<layer>/<output>/<what>``, where an output is ``pre_activation`` or
``activation``. A layer without an activation function has only the latter.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from app.bundle.card import Arrays, ModelCard

LEVELS = "quantile_levels"

FloatArray = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Spread:
    """The distribution of one of a layer's outputs over test images.

    Attributes:
        edges: of equal bins from the lowest value to the highest, float32, shape ``(bins + 1,)``.
        counts: how many values of the whole layer fell into each, int64, shape ``(bins,)``.
        quantiles: for each unit, or for each map over all its places, float32, shape ``(units, levels)``.
    """

    edges: FloatArray
    counts: npt.NDArray[np.int64]
    quantiles: FloatArray


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


def read_scales(card: ModelCard, statistics: Arrays) -> Mapping[str, Mapping[str, float | None]]:
    """Return the fixed end of each layer's colour scale, from the test set, for ``pre_activation`` and ``activation``.

    ``None`` if it was not measured, or the layer has no activation function.
    """

    def scale(layer: str, output: str) -> float | None:
        values = statistics.get(f"{layer}/{output}/scale")
        return None if values is None else float(values[0])

    return {
        layer.name: {output: scale(layer.name, output) for output in ("pre_activation", "activation")}
        for layer in card.layers
    }


def _spread(statistics: Arrays, output: str) -> Spread | None:
    if f"{output}/histogram" not in statistics:
        return None
    return Spread(
        edges=statistics[f"{output}/edges"],
        counts=statistics[f"{output}/histogram"],
        quantiles=statistics[f"{output}/quantiles"],
    )
