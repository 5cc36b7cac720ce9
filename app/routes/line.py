"""The line that every image goes along, whatever is asked of it: body, place, tensor, every layer's numbers.

As many images as there are places are read at once; some more wait, and the others are told to come back.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from anyio import CapacityLimiter, to_thread
from starlette.requests import Request
from starlette.responses import Response

from app import problems, wire
from app.images import ImageLimits, decode_image
from app.network import Network, Readout
from app.preprocessing import USUAL, Bench, Fit, prepare
from app.routes.bodies import ImageFile, Pixels, check_pixels, read_image_body
from app.settings import Settings

IMAGE_PROBLEMS: tuple[type[problems.Problem], ...] = (
    problems.NotAnImage,
    problems.BrokenImage,
    problems.UnknownModel,
    problems.TooManyBytes,
    problems.TooManyPixels,
    problems.UnsupportedBody,
    problems.InvalidRequest,
    problems.InvalidPixels,
    problems.NothingDrawn,
    problems.NoModel,
    problems.Busy,
)
"""What can go wrong with any image that is sent to a network."""


@dataclass(frozen=True)
class Reading:
    """One image at the end of the line.

    Attributes:
        tensor: float32 in 0..1, what the network was given, in the shape that its card says.
        received: what is said of the image that arrived, and of the steps that made it the network's input.
        readout: every layer's numbers, for a batch of this one image.
        timing_ms: how long each part of the line took.
    """

    tensor: wire.FloatArray
    received: wire.Json
    readout: Readout
    timing_ms: dict[str, float]


async def read_image(
    request: Request,
    network: Network,
    fit: Fit,
    respond: Callable[[Reading], Response],
    run: Callable[[wire.FloatArray], Readout] | None = None,
    bench: Bench = USUAL,
) -> Response:
    """Take a request's image along the line, and answer with what ``respond`` makes of it.

    Args:
        request: carries the image in one of three forms.
        network: what reads it.
        fit: how a photograph is made square.
        respond: called in the image's place too, so that what it computes is counted.
        run: how the network is run on a batch, where it is not as it stands.
        bench: how the preprocessing departs from the usual.

    Raises:
        Problem: one of ``IMAGE_PROBLEMS``.
    """
    settings: Settings = request.app.state.settings
    image = await read_image_body(request, settings.max_body_bytes)
    limits = ImageLimits(max_pixels=settings.max_image_pixels)
    run = run or network.run
    return await take_place(request, lambda: respond(_read(network, run, image, limits, fit, bench)))


async def take_place(request: Request, respond: Callable[[], Response]) -> Response:
    """Answer in a thread, as soon as there is a place for it.

    Raises:
        Busy: if too many wait for one already.
    """
    limit: int = request.app.state.settings.max_waiting
    places: CapacityLimiter = request.app.state.places
    if places.statistics().tasks_waiting >= limit:
        raise problems.Busy(limit)
    return await to_thread.run_sync(respond, limiter=places)


def _read(
    network: Network,
    run: Callable[[wire.FloatArray], Readout],
    image: ImageFile | Pixels,
    limits: ImageLimits,
    fit: Fit,
    bench: Bench,
) -> Reading:
    """Take one image along the whole line, and note how long each part of it took."""
    began = time.perf_counter()
    if isinstance(image, Pixels):
        tensor = check_pixels(image.rows, network.card.input.shape)
        received = wire.received_image(tensor.shape[1], tensor.shape[0], "pixels", ())
        decoded = prepared_at = time.perf_counter()
    else:
        upright = decode_image(image.content, limits)
        decoded = time.perf_counter()
        prepared = prepare(network.card.input.preprocessing, upright, fit, bench)
        tensor = prepared.tensor
        received = wire.received_image(upright.width, upright.height, upright.format, prepared.steps, prepared.pictures)
        prepared_at = time.perf_counter()
    readout = run(tensor[np.newaxis])
    finished = time.perf_counter()
    timing_ms = {
        "decode": 1e3 * (decoded - began),
        "preprocess": 1e3 * (prepared_at - decoded),
        "network": 1e3 * (finished - prepared_at),
        "total": 1e3 * (finished - began),
    }
    return Reading(tensor, received, readout, timing_ms)
