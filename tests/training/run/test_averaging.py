"""The average of the weights: its arithmetic, and that it goes on from where it was read."""

import keras
import numpy as np
import pytest

from training.run.averaging import AveragedWeights, share_kept


@pytest.fixture
def network() -> keras.Model:
    """One unit with one weight, 1, and no bias to speak of."""
    number = keras.Input((1,))
    model = keras.Model(number, keras.layers.Dense(1)(number))
    model.set_weights([np.ones((1, 1), np.float32), np.zeros(1, np.float32)])
    return model


def put(model: keras.Model, weight: float) -> None:
    model.set_weights([np.full((1, 1), weight, np.float32), np.zeros(1, np.float32)])


def test_average_moves_by_the_share_that_does_not_stay(network):
    average = AveragedWeights(network, kept=0.5)
    put(network, 3.0)

    average.update(step=1000)

    assert average.read()[0].item() == pytest.approx(2.0)
    assert network.get_weights()[0].item() == 3.0


def test_untrained_weights_are_forgotten_early():
    assert share_kept(0.999, step=1) == pytest.approx(2 / 11)
    assert share_kept(0.999, step=90) == pytest.approx(0.91)
    assert share_kept(0.999, step=100_000) == 0.999


def test_restored_average_continues_unchanged(network):
    whole = AveragedWeights(network, kept=0.9)
    put(network, 2.0)
    whole.update(step=50)
    again = AveragedWeights(network, kept=0.9)

    again.restore(whole.read())

    put(network, 5.0)
    whole.update(step=51)
    again.update(step=51)
    assert np.array_equal(again.read()[0], whole.read()[0])
