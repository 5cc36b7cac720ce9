"""The code that all explanations share: common parameters, choosing the network, reading the image."""

import time
from collections.abc import Callable

from pydantic import BaseModel, ConfigDict
from starlette.requests import Request
from starlette.responses import Response

from app import problems
from app.explain.explainers import explainers
from app.http.responses import server_timing
from app.network.library import ServedNetwork
from app.pipeline.preparing import Task
from app.pipeline.reading import Reading
from app.preprocessing import USUAL_FIT, StepOptions
from app.routes.parameters import IMAGE_PROBLEMS, FitChoice, ModelName, SkippedSteps
from app.routes.selections import skipped_steps
from app.scheduling.cancellation import answer_within
from app.scheduling.checkpoint import Checkpoint
from app.services import services_of

EXPLAIN_PROBLEMS: tuple[type[problems.Problem], ...] = (*IMAGE_PROBLEMS, problems.FixedStep)
"""The problems with an explanation's image and with its preprocessing parameters."""


class ExplainParameters(BaseModel):
    """The parameters of every explanation besides the image."""

    model_config = ConfigDict(extra="forbid")

    model: ModelName = None
    fit: FitChoice = USUAL_FIT
    skip_steps: SkippedSteps = None


def explained_network(
    request: Request, parameters: ExplainParameters, explainer: str, needs: str | None = None
) -> ServedNetwork:
    """Return the requested network, after checking that it has what the explanation needs.

    Args:
        request: whose query names the network.
        parameters: the same, read.
        explainer: the explanation, named by the last part of its address.
        needs: what a network must have for it, named in the problem.

    Raises:
        UnknownModel: if there is no such network.
        NoExplanation: if it lacks what the explanation needs.
    """
    served = services_of(request).library.get(parameters.model)
    if explainer not in explainers(served.card):
        raise problems.NoExplanation(explainers(served.card), needs)
    return served


async def explain_image(
    request: Request,
    served: ServedNetwork,
    parameters: ExplainParameters,
    explain: Callable[[Reading, Checkpoint], Response],
) -> Response:
    """Read a request's image and explain the network's answer, both in the thread for explanations.

    Args:
        request: carries the image.
        served: the network that is explained.
        parameters: the request's query.
        explain: computes the explanation and formats it; calls the checkpoint between pieces of work.

    Raises:
        Problem: one of ``EXPLAIN_PROBLEMS``.
    """
    services = services_of(request)
    reader, options = services.reader, StepOptions(skipped_steps(parameters.skip_steps, served.card))
    task = await reader.receive(request, served, parameters.fit, options)

    async def explained(task: Task) -> Response:
        def work(checkpoint: Checkpoint) -> Response:
            reading = reader.read_now(task, checkpoint)
            began = time.perf_counter()
            response = explain(reading, checkpoint)
            timing_ms = {**reading.server_timing_ms, "explain": 1e3 * (time.perf_counter() - began)}
            response.headers["Server-Timing"] = server_timing(timing_ms)
            return response

        return await services.explaining.run(work)

    with services.explanations.accept():
        async with answer_within(request, services.settings.max_answer_seconds):
            return await reader.decoded_first(task, explained)
