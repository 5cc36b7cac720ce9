"""The atlas of each committed bundle: the map keeps like images together, and what excites a unit does so."""

from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from app.bundle.atlas import Atlas, read_atlas
from app.bundle.files import Bundle, read_bundle
from app.network.traced import Network
from training.data.datasets import Dataset, load_dataset, network_input
from training.measure.atlas import nearest_neighbours
from training.measure.gallery import dataset_name

pytestmark = pytest.mark.data

BUNDLES = ("mnist-mlp", "mnist-mlp-lecture", "mnist-deep-mlp", "cifar10-cnn", "cifar10-cnn-lecture")


@pytest.fixture(scope="module", params=BUNDLES)
def bundle(request: pytest.FixtureRequest, models_dir: Path) -> Bundle:
    return read_bundle(models_dir / request.param)


@pytest.fixture(scope="module")
def atlas(bundle: Bundle) -> Atlas:
    found = read_atlas(bundle.statistics())
    assert found is not None, f"python -m training evaluate {bundle.card.name}"
    return found


@pytest.fixture(scope="module")
def dataset(bundle: Bundle, data_dir: Path) -> Dataset:
    name = dataset_name(bundle.card)
    assert name
    return load_dataset(name, data_dir)


def test_atlas_agrees_with_the_card_and_the_data_set(bundle, atlas, dataset):
    assert atlas.labels.tolist() == dataset.test_labels.tolist()
    assert (atlas.labels == atlas.answers).mean() == pytest.approx(bundle.card.test.accuracy, abs=2e-4)
    assert np.array_equal(atlas.counts.sum(axis=1), np.sum(bundle.card.confusion, axis=1))


def test_on_the_map_an_image_lies_among_its_own_class_as_often_as_in_the_layer_itself(atlas):
    on_the_map = nearest_neighbours(atlas.coordinates, atlas.neighbours.shape[1])

    assert share_among_its_own(on_the_map, atlas) >= share_among_its_own(atlas.neighbours, atlas) - 0.02


def test_most_exciting_image_excites_its_unit_as_is_written(bundle, atlas, dataset):
    network = Network(bundle)
    for name, exciting in atlas.exciting.items():
        units = np.linspace(0, len(exciting.images) - 1, 10).astype(int)
        tensors = network_input(dataset.test_images[exciting.images[units, 0]], bundle.card.input.shape)
        values = next(layer for layer in network.run(tensors).layers if layer.name == name).pre_activation
        for row, unit in enumerate(units):
            value = values[row, ..., unit]
            place = () if exciting.places is None else tuple(exciting.places[unit, 0])
            assert value[place] == pytest.approx(exciting.values[unit, 0], rel=2e-3, abs=2e-3)
            assert value.max() == value[place] or value.max() == pytest.approx(value[place], rel=1e-4)


def share_among_its_own(neighbours: npt.NDArray[np.uint16], atlas: Atlas) -> float:
    """How many images have the class that most of their neighbours have."""
    votes = np.stack([(atlas.labels[neighbours] == label).sum(axis=1) for label in range(10)])
    return float((votes.argmax(axis=0) == atlas.labels).mean())
