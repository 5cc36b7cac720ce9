"""``POST /explain/unit`` and ``POST /explain/trace``: one unit as a sum, and a logit decomposed down to the pixels."""

from functools import partial
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response

from app import problems
from app.bundle.card import LayerCard
from app.explain.arithmetic import Place, Stage, lay_out, softmax_terms, take_apart, trace_logit
from app.http.json_text import Json
from app.http.queries import QueryRoute
from app.http.responses import JsonResponse, documented_problems
from app.network.readings import classify, read_layers
from app.network.traced import Network
from app.pipeline.reading import Reading
from app.routes.examples import image_request_body
from app.routes.explaining import EXPLAIN_PROBLEMS, ExplainParameters, explain_image, explained_network
from app.routes.selections import check_label
from app.scheduling.checkpoint import Checkpoint
from app.schemas.arithmetic import TraceExplanation, UnitExplanation
from app.wire import arithmetic

router = APIRouter(prefix="/explain", tags=["explain"], route_class=QueryRoute)


class UnitParameters(ExplainParameters):
    """Which unit, and how many of its terms."""

    layer: str = Field(description="The layer's name.", examples=["hidden_1"])
    unit: int | None = Field(None, ge=0, description="In a layer of units: which unit.", examples=[7])
    channel: int | None = Field(None, ge=0, description="In a layer of maps: which map.")
    row: int | None = Field(None, ge=0, description="In a layer of maps: which row.")
    column: int | None = Field(None, ge=0, description="In a layer of maps: which column.")
    top: int = Field(10, ge=1, le=1000, description="How many positive, and how many negative, terms are listed.")
    temperature: float = Field(
        1, ge=0.05, le=100, description="Divides the logits of a softmax; the network itself uses 1."
    )


class TraceParameters(ExplainParameters):
    """Which logit, and how many units of each level."""

    target: str | None = Field(
        None, description="The class to trace, by its label; the network's answer if none is named."
    )
    against: str | None = Field(None, description="A class whose logit is subtracted: why this class and not that one.")
    top: int = Field(8, ge=1, le=100, description="How many units of each level are listed.")


@router.post(
    "/unit",
    summary="Decompose one unit",
    response_model=UnitExplanation,
    openapi_extra={"requestBody": image_request_body()},
    responses=documented_problems(
        *EXPLAIN_PROBLEMS, problems.UnknownLayer, problems.NoArithmetic, problems.UnitOutOfRange
    ),
)
async def explain_unit(request: Request, parameters: Annotated[UnitParameters, Query()]) -> Response:
    """Return one unit's value as a sum: the largest positive and negative terms input × weight, the rest, the bias.

    For a convolution the terms are all input channels in its window; for a pooling the largest value; for a
    normalization, dropout or flatten the one value that it came from. The terms are float64 products of the network's
    own numbers, and `residual` is the difference of its float32 sum.
    """
    served = explained_network(request, parameters, "unit")
    place = _place(parameters, _computing_layer(parameters.layer, served.network))
    return await explain_image(request, served, parameters, partial(_respond_unit, served.network, parameters, place))


@router.post(
    "/trace",
    summary="Decompose a logit down to the pixels",
    response_model=TraceExplanation,
    openapi_extra={"requestBody": image_request_body()},
    responses=documented_problems(*EXPLAIN_PROBLEMS, problems.UnknownLabel, problems.NoExplanation),
)
async def explain_trace(request: Request, parameters: Annotated[TraceParameters, Query()]) -> Response:
    """Explain a class's logit: how much each layer's units, and finally the pixels, contribute to it.

    For one input a ReLU network is exactly affine, so the contributions of each level's units and of the biases above
    it add up to the same logit; `affine` is the whole network as one weighted sum of the pixels.
    """
    served = explained_network(request, parameters, "trace")
    check_label(parameters.target, served.card)
    check_label(parameters.against, served.card)
    return await explain_image(request, served, parameters, partial(_respond_trace, served.network, parameters))


def _respond_unit(
    network: Network, parameters: UnitParameters, place: Place, reading: Reading, checkpoint: Checkpoint
) -> Response:
    stage = _stages(network, reading)[parameters.layer]
    checkpoint()
    taken_apart = take_apart(stage, place, parameters.top)
    softmax = _softmax(network, stage, place, parameters.temperature)
    return JsonResponse(arithmetic.unit_sum(network.card, stage, place, taken_apart, softmax), between=checkpoint)


def _respond_trace(network: Network, parameters: TraceParameters, reading: Reading, checkpoint: Checkpoint) -> Response:
    labels = network.card.classes.en
    label = classify(reading.readout, 0, labels).label
    target = parameters.target or label
    if target == parameters.against:
        raise problems.InvalidRequest("“target” and “against” are the same class. Name two, or leave “against” out.")
    against = None if parameters.against is None else labels.index(parameters.against)
    stages = _stages(network, reading)
    checkpoint()
    traced = trace_logit(stages.values(), labels.index(target), against, parameters.top, checkpoint)
    checkpoint()
    shapes = {layer.name: layer.shape for layer in network.card.layers}
    shapes[network.card.layers[0].name] = network.card.input.shape
    return JsonResponse(
        arithmetic.trace(network.card, label, target, parameters.against, traced, shapes), between=checkpoint
    )


def _stages(network: Network, reading: Reading) -> dict[str, Stage]:
    return lay_out(network.card, network.weights, network.moments, read_layers(reading.readout, 0))


def _softmax(network: Network, stage: Stage, place: Place, temperature: float) -> Json | None:
    if stage.layer.activation != "softmax":
        return None
    terms = softmax_terms(stage.sums, temperature)
    difference = float(stage.activation[place]) - float(terms.probabilities[place])
    residual = difference if temperature == 1 else None
    return arithmetic.softmax(network.card.classes.en, stage.sums, terms, residual)


def _computing_layer(name: str, network: Network) -> LayerCard:
    """Return the layer of a name.

    Raises:
        UnknownLayer: if there is none.
        NoArithmetic: if it is the network's input.
    """
    layers = {layer.name: layer for layer in network.card.layers}
    if name not in layers:
        raise problems.UnknownLayer(list(layers))
    if layers[name].kind == "input":
        raise problems.NoArithmetic([layer.name for layer in layers.values() if layer.kind != "input"])
    return layers[name]


def _place(parameters: UnitParameters, layer: LayerCard) -> Place:
    """Return the place of the requested unit in its layer.

    Raises:
        InvalidRequest: if it is named by other axes than the layer has.
        UnitOutOfRange: if the layer has no such place.
    """
    axes = arithmetic.AXES[len(layer.shape)]
    given = parameters.model_dump(include={"unit", "channel", "row", "column"}, exclude_none=True)
    if given.keys() != set(axes):
        said = " and ".join(f"“{axis}”" for axis in axes)
        raise problems.InvalidRequest(f"Name a unit of this layer by {said}, and nothing else.")
    place = tuple(given[axis] for axis in axes)
    if any(index >= side for index, side in zip(place, layer.shape, strict=True)):
        raise problems.UnitOutOfRange(layer.shape, axes)
    return place
