"""How the spam heads become one score."""

import numpy as np
import pytest

from models.classifier import TODAY_LOGIT_MAX, CommentClassifier
from models.spam_rule import MIXES, ROUTES, SPAM_HEADS, TODAY

BARE = ROUTES.index("bare")


@pytest.fixture
def classifier() -> CommentClassifier:
    one = CommentClassifier()
    one.spam_slope_, one.spam_offset_ = np.full(len(ROUTES), 2.0), np.full(len(ROUTES), -1.0)
    one.today_slope_, one.today_offset_ = 1.5, -2.0
    return one


def heads(mix: float, today: float) -> np.ndarray:
    """Logits of the spam heads of one comment: all of the mix say the same."""
    said = np.full(len(SPAM_HEADS), mix, dtype=np.float32)
    said[TODAY] = today
    return said


@pytest.mark.parametrize(
    ("mix", "today", "logit"),
    [(1.0, -4.0, 1.0), (-3.0, -2.0, -5.0), (-3.0, -9.0, -7.0), (-3.0, 2.0, TODAY_LOGIT_MAX)],
)
def test_what_is_sold_now_raises_the_score_and_never_lowers_it(
    classifier: CommentClassifier, mix: float, today: float, logit: float
) -> None:
    said = classifier.spam_logits(heads(mix, today)[None], np.array([BARE]))
    assert said.tolist() == pytest.approx([logit])


def test_well_known_links_lower_the_mix_and_not_what_is_sold_now(
    classifier: CommentClassifier,
) -> None:
    cited = np.array([1.5], dtype=np.float32)
    by_mix = classifier.spam_logits(heads(1.0, -4.0)[None], np.array([BARE]), cited)
    by_today = classifier.spam_logits(heads(-3.0, 2.0)[None], np.array([BARE]), cited)
    assert by_mix.tolist() == pytest.approx([-0.5])
    assert by_today.tolist() == pytest.approx([TODAY_LOGIT_MAX])


def test_the_heads_that_made_the_score_explain_it(classifier: CommentClassifier) -> None:
    by_mix = classifier.spam_shares(heads(1.0, -4.0), BARE, 0.0)
    by_today = classifier.spam_shares(heads(-3.0, 2.0), BARE, 0.0)
    assert classifier.spam_shares(heads(1.0, 1.2), BARE, 0.0).tolist() == by_mix.tolist()
    assert classifier.spam_shares(heads(1.0, 1.2), BARE, 1.5).tolist() == by_today.tolist()
    assert by_mix.tolist() == pytest.approx((2 * MIXES[BARE]).tolist())
    assert by_today.tolist() == [0, 0, 0, 0, 1.5]
