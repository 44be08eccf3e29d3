"""Facts about decisions that come too late: a colleague, the author or an erasure was faster."""

from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient

from service.domain.decision import Outcome
from service.domain.site import Site
from service.moderation.desk import Desk
from service.moderation.erase import erase
from service.moderation.submit import NewText, revise
from tests.factories import a_submission
from tests.integration.ui.queue_builders import hold, rule
from tests.integration.ui.review_client import current, decide, sign_in

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
        (Outcome.APPROVE, "was approved by policy."),
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
