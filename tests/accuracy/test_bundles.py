"""The committed bundles on the test sets they name: the networks and their snapshots are worth what is written."""

from pathlib import Path

import numpy as np
import pytest

from app.bundle import Bundle, read_bundle
from app.network import Network
from training.datasets import Examples, load_dataset, network_input
from training.quality import measure
from training.recipes import RECIPES
from training.snapshots import restore_weights

pytestmark = pytest.mark.data

SNAPSHOTS = {"mnist-mlp": range(12), "mnist-mlp-lecture": range(12), "cifar10-cnn-lecture": (0, 4, 8, 11)}


@pytest.fixture(scope="module", params=list(SNAPSHOTS))
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


def test_snapshot_loaded_again_is_within_a_fifth_of_a_point(bundle, test_set):
    snapshots = bundle.snapshots()
    model = RECIPES[bundle.card.name].build()

    assert len(snapshots["accuracy"]) == 12
    for index in SNAPSHOTS[bundle.card.name]:
        restore_weights(model, snapshots, index)
        assert measure(model, test_set).accuracy == pytest.approx(snapshots["accuracy"][index], abs=0.002)
