"""Calibration on cases with a known result: calibrated and overconfident probabilities."""

import numpy as np
import pytest
from scipy.special import softmax

from training.measure.calibration import (
    BINS,
    HIGHEST_TEMPERATURE,
    LOWEST_TEMPERATURE,
    Scores,
    calibrate,
    cross_entropy,
    expected_calibration_error,
    fit_temperature,
    reliability_bins,
)


def sure(confidence: float, right: int, of: int) -> Scores:
    """Answers between two classes, all for the first with one confidence, so many of them right."""
    logits = np.tile(np.log([confidence, 1 - confidence]), (of, 1))
    return Scores(logits, (np.arange(of) >= right).astype(np.int64))


def drawn_from_its_own_probabilities(count: int, seed: int) -> Scores:
    """A network that is calibrated by its making: what is right is drawn as it says."""
    rng = np.random.default_rng(seed)
    logits = rng.normal(0, 2, (count, 10))
    edges = softmax(logits, axis=1).cumsum(axis=1)
    labels = np.minimum((rng.random((count, 1)) > edges).sum(axis=1), 9)
    return Scores(logits, labels)


def test_who_is_right_as_often_as_sure_has_no_error():
    bins = reliability_bins(sure(0.75, right=75, of=100))

    assert expected_calibration_error(bins) == pytest.approx(0, abs=1e-12)
    assert [part.examples for part in bins] == [100 if place == 11 else 0 for place in range(BINS)]
    assert bins[11].confidence == pytest.approx(0.75)
    assert bins[11].accuracy == 0.75
    assert (bins[0].confidence, bins[0].accuracy) == (0, 0)


def test_who_is_too_sure_has_the_difference_as_error():
    assert expected_calibration_error(reliability_bins(sure(0.95, right=70, of=100))) == pytest.approx(0.25)


def test_bins_count_by_their_examples_and_do_not_make_up_for_each_other():
    too_sure, too_timid = sure(0.9, right=60, of=100), sure(0.6, right=90, of=300)
    both = Scores(
        np.concatenate([too_sure.logits, too_timid.logits]), np.concatenate([too_sure.labels, too_timid.labels])
    )

    assert expected_calibration_error(reliability_bins(both)) == pytest.approx(0.25 * 0.3 + 0.75 * 0.3)


def test_end_of_a_bin_belongs_to_it_and_certainty_to_the_last():
    assert reliability_bins(sure(0.6, right=1, of=1))[8].examples == 1
    assert reliability_bins(Scores(np.array([[900.0, 0.0]]), np.array([0])))[-1].examples == 1


@pytest.mark.parametrize("scale", [0.5, 1.0, 3.0])
def test_temperature_finds_by_what_the_logits_were_multiplied(scale):
    calibrated = drawn_from_its_own_probabilities(20_000, seed=1)

    found = fit_temperature(Scores(calibrated.logits * scale, calibrated.labels))

    assert found == pytest.approx(scale, rel=0.03)


def test_temperature_is_where_the_cross_entropy_is_smallest():
    scores = drawn_from_its_own_probabilities(500, seed=2)

    found = fit_temperature(scores)

    def at(temperature: float) -> float:
        return cross_entropy(Scores(scores.logits / temperature, scores.labels))

    assert at(found) < min(at(found * 1.01), at(found / 1.01))


def test_temperature_stays_within_its_bounds_where_there_is_no_smallest():
    always_right = Scores(np.tile([2.0, 0.0], (10, 1)), np.zeros(10, np.int64))
    always_wrong = Scores(always_right.logits, np.ones(10, np.int64))

    assert LOWEST_TEMPERATURE <= fit_temperature(always_right) < 1.2 * LOWEST_TEMPERATURE
    assert 0.99 * HIGHEST_TEMPERATURE < fit_temperature(always_wrong) <= HIGHEST_TEMPERATURE


def test_cross_entropy_of_certainty_in_the_wrong_is_finite_and_in_full():
    assert cross_entropy(Scores(np.array([[1000.0, 0.0]]), np.array([1]))) == pytest.approx(1000)


def test_temperature_fitted_on_held_out_images_is_measured_on_the_whole_test_set():
    calibrated = drawn_from_its_own_probabilities(8000, seed=3)
    loud = Scores(calibrated.logits * 3, calibrated.labels)

    calibration = calibrate(test=loud, held_out=loud.every_other(0))

    temperature = calibration.temperature
    assert (temperature.fitted_on, temperature.fitted_examples, temperature.examples) == ("validation", 4000, 8000)
    assert temperature.error_before == calibration.error > 0.1
    assert temperature.error < 0.03
    assert sum(part.examples for part in calibration.bins) == calibration.examples == 8000


def test_without_held_out_images_one_half_fits_and_the_other_measures():
    calibrated = drawn_from_its_own_probabilities(8000, seed=4)
    labels = calibrated.labels.copy()
    labels[1::2] = 9 - labels[1::2]  # spoils the half that must not be fitted on

    calibration = calibrate(Scores(calibrated.logits, labels), held_out=None)

    temperature = calibration.temperature
    assert (temperature.fitted_on, temperature.fitted_examples, temperature.examples) == ("test", 4000, 4000)
    assert temperature.value == pytest.approx(1, rel=0.1)
    assert temperature.error_before > 0.3
