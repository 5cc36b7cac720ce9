"""``POST /predict``: takes one image; returns the answer and the requested layers."""

from collections.abc import Collection, Mapping
from functools import partial
from typing import Annotated, Literal

from anyio import to_thread
from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field
from starlette.requests import Request
from starlette.responses import Response

from app import problems
from app.http.json_text import Json
from app.http.queries import QueryRoute
from app.http.responses import JsonResponse, compressible_response, documented_problems, server_timing
from app.network.readings import classify, read_layers, reconstruct
from app.network.thinning import masks_without
from app.pipeline.reading import Reading, Received
from app.preprocessing import USUAL_FIT, StepOptions
from app.routes.examples import image_request_body
from app.routes.parameters import IMAGE_PROBLEMS, FitChoice, Layers, ModelName, SkippedSteps, UnitsOff
from app.routes.selections import layers_in_full, skipped_steps, units_off
from app.schemas.answers import PredictAnswer
from app.services import services_of
from app.wire import answers
from app.wire.arrays import NPZ_MEDIA_TYPE, image_arrays, npz

router = APIRouter(tags=["predict"], route_class=QueryRoute)


class PredictParameters(BaseModel):
    """The parameters of a prediction besides the image."""

    model_config = ConfigDict(extra="forbid")

    model: ModelName = None
    layers: Layers = "none"
    format: Literal["json", "frame", "npz"] = Field(
        "json",
        description="`npz` is an archive for `numpy.load`: `input`, `labels`; of a classifier `label`, `logits`, "
        "`probabilities` and `novelty`, of an autoencoder `code`, `reconstruction` and `error`; and of each layer "
        "asked for, in float32, `<layer>/activation` and `<layer>/pre_activation`. "
        "`frame` is the compact form that the page uses: the answer with every layer's figures, then "
        "at 8 bits a value the network's input and the pre-activations of the layers asked for.",
    )
    fit: FitChoice = USUAL_FIT
    off: UnitsOff = None
    steps: Literal["figures", "images"] = Field(
        "figures",
        description="What `input.steps` has for each step from the picture to the network's input: its figures, or "
        "also the picture that it made.",
    )
    skip_steps: SkippedSteps = None


@router.post(
    "/predict",
    summary="Classify one image, or reconstruct it from its code",
    openapi_extra={"requestBody": image_request_body()},
    responses={
        200: {
            "model": PredictAnswer,
            "description": "The answer.",
            "content": {
                answers.FRAME_MEDIA_TYPE: {"schema": {"type": "string", "format": "binary"}},
                NPZ_MEDIA_TYPE: {"schema": {"type": "string", "format": "binary"}},
            },
        },
        **documented_problems(
            *IMAGE_PROBLEMS, problems.UnknownLayer, problems.NoUnits, problems.UnitOutOfRange, problems.FixedStep
        ),
    },
)
async def predict(request: Request, parameters: Annotated[PredictParameters, Query()]) -> Response:
    """Send one image in one of three forms: a form's part `file`, the image itself as the body, or JSON.

    The image's format is determined from its content, not from its name. A photograph of a digit is brought into
    MNIST's form: ink found, background removed, cropped, scaled and centred; `input.steps` lists the steps.

    A classifier answers with a label and probabilities, an autoencoder with a code and a reconstruction: `task` says
    which.
    """
    services = services_of(request)
    served, reader = services.library.get(parameters.model), services.reader
    full = layers_in_full(parameters.layers, served.card)
    off = units_off(parameters.off, served.card)
    options = StepOptions(skipped_steps(parameters.skip_steps, served.card), keep_pictures=parameters.steps == "images")
    task = await reader.receive(request, served, parameters.fit, options)
    if off:
        run = partial(served.network.run_masked, masks=masks_without(served.card, off))
        reading = await reader.read_alone(request, task, run)
    else:
        reading = await reader.read(request, task)
    respond = partial(_respond, request, parameters, full, off, reading)
    if parameters.layers == "none" and parameters.steps == "figures":
        response = respond()
    else:
        with services.predictions.hold():
            response = await to_thread.run_sync(respond)
    response.headers["Server-Timing"] = server_timing(reading.server_timing_ms)
    return response


def _respond(
    request: Request,
    parameters: PredictParameters,
    full: Collection[str],
    off: Mapping[str, Collection[int]],
    reading: Reading,
) -> Response:
    """Format a reading; with the values of every layer this takes milliseconds."""
    network = reading.network
    if parameters.format == "npz":
        arrays = image_arrays(network.card, reading.readout, reading.tensor, reading.novelty, full)
        return Response(npz(network.card, arrays), media_type=NPZ_MEDIA_TYPE)
    answer = _answer(reading, off)
    if parameters.format == "frame":
        return compressible_response(request, _frame(reading, full, answer), answers.FRAME_MEDIA_TYPE)
    if parameters.layers == "none":
        return JsonResponse(answer)
    return JsonResponse(with_layers(reading, full, answer))


def _answer(reading: Reading, off: Mapping[str, Collection[int]]) -> Json:
    """Return the network's answer to the image, and what was switched off."""
    said = describe(reading)
    return {**said, "off": answers.units_off(off)} if off else said


def describe(reading: Reading) -> Json:
    """Return the network's answer to one image, without its layers."""
    network, received = reading.network, describe_received(reading.received)
    if network.card.task == "reconstruction":
        rebuilt = reconstruct(reading.readout, 0, reading.tensor)
        return answers.reconstruction(network.card, rebuilt, received, reading.timing_ms)
    answer = classify(reading.readout, 0, network.card.classes.en)
    return answers.prediction(network.card, answer, reading.novelty, received, reading.timing_ms)


def describe_received(received: Received) -> Json:
    """Return the image that arrived, and the steps that made it the network's input."""
    return answers.received_image(received.width, received.height, received.format, received.steps, received.pictures)


def with_layers(reading: Reading, full: Collection[str], answer: Json) -> Json:
    """Add to an answer the network's input and its layers, those in ``full`` with their numbers."""
    received = {**describe_received(reading.received), "tensor": answers.tensor(reading.tensor)}
    layers = answers.layers(reading.network.card, read_layers(reading.readout, 0), full)
    return {**answer, "input": received, "layers": layers}


def _frame(reading: Reading, full: Collection[str], answer: Json) -> bytes:
    layers = read_layers(reading.readout, 0)
    pre_activations = {
        layer.name: layer.pre_activation for layer in layers if layer.name in full and layer.pre_activation is not None
    }
    header = {**answer, "layers": answers.layers(reading.network.card, layers, ())}
    return answers.frame(header, {"input": reading.tensor, **pre_activations})
