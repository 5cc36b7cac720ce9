"""``POST /predict``: one image in, the answer and as much of the inside as asked."""

from collections.abc import Collection, Mapping
from functools import partial
from typing import Annotated, Literal

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field
from starlette.requests import Request
from starlette.responses import Response

from app import problems
from app.http.json_text import Json
from app.http.queries import QueryRoute
from app.http.responses import JsonResponse, compressible_response, documented_problems
from app.network.library import Library
from app.network.readings import classify, read_layers, reconstruct
from app.network.thinning import masks_without
from app.network.traced import Network
from app.preprocessing import USUAL_FIT, Bench, Fit
from app.routes.examples import image_request_body
from app.routes.line import IMAGE_PROBLEMS, Reading, read_image, read_image_with_others
from app.routes.selections import layers_in_full, skipped_steps, units_off
from app.schemas.answers import PredictAnswer
from app.wire import answers
from app.wire.arrays import NPZ_MEDIA_TYPE, image_arrays, npz

router = APIRouter(tags=["predict"], route_class=QueryRoute)


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
    format: Literal["json", "frame", "npz"] = Field(
        "json",
        description="`npz` is an archive for `numpy.load`: `input`, `labels`; of a classifier `label`, `logits`, "
        "`probabilities` and `novelty`, of an autoencoder `code`, `reconstruction` and `error`; and of each layer "
        "asked for, in float32, `<layer>/activation` and `<layer>/pre_activation`. "
        "`frame` is the compact form that the page draws from: the answer with every layer's figures, then "
        "at 8 bits a value the network's input and the pre-activations of the layers asked for.",
    )
    fit: Fit = Field(USUAL_FIT, description="How a photograph is made square: its centre cut out, or squeezed whole.")
    off: str | None = Field(
        None,
        description="Units of hidden dense layers, or maps of convolutions, whose activation is held at zero: each as "
        "`layer:unit`, counted from 0, separated by commas. The answer is that of the network without them.",
        examples=["hidden_3:7,hidden_3:40"],
    )
    steps: Literal["figures", "images"] = Field(
        "figures",
        description="What `input.steps` tells of each step from the picture to the network's input: its figures, or "
        "also the picture that it made.",
    )
    skip_steps: str | None = Field(
        None,
        description="Steps of the preprocessing to leave out, separated by commas; `GET /models/{name}` says under "
        "`steps` which can be. Of a digit `crop` takes `fit` with it. `pixels` pass by all of them.",
        examples=["background,specks", "stroke", "centre", "crop"],
    )


@router.post(
    "/predict",
    summary="Classify one image, or rebuild it from its code",
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

    What the image is, is read from its content, not from its name. A photograph of a digit is brought into the form
    that MNIST's digits have: ink found, background removed, cropped, scaled and centred; `input.steps` says what
    was done.

    A classifier answers with a label and probabilities, an autoencoder with a code and a reconstruction: `task` says
    which.
    """
    library: Library = request.app.state.library
    network = library.get(parameters.model)
    full = layers_in_full(parameters.layers, network.card)
    off = units_off(parameters.off, network.card)
    bench = Bench(skipped_steps(parameters.skip_steps, network.card), keep_pictures=parameters.steps == "images")
    respond = partial(_respond, request, parameters, network, full, off)
    if off:
        run = partial(network.run_masked, masks=masks_without(network.card, off))
        return await read_image(request, network, parameters.fit, respond, run, bench)
    return await read_image_with_others(request, network, parameters.fit, respond, bench)


def _respond(
    request: Request,
    parameters: PredictParameters,
    network: Network,
    full: Collection[str],
    off: Mapping[str, Collection[int]],
    reading: Reading,
) -> Response:
    if parameters.format == "npz":
        arrays = image_arrays(network.card, reading.readout, reading.tensor, reading.novelty, full)
        return Response(npz(network.card, arrays), media_type=NPZ_MEDIA_TYPE)
    answer = _answer(network, reading, off)
    if parameters.format == "frame":
        return compressible_response(request, _frame(network, reading, full, answer), answers.FRAME_MEDIA_TYPE)
    if parameters.layers == "none":
        return JsonResponse(answer)
    return JsonResponse(with_layers(network, reading, full, answer))


def _answer(network: Network, reading: Reading, off: Mapping[str, Collection[int]]) -> Json:
    """Say what the network made of the image, and what of it was switched off."""
    said = describe(network, reading)
    return {**said, "off": answers.units_off(off)} if off else said


def describe(network: Network, reading: Reading) -> Json:
    """Say what the network made of one image, without its layers."""
    if network.card.task == "reconstruction":
        rebuilt = reconstruct(reading.readout, 0, reading.tensor)
        return answers.reconstruction(network.card, rebuilt, reading.received, reading.timing_ms)
    answer = classify(reading.readout, 0, network.card.classes.en)
    return answers.prediction(network.card, answer, reading.novelty, reading.received, reading.timing_ms)


def with_layers(network: Network, reading: Reading, full: Collection[str], answer: Json) -> Json:
    """Add to an answer the network's input and its layers, those in ``full`` with their numbers."""
    received = {**reading.received, "tensor": answers.tensor(reading.tensor)}
    layers = answers.layers(network.card, read_layers(reading.readout, 0), full)
    return {**answer, "input": received, "layers": layers}


def _frame(network: Network, reading: Reading, full: Collection[str], answer: Json) -> bytes:
    layers = read_layers(reading.readout, 0)
    pre_activations = {
        layer.name: layer.pre_activation for layer in layers if layer.name in full and layer.pre_activation is not None
    }
    header = {**answer, "layers": answers.layers(network.card, layers, ())}
    return answers.frame(header, {"input": reading.tensor, **pre_activations})
