"""Facts about taking a decision back on the review pages, without their script."""

import re
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from service.domain.site import Site
from service.moderation.desk import Desk
from service.moderation.submit import NewText, revise
from tests.factories import a_submission
from tests.integration.ui.queue_builders import hold
from tests.integration.ui.review_client import FETCH, current, decide, sign_in, token_in


def undo(client: FlaskClient, comment_id: UUID, fetch: bool = False, **fields: str) -> TestResponse:
    form = {"csrf_token": token_in(client.get("/review/").text), "sequence": "2", **fields}
    return client.post(
        f"/review/comments/{comment_id}/undo", data=form, headers=FETCH if fetch else {}
    )


def test_the_page_after_a_decision_offers_to_take_it_back(
    ann: FlaskClient, desk: Desk, site: Site
) -> None:
    comment_id = hold(desk, site, a_submission("A doubtful one."))
    address = decide(ann, comment_id, "approve").location
    page = ann.get(address).text
    assert f'action="/review/comments/{comment_id}/undo"' in page
    assert re.search(r'name="sequence"\s+value="2"', page)
    assert "data-card" not in page
    assert "doubtful" not in address


def test_what_is_taken_back_waits_again_and_comes_first(
    ann: FlaskClient, desk: Desk, site: Site
) -> None:
    comment_id = hold(desk, site, a_submission("A doubtful one."))
    hold(desk, site, a_submission("Another one."))
    decide(ann, comment_id, "approve")
    answer = undo(ann, comment_id)
    assert answer.status_code == 303
    page = ann.get(answer.location).text
    assert "Taken back." in page
    assert page.index("A doubtful one.") < page.index("Another one.")
    assert page.count("A doubtful one.") == 1
    assert current(desk, comment_id) == ("hold", "A moderator took the decision back.")


def test_what_is_taken_back_waits_anew_at_the_end_of_the_queue(
    ann: FlaskClient, desk: Desk, site: Site
) -> None:
    comment_id = hold(desk, site, a_submission("A doubtful one."))
    hold(desk, site, a_submission("Another one."))
    decide(ann, comment_id, "approve")
    undo(ann, comment_id)
    page = ann.get("/review/").text
    assert page.index("Another one.") < page.index("A doubtful one.")
    with desk.storage.read() as work:
        held_at = work.decisions.history(comment_id)[-1].decided_at
    assert f'waiting for <time datetime="{held_at.isoformat()}">less than a minute<' in page


def test_our_script_gets_the_card_again(ann: FlaskClient, desk: Desk, site: Site) -> None:
    comment_id = hold(desk, site, a_submission("A doubtful one."))
    receipt = decide(ann, comment_id, "approve", fetch=True).text
    assert f'action="/review/comments/{comment_id}/undo"' in receipt
    answer = undo(ann, comment_id, fetch=True)
    assert answer.status_code == 200
    assert "data-card" in answer.text
    assert "A doubtful one." in answer.text


@pytest.mark.parametrize("fetch", [False, True])
def test_a_colleagues_decision_cannot_be_taken_back(
    app: Flask, ann: FlaskClient, desk: Desk, site: Site, fetch: bool
) -> None:
    comment_id = hold(desk, site, a_submission())
    hold(desk, site, a_submission())
    ben = sign_in(app, "ben")
    decide(ben, comment_id, "reject")
    answer = undo(ann, comment_id, fetch=fetch)
    assert answer.status_code == 409
    assert "already rejected by ben" in answer.text
    assert current(desk, comment_id)[0] == "reject"


def test_undoing_twice_says_that_it_waits_already(ann: FlaskClient, desk: Desk, site: Site) -> None:
    comment_id = hold(desk, site, a_submission())
    decide(ann, comment_id, "reject")
    assert undo(ann, comment_id).status_code == 303
    answer = undo(ann, comment_id)
    assert answer.status_code == 409
    assert "already held by ann" in answer.text


def test_undoing_what_was_edited_since_says_so(ann: FlaskClient, desk: Desk, site: Site) -> None:
    comment_id = hold(desk, site, a_submission())
    decide(ann, comment_id, "approve")
    revise(desk, site, comment_id, NewText("Something else."))
    answer = undo(ann, comment_id)
    assert answer.status_code == 409
    assert "The author has edited this comment; the new text is not decided yet." in answer.text


def test_undoing_needs_the_token_of_this_session_and_a_number(
    ann: FlaskClient, desk: Desk, site: Site
) -> None:
    comment_id = hold(desk, site, a_submission())
    hold(desk, site, a_submission())
    decide(ann, comment_id, "reject")
    assert undo(ann, comment_id, csrf_token="guessed").status_code == 403
    assert undo(ann, comment_id, sequence="last").status_code == 422
    assert current(desk, comment_id)[0] == "reject"


@pytest.mark.parametrize(
    "query", ["done=approve&comment=x&sequence=2", "done=hold&comment=x", "done=approve&sequence=a"]
)
def test_a_made_up_address_offers_nothing(ann: FlaskClient, query: str) -> None:
    answer = ann.get(f"/review/?{query}")
    assert answer.status_code == 200
    assert "/undo" not in answer.text
