"""What every explanation takes beside its image, the network that it is of, and how the image comes to it."""

from collections.abc import Callable

from pydantic import BaseModel, ConfigDict, Field
from starlette.requests import Request
from starlette.responses import Response

from app import problems
from app.explain.explainers import explainers
from app.network.library import Library
from app.network.traced import Network
from app.preprocessing import USUAL_FIT, Bench, Fit
from app.routes.line import IMAGE_PROBLEMS, Reading, read_where_explained
from app.routes.selections import skipped_steps

EXPLAIN_PROBLEMS: tuple[type[problems.Problem], ...] = (*IMAGE_PROBLEMS, problems.FixedStep)
"""What can be wrong with the image of an explanation, and with how it is to be prepared."""


class ExplainParameters(BaseModel):
    """What every explanation takes beside the image."""

    model_config = ConfigDict(extra="forbid")

    model: str | None = Field(None, description="The network that is explained; `GET /models` lists them.")
    fit: Fit = Field(USUAL_FIT, description="How a photograph is made square: its centre cut out, or squeezed whole.")
    skip_steps: str | None = Field(
        None, description="Steps of the preprocessing to leave out, as `POST /predict` takes them."
    )


def explained_network(
    request: Request, parameters: ExplainParameters, explainer: str, needs: str | None = None
) -> Network:
    """Return the network that is asked for, once it is known to have what the explanation needs.

    Args:
        request: whose query names the network.
        parameters: the same, read.
        explainer: the explanation, by the last part of its address.
        needs: what a network must have for it, to be told where this one has not.

    Raises:
        UnknownModel: if there is no such network.
        NoExplanation: if it lacks what the explanation needs.
    """
    library: Library = request.app.state.library
    network = library.get(parameters.model)
    if explainer not in explainers(network.card):
        raise problems.NoExplanation(explainers(network.card), needs)
    return network


async def explain_image(
    request: Request, network: Network, parameters: ExplainParameters, respond: Callable[[Reading], Response]
) -> Response:
    """Take a request's image along the line, prepared as its parameters say, and answer with an explanation of it.

    Args:
        request: carries the image.
        network: what is explained.
        parameters: the request's query, read.
        respond: what makes the explanation.

    Raises:
        Problem: one of ``EXPLAIN_PROBLEMS``.
    """
    bench = Bench(skipped_steps(parameters.skip_steps, network.card))
    return await read_where_explained(request, network, parameters.fit, respond, bench)
