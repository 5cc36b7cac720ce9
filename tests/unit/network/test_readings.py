"""What the numbers say: the answer and each layer's figures, on numbers made up for it."""

import numpy as np
import pytest

from app.network.readings import classify, read_layers, summarise
from app.network.traced import LayerReadout, Readout


@pytest.fixture
def readout() -> Readout:
    """Two images in a network of one hidden layer and three classes."""
    hidden = np.array([[-1, 2], [3, -4]], np.float32)
    logits = np.array([[0, 1, 2], [5, 0, 0]], np.float32)
    exponentials = np.exp(logits)
    return Readout(
        (
            LayerReadout("hidden", hidden, np.maximum(hidden, 0)),
            LayerReadout("output", logits, exponentials / exponentials.sum(axis=1, keepdims=True)),
        )
    )


@pytest.mark.parametrize(("index", "label"), [(0, "cat"), (1, "airplane")])
def test_answer_is_the_class_with_the_highest_probability(readout, index, label):
    answer = classify(readout, index, ("airplane", "bird", "cat"))

    assert answer.label == label
    assert answer.probability == answer.probabilities.max()
    assert answer.logits.tolist() == readout.logits[index].tolist()


def test_each_image_of_a_batch_is_read_alone(readout):
    first, second = read_layers(readout, 0), read_layers(readout, 1)

    assert first[0].activation.tolist() == [0, 2]
    assert second[0].pre_activation.tolist() == [3, -4]


def test_figures_of_a_tensor():
    figures = summarise(np.array([[-1, 0], [0, 3]], np.float32))

    assert (figures.min, figures.max, figures.mean, figures.silent) == (-1, 3, 0.5, 0.5)


def test_layer_without_an_activation_has_no_figures_before_it(readout):
    pooling = Readout((LayerReadout("pool", None, np.ones((1, 2, 2, 1), np.float32)),))

    assert read_layers(pooling, 0)[0].pre_activation_summary() is None
    assert read_layers(readout, 0)[0].pre_activation_summary().min == -1


def test_network_that_ends_without_a_softmax_is_no_classifier():
    readout = Readout((LayerReadout("pool", None, np.ones((1, 2), np.float32)),))

    with pytest.raises(TypeError, match="softmax"):
        _ = readout.logits
