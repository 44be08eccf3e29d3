"""Facts about the newspaper's own table of comments."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from service.ui.demo.comments import Comment, Comments, State
from service.ui.demo.moderation import Decision, Reason

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


def comment(comment_id: str = "c1", **fields: object) -> Comment:
    values = {
        "article": "quay",
        "parent": None,
        "author": "Ada",
        "url": "",
        "body": "Well said.",
        "posted_at": NOON,
        "reader": "ada",
        **fields,
    }
    return Comment(id=comment_id, **values)  # type: ignore[arg-type] - fields of the test's choice


@pytest.fixture
def comments(tmp_path: Path) -> Comments:
    return Comments(tmp_path / "new folder" / "demo.db")


def test_a_new_comment_is_seen_by_its_author_alone(comments: Comments) -> None:
    comments.add(comment(), "{}")
    assert [c.id for c in comments.of_article("quay", "ada")] == ["c1"]
    assert comments.of_article("quay", "bob") == []


def test_somebody_without_a_cookie_owns_nothing(comments: Comments) -> None:
    comments.add(comment(reader=""), "{}")
    assert comments.of_article("quay", "") == []


def test_an_approved_comment_is_seen_by_all_and_counted(comments: Comments) -> None:
    comments.add(comment(), "{}")
    comments.record("c1", Decision("approve", sequence=1))
    assert [c.state for c in comments.of_article("quay", "bob")] == [State.APPROVE]
    assert comments.counts() == {"quay": 1}


def test_a_decision_keeps_its_reasons_and_their_passages(comments: Comments) -> None:
    comments.add(comment(), "{}")
    reasons = (Reason("Reads like advertising.", ((0, 4), (5, 9))),)
    comments.record("c1", Decision("reject", reasons, 1))
    [stored] = comments.of_article("quay", "ada")
    assert (stored.state, stored.reasons) == (State.REJECT, reasons)


def test_an_older_decision_does_not_undo_a_newer_one(comments: Comments) -> None:
    comments.add(comment(), "{}")
    comments.record("c1", Decision("approve", sequence=2))
    comments.record("c1", Decision("hold", sequence=1))
    assert comments.of_article("quay", "ada")[0].state is State.APPROVE


def test_a_decision_that_came_before_the_answer_stays(comments: Comments) -> None:
    comments.add(comment(), "{}")
    comments.record("c1", Decision("approve", sequence=1))
    comments.mark_waiting("c1")
    assert comments.of_article("quay", "ada")[0].state is State.APPROVE


def test_the_same_callback_counts_once(comments: Comments) -> None:
    comments.add(comment(), "{}")
    first = comments.record_callback("msg_1", "c1", Decision("hold", sequence=1))
    again = comments.record_callback("msg_1", "c1", Decision("approve", sequence=9))
    assert (first, again) == (True, False)
    assert comments.of_article("quay", "ada")[0].state is State.HOLD


def test_what_is_handed_over_is_not_sent_again(comments: Comments) -> None:
    comments.add(comment("c1"), "one")
    comments.add(comment("c2"), "two")
    comments.add(comment("c3"), "three")
    comments.mark_waiting("c1")
    comments.record("c2", Decision("approve", sequence=1))
    assert comments.unsent(NOON + timedelta(seconds=1)) == [("c3", "three")]


def test_a_comment_that_may_be_on_its_way_is_left_alone(comments: Comments) -> None:
    comments.add(comment(), "one")
    assert comments.unsent(NOON) == []


def test_published_comments_are_taken_over_once(comments: Comments) -> None:
    comments.add_published([comment(body="first", state=State.APPROVE)])
    comments.add_published([comment(body="second", state=State.APPROVE)])
    assert [c.body for c in comments.of_article("quay", "bob")] == ["first"]
    assert comments.unsent(NOON + timedelta(seconds=1)) == []


def test_only_published_comments_of_the_article_can_be_answered(comments: Comments) -> None:
    comments.add(comment(), "{}")
    assert comments.find("quay", "c1") is None
    comments.record("c1", Decision("approve", sequence=1))
    assert comments.find("quay", "c1") is not None
    assert comments.find("other", "c1") is None


@pytest.mark.parametrize(
    ("state", "may_change"),
    [
        (State.UNSENT, True),
        (State.WAITING, True),
        (State.HOLD, True),
        (State.APPROVE, False),
        (State.REJECT, False),
    ],
)
def test_what_may_still_change(state: State, may_change: bool) -> None:
    assert comment(state=state).may_still_change is may_change


def test_many_readers_may_write_at_once(comments: Comments) -> None:
    def write(number: int) -> None:
        comments.add(comment(f"c{number}"), "{}")
        comments.record(f"c{number}", Decision("approve", sequence=1))

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(write, range(80)))
    assert comments.counts() == {"quay": 80}
