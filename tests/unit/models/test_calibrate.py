"""Probabilities that hold under a natural mix."""

import numpy as np
import pytest

from models.calibrate import calibration_error, fit_platt, prior_weights, sigmoid
from models.policy import choose_holds, choose_reject, effective_count, upper_bound


def test_prior_weights_restore_the_natural_rate() -> None:
    labels = np.array([1, 1, 1, 0])
    weights = prior_weights(labels, 0.1)
    assert weights[labels == 1].sum() / weights.sum() == pytest.approx(0.1)


def test_platt_recovers_the_true_probability() -> None:
    rng = np.random.default_rng(0)
    logits = rng.normal(size=20_000)
    labels = rng.random(20_000) < sigmoid(2 * logits - 1)
    platt = fit_platt(logits, labels, np.ones(20_000))
    assert platt.slope == pytest.approx(2, abs=0.1)
    assert platt.offset == pytest.approx(-1, abs=0.1)


def test_platt_of_reweighted_rows_is_calibrated_for_the_natural_mix() -> None:
    rng = np.random.default_rng(1)
    labels = (np.arange(20_000) % 2).astype(float)
    logits = rng.normal(size=20_000) + 2 * labels
    weights = prior_weights(labels, 0.05)
    chances = fit_platt(logits, labels, weights)(logits)
    assert calibration_error(chances, labels, weights) < 0.01


def test_error_of_overconfident_scores_is_large() -> None:
    labels = np.array([0, 1] * 50)
    assert calibration_error(np.full(100, 0.99), labels, np.ones(100)) == pytest.approx(0.49)


def test_sigmoid_of_a_huge_logit_is_finite() -> None:
    assert np.isfinite(sigmoid([1e9, -1e9])).all()


def test_upper_bound_without_errors_follows_the_rule_of_three() -> None:
    assert upper_bound(0, 300) == pytest.approx(0.01, abs=0.0005)


def test_upper_bound_of_nothing_is_one() -> None:
    assert upper_bound(0, 0) == 1.0


def test_chosen_thresholds_keep_the_promise() -> None:
    rng = np.random.default_rng(2)
    bad = (rng.random(20_000) < 0.1).astype(float)
    scores = sigmoid(rng.normal(size=20_000) + 5 * bad - 3)
    ones = np.ones(20_000)
    hold, other = choose_holds(scores, rng.random(20_000), bad, ones)
    reject = choose_reject(scores, bad, ones)
    assert 0 < bad[scores < hold].mean() <= 0.01
    assert 1 - bad[scores >= reject].mean() <= 0.02
    assert other > 0.9


def test_hopeless_scores_give_the_strictest_thresholds() -> None:
    scores = np.linspace(0, 1, 1000)
    bad = (np.arange(1000) % 2).astype(float)
    hold, _ = choose_holds(scores, scores, bad, np.ones(1000))
    assert hold == pytest.approx(0.5, abs=0.01)


def test_unequal_weights_are_worth_fewer_rows() -> None:
    assert effective_count([1, 1, 1, 1]) == pytest.approx(4)
    assert effective_count([1, 0, 0, 0]) == pytest.approx(1)
