"""Encodes answers: as JSON for any client, and as the frame that the page draws while a stroke grows.

In JSON an array is flat and row-major beside its shape, and each number is the shortest decimal that gives back the
same float32.

A frame (``application/vnd.layerscope.frame``) is ``LSF1``, the length of a JSON header as four bytes little-endian,
the header, and tensors as signed bytes: value = byte × scale, so that zero stays zero. The header is ``{"answer",
"tensors"}``; an entry of ``tensors`` names a layer, its shape, the position of its bytes after the header, and its
scale. A frame contains the input and the pre-activations; the reader computes the values that follow from them without
weights (ReLU, sigmoid, softmax, pooling, flatten, inactive dropout). A linear layer's pre-activation is its output.
"""

import base64
import io
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import asdict
from math import ceil

import numpy as np
import numpy.typing as npt
import orjson
from PIL import Image

from app.arrays import ByteArray, FloatArray
from app.bundle.atlas import Atlas, Exciting
from app.bundle.card import LayerCard, ModelCard
from app.bundle.gallery import Gallery
from app.bundle.novelty import Novelty
from app.bundle.statistics import LayerStatistics, Spread
from app.http.json_text import Json, Numbers, dump_json
from app.network.probe import CODE
from app.network.readings import Classification, LayerReading, Reconstructed, Summary
from app.network.traced import Weights
from app.preprocessing import Step

FRAME_MEDIA_TYPE = "application/vnd.layerscope.frame"
FRAME_MAGIC = b"LSF1"

STEP_IMAGE_PX = 192
"""The largest longer side of a step's picture, in pixels: the size at which digits are searched for ink."""


def prediction(
    card: ModelCard, answer: Classification, unlike: Novelty | None, received: Json, timing_ms: Mapping[str, float]
) -> Json:
    """Return a classifier's answer to one image, without its layers."""
    return {
        "model": card.name,
        "task": card.task,
        "label": answer.label,
        "probability": np.float32(answer.probability),
        "probabilities": [
            {"label": label, "probability": probability}
            for label, probability in zip(answer.labels, answer.probabilities, strict=True)
        ],
        "logits": np.ascontiguousarray(answer.logits),
        "novelty": None if unlike is None else novelty(unlike),
        "input": received,
        "timing_ms": _rounded(timing_ms),
    }


def reconstruction(card: ModelCard, answer: Reconstructed, received: Json, timing_ms: Mapping[str, float]) -> Json:
    """Return an autoencoder's answer to one image, without its layers."""
    return {
        "model": card.name,
        "task": card.task,
        "code": np.ascontiguousarray(answer.code),
        "reconstruction": tensor(answer.reconstruction),
        "error": np.float32(answer.error),
        "input": received,
        "timing_ms": _rounded(timing_ms),
    }


def decoded(card: ModelCard, code: FloatArray, image: FloatArray) -> Json:
    """Return the image that an autoencoder decodes from a code."""
    return {"model": card.name, "code": code, "reconstruction": tensor(image)}


def novelty(unlike: Novelty) -> Json:
    """Return how unlike the training data an image is, as a whole and at each layer that counts."""
    return {
        "score": np.float32(unlike.score),
        "threshold": np.float32(unlike.threshold),
        "unusual": unlike.unusual,
        "layers": [{"name": layer.name, "score": np.float32(layer.score)} for layer in unlike.layers],
    }


def received_image(
    width: int, height: int, image_format: str, steps: Sequence[Step], pictures: Sequence[FloatArray | ByteArray] = ()
) -> Json:
    """Return the description of the image that arrived, and of the steps that made the network's input.

    Args:
        width: of the image, in pixels.
        height: likewise.
        image_format: what the file was.
        steps: in order.
        pictures: each step's output, if it is to be sent too.
    """
    said = [_step(step) for step in steps]
    if pictures:
        said = [{**step, "image": step_image(picture)} for step, picture in zip(said, pictures, strict=True)]
    return {"width": width, "height": height, "format": image_format, "steps": said}


def step_descriptions(steps: Mapping[str, bool]) -> list[Json]:
    """Return the steps of a preprocessing, each with whether it can be left out."""
    return [{"name": name, "skippable": skippable} for name, skippable in steps.items()]


def step_image(picture: FloatArray | ByteArray) -> str:
    """Return a step's output as a PNG in a data URL, its longer side averaged down to at most ``STEP_IMAGE_PX``.

    Args:
        picture: uint8, or float32 in 0..1; shape ``(rows, columns)`` or ``(rows, columns, 3)``.
    """
    if picture.dtype != np.uint8:
        picture = np.rint(picture * 255).astype(np.uint8)
    if picture.ndim == 3 and picture.strides[2] == 0:  # a grey picture that repeats its one channel
        picture = picture[..., 0]
    factor = ceil(max(picture.shape[:2]) / STEP_IMAGE_PX)
    reduced = Image.fromarray(np.ascontiguousarray(picture)).reduce(factor)
    return "data:image/png;base64," + base64.b64encode(png(np.asarray(reduced))).decode()


def tensor(values: npt.NDArray[np.floating]) -> Json:
    """Return an array for JSON: its shape, and its values flat and row-major."""
    return {"shape": list(values.shape), "values": Numbers(values)}


def layers(card: ModelCard, readings: Sequence[LayerReading], with_values: Collection[str]) -> list[Json]:
    """Return one object per layer, in order; those named in ``with_values`` include their numbers."""
    described = {layer.name: layer for layer in card.layers}
    answers = []
    for reading in readings:
        layer = described[reading.name]
        full = reading.name in with_values
        answer: Json = {
            "name": layer.name,
            "kind": layer.kind,
            "shape": list(layer.shape),
            "parameters": layer.parameters,
        }
        summary = reading.pre_activation_summary()
        if summary is not None:
            figures = {name: value for name, value in _figures(summary).items() if name != "silent"}
            answer["pre_activation"] = _with_values(figures, reading.pre_activation if full else None)
        answer["activation"] = _with_values(
            _figures(reading.activation_summary()), reading.activation if full else None
        )
        answers.append(answer)
    return answers


def units_off(off: Mapping[str, Collection[int]]) -> list[Json]:
    """Return which units of which layers were switched off."""
    return [{"layer": name, "units": list(units)} for name, units in off.items()]


def layer_weights(layer: str, weights: Weights) -> Iterator[bytes]:
    """Yield one layer's weights as JSON, in pieces: five million numbers at once hold Python's lock for 160 ms."""
    yield b'{"layer":%b,"kernel":' % orjson.dumps(layer)
    yield from _tensor_in_pieces(weights.kernel)
    yield b',"bias":'
    yield from _tensor_in_pieces(weights.bias)
    yield b"}"


def scales(measured: LayerStatistics | None) -> Json:
    """Return the fixed end of a layer's colour scale for each output; null where it was not measured."""
    outputs = {} if measured is None else {"pre_activation": measured.pre_activation, "activation": measured.activation}
    return {
        output: None if (spread := outputs.get(output)) is None else spread.scale
        for output in ("pre_activation", "activation")
    }


def layer_statistics(card: ModelCard, layer: LayerCard, measured: LayerStatistics) -> Json:
    """Return one layer's statistics on the test set; a part that the layer does not have is left out."""
    said: Json = {
        "model": card.name,
        "dataset": card.test.dataset,
        "layer": layer.name,
        "kind": layer.kind,
        "shape": list(layer.shape),
        "examples": measured.examples,
        "levels": measured.levels,
    }
    if measured.pre_activation is not None:
        said["pre_activation"] = _spread(measured.pre_activation)
    return {**said, "activation": _spread(measured.activation)}


def gallery_entry(card: ModelCard, gallery: Gallery, index: int) -> Json:
    """Return the description of one test image."""
    label, answer = int(gallery.labels[index]), int(gallery.answers[index])
    return {
        "index": index,
        "label": card.classes.en[label],
        "answer": card.classes.en[answer],
        "probability": gallery.probabilities[index, answer],
        "label_probability": gallery.probabilities[index, label],
    }


def gallery_image(card: ModelCard, gallery: Gallery, index: int, pixels: ByteArray, atlas: Atlas | None) -> Json:
    """Return one test image with its pixels, and its neighbours from an atlas of the same images."""
    return {
        "model": card.name,
        "dataset": gallery.dataset,
        **gallery_entry(card, gallery, index),
        "probabilities": [
            {"label": label, "probability": probability}
            for label, probability in zip(card.classes.en, gallery.probabilities[index], strict=True)
        ],
        "neighbours": None if atlas is None else np.ascontiguousarray(atlas.neighbours[index]),
        "pixels": pixels / np.float32(255),
    }


def atlas_map(card: ModelCard, atlas: Atlas) -> Json:
    """Return the map of the test images."""
    return {
        "model": card.name,
        "dataset": card.test.dataset,
        "layer": atlas.layer,
        "is_code": atlas.layer == CODE and card.reconstruction is not None and card.reconstruction.code == 2,
        "coordinates": tensor(atlas.coordinates),
        "labels": atlas.labels,
        "answers": atlas.answers,
        "counts": atlas.counts,
        "layers": list(atlas.exciting),
    }


def exciting_images(card: ModelCard, layer: str, exciting: Exciting) -> Json:
    """Return the test images that activate each unit of a layer most."""
    return {
        "model": card.name,
        "layer": layer,
        "images": np.ascontiguousarray(exciting.images),
        "values": [[float(f"{value:.3g}") for value in row] for row in exciting.values.tolist()],
        "places": None if exciting.places is None else np.ascontiguousarray(exciting.places),
    }


def png(pixels: ByteArray) -> bytes:
    """Return a picture of the shape ``(rows, columns)`` or ``(rows, columns, 3)`` as a PNG file."""
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "PNG")
    return file.getvalue()


def frame(answer: Json, tensors: Mapping[str, FloatArray]) -> bytes:
    """Return a frame that carries an answer and named tensors at 8 bits a value."""
    entries, payload, offset = [], [], 0
    for name, values in tensors.items():
        steps, scale = quantise(values)
        entries.append(
            {
                "name": name,
                "shape": list(values.shape),
                "offset": offset,
                "length": steps.size,
                "scale": np.float32(scale),
            }
        )
        payload.append(steps.tobytes())
        offset += steps.size
    header = dump_json({"answer": answer, "tensors": entries})
    return b"".join([FRAME_MAGIC, len(header).to_bytes(4, "little"), header, *payload])


def quantise(values: FloatArray) -> tuple[npt.NDArray[np.int8], float]:
    """Return a tensor as signed bytes and the scale that gives it back; the largest magnitude becomes ±127."""
    scale = np.float32(np.abs(values).max() / 127)
    if scale == 0:  # only zeros, or numbers too small for a step of float32
        return np.zeros(values.shape, np.int8), 0.0
    return np.rint(values / scale).clip(-127, 127).astype(np.int8), float(scale)


def _tensor_in_pieces(values: FloatArray) -> Iterator[bytes]:
    """Yield the result of ``tensor`` as JSON."""
    yield b'{"shape":%b,"values":' % orjson.dumps(values.shape)
    yield from Numbers(values).pieces()
    yield b"}"


def _step(step: Step) -> Json:
    said: Json = {"name": step.name, "applied": step.applied, "parameters": dict(step.parameters)}
    return {**said, "skipped": True} if step.skipped else said


def _rounded(timing_ms: Mapping[str, float]) -> Json:
    return {stage: round(milliseconds, 3) for stage, milliseconds in timing_ms.items()}


def _figures(summary: Summary) -> Json:
    figures = asdict(summary)
    return {**{name: np.float32(figures[name]) for name in ("min", "max", "mean")}, "silent": round(summary.silent, 6)}


def _spread(measured: Spread) -> Json:
    return {
        "histogram": {"edges": measured.edges, "counts": measured.counts},
        "quantiles": tensor(measured.quantiles),
    }


def _with_values(figures: Json, values: FloatArray | None) -> Json:
    return figures if values is None else {**figures, "values": Numbers(values)}
