"""The gallery's file, and which of its images are shown in which order."""

import os
from pathlib import Path

import numpy as np
import pytest

from app.bundle.files import Bundle, read_bundle
from app.bundle.gallery import Galleries, Gallery, GalleryError, read_gallery, select_images, write_gallery

LABELS = [0, 0, 1, 1, 2, 2]
ANSWERS = [0, 1, 1, 1, 0, 2]
CONFIDENCE = [0.9, 0.5, 0.6, 0.9, 0.4, 1.0]


@pytest.fixture
def gallery() -> Gallery:
    probabilities = np.zeros((6, 3), np.float32)
    for row, answer, confidence in zip(probabilities, ANSWERS, CONFIDENCE, strict=True):
        row[:] = (1 - confidence) / 2
        row[answer] = confidence
    return Gallery(Path("nowhere.npz"), "Six", np.array(LABELS, np.uint8), probabilities)


@pytest.mark.parametrize(
    ("chosen", "indices"),
    [
        ({}, [0, 1, 2, 3, 4, 5]),
        ({"label": 1}, [2, 3]),
        ({"answer": 1}, [1, 2, 3]),
        ({"wrong": True}, [1, 4]),
        ({"wrong": False}, [0, 2, 3, 5]),
        ({"label": 0, "answer": 1, "wrong": True}, [1]),
        ({"label": 0, "answer": 1, "wrong": False}, []),
        ({"order": "confidence"}, [5, 0, 3, 2, 1, 4]),
        ({"order": "doubt"}, [4, 1, 2, 0, 3, 5]),
        ({"answer": 1, "order": "confidence"}, [3, 2, 1]),
    ],
)
def test_images_are_chosen_and_put_in_order(gallery, chosen, indices):
    every = {"label": None, "answer": None, "wrong": None, "order": "index"}

    assert select_images(gallery, **{**every, **chosen}).tolist() == indices


@pytest.fixture
def bundle(models_dir: Path, tmp_path: Path) -> Bundle:
    """A bundle's card, with a directory of its own that holds nothing yet."""
    directory = tmp_path / "mnist-mlp-lecture"
    directory.mkdir()
    return Bundle(directory, read_bundle(models_dir / directory.name).card)


def contents(**changes: object) -> dict[str, object]:
    rng = np.random.default_rng(7)
    probabilities = rng.random((30, 10), np.float32)
    images = rng.integers(0, 256, (30, 28, 28), np.uint8)
    return {
        "dataset": "Noise",
        "images": images,
        "labels": np.arange(30, dtype=np.uint8) % 10,
        "probabilities": probabilities / probabilities.sum(axis=1, keepdims=True),
        **changes,
    }


def test_gallery_is_read_as_it_was_written(bundle):
    written = contents()

    path = write_gallery(bundle, **written)

    gallery = read_gallery(bundle)
    assert gallery.dataset == "Noise"
    for name in ("images", "labels", "probabilities"):
        assert getattr(gallery, name).tolist() == written[name].tolist()
    assert gallery.answers.tolist() == written["probabilities"].argmax(axis=1).tolist()
    assert list(bundle.directory.parent.iterdir()) == [bundle.directory]
    assert list(bundle.directory.iterdir()) == [path]


@pytest.mark.parametrize(
    "changes",
    [
        {"images": np.zeros((30, 32, 32, 3), np.uint8)},
        {"images": np.zeros((29, 28, 28), np.uint8)},
        {"images": np.zeros((30, 28, 28), np.float32)},
        {"labels": np.full(30, 10, np.uint8)},
        {"labels": np.zeros((30, 1), np.uint8)},
        {"labels": np.uint8(30)},
        {"labels": np.zeros(30, np.int64)},
        {"probabilities": np.zeros((30, 9), np.float32)},
        {"probabilities": np.zeros((30, 10), np.float64)},
    ],
)
def test_gallery_that_does_not_fit_the_card_is_called_damaged(bundle, changes):
    write_gallery(bundle, **contents(**changes))

    with pytest.raises(GalleryError, match="damaged"):
        read_gallery(bundle)


@pytest.mark.parametrize("share", [0, 0.5, 0.99])
def test_file_that_was_cut_off_is_called_damaged(bundle, share):
    path = write_gallery(bundle, **contents())
    whole = path.read_bytes()

    path.write_bytes(whole[: int(share * len(whole))])

    with pytest.raises(GalleryError, match="damaged"):
        read_gallery(bundle)


def test_archive_of_something_else_is_called_damaged(bundle):
    np.savez(bundle.directory / "gallery.npz", images=np.zeros(3))

    with pytest.raises(GalleryError, match="damaged"):
        read_gallery(bundle)


def test_images_that_are_damaged_are_found_when_they_are_asked_for(bundle):
    path = write_gallery(bundle, **contents())
    content = bytearray(path.read_bytes())
    content[content.index(b"images.npy") + 20_000] ^= 0xFF
    path.write_bytes(content)

    gallery = read_gallery(bundle)

    with pytest.raises(GalleryError, match="damaged"):
        _ = gallery.images


def test_gallery_of_other_weights_is_not_taken(bundle):
    card = bundle.card.model_copy(update={"files": {**bundle.card.files, "model.keras": "0" * 64}})
    write_gallery(Bundle(bundle.directory, card), **contents())

    with pytest.raises(GalleryError, match="other weights"):
        read_gallery(bundle)


def test_gallery_that_is_made_while_the_server_runs_is_seen_and_so_is_one_made_again(bundle):
    galleries = Galleries()
    assert not galleries.has(bundle)

    path = write_gallery(bundle, **contents())
    first = galleries.get(bundle)
    assert galleries.get(bundle) is first

    write_gallery(bundle, **contents(dataset="Other noise"))
    os.utime(path, ns=(0, 0))  # a file's clock may be coarser than this test is quick
    assert galleries.get(bundle).dataset == "Other noise"

    path.unlink()
    with pytest.raises(GalleryError, match="There is no gallery"):
        galleries.get(bundle)
