"""Thresholds for sites with other shares of abuse and spam."""

import numpy as np
import pytest

from models.outputs import LABELS
from models.policy import Policy
from models.train.calibration import Mix
from models.train.rates import RATES, at_rates, holds_at_rates, with_holds

POLICY: Policy = {label: {"hold": 0.9, "reject": None} for label in LABELS}


def _mix() -> Mix:
    """Return 8,000 plain comments, 1,000 of abuse and 1,000 of spam, ranked with errors."""
    rng = np.random.default_rng(0)
    kind = np.repeat([0, 1, 2], [8000, 1000, 1000])
    scores = np.zeros((10_000, len(LABELS)))
    for label, bad in (("toxicity", 1), ("spam", 2)):
        logits = rng.normal(size=10_000) + 3.0 * (kind == bad) - 3
        scores[:, LABELS.index(label)] = 1 / (1 + np.exp(-logits))
    bad = (kind > 0).astype(float)
    return Mix(
        scores, np.zeros(10_000, dtype=bool), bad, (kind == 2).astype(float), np.ones(10_000)
    )


def test_comments_are_weighed_to_the_rates() -> None:
    mix = at_rates(_mix(), abuse=0.02, spam=0.01)
    assert mix.weights.sum() == pytest.approx(1)
    assert (mix.weights * mix.spam).sum() == pytest.approx(0.01)
    assert (mix.weights * (mix.bad - mix.spam)).sum() == pytest.approx(0.02)


def test_the_rarer_what_is_bad_the_more_passes_within_the_promise() -> None:
    mix = _mix()
    found = holds_at_rates(mix, POLICY)
    assert [(one["abuse"], one["spam"]) for one in found] == list(RATES)
    passed = []
    for one in found:
        there = at_rates(mix, one["abuse"], one["spam"])
        below = np.all(
            [there.scores[:, LABELS.index(label)] < hold for label, hold in one["hold"].items()],
            axis=0,
        )
        assert (there.weights * there.bad)[below].sum() <= 0.01 * there.weights[below].sum()
        passed.append(float(there.weights[below].sum()))
    assert passed == sorted(passed, reverse=True)
    assert passed[0] > passed[-1] + 0.1


def test_a_policy_with_other_holds_keeps_the_rest() -> None:
    policy = with_holds(POLICY, {"spam": 0.2})
    assert policy["spam"] == {"hold": 0.2, "reject": None}
    assert policy["toxicity"] == POLICY["toxicity"]
