"""``POST /decode``: takes a code, and returns the image that an autoencoder decodes from it."""

from typing import Annotated, Any

import numpy as np
import orjson
from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field
from starlette.requests import Request
from starlette.responses import Response

from app import problems
from app.arrays import FloatArray
from app.http.queries import QueryRoute
from app.http.responses import JsonResponse, documented_problems
from app.network.traced import Network
from app.pipeline.bodies import read_body
from app.schemas.answers import DecodeAnswer
from app.services import services_of
from app.wire import answers

LARGEST = 1_000_000
"""The largest magnitude of a code's numbers: far above any that the encoder gives, and far below an overflow."""

router = APIRouter(tags=["predict"], route_class=QueryRoute)

CODE_BODY = {
    "required": True,
    "content": {
        "application/json": {
            "schema": {
                "type": "object",
                "required": ["code"],
                "additionalProperties": False,
                "properties": {
                    "code": {
                        "type": "array",
                        "items": {"type": "number", "minimum": -LARGEST, "maximum": LARGEST},
                        "description": "As many numbers as `reconstruction.code` on the network's card.",
                    }
                },
            },
            "examples": {"two": {"summary": "A code of two numbers", "value": {"code": [10.0, 20.0]}}},
        }
    },
}


class DecodeParameters(BaseModel):
    """Which autoencoder."""

    model_config = ConfigDict(extra="forbid")

    model: str | None = Field(
        None,
        description="The autoencoder; `GET /models` lists the networks.",
        examples=["mnist-autoencoder"],
    )


@router.post(
    "/decode",
    summary="Decode a code into an image",
    response_model=DecodeAnswer,
    openapi_extra={"requestBody": CODE_BODY},
    responses=documented_problems(
        problems.UnknownModel,
        problems.NoCode,
        problems.TooManyBytes,
        problems.InvalidRequest,
        problems.InvalidCode,
        problems.NoModel,
        problems.Busy,
    ),
)
async def decode(request: Request, parameters: Annotated[DecodeParameters, Query()]) -> Response:
    """Run the decoder of an autoencoder: from any code, also one that belongs to no image, to an image.

    `POST /predict` returns an image's code. If the atlas of the network has `is_code`, its coordinates are the
    codes of the test images, and any point of that map may be sent here.
    """
    services = services_of(request)
    library = services.library
    network = library.get(parameters.model).network
    reconstruction = network.card.reconstruction
    if reconstruction is None:
        raise problems.NoCode([name for name, other in library.networks.items() if other.card.reconstruction])
    code = _code(await read_body(request, services.settings.max_body_bytes), reconstruction.code)
    return await services.reader.run_alone(request, lambda: _respond(network, code))


def _respond(network: Network, code: FloatArray) -> Response:
    return JsonResponse(answers.decoded(network.card, code, network.decode(code[np.newaxis])[0]))


def _code(body: bytes, numbers: int) -> FloatArray:
    """Return the code in a body, float32, shape ``(numbers,)``.

    Raises:
        InvalidRequest: if it is not a JSON object with a code.
        InvalidCode: if the code has another length than the network's, or a number is too large.
    """
    try:
        members: Any = orjson.loads(body)
    except orjson.JSONDecodeError:
        raise problems.InvalidRequest("The body is not JSON in UTF-8. NaN and Infinity are not JSON numbers.") from None
    if not isinstance(members, dict) or members.keys() != {"code"}:
        raise problems.InvalidRequest("The JSON body must be an object with “code”, and nothing else.")
    code = members["code"]
    if not isinstance(code, list) or len(code) != numbers or not all(_is_small_number(number) for number in code):
        raise problems.InvalidCode(numbers, LARGEST)
    return np.array(code, np.float32)


def _is_small_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) <= LARGEST
