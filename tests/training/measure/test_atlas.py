"""The atlas's parts on arrays that can be checked by hand, and the whole of it on a network of bars."""

import sys

import numpy as np
import pytest

from app.bundle.atlas import Atlas, read_atlas
from app.bundle.files import read_bundle
from app.network.traced import Network
from training.data.datasets import network_input
from training.measure.atlas import (
    AtlasError,
    Strongest,
    draw_map,
    mapped_layer,
    measure_atlas,
    nearest_neighbours,
    principal_components,
)


def strongest_of(values, batch):
    found = Strongest.none()
    for first in range(0, len(values), batch):
        found = found.with_batch(values[first : first + batch], first)
    return found.as_exciting()


@pytest.mark.parametrize("batch", [1, 7, 40])
def test_exciting_images_are_those_of_the_largest_values(batch):
    values = np.random.default_rng(7).normal(size=(40, 3)).astype(np.float32)

    exciting = strongest_of(values, batch)

    assert exciting.images.tolist() == np.argsort(-values, axis=0)[:9].T.tolist()
    assert exciting.values == pytest.approx(-np.sort(-values, axis=0)[:9].T, rel=1e-3)
    assert exciting.places is None


@pytest.mark.parametrize("batch", [1, 7, 40])
def test_of_equally_exciting_images_the_first_come_first(batch):
    values = np.zeros((40, 2), np.float32)
    values[20, 1] = 1

    exciting = strongest_of(values, batch)

    assert exciting.images.tolist() == [[0, 1, 2, 3, 4, 5, 6, 7, 8], [20, 0, 1, 2, 3, 4, 5, 6, 7]]


def test_a_map_is_excited_at_its_largest_place():
    values = np.zeros((12, 5, 4, 2), np.float32)
    values[3, 2, 1, 0] = 8
    values[7, 4, 3, 0] = 9
    values[11, 0, 2, 1] = 1

    exciting = strongest_of(values, 5)

    assert exciting.images[:, 0].tolist() == [7, 11]
    assert exciting.images[0, 1] == 3
    assert exciting.places[0, :2].tolist() == [[4, 3], [2, 1]]
    assert exciting.places[1, 0].tolist() == [0, 2]
    assert exciting.values[0, :3].tolist() == [9, 8, 0]


def test_fewer_images_than_ranks_are_all_named():
    exciting = strongest_of(np.arange(4, dtype=np.float32)[:, np.newaxis], 3)

    assert exciting.images.tolist() == [[3, 2, 1, 0]]


def test_neighbours_are_the_nearest_others():
    points = np.random.default_rng(7).normal(size=(600, 5)).astype(np.float32)  # more than one block of rows

    neighbours = nearest_neighbours(points, 8)

    distances = np.linalg.norm(points[:, np.newaxis].astype(np.float64) - points, axis=-1)
    np.fill_diagonal(distances, np.inf)
    assert neighbours.tolist() == np.argsort(distances, axis=1)[:, :8].tolist()


def test_an_image_that_is_there_twice_is_its_twins_neighbour_and_never_its_own():
    points = np.array([[0, 0], [5, 5], [0, 0], [9, 9]], np.float32)

    neighbours = nearest_neighbours(points, 8)

    assert neighbours.shape == (4, 3)
    assert (neighbours[0, 0], neighbours[2, 0]) == (2, 0)
    assert all(index not in row for index, row in enumerate(neighbours.tolist()))


def test_principal_components_keep_distances_and_have_one_sign():
    points = np.random.default_rng(7).normal(size=(50, 4)).astype(np.float32) * [1, 5, 2, 0.5]

    components = principal_components(points, 50)

    before, after = (np.linalg.norm(x[:, np.newaxis] - x, axis=-1) for x in (points, components))
    assert after == pytest.approx(before)
    assert np.all(np.diff(components.var(axis=0)) < 0)
    assert principal_components(-points, 50) == pytest.approx(-components)


def test_layer_of_two_numbers_is_its_own_map():
    codes = np.random.default_rng(7).normal(size=(20, 2)).astype(np.float32)

    assert draw_map(codes).tolist() == codes.tolist()


@pytest.mark.parametrize("size", [10, 34])
def test_map_keeps_groups_together_and_is_drawn_twice_alike(size):
    rng = np.random.default_rng(7)
    groups = np.repeat([0, 1, 2], size)
    points = (rng.normal(size=(3 * size, 6)) + 20 * np.eye(6)[groups]).astype(np.float32)

    places, again = draw_map(points), draw_map(points)

    assert places.tolist() == again.tolist()
    assert np.abs(places).max() == 1
    assert np.array_equal(groups[nearest_neighbours(places, 1)[:, 0]], groups)


@pytest.fixture(scope="module")
def lecture(models_dir) -> Network:
    return Network(read_bundle(models_dir / "mnist-mlp-lecture"))


def test_map_is_made_before_the_output_dropout_at_rest_passed_over(lecture):
    assert mapped_layer(lecture.card) == "hidden_3"


def test_network_without_a_hidden_layer_is_mapped_by_what_it_is_given(lecture):
    *_, output = lecture.card.layers

    simple = lecture.card.model_copy(update={"layers": (lecture.card.layers[0], output)})

    assert mapped_layer(simple) == "input"


@pytest.fixture
def plain_map(monkeypatch):
    """Spare a test the second that t-SNE takes: two of the numbers instead."""
    monkeypatch.setattr("training.measure.atlas.draw_map", lambda points: points[:, :2])


@pytest.mark.usefixtures("plain_map")
def test_atlas_tells_of_every_image_and_unit(lecture, bars):
    atlas = read_atlas(measure_atlas(lecture, bars))

    assert isinstance(atlas, Atlas)
    assert atlas.coordinates.shape == (200, 2)
    assert atlas.neighbours.shape == (200, 8)
    assert list(atlas.exciting) == ["hidden_1", "hidden_2", "hidden_3", "output"]
    readout = lecture.run(network_input(bars.test_images, (28, 28)))
    assert atlas.answers.tolist() == readout.probabilities.argmax(axis=1).tolist()
    assert atlas.labels.tolist() == bars.test_labels.tolist()
    assert atlas.exciting["output"].images[:, 0].tolist() == readout.logits.argmax(axis=0).tolist()
    assert np.trace(atlas.counts) == (atlas.answers == atlas.labels).sum()


def test_without_scikit_learn_one_sentence_says_what_to_install(lecture, bars, monkeypatch):
    monkeypatch.setitem(sys.modules, "sklearn.manifold", None)

    with pytest.raises(AtlasError, match="pip install scikit-learn"):
        measure_atlas(lecture, bars)
