"""The distance of activations from the training images' subspaces, on subspaces made for the test."""

from collections.abc import Mapping

import numpy as np
import pytest

from app.bundle.card import BundleError, ModelCard, NoveltyCard
from app.bundle.files import read_bundle
from app.bundle.novelty import (
    InputMeasure,
    LayerMeasure,
    Mixture,
    Novelty,
    NoveltyMeasure,
    Scale,
    features,
    read_measure,
    share_outside,
    views,
)

PLANES = np.eye(6, dtype=np.float32).reshape(3, 2, 6)
"""Three classes of two dimensions each: together they span all six features."""


def read_one(measure: NoveltyMeasure, activations: Mapping[str, np.ndarray]) -> Novelty:
    """What is read of one image, given by layer in the shape of the layer."""
    (one,) = measure.read({name: values[np.newaxis] for name, values in activations.items()})
    return one


@pytest.fixture
def measure() -> NoveltyMeasure:
    """Two layers, of which the second counts by the means of its maps."""
    maps = LayerMeasure("maps", PLANES[:1, :1, :2], Scale(0, 0.25))
    return NoveltyMeasure((LayerMeasure("hidden", PLANES, Scale(0, 0.5)), maps), 1.0)


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

    read = read_one(measure, {"hidden": hidden, "maps": maps, "pool": maps})

    assert [(layer.name, round(layer.score, 5)) for layer in read.layers] == [("hidden", 1), ("maps", 2)]
    assert read.score == pytest.approx(1.5)
    assert read.unusual


def test_what_is_on_the_threshold_is_not_unusual(measure):
    usual = {"hidden": np.array([1, 0, 1, 0, 0, 0], np.float32), "maps": np.ones((1, 1, 2), np.float32)}
    usual["maps"][..., 1] = np.sqrt(1 / 3)  # a quarter of it is outside

    read = read_one(measure, usual)

    assert read.score == pytest.approx(1, abs=1e-6)
    assert not read_one(NoveltyMeasure(measure.layers, read.score), usual).unusual


def test_scale_gives_0_for_the_usual_and_1_for_the_far_value():
    scale = Scale(0.2, 0.6)

    assert scale.scores(np.array([0.1, 0.2, 0.4, 0.6, 1.0], np.float32)) == pytest.approx([0, 0, 0.5, 1, 2], abs=1e-6)


@pytest.fixture
def mixture() -> Mixture:
    """Two Gaussians in a plane of three features: a narrow one at the origin, one twice as wide at (9, 9)."""
    rng = np.random.default_rng(5)
    factors = np.stack([np.array([[2, 0], [1, 1]]), np.array([[1, 0], [0.5, 0.5]])]).astype(np.float32)
    basis = np.linalg.qr(rng.normal(size=(3, 2)))[0].astype(np.float32)
    return Mixture(basis, np.array([[0, 0], [9, 9]], np.float32), factors, np.array([0, 4 * np.log(2)], np.float32))


def test_distance_is_mahalanobis_from_the_nearest_gaussian_and_its_spread(mixture):
    points = np.random.default_rng(6).uniform(-3, 12, (50, 2)).astype(np.float32)

    squared = []
    for centre, factor, spread in zip(mixture.centres, mixture.factors, mixture.spreads, strict=True):
        away = (points - centre).astype(np.float64)
        squared.append(np.einsum("nd,de,ne->n", away, factor @ factor.T, away) + spread)
    assert mixture.distances(points @ mixture.basis.T) == pytest.approx(np.sqrt(np.min(squared, axis=0)), rel=1e-4)
    assert len(set(np.argmin(squared, axis=0))) == 2


def test_pixels_are_blurred_as_they_are_and_at_length_1():
    image = np.zeros((3, 6, 6), np.float32)
    image[0, 2, 3] = 1
    image[1] = 5 * image[0]

    blurred, shape = (view.reshape(3, 6, 6) for view in views(image))

    once = np.array([1, 4, 6, 4, 1]) / 16
    assert blurred[0, :5, 1:] == pytest.approx(np.outer(once, once), abs=1e-6)
    assert blurred[1] == pytest.approx(5 * blurred[0])
    assert shape[1] == pytest.approx(shape[0], abs=1e-6)
    assert np.square(shape[0]).sum() == pytest.approx(1, abs=1e-6)
    assert not shape[2].any()
    assert views(image.reshape(3, 36))[1] == pytest.approx(shape.reshape(3, 36))


def test_where_pixels_count_two_thirds_of_the_score_are_theirs(measure):
    flat = Mixture(
        np.eye(4, 2, dtype="f4"), np.zeros((1, 2), "f4"), np.eye(2, dtype="f4")[np.newaxis], np.zeros(1, "f4")
    )
    pixels = np.array([1, 0, 0, 0], np.float32)
    hidden = np.array([1, 0, 1, 0, 0, 0], np.float32)
    scales = Scale(0, 0.5), Scale(0, 0.25)

    whole = NoveltyMeasure((InputMeasure("input", (flat, flat), scales), measure.layers[0]), 1.0)
    read = read_one(whole, {"input": pixels, "hidden": hidden})

    as_it_is, at_length_1 = (float(np.linalg.norm(view[0, :2])) for view in views(pixels[np.newaxis]))
    assert read.layers[0].score == pytest.approx((as_it_is / 0.5 + at_length_1 / 0.25) / 2, rel=1e-5)
    assert read.score == pytest.approx(2 / 3 * read.layers[0].score + 1 / 3 * read.layers[1].score, rel=1e-5)


def test_a_batch_is_read_as_its_images_are_one_by_one(measure):
    rng = np.random.default_rng(3)
    batch = {"hidden": rng.normal(size=(5, 6)).astype(np.float32), "maps": rng.normal(size=(5, 3, 3, 2)).astype("f4")}

    for row, scores in enumerate(measure.scores(batch)):
        one = read_one(measure, {name: values[row] for name, values in batch.items()})
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
    scales = {f"{layer}/scale": np.array([0.05, 0.15], np.float32) for layer in layers}
    return {**{f"{layer}/subspaces": rows for layer, rows in layers.items()}, **scales}


def test_measure_is_read_from_the_statistics(card):
    measure = read_measure(card, statistics())

    assert [layer.name for layer in measure.layers] == ["hidden_1", "hidden_3"]
    assert measure.threshold == 0.75
    assert measure.layers[0].subspaces.dtype == np.float32
    assert measure.layers[0].scale == Scale(pytest.approx(0.05), pytest.approx(0.15))


def mixtures(size: int = 784) -> Mapping[str, np.ndarray]:
    shapes = {"basis": (size, 3), "centres": (4, 3), "factors": (4, 3, 3), "spreads": (4,), "scale": (2,)}
    return {
        f"novelty/input/{view}/{what}": np.arange(np.prod(shape), dtype=np.float32).reshape(shape)
        for view in ("pixels", "shape")
        for what, shape in shapes.items()
    }


def test_measure_of_the_input_is_read_from_the_statistics(card):
    said = card.model_copy(update={"novelty": card.novelty.model_copy(update={"layers": ("input", "hidden_1")})})

    first, second = read_measure(said, {**statistics(), **mixtures()}).layers

    assert isinstance(first, InputMeasure)
    assert [mixture.factors.shape for mixture in first.mixtures] == [(4, 3, 3)] * 2
    assert first.scales == (Scale(0, 1),) * 2
    assert second.name == "hidden_1"
    with pytest.raises(BundleError, match="lack the measure of novelty"):
        read_measure(said, {**statistics(), **mixtures(size=783)})


def test_card_that_says_nothing_of_novelty_has_no_measure(card):
    assert read_measure(card.model_copy(update={"novelty": None}), statistics()) is None


@pytest.mark.parametrize("arrays", [{}, statistics(width=511)], ids=["missing", "of another width"])
def test_card_whose_measure_is_not_there_is_refused(card, arrays):
    with pytest.raises(BundleError, match="lack the measure of novelty"):
        read_measure(card, arrays)
