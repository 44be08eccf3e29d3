"""Facts about decisions that come too late: a colleague, the author or an erasure was faster."""

from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.exc import OperationalError

from service.domain.decision import Outcome
from service.domain.site import Site
from service.moderation.desk import Desk
from service.moderation.erase import erase
from service.moderation.submit import NewText, revise
from service.ui.review import views
from tests.factories import a_submission
from tests.integration.ui.queue_builders import hold, rule
from tests.integration.ui.review_client import FETCH, current, decide, sign_in

NOTE = "Rude to Ada."


def edit(desk: Desk, site: Site, comment_id: UUID, body: str, outcome: Outcome | None) -> None:
    """The author writes something else, and it is decided again, or not yet."""
    revise(desk, site, comment_id, NewText(body))
    if outcome:
        rule(desk, site, comment_id, outcome)


@pytest.mark.parametrize("fetch", [False, True])
def test_who_comes_second_is_told_who_was_first(
    app: Flask, ann: FlaskClient, desk: Desk, site: Site, fetch: bool
) -> None:
    comment_id = hold(desk, site, a_submission())
    decide(sign_in(app, "ben"), comment_id, "reject")
    hold(desk, site, a_submission())
    answer = decide(ann, comment_id, "approve", fetch=fetch)
    assert answer.status_code == 409
    assert "This comment was already rejected by ben. <bdi>Ann: “I walked" in answer.text
    assert current(desk, comment_id)[0] == "reject"


def test_an_edited_text_is_not_decided_unread(ann: FlaskClient, desk: Desk, site: Site) -> None:
    comment_id = hold(desk, site, a_submission())
    answer = decide(ann, comment_id, "approve", revision="2")
    assert answer.status_code == 409
    assert "The author has edited this comment" in answer.text


@pytest.mark.parametrize("fetch", [False, True])
def test_an_erased_comment_is_called_erased(
    ann: FlaskClient, desk: Desk, site: Site, fetch: bool
) -> None:
    comment_id = hold(desk, site, a_submission())
    hold(desk, site, a_submission())
    erase(desk, site, comment_id)
    answer = decide(ann, comment_id, "approve", fetch=fetch)
    assert answer.status_code == 409
    assert "This comment has been erased." in answer.text
    assert "<bdi>" not in answer.text


@pytest.mark.parametrize(
    ("outcome", "words"),
    [
        (Outcome.APPROVE, "was approved by the policy."),
        (None, "is not decided yet."),
    ],
)
def test_of_an_edited_comment_that_waits_no_more_it_is_said_what_it_became(
    ann: FlaskClient, desk: Desk, site: Site, outcome: Outcome | None, words: str
) -> None:
    comment_id = hold(desk, site, a_submission())
    hold(desk, site, a_submission())
    edit(desk, site, comment_id, "Something else.", outcome)
    answer = decide(ann, comment_id, "approve", fetch=True)
    assert answer.status_code == 409
    assert f"The author has edited this comment; the new text {words}" in answer.text
    assert "data-gone" in answer.text


def test_our_script_gets_the_new_card_of_an_edited_comment(
    ann: FlaskClient, desk: Desk, site: Site
) -> None:
    comment_id = hold(desk, site, a_submission())
    edit(desk, site, comment_id, "Something else.", Outcome.HOLD)
    answer = decide(ann, comment_id, "reject", fetch=True, note=NOTE)
    assert answer.status_code == 409
    for part in ("data-card", "Something else.", "read the new text", 'value="2"', NOTE):
        assert part in answer.text
    assert "data-gone" not in answer.text


def test_without_a_script_an_edited_comment_comes_first_with_the_reason_typed(
    ann: FlaskClient, desk: Desk, site: Site
) -> None:
    comment_id = hold(desk, site, a_submission())
    for number in range(26):
        hold(desk, site, a_submission(f"Comment number {number}."))
    edit(desk, site, comment_id, "Something else.", Outcome.HOLD)
    text = decide(ann, comment_id, "reject", note=NOTE).text
    assert text.index("Something else.") < text.index(NOTE) < text.index("Comment number 0.")
    assert text.count("Something else.") == 1


@pytest.mark.parametrize("fetch", [False, True])
def test_a_reason_that_came_too_late_is_given_back(
    app: Flask, ann: FlaskClient, desk: Desk, site: Site, fetch: bool
) -> None:
    comment_id = hold(desk, site, a_submission())
    hold(desk, site, a_submission())
    decide(sign_in(app, "ben"), comment_id, "approve")
    answer = decide(ann, comment_id, "reject", fetch=fetch, note=NOTE)
    assert f"Your reason was not sent: “{NOTE}”" in answer.text


def test_without_a_script_a_reason_that_is_too_long_is_still_there(
    ann: FlaskClient, desk: Desk, site: Site
) -> None:
    comment_id = hold(desk, site, a_submission())
    answer = decide(ann, comment_id, "reject", note=NOTE * 50)
    assert answer.status_code == 422
    assert NOTE * 50 in answer.text


@pytest.mark.parametrize("fetch", [False, True])
def test_the_same_again_is_the_decision_that_stands(
    ann: FlaskClient, desk: Desk, site: Site, fetch: bool
) -> None:
    comment_id = hold(desk, site, a_submission("A doubtful one."))
    first = decide(ann, comment_id, "reject", fetch=fetch, note=NOTE)
    again = decide(ann, comment_id, "reject", fetch=fetch, note=NOTE)
    assert (again.status_code, again.location) == (first.status_code, first.location)
    assert "already" not in again.text
    with desk.storage.read() as work:
        assert len(work.decisions.history(comment_id)) == 2


@pytest.mark.parametrize(
    ("outcome", "note"), [("approve", NOTE), ("reject", "Another reason."), ("reject", "")]
)
def test_another_decision_of_ones_own_is_none(
    ann: FlaskClient, desk: Desk, site: Site, outcome: str, note: str
) -> None:
    comment_id = hold(desk, site, a_submission())
    hold(desk, site, a_submission())
    decide(ann, comment_id, "reject", note=NOTE)
    answer = decide(ann, comment_id, outcome, fetch=True, note=note)
    assert answer.status_code == 409
    assert "already rejected by ann" in answer.text
    assert current(desk, comment_id) == ("reject", NOTE)


@pytest.mark.parametrize("fetch", [False, True])
def test_a_database_that_is_away_is_told_on_a_page(
    ann: FlaskClient, monkeypatch: pytest.MonkeyPatch, fetch: bool
) -> None:
    def away(*_: object) -> None:
        raise OperationalError("SELECT", None, Exception("gone"))

    monkeypatch.setattr(views, "held_comments", away)
    answer = ann.get("/review/", headers=FETCH if fetch else {})
    assert (answer.status_code, answer.mimetype) == (503, "text/html")
    assert "The database or the queue is away; try again." in answer.text
    assert ("<html" in answer.text) is not fetch
