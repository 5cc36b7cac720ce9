"""Runs images through networks, in batches or alone.

Images that wait for a plain answer share a call of the network (``scheduling/batching.py``). A run with units switched
off and an explanation run alone, in separate threads. A large picture is first decoded in a separate thread, then
joins a batch. If too many images are waiting, a request is refused.
"""

import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Final, TypeVar

import numpy as np
from starlette.requests import Request

from app import problems
from app.arrays import FloatArray
from app.http.metrics import Metrics
from app.network.library import ServedNetwork
from app.network.readings import read_novelty
from app.network.traced import Readout
from app.pipeline.bodies import ImageFile, Pixels, read_image_body
from app.pipeline.preparing import LARGE_PIXELS, LargePicture, Task, make_input
from app.pipeline.reading import NetworkInput, Passage, Reading
from app.preprocessing import USUAL, Fit, StepOptions
from app.preprocessing.images import ImageLimits
from app.scheduling.batching import Batcher
from app.scheduling.cancellation import answer_within
from app.scheduling.checkpoint import Checkpoint, go_on
from app.scheduling.priority import Priority
from app.scheduling.workers import Workers

PLACES: Final = 4
"""How many images run alone at once: their arithmetic releases Python's lock."""

LARGE_DECODES: Final = 2
"""How many large pictures are decoded at once: each needs several hundred megabytes."""

Run = Callable[[FloatArray], Readout]
Result = TypeVar("Result")


@dataclass(frozen=True)
class ReaderLimits:
    """The limits on one request, and on the number of waiting images."""

    body_bytes: int
    image_pixels: int
    answer_seconds: float
    waiting: int
    batch_images: int


class Reader:
    """Reads the images of requests.

    Args:
        limits: of bodies, pictures, time and waiting images.
        metrics: counts batches and times.
        priority: held while an image is read for a prediction.
    """

    def __init__(self, limits: ReaderLimits, metrics: Metrics, priority: Priority) -> None:
        self.limits = limits
        self._metrics = metrics
        self._priority = priority
        self._alone = Workers(PLACES)
        self._decoders = Workers(LARGE_DECODES)
        self._batcher: Batcher[Task, Reading] = Batcher(partial(read_together, metrics), limits.batch_images)

    @property
    def waiting(self) -> int:
        """How many images wait for their turn."""
        return self._batcher.waiting + self._alone.waiting + self._decoders.waiting

    def task(self, served: ServedNetwork, image: ImageFile | Pixels, fit: Fit, options: StepOptions = USUAL) -> Task:
        """Return an image as a task for a network; its clock starts now."""
        return Task(served, image, ImageLimits(max_pixels=self.limits.image_pixels), fit, options)

    async def receive(self, request: Request, served: ServedNetwork, fit: Fit, options: StepOptions = USUAL) -> Task:
        """Return the image in a request's body as a task.

        Raises:
            Problem: if the body is too large or carries no image.
        """
        return self.task(served, await read_image_body(request, self.limits.body_bytes), fit, options)

    async def read(self, request: Request, task: Task) -> Reading:
        """Read an image in one batch with the other waiting images.

        Raises:
            Busy: if too many images wait.
            TookTooLong: if it takes too long.
            Problem: if the image cannot be read.
        """
        self.refuse_when_crowded()
        async with answer_within(request, self.limits.answer_seconds):
            return await self.read_in_batch(task)

    async def read_in_batch(self, task: Task) -> Reading:
        """Read an image as ``read`` does, without the limits on waiting images and on time."""

        async def submit(task: Task) -> Reading:
            with self._priority.hold():
                return await self._batcher.submit(task)

        return await self.decoded_first(task, submit)

    async def read_alone(self, request: Request, task: Task, run: Run) -> Reading:
        """Read an image in a separate call.

        Args:
            request: the request that carries the image.
            task: the image.
            run: the call, if it is not the network's own: a run with units switched off.

        Raises:
            Busy: if too many images wait.
            TookTooLong: if it takes too long.
            Problem: if the image cannot be read.
        """
        self.refuse_when_crowded()

        async def work(task: Task) -> Reading:
            return await self._alone.run(lambda checkpoint: self.read_now(task, checkpoint, run))

        with self._priority.hold():
            async with answer_within(request, self.limits.answer_seconds):
                return await self.decoded_first(task, work)

    async def run_alone(self, request: Request, work: Callable[[], Result]) -> Result:
        """Run work that needs no image, in the threads that read single images.

        Raises:
            Busy: if too many images wait.
            TookTooLong: if it takes too long.
        """
        self.refuse_when_crowded()
        async with answer_within(request, self.limits.answer_seconds):
            return await self._alone.run(lambda _: work())

    def read_now(self, task: Task, checkpoint: Checkpoint = go_on, run: Run | None = None) -> Reading:
        """Read an image in this thread.

        Raises:
            LargePicture: if it should be decoded in a separate thread.
            Problem: if the image cannot be read.
            Cancelled: by the checkpoint.
        """
        taken = make_input(task, LARGE_PIXELS)
        checkpoint()
        passage, finished = _call(task.served, run or task.served.network.run, [taken.tensor])
        checkpoint()
        reading = Reading(taken, passage, 0, task.arrived, finished)
        self._metrics.observe_stages(reading.timing_ms)
        return reading

    async def decoded_first(self, task: Task, attempt: Callable[[Task], Awaitable[Result]]) -> Result:
        """Await an attempt; if the picture is large, decode it in a separate thread and try again."""
        try:
            return await attempt(task)
        except LargePicture:
            decoded = await self._decoders.run(lambda _: make_input(task))
            return await attempt(replace(task, image=decoded))

    def refuse_when_crowded(self) -> None:
        """Raise a problem if too many images are waiting.

        Raises:
            Busy: if they do.
        """
        if self.waiting >= self.limits.waiting:
            raise problems.Busy("images are waiting", self.limits.waiting)


def read_together(metrics: Metrics, tasks: Sequence[Task]) -> list[Reading | Exception]:
    """Read a batch: prepare each image, and run those of one network in one call.

    Args:
        metrics: counts the batch and its times.
        tasks: the batch.

    Returns:
        A reading or an exception for each, in order; one image's exception does not affect the others.
    """
    inputs = [_attempt(partial(make_input, task, LARGE_PIXELS)) for task in tasks]
    outcomes: list[Reading | Exception] = [taken if isinstance(taken, Exception) else _UNREAD for taken in inputs]
    for served in {id(task.served): task.served for task in tasks}.values():
        theirs = [
            (index, taken)
            for index, (task, taken) in enumerate(zip(tasks, inputs, strict=True))
            if task.served is served and isinstance(taken, NetworkInput)
        ]
        if not theirs:
            continue
        passage, finished = _call(served, served.network.run, [taken.tensor for _, taken in theirs])
        metrics.observe_batch(len(theirs))
        for place, (index, taken) in enumerate(theirs):
            reading = Reading(taken, passage, place, tasks[index].arrived, finished)
            metrics.observe_stages(reading.timing_ms)
            outcomes[index] = reading
    return outcomes


_UNREAD = RuntimeError("The image was not read.")


def _call(served: ServedNetwork, run: Run, tensors: Sequence[FloatArray]) -> tuple[Passage, float]:
    """Run images through a network in one call; also return when it ended."""
    began = time.perf_counter()
    readout = run(np.stack(tensors))
    finished = time.perf_counter()
    novelty = read_novelty(served.novelty, readout)
    return Passage(served.network, readout, novelty, 1e3 * (finished - began)), finished


def _attempt(step: Callable[[], Any]) -> Any:  # noqa: ANN401 - a result, or the exception in its place
    try:
        return step()
    except Exception as error:  # noqa: BLE001 - raised again where the result is awaited
        return error
