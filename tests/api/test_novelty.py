"""``POST /predict`` says how unlike the training data an image is, where the bundle holds what that needs."""

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
from fastapi import FastAPI

from app.bundle.card import Arrays, FlaggedShare, NoveltyCard
from app.bundle.files import amend_bundle, read_bundle
from app.main import create_app
from app.routes.examples import seven_pixels
from app.schemas.answers import Card, Prediction
from app.settings import Settings

LAYERS = ("hidden_1", "hidden_3")
SAID = NoveltyCard(
    layers=LAYERS,
    threshold=0.5,
    fitted_on="made by hand",
    fitted_examples=1,
    calibrated_on="made by hand",
    calibration_examples=1,
    rates=(FlaggedShare(name="scribbles", dataset="made by code", usual=False, examples=4, flagged=0.75),),
)


def subspaces(dimensions: int) -> Arrays:
    """Whatever excites the first units alone is usual, for every class."""
    first_units = np.broadcast_to(np.eye(dimensions, 512, dtype=np.float16), (10, dimensions, 512))
    of_layer = {"subspaces": first_units, "scale": np.array([0, 1], np.float32)}
    return {f"novelty/{layer}/{what}": values for layer in LAYERS for what, values in of_layer.items()}


@pytest.fixture(scope="module")
def app(models_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> FastAPI:
    """One network that finds everything unusual, one that finds nothing so, and one that cannot tell."""
    directory = tmp_path_factory.mktemp("models")
    shutil.copytree(models_dir / "mnist-mlp-lecture", directory / "mnist-mlp-lecture")
    bundle = read_bundle(directory / "mnist-mlp-lecture")
    for name, novelty, arrays in (
        ("strict", SAID, subspaces(1)),
        ("lenient", SAID, subspaces(512)),
        ("mute", None, {}),
    ):
        card = bundle.card.model_copy(update={"name": name, "novelty": novelty})
        amend_bundle(bundle, card, {**bundle.statistics(), **arrays})
    shutil.rmtree(directory / "mnist-mlp-lecture")
    return create_app(Settings(models_dir=directory))


@pytest.mark.parametrize(("model", "unusual"), [("strict", True), ("lenient", False)])
def test_answer_says_how_unlike_the_training_data_the_image_is(client, model, unusual):
    answer = client.post(f"/predict?model={model}", json={"pixels": seven_pixels().tolist()})

    novelty = Prediction.model_validate(answer.json()).novelty
    assert novelty.unusual is unusual
    assert novelty.threshold == 0.5
    assert tuple(layer.name for layer in novelty.layers) == LAYERS
    assert novelty.score == pytest.approx(np.mean([layer.score for layer in novelty.layers]), abs=1e-6)
    assert (novelty.score > novelty.threshold) is unusual


def test_frame_has_the_same_numbers_as_json(client, seven):
    said, frame = (
        client.post(f"/predict?model=strict{more}", content=seven, headers={"Content-Type": "image/png"})
        for more in ("", "&format=frame")
    )

    length = int.from_bytes(frame.content[4:8], "little")
    assert json.loads(frame.content[8 : 8 + length])["answer"]["novelty"] == said.json()["novelty"]


def test_network_without_a_measure_has_no_novelty(client, seven):
    answer = client.post("/predict?model=mute", content=seven, headers={"Content-Type": "image/png"})

    assert answer.status_code == 200
    assert answer.json()["novelty"] is None


def test_card_has_the_rates_of_the_measure(client):
    card = Card.model_validate(client.get("/models/strict").json())

    assert card.novelty == SAID
    assert Card.model_validate(client.get("/models/mute").json()).novelty is None
