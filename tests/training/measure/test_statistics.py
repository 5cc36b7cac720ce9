"""What the test set does in a network, checked on a network small enough to compute by hand."""

import keras
import numpy as np
import pytest

from training.measure.statistics import QUANTILE_LEVELS, measure_statistics, unit_quantiles


@pytest.fixture
def network() -> keras.Model:
    """Three inputs, two units: one adds the inputs up, the other takes them away."""
    image = keras.Input((3,), name="input")
    hidden = keras.layers.Dense(2, activation="relu", name="hidden")(image)
    model = keras.Model(image, hidden)
    model.get_layer("hidden").set_weights([np.array([[1, -1]] * 3, np.float32), np.zeros(2, np.float32)])
    return model


def test_scale_is_the_99th_percentile_of_the_magnitude(network):
    images = np.random.default_rng(7).random((1000, 3), np.float32)

    statistics = measure_statistics(network, images)

    sums = images.sum(axis=1)
    expected = np.percentile(np.concatenate([sums, sums]), 99)
    assert statistics["hidden"].pre_activation.scale == pytest.approx(expected, rel=1e-5)
    assert statistics["hidden"].activation.scale <= statistics["hidden"].pre_activation.scale


def test_quantiles_tell_the_units_apart(network):
    images = np.random.default_rng(7).random((500, 3), np.float32)

    quantiles = measure_statistics(network, images)["hidden"].activation.quantiles

    assert quantiles.shape == (2, len(QUANTILE_LEVELS))
    assert quantiles[0] == pytest.approx(np.quantile(images.sum(axis=1), QUANTILE_LEVELS), rel=1e-4)
    assert not quantiles[1].any()


def test_histogram_counts_every_value_once(network):
    images = np.random.default_rng(7).random((300, 3), np.float32)

    statistics = measure_statistics(network, images)

    assert statistics["hidden"].pre_activation.counts.sum() == 300 * 2
    assert statistics["hidden"].examples == 300
    assert np.all(np.diff(statistics["hidden"].pre_activation.edges) > 0)


def test_map_is_one_unit_over_all_its_places():
    values = np.zeros((10, 4, 4, 2), np.float32)
    values[..., 1] = np.arange(16).reshape(4, 4)

    quantiles = unit_quantiles(values)

    assert quantiles[0].tolist() == [0] * len(QUANTILE_LEVELS)
    assert (quantiles[1, 0], quantiles[1, -1]) == (0, 15)
