"""``POST /explain/gradients``, ``/gradcam``, ``/occlusion`` and ``/votes``: evidence for a class."""

from collections.abc import Collection
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response

from app import problems
from app.bundle.card import ModelCard
from app.explain.attribution import (
    MAX_PLACES,
    WINDOWS,
    Fill,
    Score,
    class_gradients,
    grad_cam,
    input_gradients,
    occlusion_map,
    places_along,
    scores,
)
from app.explain.explainers import convolutions
from app.http.json_text import Json
from app.http.queries import QueryRoute
from app.http.responses import JsonResponse, documented_problems
from app.network.readings import classify
from app.network.thinning import vote
from app.network.traced import Network
from app.pipeline.reading import Reading
from app.routes.examples import image_request_body
from app.routes.explaining import EXPLAIN_PROBLEMS, ExplainParameters, explain_image, explained_network
from app.routes.parameters import Layers
from app.routes.selections import check_label, layers_in_full
from app.scheduling.checkpoint import Checkpoint
from app.schemas.attribution import GradCamExplanation, GradientExplanation, OcclusionExplanation, VotesExplanation
from app.wire import attribution

router = APIRouter(prefix="/explain", tags=["explain"], route_class=QueryRoute)

ALL = "all"
"""The value of ``target`` for all classes."""


class ScoreParameters(ExplainParameters):
    """Which class, and which score of it."""

    target: str | None = Field(None, description="The class, by its label; the network's answer if none is named.")
    of: Score = Field(
        "logit",
        description="`logit`, a sum in the network, or `probability`, which also depends on the other classes.",
    )


class GradientParameters(ScoreParameters):
    """Which class or classes, and which layers."""

    target: str | None = Field(
        None, description="The class, by its label; the network's answer if none is named; `all` for every class."
    )
    layers: Layers = "none"


class GradCamParameters(ScoreParameters):
    """Which class, and which convolution."""

    layer: str | None = Field(None, description="The convolution whose maps are weighted; the last if none is named.")


class OcclusionParameters(ScoreParameters):
    """Which class, and the window that covers the image."""

    window: int | None = Field(
        None,
        ge=1,
        le=1000,
        description="Side of the covered square, in pixels of the network's input: 4 for digits, 8 "
        "for photographs if none is given.",
    )
    stride: int = Field(2, ge=1, le=1000, description="Pixels from one place of the window to the next.")
    fill: Fill | None = Field(
        None,
        description="The window's fill: `zero` (for digits), `grey` (for photographs), or the image's `mean`.",
    )


class VotesParameters(ExplainParameters):
    """How many runs with dropout, and their seed."""

    samples: int = Field(50, ge=1, le=200, description="How many networks, each with a random dropout mask, vote.")
    seed: int = Field(0, ge=0, le=2**32 - 1, description="The same seed gives the same dropout masks.")


@router.post(
    "/gradients",
    summary="How a class's score changes with every value",
    response_model=GradientExplanation,
    openapi_extra={"requestBody": image_request_body()},
    responses=documented_problems(
        *EXPLAIN_PROBLEMS, problems.UnknownLayer, problems.UnknownLabel, problems.NoExplanation
    ),
)
async def explain_gradients(request: Request, parameters: Annotated[GradientParameters, Query()]) -> Response:
    """Return the gradient of a class's logit or probability with respect to the input and every layer's values.

    `target=all` returns the input gradients of all classes, on one scale.
    """
    served = explained_network(request, parameters, "gradients")
    full = layers_in_full(parameters.layers, served.card)
    if parameters.target == ALL and parameters.layers != "none":
        raise problems.InvalidRequest("“target=all” returns input gradients only: leave “layers” out.")
    check_label(None if parameters.target == ALL else parameters.target, served.card)
    return await explain_image(
        request, served, parameters, partial(_respond_gradients, served.network, parameters, full)
    )


@router.post(
    "/gradcam",
    summary="Where a convolution's maps support a class",
    response_model=GradCamExplanation,
    openapi_extra={"requestBody": image_request_body()},
    responses=documented_problems(
        *EXPLAIN_PROBLEMS, problems.UnknownLayer, problems.NoMaps, problems.UnknownLabel, problems.NoExplanation
    ),
)
async def explain_gradcam(request: Request, parameters: Annotated[GradCamParameters, Query()]) -> Response:
    """Weight the maps of a convolution by their mean gradient, and add them up: Grad-CAM (Selvaraju et al., 2017)."""
    served = explained_network(request, parameters, "gradcam", needs="a convolution")
    check_label(parameters.target, served.card)
    layer = _convolution(parameters.layer, served.card)
    return await explain_image(
        request, served, parameters, partial(_respond_gradcam, served.network, parameters, layer)
    )


@router.post(
    "/occlusion",
    summary="How far a class's score falls where the image is covered",
    response_model=OcclusionExplanation,
    openapi_extra={"requestBody": image_request_body()},
    responses=documented_problems(*EXPLAIN_PROBLEMS, problems.UnknownLabel, problems.NoExplanation),
)
async def explain_occlusion(request: Request, parameters: Annotated[OcclusionParameters, Query()]) -> Response:
    """Cover the network's input with a square at each place, and measure the score (Zeiler and Fergus, 2014).

    The square lies inside the image; if the stride does not divide the rest, the last pixels are never covered.
    """
    served = explained_network(request, parameters, "occlusion")
    check_label(parameters.target, served.card)
    window, fill = WINDOWS[served.card.input.preprocessing]
    window, fill = parameters.window or window, parameters.fill or fill
    _check_places(window, parameters.stride, served.card)
    respond = partial(_respond_occlusion, served.network, parameters, window, fill)
    return await explain_image(request, served, parameters, respond)


@router.post(
    "/votes",
    summary="Answers with dropout left on",
    response_model=VotesExplanation,
    openapi_extra={"requestBody": image_request_body()},
    responses=documented_problems(*EXPLAIN_PROBLEMS, problems.NoExplanation),
)
async def explain_votes(request: Request, parameters: Annotated[VotesParameters, Query()]) -> Response:
    """Classify the image several times with random dropout, as in training, at the rates of the saved layers.

    If the runs agree, the answer does not depend on a few units.
    """
    served = explained_network(request, parameters, "votes", needs="a dropout layer")
    return await explain_image(request, served, parameters, partial(_respond_votes, served.network, parameters))


def _respond_gradients(
    network: Network, parameters: GradientParameters, full: Collection[str], reading: Reading, checkpoint: Checkpoint
) -> Response:
    card, of = network.card, parameters.of
    logits = reading.readout.logits[0]
    label, labels, by_score = _label(network, reading), card.classes.en, scores(logits, of)
    if parameters.target == ALL:
        together = input_gradients(network, reading.tensor, logits, of, checkpoint)
        by_class = list(zip(labels, by_score, together, strict=True))
        return JsonResponse(attribution.gradients(card, label, of, by_class, None), between=checkpoint)
    target = parameters.target or label
    found = class_gradients(network, reading.tensor, logits, labels.index(target), of)
    checkpoint()
    by_input = found[0].activation
    assert by_input is not None  # every score depends on the input
    by_class = [(target, by_score[labels.index(target)], by_input.reshape(reading.tensor.shape))]
    layers = None if parameters.layers == "none" else attribution.layer_gradients(card, found, full)
    return JsonResponse(attribution.gradients(card, label, of, by_class, layers), between=checkpoint)


def _respond_gradcam(
    network: Network, parameters: GradCamParameters, layer: str, reading: Reading, checkpoint: Checkpoint
) -> Response:
    target, said = _scored(network, parameters, reading)
    activation = next(read.activation[0] for read in reading.readout.layers if read.name == layer)
    found = class_gradients(network, reading.tensor, reading.readout.logits[0], target, parameters.of)
    checkpoint()
    gradient = next(by.activation for by in found if by.name == layer)
    assert gradient is not None  # a convolution lies in front of every score
    rows, columns = reading.tensor.shape[:2]
    cam = grad_cam(activation, gradient, rows, columns)
    return JsonResponse({**said, **attribution.grad_cam(layer, cam)}, between=checkpoint)


def _respond_occlusion(
    network: Network, parameters: OcclusionParameters, window: int, fill: Fill, reading: Reading, checkpoint: Checkpoint
) -> Response:
    target, said = _scored(network, parameters, reading)
    falls = occlusion_map(network, reading.tensor, target, parameters.of, window, parameters.stride, fill, checkpoint)
    checkpoint()
    return JsonResponse({**said, **attribution.occlusion(window, parameters.stride, fill, falls)}, between=checkpoint)


def _respond_votes(network: Network, parameters: VotesParameters, reading: Reading, checkpoint: Checkpoint) -> Response:
    whole = classify(reading.readout, 0, network.card.classes.en)
    found = vote(network, reading.tensor, parameters.samples, parameters.seed, checkpoint)
    return JsonResponse(attribution.votes(network.card, whole, parameters.seed, found), between=checkpoint)


def _scored(network: Network, parameters: ScoreParameters, reading: Reading) -> tuple[int, Json]:
    """Return the target's index, and the beginning of the answer."""
    label, labels = _label(network, reading), network.card.classes.en
    target = parameters.target or label
    score = scores(reading.readout.logits[0], parameters.of)[labels.index(target)]
    return labels.index(target), attribution.scored(network.card, label, target, parameters.of, float(score))


def _label(network: Network, reading: Reading) -> str:
    return classify(reading.readout, 0, network.card.classes.en).label


def _convolution(asked: str | None, card: ModelCard) -> str:
    """Return the name of the requested convolution, or of the last one.

    Raises:
        UnknownLayer: if there is no layer of this name.
        NoMaps: if it is not a convolution.
    """
    names = [layer.name for layer in card.layers]
    if asked is None:
        return convolutions(card)[-1]
    if asked not in names:
        raise problems.UnknownLayer(names)
    if asked not in convolutions(card):
        raise problems.NoMaps(convolutions(card))
    return asked


def _check_places(window: int, stride: int, card: ModelCard) -> None:
    """Refuse a window that does not fit, or has too many places.

    Raises:
        InvalidRequest: with the limit that was exceeded.
    """
    rows, columns = card.input.shape[:2]
    largest = min(rows, columns)
    if window > largest:
        raise problems.InvalidRequest(
            f"“window” does not fit into the image: it may be at most {largest} pixels wide.", limit_window=largest
        )
    if places_along(rows, window, stride) * places_along(columns, window, stride) > MAX_PLACES:
        raise problems.InvalidRequest(
            f"The window would have more than {MAX_PLACES} places. Give it a larger “stride”.", limit_places=MAX_PLACES
        )
