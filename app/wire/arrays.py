"""Arrays for a notebook: the network's values for one image, or for many, as NumPy's ``npz``.

``numpy.load`` reads it, and every number is the network's own float32. An archive is not compressed: activations
hardly become smaller, and compressing them would take longer than the network.
"""

import io
from collections.abc import Collection, Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from app.arrays import FloatArray
from app.bundle.card import ModelCard
from app.bundle.novelty import Novelty
from app.network.readings import classify, reconstruct
from app.network.traced import Readout
from app.problems import Problem

NPZ_MEDIA_TYPE = "application/x-npz"

Array = npt.NDArray[Any]


def image_arrays(
    card: ModelCard, readout: Readout, image: FloatArray, unlike: Novelty | None, full: Collection[str]
) -> dict[str, Array]:
    """Return the network's values for one image.

    Args:
        card: the network's.
        readout: for a batch of this one image.
        image: the network's input, in the shape given by the card.
        unlike: how unlike the training data it is; NaN if that is not measured.
        full: the layers whose numbers are returned.

    Returns:
        By name: ``input``; of a classifier ``label``, ``probabilities``, ``logits`` and ``novelty``, of an autoencoder
        ``code``, ``reconstruction`` and ``error``; of each layer ``<layer>/activation`` and, where there is one,
        ``<layer>/pre_activation``, in the layer's shape.
    """
    arrays: dict[str, Array] = {"input": image}
    if card.task == "reconstruction":
        rebuilt = reconstruct(readout, 0, image)
        arrays |= {"code": rebuilt.code, "reconstruction": rebuilt.reconstruction}
        arrays["error"] = np.array(rebuilt.error, np.float32)
    else:
        answer = classify(readout, 0, card.classes.en)
        score = np.nan if unlike is None else unlike.score
        arrays |= {"label": np.array(answer.label), "probabilities": answer.probabilities, "logits": answer.logits}
        arrays["novelty"] = np.array(score, np.float32)
    for layer in readout.layers:
        if layer.name in full:
            arrays[f"{layer.name}/activation"] = layer.activation[0]
            if layer.pre_activation is not None:
                arrays[f"{layer.name}/pre_activation"] = layer.pre_activation[0]
    return arrays


def batch_arrays(answered: Mapping[int, Mapping[str, Array]], failed: Mapping[int, Problem]) -> dict[str, Array]:
    """Return the network's values for many images, each array with a leading axis of images.

    Args:
        answered: the arrays of each image, by its index among those that were sent.
        failed: the error of each of the others, by its index.

    Returns:
        The arrays of the images that were answered, ``index`` with their indices, ``failed`` with those of the others,
        and ``failed_detail`` with the error of each.
    """
    rows: Sequence[Mapping[str, Array]] = list(answered.values())
    stacked = {name: np.stack([row[name] for row in rows]) for name in (rows[0] if rows else ())}
    return {
        **stacked,
        "index": np.array(list(answered), np.int64),
        "failed": np.array(list(failed), np.int64),
        "failed_detail": np.array([problem.detail for problem in failed.values()], np.str_),
    }


def npz(card: ModelCard, arrays: Mapping[str, Array]) -> bytes:
    """Return arrays as an archive, with ``labels``, the names of the classes in their order."""
    file = io.BytesIO()
    np.savez(file, allow_pickle=False, labels=np.array(card.classes.en, np.str_), **arrays)
    return file.getvalue()
