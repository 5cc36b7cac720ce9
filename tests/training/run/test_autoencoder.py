"""An autoencoder from its recipe to its answer: trained on bars, set beside PCA, written, read again and asked."""

import asyncio
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import pytest
from pydantic import TypeAdapter

from app.bundle.card import BundleError, EpochRecord, ModelCard, Reconstruction
from app.bundle.files import Bundle, read_bundle
from app.main import create_app
from app.network.library import serve_bundle
from app.network.probe import load_model
from app.network.traced import Network
from app.schemas.answers import Card, ModelList, PredictAnswer, ReconstructionAnswer
from app.settings import Settings
from training.__main__ import main
from training.data.datasets import Dataset, network_input
from training.measure.cards import describe_test
from training.recipes import RECIPES, Recipe
from training.run import fit
from training.run.fit import train

NAME = "bars-autoencoder"


@pytest.fixture(scope="module")
def work(autoencoder_recipe: Recipe, bars: Dataset, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where one whole run kept its cache and its models."""
    directory = tmp_path_factory.mktemp("run")
    train(autoencoder_recipe, bars, directory / "cache", directory / "models")
    return directory


@pytest.fixture(scope="module")
def bundle(work: Path) -> Bundle:
    return read_bundle(work / "models" / NAME)


@pytest.fixture(scope="module")
def ask(work: Path) -> Callable[..., httpx.Response]:
    """Sends a request to an application with this one network."""
    app = create_app(Settings(models_dir=work / "models"))

    def send(method: str, url: str, **options: Any) -> httpx.Response:
        async def exchange() -> httpx.Response:
            async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test") as client:
                return await client.request(method, url, **options)

        return asyncio.run(exchange())

    return send


@pytest.fixture
def pixels(bars: Dataset) -> dict[str, Any]:
    """A picture of a bar as a request's body."""
    return {"json": {"pixels": (bars.test_images[0] / 255).tolist()}}


def test_card_sets_the_error_beside_that_of_pca(bundle, bars):
    card = bundle.card
    said = card.reconstruction

    assert card.task == "reconstruction"
    assert (said.code, said.error) == (2, card.test.loss)
    assert said.ratio == pytest.approx(said.error / said.pca_error)
    assert 0 < said.pca_error < (bars.test_images / 255).var()
    assert (card.test.accuracy, card.confusion) == (None, ())
    assert card.history[1].loss < card.history[0].loss
    assert [record.test_accuracy for record in card.history] == [None, None]


def test_saved_network_has_the_error_of_its_card(bundle, bars):
    inputs = network_input(bars.test_images, (784,))

    outputs = load_model(bundle.model_path).predict_on_batch(inputs)

    assert np.square(outputs - inputs).mean(dtype=np.float64) == pytest.approx(bundle.card.test.loss, rel=1e-5)


def test_no_weights_along_the_way_are_kept(work, bundle):
    assert bundle.snapshots() == {}
    assert not list(work.rglob("snapshots.npz"))
    assert not list(work.rglob("step-*"))


def test_classifier_may_do_without_snapshots_too(recipe, bars, tmp_path):
    bundle = train(
        replace(recipe, epochs=1, batch_size=80, snapshots=False), bars, tmp_path / "cache", tmp_path / "models"
    )

    assert bundle.snapshots() == {}
    assert not list(tmp_path.rglob("step-*"))
    assert bundle.card.test.accuracy == bundle.card.history[0].test_accuracy


def test_recipe_that_wants_snapshots_of_an_autoencoder_is_refused(autoencoder_recipe, bars, tmp_path):
    with pytest.raises(ValueError, match="snapshots=False"):
        train(replace(autoencoder_recipe, snapshots=True), bars, tmp_path / "cache", tmp_path / "models")


def test_targets_are_the_deformed_images_themselves(autoencoder_recipe, bars, tmp_path):
    run = fit._make_run(replace(autoencoder_recipe, augmentation="digits"), bars, tmp_path, None)
    plain = fit._make_run(autoencoder_recipe, bars, tmp_path, None)
    model = autoencoder_recipe.build()

    inputs, targets = next(iter(fit._batches(run, model, 1)))
    undeformed, _ = next(iter(fit._batches(plain, model, 1)))

    assert inputs.shape == (16, 784)
    assert np.array_equal(inputs, targets)
    assert not np.array_equal(inputs, undeformed)


def test_stopped_run_continues_to_the_same_network(bundle, autoencoder_recipe, bars, tmp_path, monkeypatch):
    batches = fit._batches

    def stopped_in_the_second(run: object, model: object, epoch: int) -> object:
        if epoch == 2:
            raise KeyboardInterrupt
        return batches(run, model, epoch)

    monkeypatch.setattr(fit, "_batches", stopped_in_the_second)
    with pytest.raises(KeyboardInterrupt):
        train(autoencoder_recipe, bars, tmp_path / "cache", tmp_path / "models")
    monkeypatch.undo()

    again = train(autoencoder_recipe, bars, tmp_path / "cache", tmp_path / "models")

    ours, theirs = (load_model(finished.model_path).get_weights() for finished in (again, bundle))
    for weight, same_weight in zip(ours, theirs, strict=True):
        np.testing.assert_allclose(weight, same_weight, rtol=1e-3, atol=1e-4)


def test_without_accuracy_the_epoch_with_the_lowest_held_out_loss_is_the_best():
    history = tuple(
        EpochRecord(epoch=epoch, seconds=1, loss=0.1, test_loss=0.1, validation_loss=loss)
        for epoch, loss in ((1, 0.3), (2, 0.1), (3, 0.2))
    )

    assert fit.best_epoch(history) == 2
    assert fit.best_epoch(tuple(record.model_copy(update={"validation_loss": None}) for record in history)) == 3


def test_result_is_said_with_both_errors_and_their_ratio(bundle):
    said = Reconstruction(code=2, error=0.0375, pca_error=0.05567, ratio=0.0375 / 0.05567)
    test = bundle.card.test.model_copy(update={"loss": 0.0375})
    card = bundle.card.model_copy(update={"reconstruction": said, "metrics": (test,)})

    assert describe_test(card) == (
        "mean squared error 0.03750 from a code of 2, 0.674 × PCA’s 0.05567, on the 200 test images of MNIST"
    )


def test_evaluating_prints_the_errors_and_maps_the_codes(capsys, work, bars, bars_dir):
    options = ["--data-dir", str(bars_dir), "--models-dir", str(work / "models")]

    assert main(["evaluate", NAME, *options]) == 0

    assert "× PCA’s" in capsys.readouterr().out
    served = serve_bundle(read_bundle(work / "models" / NAME))
    assert served.atlas.layer == "code"
    assert served.atlas.answers is None
    codes = served.network.run(network_input(bars.test_images, (28, 28))).code
    np.testing.assert_allclose(served.atlas.coordinates, codes, rtol=1e-4, atol=1e-5)


def test_pictures_are_no_measure_of_a_network_that_does_not_classify(capsys, work):
    assert main(["evaluate", NAME, "--photos", "photos.zip", "--models-dir", str(work / "models")]) == 1

    assert "does not classify: leave --photos and --strokes out" in capsys.readouterr().err


def test_answer_is_a_code_and_what_comes_back_out_of_it(ask, pixels, bars, bundle):
    answer = ask("POST", "/predict", **pixels)

    ReconstructionAnswer.model_validate_json(answer.content, strict=True)
    assert TypeAdapter(PredictAnswer).validate_json(answer.content).task == "reconstruction"
    said = answer.json()
    assert said["model"] == NAME
    image = network_input(bars.test_images[:1], (784,))
    expected = load_model(bundle.model_path).predict_on_batch(image)
    assert said["reconstruction"]["shape"] == [28, 28]
    assert said["reconstruction"]["values"] == pytest.approx(expected[0], abs=1e-6)
    assert len(said["code"]) == 2
    assert said["error"] == pytest.approx(np.square(expected - image).mean(), rel=1e-5)


def test_linear_code_is_its_own_pre_activation_and_the_sigmoid_is_not(ask, pixels):
    answer = ask("POST", "/predict?layers=full", **pixels)

    ReconstructionAnswer.model_validate_json(answer.content, strict=True)
    layers = {layer["name"]: layer for layer in answer.json()["layers"]}
    code, last = layers["code"], layers["reconstruction"]
    assert code["pre_activation"]["values"] == code["activation"]["values"] == answer.json()["code"]
    logits = np.array(last["pre_activation"]["values"])
    assert last["activation"]["values"] == pytest.approx(1 / (1 + np.exp(-logits)), abs=1e-6)
    assert last["activation"]["values"] == answer.json()["reconstruction"]["values"]


def test_frame_carries_the_code(ask, pixels):
    frame = ask("POST", "/predict?layers=full&format=frame", **pixels).content

    header = json.loads(frame[8 : 8 + int.from_bytes(frame[4:8], "little")])
    code = next(entry for entry in header["tensors"] if entry["name"] == "code")
    start = len(frame) - sum(entry["length"] for entry in header["tensors"]) + code["offset"]
    steps = np.frombuffer(frame[start : start + code["length"]], np.int8)
    assert header["answer"]["task"] == "reconstruction"
    # At 8 bits a value is off by half a step at most; the largest of the code is 127 steps.
    assert steps * code["scale"] == pytest.approx(header["answer"]["code"], abs=0.51 * code["scale"])


def test_list_card_and_page_do_without_an_accuracy(ask, bundle):
    listed = ModelList.model_validate_json(ask("GET", "/models").content)
    card = Card.model_validate_json(ask("GET", f"/models/{NAME}").content)

    assert listed.default == NAME  # there is no classifier that could be it
    assert (listed.models[0].task, listed.models[0].accuracy) == ("reconstruction", None)
    assert listed.models[0].loss == card.reconstruction.error == bundle.card.test.loss
    assert card.recipe["code"] == 2
    assert ask("GET", "/").status_code == 200


def test_openapi_shows_both_answers_and_what_tells_them_apart(ask):
    answers = ask("GET", "/openapi.json").json()["paths"]["/predict"]["post"]["responses"]["200"]["content"]

    schema = answers["application/json"]["schema"]
    assert schema["discriminator"]["mapping"].keys() == {"classification", "reconstruction"}
    assert len(schema["oneOf"]) == 2


def test_autoencoder_is_not_the_default_where_a_classifier_is(work, models_dir, tmp_path):
    classifier = "cifar10-cnn-lecture"
    (tmp_path / NAME).symlink_to(work / "models" / NAME)
    (tmp_path / classifier).symlink_to(models_dir / classifier)

    library = create_app(Settings(models_dir=tmp_path)).state.services.library

    assert list(library.networks) == [NAME, classifier]
    assert library.default.card.name == classifier


def test_what_only_a_classifier_has_is_not_there(bundle, bars):
    readout = Network(bundle).run(network_input(bars.test_images[:2], (28, 28)))

    assert readout.code.shape == (2, 2)
    assert readout.reconstruction.shape == (2, 784)
    for name in ("probabilities", "logits"):
        with pytest.raises(TypeError, match="only one for classification has this value"):
            getattr(readout, name)


@pytest.mark.parametrize(
    "changes",
    [
        {"task": "classification", "reconstruction": None},
        {"reconstruction": Reconstruction(code=3, error=1, pca_error=1, ratio=1)},
    ],
    ids=["another task", "another code"],
)
def test_card_of_another_network_is_refused(bundle, changes):
    card = bundle.card.model_copy(update=changes)

    with pytest.raises(BundleError, match="is not the one that its card describes"):
        Network(replace(bundle, card=card))


def test_card_without_its_reconstruction_is_refused(bundle):
    said = bundle.card.model_dump(mode="json")

    assert ModelCard.model_validate_json(json.dumps(said)) == bundle.card
    with pytest.raises(ValueError, match="reconstruction must be given if, and only if, the network reconstructs"):
        ModelCard.model_validate({**said, "reconstruction": None})


@pytest.mark.parametrize(("name", "code"), [("mnist-autoencoder", 2), ("mnist-autoencoder-32", 32)])
def test_recipes_build_what_their_names_say(name, code):
    assert RECIPES[name].build().get_layer("code").units == code
