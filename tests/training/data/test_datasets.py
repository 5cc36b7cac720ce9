"""Data sets from a directory: what is right is read, and what is wrong gets one clear sentence."""

import re
from pathlib import Path

import numpy as np
import pytest

from training.data.datasets import DatasetError, load_dataset, network_input, split_dataset


def test_archive_is_read_as_keras_names_its_arrays(bars_dir):
    dataset = load_dataset("mnist", bars_dir)

    assert (dataset.title, dataset.preprocessing) == ("MNIST", "digits")
    assert dataset.train_images.shape == (400, 28, 28)
    assert dataset.train_labels.dtype == np.int64
    assert dataset.classes.en == tuple("0123456789")


def archive(directory: Path, **changes: object) -> Path:
    """Write an archive of CIFAR-10's form, with some arrays changed or, where ``None``, left out."""
    arrays = {
        "x_train": np.zeros((20, 32, 32, 3), np.uint8),
        "y_train": np.arange(20).reshape(-1, 1) % 10,
        "x_test": np.zeros((10, 32, 32, 3), np.uint8),
        "y_test": np.arange(10).reshape(-1, 1),
    } | changes
    np.savez(directory / "cifar10.npz", **{name: array for name, array in arrays.items() if array is not None})
    return directory


def test_labels_in_a_column_are_read_as_a_row(tmp_path):
    dataset = load_dataset("cifar10", archive(tmp_path))

    assert dataset.train_labels.shape == (20,)
    assert dataset.title == "CIFAR-10"


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"x_test": None}, "holds no array x_test"),
        ({"x_train": np.zeros((20, 28, 28), np.uint8)}, "x_train in cifar10.npz must be bytes of shape (n, 32, 32, 3)"),
        ({"x_train": np.zeros((20, 32, 32, 3), np.float32)}, "must be bytes"),
        ({"y_test": np.arange(9)}, "y_test in cifar10.npz must hold one class index"),
        ({"y_test": np.full(10, 10)}, "one class index in 0..9"),
    ],
)
def test_archive_of_another_form_gets_one_sentence(tmp_path, changes, sentence):
    with pytest.raises(DatasetError, match=re.escape(sentence)):
        load_dataset("cifar10", archive(tmp_path, **changes))


def test_missing_file_is_named_with_what_to_do(tmp_path):
    with pytest.raises(DatasetError, match=r"mnist\.npz does not exist\. Give the directory"):
        load_dataset("mnist", tmp_path)


@pytest.mark.parametrize("share", [0.5, 0.99, 0.0])
def test_damaged_file_is_called_damaged(tmp_path, share):
    whole = (archive(tmp_path) / "cifar10.npz").read_bytes()
    (tmp_path / "cifar10.npz").write_bytes(whole[: int(share * len(whole))])

    with pytest.raises(DatasetError, match="is damaged"):
        load_dataset("cifar10", tmp_path)


def test_single_array_under_the_name_of_an_archive_is_called_damaged(tmp_path):
    with (tmp_path / "mnist.npz").open("wb") as file:
        np.save(file, np.zeros(3))

    with pytest.raises(DatasetError, match="is damaged"):
        load_dataset("mnist", tmp_path)


def test_file_with_a_flipped_byte_is_called_damaged(tmp_path):
    path = archive(tmp_path) / "cifar10.npz"
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 0xFF
    path.write_bytes(content)

    with pytest.raises(DatasetError, match="is damaged"):
        load_dataset("cifar10", tmp_path)


def test_held_out_images_are_taken_from_training_and_from_nothing_else(bars_dir):
    dataset = load_dataset("mnist", bars_dir)

    split = split_dataset(dataset, validation_examples=100, seed=5)

    assert (len(split.train), len(split.validation), len(split.test)) == (300, 100, 200)
    together = np.concatenate([split.train.images, split.validation.images])
    assert np.array_equal(np.sort(together, axis=0), np.sort(dataset.train_images, axis=0))
    assert np.array_equal(split_dataset(dataset, 100, seed=5).validation.images, split.validation.images)


def test_bytes_become_floats_in_zero_to_one():
    images = np.array([[[0, 255], [51, 102]]], np.uint8)

    inputs = network_input(images, (4,))

    assert inputs.dtype == np.float32
    assert inputs.tolist() == [pytest.approx([0, 1, 0.2, 0.4])]
