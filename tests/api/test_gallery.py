"""The gallery and the atlas over HTTP: on committed networks with test images and a map that were made by code."""

import io
import shutil
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from app.bundle.atlas import PREFIX, Atlas, Exciting
from app.bundle.files import amend_bundle, read_bundle
from app.bundle.gallery import write_gallery
from app.main import create_app
from app.network.traced import Network
from app.schemas.answers import AtlasMap, Card, ExcitingImages, GalleryImage, GalleryPage, ModelList
from app.settings import Settings

MLP, CNN = "mnist-mlp-lecture", "cifar10-cnn-lecture"
COUNT = 200
RNG = np.random.default_rng(7)
LABELS = (np.arange(COUNT) % 10).astype(np.uint8)
IMAGES = {MLP: RNG.integers(0, 256, (COUNT, 28, 28), np.uint8), CNN: RNG.integers(0, 256, (COUNT, 32, 32, 3), np.uint8)}
ATLAS = Atlas(
    layer="hidden_3",
    coordinates=RNG.random((COUNT, 2), np.float32),
    labels=LABELS,
    answers=LABELS,
    counts=np.diag(np.bincount(LABELS)),
    neighbours=((np.arange(COUNT)[:, np.newaxis] + np.arange(1, 9)) % COUNT).astype(np.uint16),
    exciting={
        "hidden_1": Exciting(
            images=np.asfortranarray(RNG.integers(0, COUNT, (512, 9)).astype(np.uint16)),  # as a bundle may hold it
            values=RNG.random((512, 9)).astype(np.float16),
            places=np.asfortranarray(RNG.integers(0, 28, (512, 9, 2)).astype(np.uint8)),
        )
    },
)


@pytest.fixture(scope="module")
def shown(models_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two bundles with a gallery each, the first with an atlas too."""
    directory = tmp_path_factory.mktemp("models")
    for name, images in IMAGES.items():
        bundle = read_bundle(shutil.copytree(models_dir / name, directory / name))
        plain = {key: values for key, values in bundle.statistics().items() if not key.startswith(PREFIX)}
        atlas = ATLAS.arrays() if name == MLP else {}
        bundle = amend_bundle(bundle, bundle.card, {**plain, **atlas})
        seen = Network(bundle).run(images.astype(np.float32) / 255)
        write_gallery(bundle, "Noise", images, LABELS, seen.probabilities)
    return directory


@pytest.fixture(scope="module")
def app(shown: Path):
    return create_app(Settings(models_dir=shown))


@pytest.fixture
def gallery_file(shown: Path):
    """The file of one gallery, put back after the test."""
    path = shown / MLP / "gallery.npz"
    content = path.read_bytes()
    yield path
    path.write_bytes(content)


def page_of(client, query: str = "") -> GalleryPage:
    return GalleryPage.model_validate_json(client.get(f"/models/{MLP}/gallery{query}").content)


def problem_of(answer) -> str:
    assert answer.headers["Content-Type"] == "application/problem+json"
    return f"{answer.status_code} {answer.json()['type'].removeprefix('/problems/')}"


def test_list_and_card_say_that_there_is_a_gallery(client):
    models = ModelList.model_validate_json(client.get("/models").content).models

    assert [model.gallery for model in models] == [True, True]
    assert Card.model_validate_json(client.get(f"/models/{MLP}").content).gallery


def test_gallery_is_paged_through_to_its_end(client):
    pages = [page_of(client, f"?offset={offset}&limit=80") for offset in (0, 80, 160, 240)]

    assert [entry.index for page in pages for entry in page.images] == list(range(COUNT))
    assert {(page.total, page.dataset, page.matches_atlas) for page in pages} == {(COUNT, "Noise", True)}


def test_misread_images_of_one_class_come_with_the_answer_they_got(client):
    page = page_of(client, "?label=3&wrong=true&limit=500")
    right = page_of(client, "?label=3&wrong=false&limit=500")

    assert page.total == len(page.images) > 0
    assert all(entry.label == "3" != entry.answer for entry in page.images)
    assert page.total + right.total == 20


def test_answer_is_chosen_by_the_networks_word(client):
    answer = page_of(client).images[0].answer

    page = page_of(client, f"?answer={answer}&limit=500")

    assert {entry.answer for entry in page.images} == {answer}


@pytest.mark.parametrize(("sort", "sign"), [("confidence", -1), ("doubt", 1)])
def test_images_are_sorted_by_how_sure_the_network_is(client, sort, sign):
    probabilities = [entry.probability for entry in page_of(client, f"?sort={sort}&limit=500").images]

    assert len(probabilities) == COUNT
    assert probabilities == sorted(probabilities, key=lambda probability: sign * probability)


@pytest.mark.parametrize("model", [MLP, CNN])
def test_image_may_be_sent_to_the_network_and_gets_the_same_answer(client, model):
    image = GalleryImage.model_validate_json(client.get(f"/models/{model}/gallery/7").content)

    predicted = client.post(f"/predict?model={model}", json={"pixels": image.pixels}).json()

    assert (image.index, image.label) == (7, client.get(f"/models/{model}").json()["classes"]["en"][7])
    assert predicted["label"] == image.answer
    assert predicted["probability"] == pytest.approx(image.probability, rel=1e-3)
    assert [entry.label for entry in image.probabilities] == [entry["label"] for entry in predicted["probabilities"]]


def test_image_names_its_neighbours_where_the_atlas_is_of_the_same_images(client):
    assert client.get(f"/models/{MLP}/gallery/7").json()["neighbours"] == list(range(8, 16))
    assert client.get(f"/models/{CNN}/gallery/7").json()["neighbours"] is None


@pytest.mark.parametrize("model", [MLP, CNN])
def test_picture_is_the_image_to_the_bit_and_is_kept(client, model):
    answer = client.get(f"/models/{model}/gallery/7.png")

    assert answer.headers["Content-Type"] == "image/png"
    assert "max-age" in answer.headers["Cache-Control"]
    assert np.array_equal(np.asarray(Image.open(io.BytesIO(answer.content))), IMAGES[model][7])


@pytest.mark.parametrize("address", ["gallery/200", "gallery/200.png"])
def test_image_beyond_the_last_is_unknown_and_the_number_is_named(client, address):
    answer = client.get(f"/models/{MLP}/{address}")

    assert problem_of(answer) == "404 unknown-image"
    assert answer.json()["images"] == COUNT


@pytest.mark.parametrize(
    "address",
    [
        *(f"gallery?{query}" for query in ("label=ten", "answer=ten", "wrong=maybe", "sort=size", "limit=0")),
        *(f"gallery?{query}" for query in ("limit=501", "offset=-1", "lable=7", "label=7&label=8")),
        *("gallery/-1", "gallery/seven", "gallery/seven.png", "gallery/1.5"),
    ],
)
def test_request_that_cannot_be_understood_is_refused(client, address):
    assert problem_of(client.get(f"/models/{MLP}/{address}")) == "422 invalid-request"


@pytest.mark.parametrize("address", ["gallery", "gallery/7", "gallery/7.png"])
def test_without_a_gallery_it_is_said_how_to_make_one(client, gallery_file, address):
    gallery_file.unlink()

    answer = client.get(f"/models/{MLP}/{address}")

    assert problem_of(answer) == "404 no-gallery"
    assert "make gallery" in answer.json()["detail"]
    assert f"python -m training gallery {MLP}" in answer.json()["detail"]
    assert not client.get(f"/models/{MLP}").json()["gallery"]


def test_gallery_of_other_weights_is_absent_with_the_reason(client, gallery_file, shown):
    shutil.copy(shown / CNN / "gallery.npz", gallery_file)

    answer = client.get(f"/models/{MLP}/gallery")

    assert problem_of(answer) == "404 no-gallery"
    assert "other weights" in answer.json()["detail"]


def test_damaged_gallery_counts_as_absent_and_does_not_affect_other_routes(client, gallery_file):
    content = bytearray(gallery_file.read_bytes())
    content[content.index(b"images.npy") + 50_000] ^= 0xFF
    gallery_file.write_bytes(content)

    answers = [client.get(f"/models/{MLP}/gallery/{image}") for image in ("7", "7.png")]

    assert [problem_of(answer) for answer in answers] == ["404 no-gallery"] * 2
    assert "damaged" in answers[0].json()["detail"]
    assert client.get("/models").status_code == 200


def test_map_gives_the_position_of_each_image(client):
    atlas = AtlasMap.model_validate_json(client.get(f"/models/{MLP}/atlas").content)

    assert atlas.coordinates.shape == [COUNT, 2]
    assert np.float32(atlas.coordinates.values).tolist() == ATLAS.coordinates.reshape(-1).tolist()
    assert (atlas.labels, atlas.answers) == (LABELS.tolist(), LABELS.tolist())
    assert (atlas.layer, atlas.layers) == ("hidden_3", ["hidden_1"])
    assert sum(map(sum, atlas.counts)) == COUNT


def test_layer_lists_the_images_that_activate_each_unit_most(client):
    layer = ExcitingImages.model_validate_json(client.get(f"/models/{MLP}/atlas/hidden_1").content)

    assert layer.images == ATLAS.exciting["hidden_1"].images.tolist()
    assert layer.places == ATLAS.exciting["hidden_1"].places.tolist()
    assert np.array(layer.values) == pytest.approx(ATLAS.exciting["hidden_1"].values, rel=5e-3)


@pytest.mark.parametrize(
    ("address", "problem"),
    [
        (f"{MLP}/atlas/nothing", "unknown-layer"),
        (f"{MLP}/atlas/dropout_1", "no-atlas"),
        (f"{CNN}/atlas", "no-atlas"),
        (f"{CNN}/atlas/conv_1", "no-atlas"),
        ("nothing/atlas", "unknown-model"),
        ("nothing/atlas/hidden_1", "unknown-model"),
        ("nothing/gallery", "unknown-model"),
        ("nothing/gallery/7", "unknown-model"),
        ("nothing/gallery/7.png", "unknown-model"),
    ],
)
def test_what_was_not_measured_is_a_problem(client, address, problem):
    assert problem_of(client.get(f"/models/{address}")) == f"404 {problem}"
