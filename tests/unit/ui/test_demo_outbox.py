"""Facts about handing comments over: the two calls, and what happens when commentdesk is away."""

import json
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from service.ui.demo.comments import Comment, Comments, State
from service.ui.demo.moderation import Commentdesk, Decision, Reason, Refused, Unreachable
from service.ui.demo.outbox import Outbox
from tests.unit.ui.fake_commentdesk import PENDING, FakeCommentdesk, decided, decision

A_MINUTE_AGO = datetime.now(UTC) - timedelta(minutes=1)
AWAY = (503, {"title": "Try again later"})


@pytest.fixture
def comments(tmp_path: Path) -> Comments:
    return Comments(tmp_path / "demo.db")


@pytest.fixture
def outbox(comments: Comments, desk: FakeCommentdesk) -> Outbox:
    return Outbox(comments, Commentdesk(desk.url, "key-1"))


def keep(comments: Comments, comment_id: str, posted_at: datetime = A_MINUTE_AGO) -> None:
    comment = Comment(comment_id, "quay", None, "Ada", "", "Hello", posted_at, "ada")
    comments.add(comment, json.dumps({"body": "Hello", "external_id": comment_id}))


def states(comments: Comments) -> dict[str, State]:
    return {comment.id: comment.state for comment in comments.of_article("quay", "ada")}


def test_a_submission_asks_to_wait_and_can_be_sent_twice(desk: FakeCommentdesk) -> None:
    Commentdesk(desk.url + "/", "key-1").submit('{"body": "Hello"}', key="c1")
    [request] = desk.received
    assert request.path == "/v1/comments"
    assert request.body == {"body": "Hello"}
    assert request.headers["Authorization"] == "Bearer key-1"
    assert request.headers["Prefer"] == "wait=0.8"
    assert request.headers["Idempotency-Key"] == "c1"


def test_a_decision_in_the_answer_is_read_with_its_passages(desk: FakeCommentdesk) -> None:
    desk.answer = decided("hold", ("May insult somebody.", 4, 9))
    found = Commentdesk(desk.url, "key-1").submit("{}", key="c1")
    assert found == Decision("hold", (Reason("May insult somebody.", ((4, 9),)),), 1)


def test_no_decision_yet_is_none(desk: FakeCommentdesk) -> None:
    desk.answer = PENDING
    assert Commentdesk(desk.url, "key-1").submit("{}", key="c1") is None


def test_a_check_returns_what_would_be_decided(desk: FakeCommentdesk) -> None:
    desk.answer = (200, {"decision": decision("reject")})
    assert Commentdesk(desk.url, "key-1").check({"body": "Hello"}).outcome == "reject"


@pytest.mark.parametrize("status", [401, 403, 429, 500, 503])
def test_a_failure_that_may_pass_is_no_refusal(desk: FakeCommentdesk, status: int) -> None:
    desk.answer = (status, {})
    with pytest.raises(Unreachable, match=str(status)):
        Commentdesk(desk.url, "key-1").submit("{}", key="c1")


@pytest.mark.parametrize(
    "answer",
    [
        [],
        ["a proxy's list"],
        {"decision": {"outcome": "quarantine"}},
        {"decision": {"scores": {}}},
        {"decision": {"outcome": "hold", "reasons": [{"code": "x"}]}},
        {"decision": "approve"},
    ],
)
def test_an_answer_that_makes_no_sense_is_no_decision(desk: FakeCommentdesk, answer: Any) -> None:
    desk.answer = (200, answer)
    with pytest.raises(Unreachable):
        Commentdesk(desk.url, "key-1").check({"body": "Hello"})


def test_an_empty_answer_does_not_count_as_handed_over(desk: FakeCommentdesk) -> None:
    desk.answer = (200, {})
    with pytest.raises(Unreachable):
        Commentdesk(desk.url, "key-1").submit("{}", key="c1")


def test_nobody_listening_is_unreachable() -> None:
    with pytest.raises(Unreachable):
        Commentdesk("http://127.0.0.1:9", "key-1").submit("{}", key="c1")


def test_a_refusal_says_what_is_wrong(desk: FakeCommentdesk) -> None:
    errors = [{"pointer": "/body", "detail": "The text is too long."}]
    desk.answer = (422, {"detail": "Some of it is wrong.", "errors": errors})
    with pytest.raises(Refused, match=r"^The text is too long\.$"):
        Commentdesk(desk.url, "key-1").submit("{}", key="c1")


def test_a_sent_comment_waits_for_its_decision(outbox: Outbox, comments: Comments) -> None:
    keep(comments, "c1")
    assert outbox.send("c1", "{}")
    assert states(comments) == {"c1": State.WAITING}


def test_a_refused_comment_is_not_sent_for_ever(
    outbox: Outbox, comments: Comments, desk: FakeCommentdesk
) -> None:
    desk.answer = (422, {"detail": "The text is too long."})
    keep(comments, "c1")
    outbox.resend()
    [comment] = comments.of_article("quay", "ada")
    assert (comment.state, comment.reasons) == (State.REJECT, (Reason("The text is too long."),))
    assert comments.unsent(datetime.now(UTC)) == []


def test_a_comment_is_kept_while_commentdesk_is_away_and_sent_when_it_is_back(
    outbox: Outbox, comments: Comments, desk: FakeCommentdesk
) -> None:
    desk.answer = AWAY
    keep(comments, "c1")
    outbox.resend()
    kept = states(comments)
    desk.answer = decided("approve")
    outbox.resend()
    assert (kept, states(comments)) == ({"c1": State.UNSENT}, {"c1": State.APPROVE})


def test_each_try_sends_the_same_request_under_the_same_key(
    outbox: Outbox, comments: Comments, desk: FakeCommentdesk
) -> None:
    desk.answer = AWAY
    keep(comments, "c1")
    outbox.resend()
    outbox.resend()
    first, second = desk.received
    assert first.body == second.body
    assert first.headers["Idempotency-Key"] == second.headers["Idempotency-Key"] == "c1"


def test_the_first_failure_ends_a_round(
    outbox: Outbox, comments: Comments, desk: FakeCommentdesk
) -> None:
    desk.answer = AWAY
    for name in ("c1", "c2", "c3"):
        keep(comments, name)
    outbox.resend()
    assert len(desk.received) == 1


def test_a_page_view_sends_what_is_left_in_the_background(
    outbox: Outbox, comments: Comments, desk: FakeCommentdesk
) -> None:
    keep(comments, "c1")
    outbox.resend_soon()
    for thread in [t for t in threading.enumerate() if t.name == "outbox"]:
        thread.join(timeout=5)
    assert states(comments) == {"c1": State.WAITING}


def test_many_page_views_make_one_round(
    outbox: Outbox, comments: Comments, desk: FakeCommentdesk
) -> None:
    desk.answer = AWAY
    keep(comments, "c1")
    for _ in range(20):
        outbox.resend_soon()
    for thread in [t for t in threading.enumerate() if t.name == "outbox"]:
        thread.join(timeout=5)
    assert len(desk.received) == 1
