"""The committed bundles on the test sets they name: the networks and their snapshots are worth what is written."""

from pathlib import Path

import numpy as np
import pytest

from app.bundle.files import Bundle, read_bundle
from app.network.traced import Network
from training.data.datasets import Examples, load_dataset, network_input
from training.measure.answers import rebuild
from training.measure.quality import measure
from training.recipes import RECIPES
from training.run.snapshots import restore_weights

pytestmark = pytest.mark.data

SNAPSHOTS = {
    "mnist-mlp": range(12),
    "mnist-mlp-lecture": range(12),
    "cifar10-cnn": (0, 11),
    "cifar10-cnn-lecture": (0, 11),
}
"""Of the convolutional networks two snapshots, to be done in seconds."""

MUST = {"mnist-mlp": 0.993, "mnist-deep-mlp": 0.994, "cifar10-cnn": 0.835}


@pytest.fixture(scope="module", params=[*SNAPSHOTS, "mnist-deep-mlp"])
def bundle(request: pytest.FixtureRequest, models_dir: Path) -> Bundle:
    return read_bundle(models_dir / request.param)


@pytest.fixture(scope="module")
def test_set(bundle: Bundle, data_dir: Path) -> Examples:
    dataset = load_dataset(RECIPES[bundle.card.name].dataset, data_dir)
    assert dataset.title == bundle.card.test.dataset
    return Examples(dataset.test_images, dataset.test_labels)


def test_served_network_has_the_accuracy_of_its_card(bundle, test_set):
    network = Network(bundle)
    images = network_input(test_set.images, bundle.card.input.shape)

    answers = np.concatenate(
        [network.run(images[start : start + 500]).probabilities.argmax(axis=1) for start in range(0, len(images), 500)]
    )

    assert (answers == test_set.labels).mean() == pytest.approx(bundle.card.test.accuracy, abs=2e-4)


@pytest.mark.parametrize(("name", "least"), MUST.items())
def test_network_is_as_good_as_it_must_be(models_dir: Path, name: str, least: float) -> None:
    assert read_bundle(models_dir / name).card.test.accuracy >= least


@pytest.mark.parametrize("name", ["mnist-autoencoder", "mnist-autoencoder-32"])
def test_autoencoder_has_the_error_of_its_card_and_beats_the_best_linear_code(models_dir, data_dir, name):
    bundle = read_bundle(models_dir / name)
    dataset = load_dataset("mnist", data_dir)

    error = rebuild(Network(bundle), Examples(dataset.test_images, dataset.test_labels))

    assert error == pytest.approx(bundle.card.test.loss, rel=1e-3)
    assert bundle.card.reconstruction.ratio <= 0.75


def test_snapshot_loaded_again_is_within_a_fifth_of_a_point(bundle, test_set):
    snapshots = bundle.snapshots()
    model = RECIPES[bundle.card.name].build()

    assert len(snapshots.get("accuracy", ())) == (12 if bundle.card.name in SNAPSHOTS else 0)
    for index in SNAPSHOTS.get(bundle.card.name, ()):
        restore_weights(model, snapshots, index)
        assert measure(model, test_set).accuracy == pytest.approx(snapshots["accuracy"][index], abs=0.002)
