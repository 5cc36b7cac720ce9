"""The line that every image goes along, whatever is asked of it: body, place, tensor, every layer's numbers.

What waits for a plain answer goes through the network together (``batching.py``). What is dear has a thread of its own
and goes alone, so that nobody waits for it: an explanation, a run with units switched off. A large picture is decoded
in a thread of its own too, and joins the others then. As many such threads run at once as there are places; some more
images wait, and the others are told to come back. What nobody waits for any longer is dropped.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from typing import Any, Final, Generic, TypeVar

import numpy as np
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response

from app import problems
from app.bundle.novelty import Novelty
from app.http.json_text import Json
from app.http.metrics import Metrics
from app.network.readings import read_novelty
from app.network.traced import Network, Readout
from app.preprocessing import USUAL, Bench, Fit, prepare
from app.preprocessing.images import ImageLimits, decode_opened, open_image
from app.routes.bodies import ImageFile, Pixels, check_pixels, read_image_body
from app.scheduling.admission import Entrance, Precedence, Visit, Workplace, while_wanted
from app.scheduling.batching import Batcher
from app.settings import Settings
from app.wire import answers

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
    problems.TookTooLong,
    problems.SlowBody,
)
"""What can go wrong with any image that is sent to a network."""

LARGE_PIXELS: Final = 1_000_000  # from here on decoding takes ten milliseconds and more, and others would wait for it

Run = Callable[[answers.FloatArray], Readout]
Result = TypeVar("Result")


@dataclass(frozen=True)
class Ready:
    """An image that has become a network's input.

    Attributes:
        tensor: float32 in 0..1, in the shape that the network's card says.
        received: what is said of the image that arrived, and of the steps that made it the network's input.
        decode_ms: how long decoding took.
        preprocess_ms: how long the steps took.
    """

    tensor: answers.FloatArray
    received: Json
    decode_ms: float
    preprocess_ms: float


@dataclass(frozen=True)
class Passage:
    """What a network made of the images that went through it together."""

    network: Network
    readout: Readout
    network_ms: float

    @cached_property
    def novelty(self) -> Sequence[Novelty | None]:
        """How unlike the training data each image is; measured for all of them when first asked for."""
        return read_novelty(self.network.novelty, self.readout)


@dataclass(frozen=True)
class Reading:
    """One image at the end of the line.

    Attributes:
        ready: the image as the network was given it.
        passage: what it and those with it went through.
        index: which of them it is.
        arrived: when the request had arrived, on the clock of ``time.perf_counter``.
        finished: when the network had.
    """

    ready: Ready
    passage: Passage
    index: int
    arrived: float
    finished: float

    @property
    def tensor(self) -> answers.FloatArray:
        """What the network was given: float32 in 0..1, in the shape that its card says."""
        return self.ready.tensor

    @property
    def received(self) -> Json:
        """What is said of the image that arrived."""
        return self.ready.received

    @cached_property
    def readout(self) -> Readout:
        """Every layer's numbers, for a batch of this one image."""
        return self.passage.readout.of(self.index)

    @property
    def novelty(self) -> Novelty | None:
        """How unlike the training data the image is; None where that is not measured."""
        return self.passage.novelty[self.index]

    @property
    def timing_ms(self) -> dict[str, float]:
        """How long each part of the line took; waiting is what is left of the whole."""
        parts = {
            "decode": self.ready.decode_ms,
            "preprocess": self.ready.preprocess_ms,
            "network": self.passage.network_ms,
        }
        total = 1e3 * (self.finished - self.arrived)
        return {"wait": max(0.0, total - sum(parts.values())), **parts, "total": total}


@dataclass(frozen=True)
class Job(Generic[Result]):
    """One image on its way to a network.

    Attributes:
        network: what reads it.
        image: in one of the forms that a body has, or ready already.
        limits: how large a picture may be.
        fit: how a photograph is made square.
        respond: makes of the reading what is asked for.
        bench: how the preprocessing departs from the usual.
        arrived: on the clock of ``time.perf_counter``.
    """

    network: Network
    image: ImageFile | Pixels | Ready
    limits: ImageLimits
    fit: Fit
    respond: Callable[[Reading], Result]
    bench: Bench = USUAL
    arrived: float = field(default_factory=time.perf_counter)


class _LargePicture(Exception):
    """A picture whose decoding nobody else shall wait for."""


async def read_image(
    request: Request,
    network: Network,
    fit: Fit,
    respond: Callable[[Reading], Response],
    run: Run | None = None,
    bench: Bench = USUAL,
) -> Response:
    """Take a request's image along the line alone, and answer with what ``respond`` makes of it.

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
    job = await _job(request, network, fit, respond, bench)
    refuse_when_crowded(request.app)
    predictions: Precedence = request.app.state.predictions
    with predictions.first():
        return await _go_alone(request, request.app.state.alone, job, run or network.run)


async def read_where_explained(
    request: Request, network: Network, fit: Fit, respond: Callable[[Reading], Response], bench: Bench
) -> Response:
    """Take a request's image along the line alone, and answer with an explanation, all of it where explaining is done.

    Args:
        request: carries the image in one of three forms.
        network: what reads it.
        fit: how a photograph is made square.
        respond: computes the explanation.
        bench: how the preprocessing departs from the usual.

    Raises:
        Problem: one of ``IMAGE_PROBLEMS``.
    """
    explanations: Entrance = request.app.state.explanations
    job = await _job(request, network, fit, respond, bench)
    with explanations.admit():
        return await _go_alone(request, request.app.state.explaining, job, network.run)


async def read_image_with_others(
    request: Request, network: Network, fit: Fit, respond: Callable[[Reading], Response], bench: Bench = USUAL
) -> Response:
    """Take a request's image along the line together with whatever else waits.

    Args:
        request: carries the image in one of three forms.
        network: what reads it.
        fit: how a photograph is made square.
        respond: called for one image after the other, while the others wait.
        bench: how the preprocessing departs from the usual.

    Raises:
        Problem: one of ``IMAGE_PROBLEMS``.
    """
    job = await _job(request, network, fit, respond, bench)
    refuse_when_crowded(request.app)
    async with while_wanted(request, _seconds(request)):
        return await take_along(request.app, job)


async def take_along(app: Starlette, job: Job[Result]) -> Result:
    """Take one image along the line together with whatever else waits.

    Raises:
        Problem: one of ``IMAGE_PROBLEMS``.
    """
    batcher: Batcher[Job[Any], Any] = app.state.batcher
    predictions: Precedence = app.state.predictions
    result: Result
    try:
        with predictions.first():
            result = await batcher.submit(job)
    except _LargePicture:
        ready = await app.state.decoders.do(lambda _: _make_ready(job))
        with predictions.first():
            result = await batcher.submit(replace(job, image=ready))
    return result


def read_together(metrics: Metrics, jobs: Sequence[Job[Any]]) -> list[Any]:
    """Do a batch: make each image ready, run those of one network together, and respond to each.

    Args:
        metrics: where the batch and each image's way are noted.
        jobs: the batch.

    Returns:
        What became of each, in order; an exception spoils nothing but its own image.
    """
    outcomes = [_attempt(partial(_make_ready, job, LARGE_PIXELS)) for job in jobs]
    for network in dict.fromkeys(job.network for job in jobs):
        theirs = [
            index
            for index, (job, ready) in enumerate(zip(jobs, outcomes, strict=True))
            if job.network is network and isinstance(ready, Ready)
        ]
        if theirs:
            passage, finished = _pass(network, network.run, [outcomes[index].tensor for index in theirs])
            metrics.observe_batch(len(theirs))
            for place, index in enumerate(theirs):
                job = jobs[index]
                reading = Reading(outcomes[index], passage, place, job.arrived, finished)
                metrics.observe_stages(reading.timing_ms)
                outcomes[index] = _attempt(partial(job.respond, reading))
    return outcomes


def images_waiting(app: Starlette) -> int:
    """Return how many images wait for their turn, in whatever way they are read."""
    threads: tuple[Workplace, ...] = (app.state.alone, app.state.decoders)
    together: int = app.state.batcher.waiting
    return together + sum(place.waiting for place in threads)


def refuse_when_crowded(app: Starlette) -> None:
    """Say so at once where too many images wait already.

    Raises:
        Busy: if they do.
    """
    settings: Settings = app.state.settings
    if images_waiting(app) >= settings.max_waiting:
        raise problems.Busy("images are waiting", settings.max_waiting)


async def take_place(request: Request, work: Callable[[], Result]) -> Result:
    """Do something that needs no image, as soon as there is a place for it.

    Raises:
        Busy: if too many wait for one already.
        TookTooLong: if it is not done in time.
    """
    refuse_when_crowded(request.app)
    alone: Workplace = request.app.state.alone
    async with while_wanted(request, _seconds(request)):
        return await alone.do(lambda _: work())


async def _job(
    request: Request,
    network: Network,
    fit: Fit,
    respond: Callable[[Reading], Response],
    bench: Bench = USUAL,
) -> Job[Response]:
    settings: Settings = request.app.state.settings
    image = await read_image_body(request, settings.max_body_bytes)
    return Job(network, image, ImageLimits(max_pixels=settings.max_image_pixels), fit, respond, bench)


async def _go_alone(request: Request, place: Workplace, job: Job[Result], run: Run) -> Result:
    async with while_wanted(request, _seconds(request)):
        try:
            return await place.do(partial(_read_alone, request.app.state.metrics, job, run))
        except _LargePicture:
            ready = await request.app.state.decoders.do(lambda _: _make_ready(job))
            return await place.do(partial(_read_alone, request.app.state.metrics, replace(job, image=ready), run))


def _seconds(request: Request) -> float:
    settings: Settings = request.app.state.settings
    return settings.max_answer_seconds


def _read_alone(metrics: Metrics, job: Job[Result], run: Run, visit: Visit) -> Result:
    ready = _make_ready(job, LARGE_PIXELS)
    visit.checkpoint()
    passage, finished = _pass(job.network, run, [ready.tensor])
    visit.checkpoint()
    reading = Reading(ready, passage, 0, job.arrived, finished)
    metrics.observe_stages(reading.timing_ms)
    return job.respond(reading)


def _make_ready(job: Job[Any], large_pixels: int | None = None) -> Ready:
    """Turn an image into the network's input, unless it is a picture of ``large_pixels`` or more."""
    if isinstance(job.image, Ready):
        return job.image
    taken = job.network.card.input
    began = time.perf_counter()
    if isinstance(job.image, Pixels):
        tensor = check_pixels(job.image.rows, taken.shape)
        received = answers.received_image(tensor.shape[1], tensor.shape[0], "pixels", ())
        return Ready(tensor, received, decode_ms=1e3 * (time.perf_counter() - began), preprocess_ms=0.0)
    opened = open_image(job.image.content, job.limits)
    if large_pixels is not None and (opened.width * opened.height >= large_pixels or opened.format == "AVIF"):
        raise _LargePicture  # an AVIF's header may say less than what is decoded, and hold up to 1 GB
    upright = decode_opened(opened)
    decoded = time.perf_counter()
    prepared = prepare(taken.preprocessing, upright, job.fit, job.bench)
    received = answers.received_image(upright.width, upright.height, upright.format, prepared.steps, prepared.pictures)
    preprocessed = time.perf_counter()
    return Ready(prepared.tensor, received, 1e3 * (decoded - began), 1e3 * (preprocessed - decoded))


def _pass(network: Network, run: Run, tensors: Sequence[answers.FloatArray]) -> tuple[Passage, float]:
    """Run images through a network together; returns when that was finished, too."""
    began = time.perf_counter()
    readout = run(np.stack(tensors))
    finished = time.perf_counter()
    return Passage(network, readout, 1e3 * (finished - began)), finished


def _attempt(step: Callable[[], Any]) -> Any:  # noqa: ANN401 - a result, or the exception in its place
    try:
        return step()
    except Exception as error:  # noqa: BLE001 - raised again where the result is awaited
        return error
