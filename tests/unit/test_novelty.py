"""How far an activation lies outside what training images excite, on subspaces made up for it."""

from collections.abc import Mapping

import numpy as np
import pytest

from app.bundle import BundleError, ModelCard, NoveltyCard, read_bundle
from app.novelty import LayerMeasure, NoveltyMeasure, features, read_measure, share_outside

PLANES = np.eye(6, dtype=np.float32).reshape(3, 2, 6)
"""Three classes of two dimensions each: together they span all six features."""


@pytest.fixture
def measure() -> NoveltyMeasure:
    """Two layers, of which the second counts by the means of its maps."""
    return NoveltyMeasure((LayerMeasure("hidden", PLANES, 0.5), LayerMeasure("maps", PLANES[:1, :1, :2], 0.25)), 1.0)


@pytest.mark.parametrize(
    ("vector", "share"),
    [
        ([3, 4, 0, 0, 0, 0], 0),
        ([0, 0, 0, 0, 0, -7], 0),
        ([1, 0, 1, 0, 0, 0], 1 / 2),
        ([1, 1, 1, 1, 1, 1], 2 / 3),
        ([0, 0, 0, 0, 0, 0], 1),
    ],
)
def test_share_outside_the_nearest_subspace(vector, share):
    assert share_outside(np.array([vector], np.float32), PLANES) == pytest.approx([share], abs=1e-6)


def test_contrast_does_not_count():
    vectors = np.random.default_rng(1).normal(size=(20, 6)).astype(np.float32)

    assert share_outside(1000 * vectors, PLANES) == pytest.approx(share_outside(vectors, PLANES), abs=1e-6)


def test_a_feature_map_counts_by_its_mean_over_all_places():
    maps = np.arange(2 * 3 * 4 * 5, dtype=np.float32).reshape(2, 3, 4, 5)

    assert features(maps).shape == (2, 5)
    assert features(maps)[1, 2] == maps[1, :, :, 2].mean()
    assert features(maps[:, 0, 0]).tolist() == maps[:, 0, 0].tolist()


def test_score_is_the_mean_of_the_layers_in_their_units(measure):
    hidden = np.array([1, 0, 1, 0, 0, 0], np.float32)  # half of it outside, twice a unit of 0.5 would be 1
    maps = np.zeros((2, 2, 2), np.float32)
    maps[0, 0] = 2  # both maps have the same mean, and half of that is outside: two units of 0.25

    read = measure.read({"hidden": hidden, "maps": maps, "pool": maps})

    assert [(layer.name, round(layer.score, 5)) for layer in read.layers] == [("hidden", 1), ("maps", 2)]
    assert read.score == pytest.approx(1.5)
    assert read.unusual


def test_what_is_on_the_threshold_is_not_unusual(measure):
    usual = {"hidden": np.array([1, 0, 1, 0, 0, 0], np.float32), "maps": np.ones((1, 1, 2), np.float32)}
    usual["maps"][..., 1] = np.sqrt(1 / 3)  # a quarter of it is outside

    read = measure.read(usual)

    assert read.score == pytest.approx(1, abs=1e-6)
    assert not NoveltyMeasure(measure.layers, read.score).read(usual).unusual


def test_a_batch_is_read_as_its_images_are_one_by_one(measure):
    rng = np.random.default_rng(3)
    batch = {"hidden": rng.normal(size=(5, 6)).astype(np.float32), "maps": rng.normal(size=(5, 3, 3, 2)).astype("f4")}

    for row, scores in enumerate(measure.scores(batch)):
        one = measure.read({name: values[row] for name, values in batch.items()})
        assert [layer.score for layer in one.layers] == pytest.approx(scores.tolist(), abs=1e-6)


@pytest.fixture
def card(models_dir) -> ModelCard:
    """A card that speaks of a measure at two layers."""
    said = NoveltyCard(
        layers=("hidden_1", "hidden_3"),
        threshold=0.75,
        fitted_on="made by hand",
        fitted_examples=1,
        calibrated_on="made by hand",
        calibration_examples=1,
        rates=(),
    )
    return read_bundle(models_dir / "mnist-mlp-lecture").card.model_copy(update={"novelty": said})


def statistics(width: int = 512) -> Mapping[str, np.ndarray]:
    layers = {f"novelty/hidden_{number}": np.ones((10, 2, width), np.float16) for number in (1, 3)}
    units = {f"{layer}/unit": np.array([0.1], np.float32) for layer in layers}
    return {**{f"{layer}/subspaces": rows for layer, rows in layers.items()}, **units}


def test_measure_is_read_from_the_statistics(card):
    measure = read_measure(card, statistics())

    assert [layer.name for layer in measure.layers] == ["hidden_1", "hidden_3"]
    assert measure.threshold == 0.75
    assert measure.layers[0].subspaces.dtype == np.float32


def test_card_that_says_nothing_of_novelty_has_no_measure(card):
    assert read_measure(card.model_copy(update={"novelty": None}), statistics()) is None


@pytest.mark.parametrize("arrays", [{}, statistics(width=511)], ids=["missing", "of another width"])
def test_card_whose_measure_is_not_there_is_refused(card, arrays):
    with pytest.raises(BundleError, match="lack the measure of novelty"):
        read_measure(card, arrays)
