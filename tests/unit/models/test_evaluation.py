"""Measures, disguises and hand-written cases."""

import random

import numpy as np
import pytest

from models.calibrate import sigmoid
from models.document import Document
from models.evaluate.cases import article_cases, functional_cases
from models.evaluate.decisions import automatic, outcome
from models.evaluate.disguise import TRICKS, disguised
from models.evaluate.measures import (
    auc,
    bias_aucs,
    false_positives_at_recall,
    power_mean,
    recall_at_false_positives,
    sample,
)
from models.evaluate.natural import decided_alone, rejecting
from models.evaluate.table import Measured, markdown, number
from models.judgement import Judgement
from models.outputs import LABELS
from models.policy import Policy
from models.predict import Scorer
from models.train.calibration import Mix, default_policy
from models.train.choose_policy import side_thresholds
from models.train.judge import judged

POLICY: Policy = {"toxicity": {"hold": 0.4, "reject": 0.9}, "spam": {"hold": 0.3, "reject": 0.8}}


def _judgement(toxicity: float, *flags: str) -> Judgement:
    return Judgement({"toxicity": toxicity, "spam": 0.0}, flags)


def test_there_are_enough_functions_and_cases() -> None:
    cases = functional_cases()
    assert len({case.function for case in cases}) >= 25
    assert len(cases) >= 400
    assert len({case.text for case in cases}) == len(cases)


def test_article_has_150_readers() -> None:
    verdicts = [case.verdict for case in article_cases()]
    assert len(verdicts) == 150
    assert set(verdicts) == {"plain", "abuse", "spam"}


def test_no_slot_is_left_unfilled() -> None:
    assert not any("{" in case.text for case in functional_cases())


@pytest.mark.parametrize(
    ("judgement", "expected"),
    [
        (_judgement(0.1), "approve"),
        (_judgement(0.4), "hold"),
        (_judgement(0.95), "reject"),
        (_judgement(0.1, "unfamiliar_language"), "hold"),
        (_judgement(0.95, "unfamiliar_language"), "hold"),
    ],
)
def test_default_policy(judgement: Judgement, expected: str) -> None:
    assert outcome(judgement, POLICY) == expected


@pytest.mark.parametrize(("label", "hold"), [("insult", 0.3), ("profanity", 0.5)])
def test_a_sub_score_holds_from_its_own_least_on(label: str, hold: float) -> None:
    scores = np.linspace(0.01, 0.9, 100)
    bad = (scores > 0.4).astype(float)
    assert side_thresholds(label, scores, bad, np.ones(100)).hold == hold


def test_automatic_decisions_count_by_weight() -> None:
    found = automatic(
        ["approve", "approve", "hold", "reject"], np.array([0, 1, 0, 1.0]), np.array([2, 1, 1, 1.0])
    )
    assert found.share == pytest.approx(0.8)
    assert found.approve_error == pytest.approx(1 / 3)
    assert found.reject_error == 0
    assert found.approve_bound > found.approve_error


def test_auc_of_one_class_is_unknown() -> None:
    assert np.isnan(auc([1, 1], [0.1, 0.2]))


def test_auc_up_to_a_rate_sees_only_mistakes_among_the_highest_scores() -> None:
    labels = [0] * 10 + [1] * 2
    low_mistake = [*range(9), 3.5, 3.2, 20]
    high_mistake = [*range(9), 30, 10, 20]
    assert auc(labels, high_mistake) > auc(labels, low_mistake)
    assert auc(labels, high_mistake, 0.1) < auc(labels, low_mistake, 0.1)


def test_false_positives_at_full_recall() -> None:
    assert false_positives_at_recall([0, 0, 1, 1], [0.1, 0.6, 0.5, 0.9], 1.0) == 0.5


def test_recall_at_a_rate_of_false_positives() -> None:
    assert recall_at_false_positives([0.2, 0.99], np.linspace(0, 1, 101), 0.05) == 0.5


def test_power_mean_is_near_the_worst() -> None:
    assert power_mean([1.0, 1.0, 0.5]) < 0.65


def test_bias_of_a_group_that_always_looks_toxic() -> None:
    found = bias_aucs([0, 0, 1, 1], [0.9, 0.1, 0.95, 0.8], [True, False, True, False])
    assert found["bpsn"] == 0.0


def test_sample_repeats() -> None:
    assert sample(100, 10).tolist() == sample(100, 10).tolist()


@pytest.mark.parametrize("name", TRICKS)
def test_trick_changes_a_word(name: str) -> None:
    seeded = map(random.Random, range(5))
    changed = {TRICKS[name]("toasted", rng) for rng in seeded}
    assert changed != {"toasted"}


def test_disguise_is_seeded() -> None:
    texts = ["these words are disguised somewhere"]
    assert list(disguised(texts)) == list(disguised(texts))


def test_row_below_its_floor_says_so() -> None:
    row = Measured("x", float("nan"), 0.5, 0.9, 0.95)
    assert row.verdict == "MISSED"
    assert "MISSED" in markdown([row])


@pytest.mark.parametrize(
    ("ours", "verdict"),
    [(0.01, "reach"), (0.03, "floor"), (0.2, "MISSED"), (float("nan"), "MISSED")],
)
def test_lower_is_better_where_said(ours: float, verdict: str) -> None:
    assert Measured("x", 0.5, ours, 0.04, 0.02, "lower").verdict == verdict


def test_numbers_print_short() -> None:
    assert [number(one) for one in (float("nan"), 0.98, 1234.5)] == ["–", "0.98", "1,234"]


def _mix(flagged: bool) -> Mix:
    """Two comments and a spam: the second comment is plain and scores as high as the spam."""
    scores = np.full((3, len(LABELS)), 0.01)
    scores[1:, LABELS.index("spam")] = 0.96
    return Mix(
        scores,
        np.array([False, flagged, False]),
        np.array([0.0, 0.0, 1.0]),
        np.array([0.0, 0.0, 1.0]),
        np.array([0.5, 0.25, 0.25]),
    )


@pytest.mark.parametrize(("flagged", "share", "error"), [(False, 0.5, 0.5), (True, 0.25, 0.0)])
def test_what_is_flagged_would_not_be_rejected(flagged: bool, share: float, error: float) -> None:
    rows = {(one.score, one.threshold): one for one in rejecting(_mix(flagged))}
    found = rows["spam", 0.95]
    assert (found.share, found.error) == pytest.approx((share, error))
    assert rows["spam", 0.98].share == rows["toxicity", 0.7].share == 0


def test_what_is_flagged_is_held_in_the_mix() -> None:
    policy: Policy = {"spam": {"hold": 0.5, "reject": None}}
    scores = np.full((2, len(LABELS)), 0.01)
    nothing = np.zeros(2)
    mix = Mix(scores, np.array([True, False]), nothing, nothing, np.array([0.4, 0.6]))
    found = decided_alone(mix, policy)
    assert (found.approved, found.rejected, found.reject_bound) == pytest.approx((0.6, 0, 0))


def test_what_is_flagged_moves_no_threshold() -> None:
    rng = np.random.default_rng(0)
    bad = np.repeat([0.0, 1.0], [4000, 400])
    spam = bad * (np.arange(4400) % 2)
    sign = np.repeat((bad - spam)[:, None], len(LABELS), axis=1)
    sign[:, LABELS.index("spam")] = spam
    scores = sigmoid(rng.normal(size=sign.shape) + 6 * sign - 4)
    calm = Mix(scores, np.zeros(4400, dtype=bool), bad, spam, np.full(4400, 1 / 4400))
    alien = np.zeros((400, len(LABELS)))
    both = Mix(
        np.concatenate([scores, alien]),
        np.repeat([False, True], [4400, 400]),
        np.concatenate([bad, np.ones(400)]),
        np.concatenate([spam, np.ones(400)]),
        np.full(4800, 1 / 4800),
    )
    before, after = (default_policy(mix)["toxicity"]["hold"] for mix in (calm, both))
    assert after == pytest.approx(before, abs=0.02)


def test_thresholds_may_be_chosen_without_the_lists(scorer: Scorer) -> None:
    plain = "the council will build a new bridge near our school and people like the quiet park"
    documents = [Document(f"{plain} pajeet"), Document("")]
    for listed, found in ((True, [True, True]), (False, [False, True])):
        flagged = judged(scorer._reader, scorer._classifier, documents, listed=listed).flagged
        assert flagged.tolist() == found
