"""The test images, a network's answers to them, and its accuracy on them with units off.

Also the atlas, which describes the test images without showing them.
"""

from functools import partial
from typing import Annotated

import numpy as np
from anyio import to_thread
from fastapi import APIRouter, Path, Query
from pydantic import BaseModel, ConfigDict, Field
from starlette.requests import Request
from starlette.responses import Response

from app import problems
from app.arrays import ByteArray
from app.bundle.atlas import Atlas
from app.bundle.card import ModelCard
from app.bundle.gallery import Gallery, GalleryError, Order, select_images
from app.explain.ablation import Ablation
from app.http.queries import refuse_repeated_parameters
from app.http.responses import JsonResponse, documented_problems
from app.network.library import ServedNetwork
from app.routes.parameters import UnitsOff
from app.routes.selections import units_off
from app.scheduling.cancellation import answer_within
from app.schemas.ablation import AblationAnswer
from app.schemas.answers import AtlasMap, ExcitingImages, GalleryImage, GalleryPage
from app.services import services_of
from app.wire import ablation, answers

PICTURE_SECONDS = 3600
"""How long a browser caches a picture: an index changes its image only if another data set's gallery is made."""

router = APIRouter(prefix="/models", tags=["gallery"])
Index = Annotated[int, Path(ge=0, description="In the test set.")]


class GalleryParameters(BaseModel):
    """Which test images, and in which order."""

    model_config = ConfigDict(extra="forbid")

    label: str | None = Field(None, description="Only images of this class.", examples=["7"])
    answer: str | None = Field(None, description="Only images that the network reads as this class.", examples=["1"])
    wrong: bool | None = Field(None, description="`true`: only misclassified images; `false`: only the others.")
    sort: Order = Field(
        "index", description="By index; by the answer's probability: `confidence` highest first, `doubt` lowest first."
    )
    offset: int = Field(0, ge=0, description="How many of them to skip.")
    limit: int = Field(50, ge=1, le=500, description="How many of them to return.")


class AccuracyParameters(BaseModel):
    """Which units are off."""

    model_config = ConfigDict(extra="forbid")

    off: UnitsOff = None


@router.get(
    "/{name}/gallery",
    summary="Test images, and the network's answers",
    response_model=GalleryPage,
    responses=documented_problems(problems.UnknownModel, problems.NoGallery, problems.InvalidRequest),
)
def get_gallery(request: Request, name: str, parameters: Annotated[GalleryParameters, Query()]) -> Response:
    """List a network's test images that match the parameters; without parameters, all of them, page by page."""
    refuse_repeated_parameters(request)
    served = services_of(request).library.get(name)
    gallery = _gallery(request, served)
    indices = select_images(
        gallery,
        label=_class_index(served.card, "label", parameters.label),
        answer=_class_index(served.card, "answer", parameters.answer),
        wrong=parameters.wrong,
        order=parameters.sort,
    )
    shown = indices[parameters.offset : parameters.offset + parameters.limit]
    return JsonResponse(
        {
            "model": served.card.name,
            "dataset": gallery.dataset,
            "matches_atlas": _atlas_of(served, gallery) is not None,
            "total": len(indices),
            "offset": parameters.offset,
            "images": [answers.gallery_entry(served.card, gallery, index) for index in shown.tolist()],
        }
    )


@router.get(
    "/{name}/gallery/{index}.png",
    summary="One test image as a picture",
    response_class=Response,
    responses={
        200: {"content": {"image/png": {"schema": {"type": "string", "format": "binary"}}}},
        **documented_problems(
            problems.UnknownModel, problems.NoGallery, problems.UnknownImage, problems.InvalidRequest
        ),
    },
)
def get_gallery_picture(request: Request, name: str, index: Index) -> Response:
    """Return a test image as it was published, as a PNG of 28 × 28 or 32 × 32 pixels."""
    served = services_of(request).library.get(name)
    _, pixels = _gallery_image(request, served, index)
    headers = {"Cache-Control": f"max-age={PICTURE_SECONDS}"}
    return Response(answers.png(pixels), media_type="image/png", headers=headers)


@router.get(
    "/{name}/gallery/{index}",
    summary="One test image in numbers",
    response_model=GalleryImage,
    responses=documented_problems(
        problems.UnknownModel, problems.NoGallery, problems.UnknownImage, problems.InvalidRequest
    ),
)
def get_gallery_image(request: Request, name: str, index: Index) -> Response:
    """Return a test image's pixels, the network's answer, and the nearest images in the network."""
    served = services_of(request).library.get(name)
    gallery, pixels = _gallery_image(request, served, index)
    return JsonResponse(answers.gallery_image(served.card, gallery, index, pixels, _atlas_of(served, gallery)))


@router.get(
    "/{name}/accuracy",
    summary="Test accuracy with units switched off",
    response_model=AblationAnswer,
    responses=documented_problems(
        problems.UnknownModel,
        problems.NoAccuracy,
        problems.UnknownLayer,
        problems.NoUnits,
        problems.UnitOutOfRange,
        problems.NoGallery,
        problems.InvalidRequest,
        problems.Busy,
        problems.TookTooLong,
    ),
)
async def get_accuracy(
    request: Request,
    name: Annotated[str, Path(examples=["mnist-mlp"])],
    parameters: Annotated[AccuracyParameters, Query()],
) -> Response:
    """Measure a network with some of its units off on test images of its gallery, compared with the whole network.

    The images are always the same, the first 2,000 of the test set, so that answers can be compared: `lost` and
    `gained` count the images whose answer changes from right to wrong, and back. A digit network takes a tenth of a
    second, a convolutional one about a second; recent results are cached.
    """
    refuse_repeated_parameters(request)
    library = services_of(request).library
    served = library.get(name)
    if served.card.task != "classification":
        raise problems.NoAccuracy([n for n, other in library.networks.items() if other.card.task == "classification"])
    off = units_off(parameters.off, served.card)
    gallery = await to_thread.run_sync(_gallery, request, served)
    if not len(gallery):
        raise problems.NoGallery("The gallery of this network holds no images.", served.card.name)
    found = await _ablation(request, served, gallery, off)
    return JsonResponse(ablation.accuracy(served.card, gallery.dataset, off, found))


@router.get(
    "/{name}/atlas",
    summary="The map of the test images",
    response_model=AtlasMap,
    responses=documented_problems(problems.UnknownModel, problems.NoAtlas, problems.InvalidRequest),
)
def get_atlas(request: Request, name: str) -> Response:
    """Return each test image's position on a map where near images are similar to the network; needs no gallery."""
    served = services_of(request).library.get(name)
    return JsonResponse(answers.atlas_map(served.card, _atlas(served)))


@router.get(
    "/{name}/atlas/{layer}",
    summary="The test images that activate each unit most",
    response_model=ExcitingImages,
    responses=documented_problems(
        problems.UnknownModel, problems.UnknownLayer, problems.NoAtlas, problems.InvalidRequest
    ),
)
def get_exciting_images(request: Request, name: str, layer: str) -> Response:
    """Return for each unit or feature map of a layer the indices of the test images that activate it most."""
    served = services_of(request).library.get(name)
    layers = [described.name for described in served.card.layers]
    if layer not in layers:
        raise problems.UnknownLayer(layers)
    exciting = _atlas(served).exciting
    if layer not in exciting:
        raise problems.NoAtlas(served.card.name, list(exciting))
    return JsonResponse(answers.exciting_images(served.card, layer, exciting[layer]))


async def _ablation(request: Request, served: ServedNetwork, gallery: Gallery, off: dict[str, list[int]]) -> Ablation:
    """Return the cached result, or measure it in the thread for measurements.

    Raises:
        Busy: if too many measurements are running or waiting.
        TookTooLong: if it is not finished in time.
        NoGallery: if the images cannot be read.
    """
    services = services_of(request)
    ablations = services.ablations
    if (found := ablations.recall(served.network, gallery, off)) is not None:
        return found
    try:
        with services.measurements.accept():
            async with answer_within(request, services.settings.max_answer_seconds):
                return await services.measuring.run(partial(ablations.measure, served.network, gallery, off))
    except GalleryError as error:
        raise problems.NoGallery(str(error), served.card.name) from error


def _gallery(request: Request, served: ServedNetwork) -> Gallery:
    try:
        gallery = services_of(request).galleries.get(served.bundle)
    except GalleryError as error:
        raise problems.NoGallery(str(error), served.card.name) from error
    return gallery


def _gallery_image(request: Request, served: ServedNetwork, index: int) -> tuple[Gallery, ByteArray]:
    gallery = _gallery(request, served)
    if index >= len(gallery):
        raise problems.UnknownImage(len(gallery))
    try:
        return gallery, gallery.images[index]
    except GalleryError as error:
        raise problems.NoGallery(str(error), served.card.name) from error


def _atlas(served: ServedNetwork) -> Atlas:
    if served.atlas is None:
        raise problems.NoAtlas(served.card.name, ())
    return served.atlas


def _atlas_of(served: ServedNetwork, gallery: Gallery) -> Atlas | None:
    """Return the atlas if it describes the gallery's images: copies of a data set differ in their order."""
    atlas = served.atlas
    return atlas if atlas is not None and np.array_equal(atlas.labels, gallery.labels) else None


def _class_index(card: ModelCard, parameter: str, label: str | None) -> int | None:
    if label is None:
        return None
    if label not in card.classes.en:
        raise problems.InvalidRequest(f"“{parameter}” is none of this network's classes: {', '.join(card.classes.en)}.")
    return card.classes.en.index(label)
