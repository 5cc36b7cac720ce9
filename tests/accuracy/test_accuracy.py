"""What the digit networks read of real drawings, and that MNIST's own form costs nothing."""

import io
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image

from app.bundle.files import read_bundle
from app.network.traced import Network
from app.preprocessing import prepare_digit
from app.preprocessing.images import decode_image
from training.measure.evaluation import SetResult, evaluate_photos, evaluate_strokes, format_result

pytestmark = pytest.mark.data


@pytest.fixture(scope="module")
def network(models_dir: Path) -> Network:
    """The lecture's network."""
    return Network(read_bundle(models_dir / "mnist-mlp-lecture"))


@pytest.fixture(scope="module")
def trusted(models_dir: Path) -> Network:
    """The network that is trained for what people draw and upload."""
    return Network(read_bundle(models_dir / "mnist-mlp"))


def at_least(share: float, result: SetResult) -> None:
    assert result.accuracy >= share, format_result(result)


def test_photographs_are_read(network: Network, data_dir: Path) -> None:
    at_least(0.92, evaluate_photos(network, data_dir / "digit-photos.zip"))


def test_strokes_of_unseen_writers_are_read(network: Network, data_dir: Path) -> None:
    at_least(0.92, evaluate_strokes(network, data_dir / "pen-digits.jsonl.gz"))


def test_default_network_reads_photographs(trusted: Network, data_dir: Path) -> None:
    at_least(0.98, evaluate_photos(trusted, data_dir / "digit-photos.zip"))


def test_default_network_reads_strokes_of_unseen_writers(trusted: Network, data_dir: Path) -> None:
    at_least(0.99, evaluate_strokes(trusted, data_dir / "pen-digits.jsonl.gz"))


def test_network_for_photographs_reads_those_that_people_upload(models_dir: Path, data_dir: Path) -> None:
    at_least(0.77, evaluate_photos(Network(read_bundle(models_dir / "cifar10-cnn")), data_dir / "object-photos.zip"))


@pytest.mark.parametrize("polarity", ["ink bright", "ink dark"])
def test_what_is_in_mnist_form_passes_unharmed(network: Network, data_dir: Path, polarity: str) -> None:
    with np.load(data_dir / "mnist.npz") as mnist:
        images, labels = mnist["x_test"], mnist["y_test"]
    posted = images if polarity == "ink bright" else 255 - images

    own = accuracy(network, images / np.float32(255), labels)
    through_png = accuracy(network, np.stack([through_the_server(image) for image in posted]), labels)

    assert through_png >= own - 0.003


def through_the_server(image: npt.NDArray[np.uint8]) -> npt.NDArray[np.float32]:
    file = io.BytesIO()
    Image.fromarray(image).save(file, "PNG")
    return prepare_digit(decode_image(file.getvalue())).tensor


def accuracy(network: Network, tensors: npt.NDArray[np.float32], labels: npt.NDArray[np.uint8]) -> float:
    read = [network.run(batch).probabilities.argmax(axis=1) for batch in np.array_split(tensors, 20)]
    return float((np.concatenate(read) == labels).mean())
