"""``POST /predict/batch``: many images in, one answer each; an error in one image does not affect the others."""

import asyncio
from collections.abc import Collection, Sequence
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
from app.http.responses import JsonResponse, documented_problems
from app.network.library import ServedNetwork
from app.network.traced import Network
from app.pipeline.bodies import ImageFile, NamedImage, Pixels, read_image_bodies
from app.pipeline.reader import Reader
from app.pipeline.reading import Reading
from app.preprocessing import USUAL_FIT, Fit
from app.routes.examples import images_request_body
from app.routes.parameters import IMAGE_PROBLEMS, FitChoice, ModelName
from app.routes.predict import describe, with_layers
from app.routes.selections import layers_in_full
from app.scheduling.cancellation import answer_within
from app.schemas.answers import BatchAnswer
from app.services import services_of
from app.wire.arrays import NPZ_MEDIA_TYPE, batch_arrays, image_arrays, npz

router = APIRouter(tags=["predict"], route_class=QueryRoute)

Outcome = Reading | problems.Problem


class BatchParameters(BaseModel):
    """The parameters of a batch besides its images."""

    model_config = ConfigDict(extra="forbid")

    model: ModelName = None
    layers: str = Field(
        "none",
        description="What to return of the layers: `none`; `summary`, a few figures per layer, in JSON; with "
        "`format=npz` also `full`, every number, or names of layers, separated by commas.",
        examples=["none", "summary", "full", "hidden_1,output"],
    )
    format: Literal["json", "npz"] = Field(
        "json",
        description="`npz` is one archive for `numpy.load`: the arrays that `POST /predict` gives, with an axis of "
        "images in front; `index`, which of the images they are of; `failed`, which have none, and `failed_detail`, "
        "why.",
    )
    fit: FitChoice = USUAL_FIT


@router.post(
    "/predict/batch",
    summary="Classify many images, or reconstruct them from their codes",
    openapi_extra={"requestBody": images_request_body()},
    responses={
        200: {
            "model": BatchAnswer,
            "description": "One entry per image, in the order in which they were sent.",
            "content": {NPZ_MEDIA_TYPE: {"schema": {"type": "string", "format": "binary"}}},
        },
        **documented_problems(*IMAGE_PROBLEMS, problems.TooManyFiles, problems.UnknownLayer),
    },
)
async def predict_batch(request: Request, parameters: Annotated[BatchParameters, Query()]) -> Response:
    """Send several images: parts `file` of a form, or JSON with a list of `images` or of `pixels`.

    An image that cannot be read gets a problem in its place; all others are answered.
    """
    services = services_of(request)
    served, reader, settings = services.library.get(parameters.model), services.reader, services.settings
    full = layers_in_full(parameters.layers, served.card)
    if full and parameters.format == "json":
        raise problems.InvalidRequest(
            "For many images the numbers of layers are returned as arrays only: add “format=npz”."
        )
    images = await read_image_bodies(request, settings.max_body_bytes, settings.max_batch_files)
    reader.refuse_when_crowded()
    async with answer_within(request, settings.max_answer_seconds):
        outcomes = await asyncio.gather(*(_read(reader, served, named.image, parameters.fit) for named in images))
    return await to_thread.run_sync(partial(_respond, parameters, served.network, full, images, outcomes))


async def _read(
    reader: Reader, served: ServedNetwork, image: ImageFile | Pixels | problems.Problem, fit: Fit
) -> Outcome:
    if isinstance(image, problems.Problem):
        return image
    try:
        return await reader.read_in_batch(reader.task(served, image, fit))
    except problems.Problem as problem:
        return problem


def _respond(
    parameters: BatchParameters,
    network: Network,
    full: Collection[str],
    images: Sequence[NamedImage],
    outcomes: Sequence[Outcome],
) -> Response:
    answered = {index: outcome for index, outcome in enumerate(outcomes) if isinstance(outcome, Reading)}
    failed = {index: outcome for index, outcome in enumerate(outcomes) if isinstance(outcome, problems.Problem)}
    if parameters.format == "npz":
        arrays = {
            index: image_arrays(network.card, reading.readout, reading.tensor, reading.novelty, full)
            for index, reading in answered.items()
        }
        return Response(npz(network.card, batch_arrays(arrays, failed)), media_type=NPZ_MEDIA_TYPE)

    def entry(index: int) -> Json:
        named = {"index": index, "name": images[index].name}
        if index in failed:
            return {**named, "problem": failed[index].body()}
        reading = answered[index]
        answer = describe(reading)
        summed_up = parameters.layers == "summary"
        return {**named, "answer": with_layers(reading, (), answer) if summed_up else answer}

    return JsonResponse(
        {
            "model": network.card.name,
            "answered": len(answered),
            "failed": len(failed),
            "images": [entry(index) for index in range(len(images))],
        }
    )
