"""Information on the networks: the list, a card, a layer's weights, a layer's statistics on the test set."""

from collections.abc import AsyncIterator, Iterator
from typing import Annotated

from fastapi import APIRouter, Path
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from app import problems
from app.bundle.card import LayerCard, ModelCard
from app.bundle.gallery import Galleries
from app.explain.explainers import explainers
from app.http.json_text import Json
from app.http.responses import JsonResponse, documented_problems
from app.network.library import ServedNetwork
from app.preprocessing import STEPS
from app.scheduling.workers import Workers
from app.schemas.answers import Card, LayerStatistics, LayerWeights, ModelList
from app.services import Services, services_of
from app.wire import answers

router = APIRouter(prefix="/models", tags=["models"])


def list_models(services: Services) -> Json:
    """Return the networks that are ready, the default one, and the bundles that failed."""
    library = services.library
    return {
        "default": library.default.card.name if library.networks else None,
        "models": [_summary(served, services.galleries) for served in library.networks.values()],
        "failed": [{"name": name, "reason": reason} for name, reason in library.failures.items()],
    }


@router.get("", summary="The networks that are ready", response_model=ModelList)
def get_models(request: Request) -> Response:
    """List the networks that are ready, and the bundles that failed, with the reason."""
    return JsonResponse(list_models(services_of(request)))


@router.get(
    "/{name}",
    summary="A network's card",
    response_model=Card,
    responses=documented_problems(problems.UnknownModel, problems.InvalidRequest),
)
def get_model(request: Request, name: str) -> Response:
    """Return a network's card: layers, accuracy, confusion matrix, history, recipe, where its weights come from."""
    services = services_of(request)
    served = services.library.get(name)
    gallery = services.galleries.has(served.bundle)
    card = served.card.model_dump(mode="json")
    layers = [{**layer, "scale": answers.scales(served.statistics.get(layer["name"]))} for layer in card["layers"]]
    steps = answers.step_descriptions(STEPS[served.card.input.preprocessing])
    return JsonResponse(
        {**card, "steps": steps, "layers": layers, "explainers": explainers(served.card), "gallery": gallery}
    )


@router.get(
    "/{name}/weights/{layer}",
    summary="One layer's weights",
    response_model=LayerWeights,
    responses=documented_problems(
        problems.UnknownModel, problems.UnknownLayer, problems.NoWeights, problems.InvalidRequest
    ),
)
async def get_weights(request: Request, name: str, layer: str) -> Response:
    """Return a layer's kernel and bias, row-major, in Keras's axis order.

    The answer is streamed, so it has no `Content-Length`.
    """
    network = services_of(request).library.get(name).network
    _described(network.card, layer)
    workers = services_of(request).writing
    weights = await workers.run(lambda _: network.weights)
    if layer not in weights:
        raise problems.NoWeights(list(weights))
    return StreamingResponse(
        _written(workers, answers.layer_weights(layer, weights[layer])), media_type="application/json"
    )


@router.get(
    "/{name}/statistics/{layer}",
    summary="One layer's statistics on the test set",
    response_model=LayerStatistics,
    responses=documented_problems(
        problems.UnknownModel, problems.UnknownLayer, problems.NoStatistics, problems.InvalidRequest
    ),
)
def get_statistics(
    request: Request,
    name: Annotated[str, Path(examples=["mnist-mlp"])],
    layer: Annotated[str, Path(examples=["hidden_1"])],
) -> Response:
    """Return the distribution of a layer's values over test images: all as a histogram, each unit's as quantiles."""
    served = services_of(request).library.get(name)
    described = _described(served.card, layer)
    if layer not in served.statistics:
        raise problems.NoStatistics(list(served.statistics))
    return JsonResponse(answers.layer_statistics(served.card, described, served.statistics[layer]))


async def _written(workers: Workers, pieces: Iterator[bytes]) -> AsyncIterator[bytes]:
    """Write one piece after the other, so that only one is held in memory, even if the client is slow."""
    while piece := await workers.run(lambda _: next(pieces, b"")):
        yield piece


def _described(card: ModelCard, name: str) -> LayerCard:
    """Return the card's entry for the layer of this name.

    Raises:
        UnknownLayer: if there is none.
    """
    layers = {layer.name: layer for layer in card.layers}
    if name not in layers:
        raise problems.UnknownLayer(list(layers))
    return layers[name]


def _summary(served: ServedNetwork, galleries: Galleries) -> Json:
    card = served.card
    return {
        **card.model_dump(mode="json", include={"name", "title", "task", "classes", "input", "parameters"}),
        "dataset": card.test.dataset,
        "accuracy": card.test.accuracy,
        "loss": card.test.loss,
        "gallery": galleries.has(served.bundle),
    }
