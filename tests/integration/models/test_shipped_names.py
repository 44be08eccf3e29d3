"""Names that comments are signed with: abuse is flagged, people are not."""

from pathlib import Path

import pytest

from models.document import Document
from models.names import ABUSIVE_NAME
from models.predict import Scorer
from models.train.spam_rows import spam_rows

PLAIN = "Thanks for the article, the part about the library was helpful."


def is_flagged(scorer: Scorer, name: str) -> bool:
    (judgement,) = scorer.score([Document(PLAIN, author_name=name)])
    return ABUSIVE_NAME in judgement.flags


@pytest.mark.parametrize(
    "name",
    [
        "Fuck You",
        "You idiot",
        "You idiot\x00",
        "y0u 1di0t",
        "F.u.c.k Off",
        "Stupid Author",
        "Your mother is a whore",
        "Kill all Jews",
        "Death to Muslims",
        "Towelhead Hunter",
        "Z\u0351\u036b\u0343\u036a\u0363al",
    ],
)
def test_an_abusive_name_is_flagged(shipped: Scorer, name: str) -> None:
    assert is_flagged(shipped, name)


@pytest.mark.parametrize(
    "name",
    ["Marta", "Mohammed Hassan", "Angry Voter", "Dick Cheney", "李娜", "Ольга", "", "  "],
)
def test_a_name_that_is_none_is_not_flagged(shipped: Scorer, name: str) -> None:
    assert not is_flagged(shipped, name)


def test_a_name_leaves_the_scores_of_toxicity_as_they_are(shipped: Scorer) -> None:
    rude, none = shipped.score([Document(PLAIN, author_name="You idiot"), Document(PLAIN)])
    assert rude.scores["toxicity"] == none.scores["toxicity"]
    assert none.flags == ()


def test_each_comment_of_a_batch_has_its_own_name(shipped: Scorer) -> None:
    names = [None, "You idiot", "Marta"] * 30
    judged = shipped.score([Document(PLAIN, author_name=name) for name in names])
    assert [one.flags for one in judged] == [(), (ABUSIVE_NAME,), ()] * 30


def test_hardly_any_name_under_a_plain_blog_comment_is_flagged(
    shipped: Scorer, shared_data: Path
) -> None:
    plain = (row.document for row in spam_rows(shared_data) if not row.spam)
    names = sorted({one.author_name for one in plain if one.author_name})
    # Without the rest of what a scorer does, as nothing else is asked here.
    flagged = shipped._names.abusive(names)
    assert len(names) > 6000
    assert len(flagged) < 0.004 * len(names)
