"""Extra training images: from whom they come, that they are kept, and what they look like."""

import gzip
import json
from pathlib import Path

import numpy as np
import pytest

from app.preprocessing.measures import box_of
from training.data import renderings
from training.data.datasets import DatasetError, Examples
from training.data.renderings import render_enlarged, render_strokes, with_extra
from training.recipes import Extra

SEVEN = (((0.2, 0.1), (0.8, 0.1), (0.4, 0.9)), ((0.3, 0.5), (0.7, 0.5)))


@pytest.fixture
def train() -> Examples:
    """Three images that are trained on: upright strokes."""
    images = np.zeros((3, 28, 28), np.uint8)
    images[:, 4:24, 13:16] = 255
    return Examples(images, np.array([1, 1, 1]))


@pytest.fixture
def pen_dir(tmp_path: Path) -> Path:
    """Two digits by writers to train on, between them one by a writer who is not."""
    entries = [(7, "train", "a"), (4, "validation", "b"), (2, "train", "c")]
    lines = [json.dumps({"label": d, "split": s, "writer": w, "strokes": SEVEN}) for d, s, w in entries]
    (tmp_path / "pen-digits.jsonl.gz").write_bytes(gzip.compress("\n".join(lines).encode()))
    return tmp_path


def add(train: Examples, extra: Extra, pen_dir: Path, seed: int = 1) -> Examples:
    return with_extra(train, (extra,), seed, pen_dir, pen_dir / "cache")


def test_no_extra_leaves_the_training_images_alone(train, pen_dir):
    assert with_extra(train, (), 1, None, pen_dir) is train


def test_only_writers_of_the_training_split_are_rendered(train, pen_dir):
    together = add(train, Extra("pen_strokes", renderings=2, repeats=3), pen_dir)

    assert together.labels.tolist() == [1, 1, 1] + [7, 2, 7, 2] * 3
    assert np.array_equal(together.images[:3], train.images)
    assert np.array_equal(together.images[3:7], together.images[7:11])


def test_each_rendering_of_a_digit_is_another_and_follows_from_the_seed(train, pen_dir):
    images = add(train, Extra("pen_strokes", renderings=2), pen_dir).images[3:]

    again = with_extra(train, (Extra("pen_strokes", renderings=2),), 1, pen_dir, pen_dir / "elsewhere").images[3:]
    other = add(train, Extra("pen_strokes", renderings=2), pen_dir, seed=2).images[3:]
    assert np.array_equal(images, again)
    assert len({image.tobytes() for image in (*images, *other)}) == 8


def test_rendering_is_made_once_and_kept(train, pen_dir, monkeypatch):
    first = add(train, Extra("enlarged", renderings=1), pen_dir)
    monkeypatch.delattr(renderings, "render_enlarged")

    again = add(train, Extra("enlarged", renderings=1), pen_dir)

    assert np.array_equal(again.images, first.images)


def test_rendering_that_was_stopped_is_made_anew(train, pen_dir, monkeypatch):
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(renderings, "render_enlarged", interrupt)
    with pytest.raises(KeyboardInterrupt):
        add(train, Extra("enlarged", renderings=1), pen_dir)
    monkeypatch.undo()

    assert len(add(train, Extra("enlarged", renderings=1), pen_dir)) == 6


def test_enlarged_digits_are_those_that_are_trained_on(train, pen_dir):
    together = add(train, Extra("enlarged", renderings=2), pen_dir)

    assert together.labels.tolist() == [1] * 9
    shares = [(image > 127)[:, 12:17].sum() / (image > 127).sum() for image in together.images[3:]]
    assert min(shares) > 0.9


def test_without_a_directory_one_sentence_says_where_strokes_come_from(train, tmp_path):
    with pytest.raises(DatasetError, match=r"trains on pen strokes too: give the directory .* docs/pen-digits\.md"):
        with_extra(train, (Extra("pen_strokes", renderings=1),), 1, None, tmp_path)


@pytest.mark.parametrize("number", range(20))
def test_what_a_random_hand_writes_is_in_the_form_that_the_server_makes(number):
    image = render_strokes(SEVEN, np.random.default_rng(number))

    top, bottom, left, right = box_of(image > 127)
    assert image.shape == (28, 28)
    assert image.dtype == np.uint8
    assert 18 <= max(bottom - top, right - left) <= 20


def test_ink_too_faint_to_be_found_is_taken_as_it_is(monkeypatch, train):
    monkeypatch.setattr(renderings, "_spoil", lambda picture, rng: np.full(picture.shape, 128, np.uint8))

    image = render_enlarged(train.images[0], np.random.default_rng(0))

    assert image[10, 14] > 200
