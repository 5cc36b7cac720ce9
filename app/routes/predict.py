"""``POST /predict``: one image in, the answer and as much of the inside as asked."""

import time
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Annotated, Literal

import numpy as np
from anyio import CapacityLimiter, to_thread
from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field
from starlette.requests import Request
from starlette.responses import Response

from app import problems, wire
from app.images import ImageLimits, decode_image
from app.library import Library
from app.network import Network, Readout
from app.preprocessing import Fit, prepare
from app.readings import LayerReading, classify, read_layers, reconstruct
from app.routes.bodies import ImageFile, Pixels, check_pixels, read_image_body
from app.routes.examples import predict_request_body
from app.routes.responses import JsonResponse, documented_problems, frame_response
from app.schemas import PredictAnswer
from app.settings import Settings

router = APIRouter(tags=["predict"])


class PredictParameters(BaseModel):
    """Everything about a prediction that is not the image."""

    model_config = ConfigDict(extra="forbid")

    model: str | None = Field(None, description="The network that answers; `GET /models` lists them.")
    layers: str = Field(
        "none",
        description="How much of the inside to return: `none`; `summary`, a few figures a layer; `full`, every number; "
        "or names of layers, separated by commas, in full, with the figures of the others.",
        examples=["none", "summary", "full", "hidden_1,output"],
    )
    format: Literal["json", "frame"] = Field(
        "json",
        description="`frame` is the compact form that the page draws from: the answer with every layer's figures, then "
        "at 8 bits a value the network's input and the pre-activations of the layers asked for.",
    )
    fit: Fit = Field("whole", description="How a photograph is made square: squeezed whole, or its centre cut out.")


@dataclass(frozen=True)
class _Answered:
    """One image's way through the network."""

    body: wire.Json
    readings: tuple[LayerReading, ...]
    tensor: wire.FloatArray


@router.post(
    "/predict",
    summary="Classify one image, or rebuild it from its code",
    openapi_extra={"requestBody": predict_request_body()},
    responses={
        200: {
            "model": PredictAnswer,
            "description": "The answer.",
            "content": {wire.FRAME_MEDIA_TYPE: {"schema": {"type": "string", "format": "binary"}}},
        },
        **documented_problems(
            problems.NotAnImage,
            problems.BrokenImage,
            problems.UnknownModel,
            problems.UnknownLayer,
            problems.TooManyBytes,
            problems.TooManyPixels,
            problems.UnsupportedBody,
            problems.InvalidRequest,
            problems.InvalidPixels,
            problems.NothingDrawn,
            problems.NoModel,
            problems.Busy,
        ),
    },
)
async def predict(request: Request, parameters: Annotated[PredictParameters, Query()]) -> Response:
    """Send one image in one of three forms: a form's part `file`, the image itself as the body, or JSON.

    What the image is, is read from its content, not from its name. A photograph of a digit is brought into the form
    that MNIST's digits have: ink found, background removed, cropped, scaled and centred; `input.steps` says what
    was done.

    A classifier answers with a label and probabilities, an autoencoder with a code and a reconstruction: `task` says
    which.
    """
    _refuse_repeated_parameters(request)
    library: Library = request.app.state.library
    settings: Settings = request.app.state.settings
    network = library.get(parameters.model)
    full = _layers_in_full(parameters.layers, network)
    image = await read_image_body(request, settings.max_body_bytes)
    limits = ImageLimits(max_pixels=settings.max_image_pixels)
    places: CapacityLimiter = request.app.state.places
    if places.statistics().tasks_waiting >= settings.max_waiting:
        raise problems.Busy(settings.max_waiting)
    respond = partial(_respond, request, parameters, network, full, image, limits)
    return await to_thread.run_sync(respond, limiter=places)


def _respond(
    request: Request,
    parameters: PredictParameters,
    network: Network,
    full: Collection[str],
    image: ImageFile | Pixels,
    limits: ImageLimits,
) -> Response:
    answered = _answer(network, image, limits, parameters.fit)
    if parameters.format == "frame":
        return frame_response(request, _frame(network, answered, full))
    if parameters.layers == "none":
        return JsonResponse(answered.body)
    return JsonResponse(_with_layers(network, answered, full))


def _answer(network: Network, image: ImageFile | Pixels, limits: ImageLimits, fit: Fit) -> _Answered:
    """Take one image along the whole line, and note how long each part of it took."""
    began = time.perf_counter()
    if isinstance(image, Pixels):
        tensor = check_pixels(image.rows, network.card.input.shape)
        received = wire.received_image(tensor.shape[1], tensor.shape[0], "pixels", ())
        decoded = prepared_at = time.perf_counter()
    else:
        upright = decode_image(image.content, limits)
        decoded = time.perf_counter()
        prepared = prepare(network.card.input.preprocessing, upright, fit)
        tensor = prepared.tensor
        received = wire.received_image(upright.width, upright.height, upright.format, prepared.steps)
        prepared_at = time.perf_counter()
    readout = network.run(tensor[np.newaxis])
    finished = time.perf_counter()
    timing_ms = {
        "decode": 1e3 * (decoded - began),
        "preprocess": 1e3 * (prepared_at - decoded),
        "network": 1e3 * (finished - prepared_at),
        "total": 1e3 * (finished - began),
    }
    body = _body(network, readout, tensor, received, timing_ms)
    return _Answered(body, read_layers(readout, 0), tensor)


def _body(
    network: Network, readout: Readout, tensor: wire.FloatArray, received: wire.Json, timing_ms: Mapping[str, float]
) -> wire.Json:
    """Say what the network made of the first image of a batch, as its task wants."""
    if network.card.task == "reconstruction":
        return wire.reconstruction(network.card, reconstruct(readout, 0, tensor), received, timing_ms)
    answer = classify(readout, 0, network.card.classes.en)
    return wire.prediction(network.card, answer, received, timing_ms)


def _refuse_repeated_parameters(request: Request) -> None:
    """Of a parameter that stands twice in the query neither value is taken, since either would be a guess."""
    names = [name for name, _ in request.query_params.multi_items()]
    if len(set(names)) < len(names):
        raise problems.InvalidRequest("A parameter stands twice in the query. Give each of them once.")


def _layers_in_full(asked: str, network: Network) -> frozenset[str]:
    """Return the names of the layers whose numbers travel.

    Raises:
        UnknownLayer: if one of the names asked for is no layer's.
    """
    names = tuple(layer.name for layer in network.card.layers)
    if asked in ("none", "summary"):
        return frozenset()
    if asked == "full":
        return frozenset(names)
    wanted = frozenset(name.strip() for name in asked.split(","))
    if not wanted <= set(names):
        raise problems.UnknownLayer(names)
    return wanted


def _with_layers(network: Network, answered: _Answered, full: Collection[str]) -> wire.Json:
    received = {**answered.body["input"], "tensor": wire.tensor(answered.tensor)}
    return {**answered.body, "input": received, "layers": wire.layers(network.card, answered.readings, full)}


def _frame(network: Network, answered: _Answered, full: Collection[str]) -> bytes:
    pre_activations = {
        reading.name: reading.pre_activation
        for reading in answered.readings
        if reading.name in full and reading.pre_activation is not None
    }
    header = {**answered.body, "layers": wire.layers(network.card, answered.readings, ())}
    return wire.frame(header, {"input": answered.tensor, **pre_activations})
