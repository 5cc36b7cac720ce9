"""Scores on test images: accuracy, loss, what is lost and gained, and the interval that so few images leave."""

import numpy as np
import pytest

from app.explain.ablation import Score, judge
from app.network.thinning import masks_without

LOGIT_TOLERANCE = 1e-4  # float32 sums in another order than float64 ones


def test_score_counts_what_is_right_in_each_class_and_takes_the_mean_of_the_logarithms():
    probabilities = np.array([[0.5, 0.25, 0.25], [0.1, 0.8, 0.1], [0.2, 0.7, 0.1]], np.float32)

    score = judge(probabilities, np.array([0, 1, 0], np.uint8))

    assert (score.right.tolist(), score.examples.tolist()) == ([1, 1, 0], [2, 1, 0])
    assert score.accuracy == pytest.approx(2 / 3)
    assert score.loss == pytest.approx(-np.log([0.5, 0.8, 0.2]).mean())


def test_probability_of_zero_costs_much_and_not_without_end():
    score = judge(np.array([[1, 0]], np.float32), np.array([1], np.uint8))

    assert score.loss == pytest.approx(-np.log(1e-7))


@pytest.mark.parametrize(
    ("right", "examples", "low", "high"), [(0, 10, 0, 0.2775), (5, 10, 0.2366, 0.7634), (1960, 2000, 0.9729, 0.9853)]
)
def test_interval_is_that_of_the_tables(right, examples, low, high):
    score = Score(0.0, np.array([right]), np.array([examples]))

    assert score.interval == pytest.approx((low, high), abs=1e-4)


@pytest.mark.parametrize(("which", "off"), [("mlp", {"hidden_2": range(0, 512, 2)}), ("cnn", {"conv_2": (0, 7)})])
def test_answer_alone_is_that_of_the_masked_run(which, off, images, request):
    network = request.getfixturevalue(which)
    batch, masks = np.stack([images[network.card.name]] * 3), masks_without(network.card, off)

    answers = network.answer_masked(batch, masks)

    assert answers.shape == (3, 10)
    assert np.allclose(answers, network.run_masked(batch, masks).probabilities, rtol=0, atol=LOGIT_TOLERANCE)
