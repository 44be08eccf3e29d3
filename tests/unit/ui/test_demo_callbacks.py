"""Facts about the route that takes signed decisions."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from standardwebhooks import Webhook
from werkzeug.test import TestResponse

from service.ui.demo.comments import Comment, State
from service.ui.demo.pages import Newspaper
from tests.unit.ui.conftest import WEBHOOK_SECRET
from tests.unit.ui.fake_commentdesk import decision

SLUG = "quay-street-vote"


@pytest.fixture(autouse=True)
def waiting_comment(paper: Newspaper) -> None:
    comment = Comment("c1", SLUG, None, "Ada", "", "Hello", datetime.now(UTC), "ada")
    paper.comments.add(comment, "{}")


def event(outcome: str, sequence: int = 1, **data: Any) -> dict[str, Any]:
    decided = decision(outcome, sequence=sequence)
    return {
        "type": "comment.decided",
        "timestamp": "2026-11-24T10:00:00Z",
        "data": {"comment_id": "x", "external_id": "c1", "decision": decided, **data},
    }


def call(
    client: FlaskClient,
    body: dict[str, Any],
    webhook_id: str = "msg_1",
    secret: str = WEBHOOK_SECRET,
    sent_at: datetime | None = None,
) -> TestResponse:
    sent_at = sent_at or datetime.now(UTC)
    text = json.dumps(body)
    headers = {
        "webhook-id": webhook_id,
        "webhook-timestamp": str(int(sent_at.timestamp())),
        "webhook-signature": Webhook(secret).sign(webhook_id, sent_at, text),
    }
    return client.post("/callbacks", data=text, headers=headers)


def state(paper: Newspaper) -> State:
    return next(c.state for c in paper.comments.of_article(SLUG, "ada") if c.id == "c1")


def test_a_signed_decision_is_taken_over(ada: FlaskClient, paper: Newspaper) -> None:
    assert call(ada, event("approve")).status_code == 204
    assert state(paper) is State.APPROVE


def test_a_foreign_signature_changes_nothing(ada: FlaskClient, paper: Newspaper) -> None:
    answer = call(ada, event("approve"), secret="whsec_" + "QUJD" * 10)
    assert answer.status_code == 401
    assert state(paper) is State.UNSENT


def test_an_old_callback_is_refused(ada: FlaskClient) -> None:
    ten_minutes_ago = datetime.now(UTC) - timedelta(minutes=10)
    assert call(ada, event("approve"), sent_at=ten_minutes_ago).status_code == 401


@pytest.mark.parametrize("signature", ["", "v1", " v1,abc", "v1,abc", "v1,%%%", "v2,eA=="])
def test_a_signature_that_cannot_be_read_is_refused(ada: FlaskClient, signature: str) -> None:
    headers = {
        "webhook-id": "msg_1",
        "webhook-timestamp": str(int(datetime.now(UTC).timestamp())),
        "webhook-signature": signature,
    }
    assert ada.post("/callbacks", data="{}", headers=headers).status_code == 401


def test_bytes_that_are_no_text_are_refused(ada: FlaskClient) -> None:
    assert ada.post("/callbacks", data=b"\xff\xfe", headers={}).status_code == 401


def test_the_same_callback_again_is_fine_and_changes_nothing(
    ada: FlaskClient, paper: Newspaper
) -> None:
    call(ada, event("hold", sequence=1))
    assert call(ada, event("approve", sequence=2)).status_code == 204
    assert state(paper) is State.HOLD


def test_a_late_callback_does_not_undo_a_newer_decision(ada: FlaskClient, paper: Newspaper) -> None:
    call(ada, event("approve", sequence=2), "msg_2")
    assert call(ada, event("hold", sequence=1), "msg_1").status_code == 204
    assert state(paper) is State.APPROVE


def test_a_decision_about_a_comment_from_elsewhere_is_fine(ada: FlaskClient) -> None:
    assert call(ada, event("approve", external_id=None)).status_code == 204
    assert call(ada, event("approve", external_id="other")).status_code == 204


def test_events_of_other_types_are_fine(ada: FlaskClient, paper: Newspaper) -> None:
    assert call(ada, {**event("approve"), "type": "comment.erased"}).status_code == 204
    assert state(paper) is State.UNSENT
