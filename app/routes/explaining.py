"""What every explanation takes beside its image, and the network that it is of."""

from pydantic import BaseModel, ConfigDict, Field
from starlette.requests import Request

from app import problems
from app.explainers import explainers
from app.library import Library
from app.network import Network
from app.preprocessing import USUAL_FIT, Fit
from app.routes.queries import refuse_repeated_parameters


class ExplainParameters(BaseModel):
    """What every explanation takes beside the image."""

    model_config = ConfigDict(extra="forbid")

    model: str | None = Field(None, description="The network that is explained; `GET /models` lists them.")
    fit: Fit = Field(USUAL_FIT, description="How a photograph is made square: its centre cut out, or squeezed whole.")


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
        InvalidRequest: if a parameter stands twice.
        UnknownModel: if there is no such network.
        NoExplanation: if it lacks what the explanation needs.
    """
    refuse_repeated_parameters(request)
    library: Library = request.app.state.library
    network = library.get(parameters.model)
    if explainer not in explainers(network.card):
        raise problems.NoExplanation(explainers(network.card), needs)
    return network
