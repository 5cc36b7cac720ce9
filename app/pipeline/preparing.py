"""Turns an image, in any form that a request can carry, into a network's input."""

import time
from dataclasses import dataclass, field
from typing import Final

from app.network.library import ServedNetwork
from app.pipeline.bodies import ImageFile, Pixels, check_pixels
from app.pipeline.reading import NetworkInput, Received
from app.preprocessing import USUAL, Fit, StepOptions, prepare
from app.preprocessing.images import ImageLimits, decode_opened, open_image

LARGE_PIXELS: Final = 1_000_000
"""Decoding a picture of this size or more takes ten milliseconds or more, too long for the rest of its batch."""


@dataclass(frozen=True)
class Task:
    """One image to run through a network.

    Attributes:
        served: the network.
        image: as sent in the body, or already prepared.
        limits: how large a picture may be.
        fit: how a photograph is made square.
        options: which steps are left out, and whether each step's output is kept.
        arrived: on the clock of ``time.perf_counter``.
    """

    served: ServedNetwork
    image: ImageFile | Pixels | NetworkInput
    limits: ImageLimits
    fit: Fit
    options: StepOptions = USUAL
    arrived: float = field(default_factory=time.perf_counter)


class LargePicture(Exception):
    """Raised if a picture should be decoded in its own thread."""


def make_input(task: Task, large_pixels: int | None = None) -> NetworkInput:
    """Turn a task's image into the network's input.

    Args:
        task: the image, and how it is prepared.
        large_pixels: pictures of this size or more are not decoded here; ``None`` decodes any.

    Raises:
        LargePicture: if the picture has ``large_pixels`` or more.
        Problem: if there is no image, it is damaged, too large, or without ink.
    """
    if isinstance(task.image, NetworkInput):
        return task.image
    taken = task.served.card.input
    began = time.perf_counter()
    if isinstance(task.image, Pixels):
        tensor = check_pixels(task.image.rows, taken.shape)
        received = Received(tensor.shape[1], tensor.shape[0], "pixels")
        return NetworkInput(tensor, received, decode_ms=1e3 * (time.perf_counter() - began), preprocess_ms=0.0)
    opened = open_image(task.image.content, task.limits)
    if large_pixels is not None and (opened.width * opened.height >= large_pixels or opened.format == "AVIF"):
        raise LargePicture  # an AVIF may decode to more than its header says, up to 1 GB
    upright = decode_opened(opened)
    decoded = time.perf_counter()
    prepared = prepare(taken.preprocessing, upright, task.fit, task.options)
    preprocessed = time.perf_counter()
    received = Received(upright.width, upright.height, upright.format, prepared.steps, prepared.pictures)
    return NetworkInput(prepared.tensor, received, 1e3 * (decoded - began), 1e3 * (preprocessed - decoded))
