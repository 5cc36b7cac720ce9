"""Test accuracy with units switched off: on committed networks with test images that were made by code."""

import asyncio
import shutil
import threading
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import pytest

from app.bundle.files import read_bundle
from app.bundle.gallery import write_gallery
from app.explain.ablation import ablate
from app.main import create_app
from app.network.traced import Network
from app.schemas.ablation import AblationAnswer
from app.services import MAX_MEASUREMENTS
from app.settings import Settings

MLP, CNN, AUTOENCODER = "mnist-mlp-lecture", "cifar10-cnn-lecture", "mnist-autoencoder"
COUNT, MISREAD = 24, 6
OFF = {MLP: "hidden_1:" + ",hidden_1:".join(map(str, range(0, 512, 2))), CNN: "conv_3:1,conv_3:5,hidden:7"}


@pytest.fixture(scope="module")
def shown(models_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Networks with a gallery of noise, every fourth image of which is labelled as what it is not read as."""
    directory, rng = tmp_path_factory.mktemp("models"), np.random.default_rng(7)
    shutil.copytree(models_dir / AUTOENCODER, directory / AUTOENCODER)
    for name in (MLP, CNN):
        bundle = read_bundle(shutil.copytree(models_dir / name, directory / name))
        network = Network(bundle)
        images = rng.integers(0, 256, (COUNT, *network.card.input.shape), np.uint8)
        probabilities = network.run(images.astype(np.float32) / 255).probabilities
        labels = probabilities.argmax(axis=1).astype(np.uint8)
        labels[:: COUNT // MISREAD] = (labels[:: COUNT // MISREAD] + 1) % 10
        write_gallery(bundle, "Noise", images, labels, probabilities)
    return directory


@pytest.fixture(scope="module")
def app(shown: Path):
    return create_app(Settings(models_dir=shown))


def accuracy(client, model: str, off: str | None = None) -> AblationAnswer:
    answer = client.get(f"/models/{model}/accuracy", params={} if off is None else {"off": off})
    return AblationAnswer.model_validate_json(answer.content, strict=True)


@pytest.mark.parametrize("model", [MLP, CNN])
def test_accuracy_without_units_is_that_of_predicting_each_image_without_them(client, model):
    found = accuracy(client, model, OFF[model])

    right = 0
    for index in range(COUNT):
        image = client.get(f"/models/{model}/gallery/{index}").json()
        predicted = client.post(f"/predict?model={model}&off={OFF[model]}", json={"pixels": image["pixels"]}).json()
        right += predicted["label"] == image["label"]
    assert (found.examples, found.without.accuracy) == (COUNT, pytest.approx(right / COUNT))
    assert found.whole.accuracy == pytest.approx(1 - MISREAD / COUNT)
    assert found.gained - found.lost == pytest.approx(COUNT * (found.without.accuracy - found.whole.accuracy))
    assert found.without.loss != found.whole.loss


def test_classes_add_up_to_the_whole_and_the_interval_lies_round_it(client):
    found = accuracy(client, MLP, OFF[MLP])

    for score in (found.whole, found.without):
        assert sum(entry.examples for entry in score.classes) == COUNT
        right = sum(entry.examples * (entry.accuracy or 0) for entry in score.classes)
        assert right / COUNT == pytest.approx(score.accuracy)
        assert score.interval.low < score.accuracy < score.interval.high
        assert all((entry.accuracy is None) == (entry.examples == 0) for entry in score.classes)


def test_without_units_off_the_network_is_held_against_itself(client):
    found = accuracy(client, MLP)

    assert found.without == found.whole
    assert (found.off, found.lost, found.gained) == ([], 0, 0)


def test_only_the_first_images_count_where_there_are_many(client, app, shown, monkeypatch):
    monkeypatch.setattr("app.explain.ablation.SAMPLE", 20)

    found = accuracy(client, MLP, "hidden_2:1")

    assert found.examples == sum(entry.examples for entry in found.without.classes) == 20
    assert found.whole.accuracy == pytest.approx(0.75)


def test_same_units_are_not_measured_twice_until_the_gallery_is_made_anew(client, shown, monkeypatch):
    measured = []
    monkeypatch.setattr(
        "app.explain.ablation.ablate", lambda *arguments: measured.append(arguments) or ablate(*arguments)
    )

    first = accuracy(client, MLP, "hidden_3:7,hidden_2:40")
    again = accuracy(client, MLP, "hidden_2:40,hidden_3:7")
    (shown / MLP / "gallery.npz").touch()
    anew = accuracy(client, MLP, "hidden_2:40,hidden_3:7")

    assert first.without == again.without == anew.without
    assert len(measured) == 2


@pytest.mark.parametrize(
    ("address", "status", "problem"),
    [
        (f"{MLP}/accuracy?off=hidden_9:1", 404, "unknown-layer"),
        (f"{MLP}/accuracy?off=output:1", 404, "no-units"),
        (f"{MLP}/accuracy?off=hidden_1:512", 422, "unit-out-of-range"),
        (f"{MLP}/accuracy?off=hidden_1", 422, "invalid-request"),
        (f"{MLP}/accuracy?units=hidden_1:1", 422, "invalid-request"),
        (f"{MLP}/accuracy?off=hidden_1:1&off=hidden_1:2", 422, "invalid-request"),
        (f"{AUTOENCODER}/accuracy", 404, "no-accuracy"),
        ("nothing/accuracy", 404, "unknown-model"),
    ],
)
def test_what_cannot_be_measured_is_a_problem(client, address, status, problem):
    answer = client.get(f"/models/{address}")

    assert (answer.status_code, answer.json()["type"]) == (status, f"/problems/{problem}")


def spoil_images(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[content.index(b"images.npy") + 50_000] ^= 0xFF
    path.write_bytes(content)


@pytest.mark.parametrize("damage", [Path.unlink, spoil_images])
def test_without_a_gallery_it_is_said_how_to_make_one(client, shown, damage):
    path = shown / CNN / "gallery.npz"
    content = path.read_bytes()
    damage(path)

    answer = client.get(f"/models/{CNN}/accuracy?off=conv_1:0")

    path.write_bytes(content)
    assert (answer.status_code, answer.json()["type"]) == (404, "/problems/no-gallery")
    assert "make gallery" in answer.json()["detail"]


def test_gallery_without_images_measures_nothing(client, shown):
    path = shown / MLP / "gallery.npz"
    content = path.read_bytes()
    nothing = np.zeros((0, 28, 28), np.uint8), np.zeros(0, np.uint8), np.zeros((0, 10), np.float32)
    write_gallery(read_bundle(shown / MLP), "Nothing", *nothing)

    answer = client.get(f"/models/{MLP}/accuracy")

    path.write_bytes(content)
    assert (answer.status_code, answer.json()["type"]) == (404, "/problems/no-gallery")


def test_measurement_beyond_the_limit_is_refused_with_retry_after_and_the_others_are_made(app, monkeypatch):
    may_go_on = threading.Event()

    def wait_and_ablate(*arguments: Any) -> Any:
        may_go_on.wait(timeout=30)
        return ablate(*arguments)

    async def crowd() -> list[httpx.Response]:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test") as client:
            ask = [f"/models/{MLP}/accuracy?off=hidden_1:{unit}" for unit in range(MAX_MEASUREMENTS + 1)]
            asked = [asyncio.create_task(client.get(address)) for address in ask[:-1]]
            while app.state.services.measuring.waiting < MAX_MEASUREMENTS - 1:  # noqa: ASYNC110 - until all have come in
                await asyncio.sleep(0)
            one_more = await client.get(ask[-1])
            may_go_on.set()
            return [one_more, *await asyncio.gather(*asked)]

    monkeypatch.setattr("app.explain.ablation.ablate", wait_and_ablate)

    one_more, *others = asyncio.run(crowd())

    assert (one_more.status_code, one_more.json()["type"]) == (503, "/problems/busy")
    assert int(one_more.headers["Retry-After"]) > 0
    assert [answer.status_code for answer in others] == [200] * MAX_MEASUREMENTS
