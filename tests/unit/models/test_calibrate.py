"""Probabilities that hold under a natural mix."""

import numpy as np
import pytest

from models.calibrate import calibration_error, fit_platt, prior_weights, sigmoid
from models.document import Document
from models.policy import (
    Thresholds,
    choose_holds,
    choose_reject,
    effective_count,
    error_rate,
    upper_bound,
    with_margin,
    wrong_bound,
)
from models.spam_rule import SPAM_HEADS, TODAY
from models.train.calibration import (
    ROUTE_ROWS_MIN,
    TODAY_PRIOR,
    SpamTruth,
    spam_platts,
    today_platt,
)
from models.train.spam_rows import TODAY_SITE, SpamRow


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
    assert upper_bound(np.zeros(300), np.ones(300)) == pytest.approx(0.01, abs=0.0005)


def test_upper_bound_of_equal_weights_is_that_of_a_count() -> None:
    # Ten of a thousand: the exact upper bound of a Poisson count of ten is 16.96.
    wrong = (np.arange(1000) < 10).astype(float)
    assert upper_bound(wrong, np.full(1000, 7.0)) == pytest.approx(0.01696, abs=1e-5)


def test_upper_bound_of_light_errors_is_lower_than_of_heavy_ones() -> None:
    weights = np.repeat([1.0, 50.0], 500)
    light, heavy = np.zeros(1000), np.zeros(1000)
    light[:100], heavy[500:502] = 1, 1
    assert error_rate(light, weights) == error_rate(heavy, weights)
    assert upper_bound(light, weights) < upper_bound(heavy, weights)


def test_upper_bound_holds_as_often_as_it_says() -> None:
    rng = np.random.default_rng(3)
    weights = rng.choice([0.2, 1.0, 8.0], size=2000, p=[0.7, 0.25, 0.05])
    chance = np.where(weights < 1, 0.03, 0.005)
    true = float((weights * chance).sum() / weights.sum())
    draws = ((rng.random(2000) < chance).astype(float) for _ in range(400))
    held = [upper_bound(wrong, weights) >= true for wrong in draws]
    assert np.mean(held) >= 0.95


def test_upper_bound_of_nothing_is_one() -> None:
    assert upper_bound(np.zeros(0), np.zeros(0)) == 1.0


def test_chosen_thresholds_keep_the_promise() -> None:
    rng = np.random.default_rng(2)
    bad = (rng.random(20_000) < 0.1).astype(float)
    scores = sigmoid(rng.normal(size=20_000) + 5 * bad - 3)
    ones = np.ones(20_000)
    hold, other = choose_holds(scores, rng.random(20_000), bad, ones, ones > 0)
    reject = choose_reject(scores, bad, ones)
    assert 0 < bad[scores < hold].mean() <= 0.01
    assert 1 - bad[scores >= reject].mean() <= 0.02
    assert other > 0.9


def test_the_holds_that_let_most_pass_are_taken() -> None:
    rng = np.random.default_rng(0)
    first, second = (rng.permutation(np.linspace(0, 1, 10_000)) for _ in range(2))
    # The bad ones are high in both, so that either threshold may keep them off. Plain ones that
    # are high in the first weigh more, so that it would let most pass to hold by the second.
    weights = np.concatenate([np.where(first > 0.97, 2.0, 1.0), np.ones(400)])
    first, second = (np.concatenate([scores, np.full(400, 0.983)]) for scores in (first, second))
    bad = np.repeat([0.0, 1.0], [10_000, 400])
    weights /= weights.sum()
    hold, other = choose_holds(first, second, bad, weights, bad < 2)
    assert other <= 0.983 < hold


def test_of_holds_that_let_as_many_pass_the_highest_second_is_taken() -> None:
    # To hold by the first what is bad costs hardly more than to hold it by the second.
    first = np.concatenate([np.linspace(0, 0.8, 10_000), np.full(1000, 0.99), np.full(80, 0.785)])
    second = np.concatenate(
        [np.tile(np.linspace(0, 1, 100), 100), np.zeros(1000), np.full(80, 0.8)]
    )
    bad = np.repeat([0.0, 1.0], [10_000, 1080])
    weights = np.where((second > 0.6) & (bad < 1), 1e-4, 1.0)
    weights[(first > 0.78) & (bad < 1)] *= 0.01
    hold, other = choose_holds(first, second, bad, weights, bad < 2)
    assert hold < 0.785
    assert other == pytest.approx(0.99, abs=0.01)


def test_what_is_held_anyway_does_not_count_against_the_promise() -> None:
    scores = np.linspace(0, 1, 1000)
    bad = (np.arange(1000) % 2).astype(float)
    hold, _ = choose_holds(scores, scores, bad, np.ones(1000), bad < 0.5)
    assert hold > 0.95


def rejecting(bad: int, plain: int) -> tuple[dict[str, np.ndarray], np.ndarray]:
    """Return scores of which the bad and some plain ones are above .9, and what is bad."""
    above = np.linspace(0.92, 0.99, bad + plain)
    scores = np.concatenate([above, np.linspace(0.0, 0.5, 5000)])
    truth = np.ones(bad + plain)
    truth[:plain] = 0.0  # the plain ones have the lowest of the high scores
    return {"spam": scores}, np.concatenate([truth, np.zeros(5000)])


def test_rejections_get_no_margin_where_the_bound_holds() -> None:
    scores, bad = rejecting(bad=500, plain=0)
    kept = with_margin({"spam": Thresholds(0.5, 0.9)}, scores, bad, np.ones(len(bad)))
    assert kept["spam"].reject == pytest.approx(0.9)


def test_rejections_get_a_margin_until_the_bound_holds() -> None:
    scores, bad = rejecting(bad=480, plain=20)
    kept = with_margin({"spam": Thresholds(0.5, 0.9)}, scores, bad, np.ones(len(bad)))
    reject = kept["spam"].reject
    assert reject is not None
    above = scores["spam"] >= reject
    assert 0.9 < reject < 0.98
    assert wrong_bound(above, bad, np.ones(len(bad))) <= 0.02


def test_nothing_is_rejected_where_the_rows_prove_nothing() -> None:
    scores, bad = rejecting(bad=20, plain=0)
    kept = with_margin({"spam": Thresholds(0.5, 0.9)}, scores, bad, np.ones(len(bad)))
    assert kept["spam"] == Thresholds(0.5, None)


def test_a_heavy_plain_row_counts_with_its_weight() -> None:
    bad, rejected = np.array([1.0] * 300 + [0.0] * 300), np.arange(600) < 301
    light, heavy = np.ones(600), np.where(np.arange(600) == 300, 9.0, 1.0)
    assert wrong_bound(rejected, bad, heavy) > 3 * wrong_bound(rejected, bad, light)


def test_hopeless_scores_give_the_strictest_thresholds() -> None:
    scores = np.linspace(0, 1, 1000)
    bad = (np.arange(1000) % 2).astype(float)
    hold, _ = choose_holds(scores, scores, bad, np.ones(1000), bad < 2)
    assert hold == pytest.approx(0.5, abs=0.01)


def test_unequal_weights_are_worth_fewer_rows() -> None:
    assert effective_count([1, 1, 1, 1]) == pytest.approx(4)
    assert effective_count([1, 0, 0, 0]) == pytest.approx(1)


def test_route_with_few_rows_is_calibrated_as_all_are() -> None:
    rng = np.random.default_rng(4)
    route = np.array([0] * 400 + [1] * 400 + [2] * (ROUTE_ROWS_MIN - 1))
    labels = (rng.random(len(route)) < 0.5).astype(float)
    logits = np.where(route == 1, 3.0, 1.0) * (2 * labels - 1) + rng.normal(0, 2, len(route))
    heads = np.repeat(logits[:, None], len(SPAM_HEADS), axis=1).astype(np.float32)
    truth = SpamTruth(heads, route, labels, np.ones(len(route)))
    form, bare, rare = spam_platts(truth)
    [whole, *_] = spam_platts(SpamTruth(heads, np.zeros_like(route), labels, truth.weights))
    assert rare == whole
    assert len({form, bare, rare}) == 3


def test_what_is_sold_now_is_calibrated_at_its_own_share() -> None:
    kinds = [(True, TODAY_SITE, "today", 3.0), (False, TODAY_SITE, "today", 9.0)]
    kinds += [(False, "plain:talk", "news", -3.0), (True, "quay", "blog", 9.0)]
    rows = [SpamRow(Document("x"), spam, site, medium) for spam, site, medium, _ in kinds] * 50
    said = np.array([logit for *_, logit in kinds] * 50)
    heads = np.zeros((len(rows), len(SPAM_HEADS)), dtype=np.float32)
    heads[:, TODAY] = said + np.random.default_rng(5).normal(0, 2, len(rows))
    platt = today_platt(heads, rows)
    chances = platt(heads[:, TODAY])
    sold, plain = float(chances[0::4].mean()), float(chances[2::4].mean())
    mean = TODAY_PRIOR * sold + (1 - TODAY_PRIOR) * plain
    assert mean == pytest.approx(TODAY_PRIOR, rel=0.05)
