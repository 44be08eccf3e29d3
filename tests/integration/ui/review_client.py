"""A moderator's browser without a script: sign in, decide, and what that came to."""

import re
from uuid import UUID

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from service.moderation.desk import Desk

PASSWORD = "a long enough password"
FETCH = {"X-Requested-With": "fetch"}


def token_in(page: str) -> str:
    """The token that the forms of a page carry."""
    found = re.search(r'name="csrf_token"\s+value="([^"]+)"', page)
    assert found is not None
    return found.group(1)


def sign_in(app: Flask, login: str = "ann", password: str = PASSWORD) -> FlaskClient:
    """The browser of somebody who has signed in."""
    client = app.test_client()
    form = {"csrf_token": token_in(client.get("/review/login").text), "login": login}
    client.post("/review/login", data={**form, "password": password})
    return client


def try_password(client: FlaskClient, password: str) -> TestResponse:
    """The answer to Ann's login with this password."""
    form = {"csrf_token": token_in(client.get("/review/login").text), "login": "ann"}
    return client.post("/review/login", data={**form, "password": password})


def decide(
    client: FlaskClient, comment_id: UUID, outcome: str, fetch: bool = False, **fields: str
) -> TestResponse:
    """The answer to a card's form; `fetch`: as our script sends it."""
    form = {"csrf_token": token_in(client.get("/review/").text), "revision": "1", **fields}
    return client.post(
        f"/review/comments/{comment_id}/decision",
        data={"outcome": outcome, **form},
        headers=FETCH if fetch else {},
    )


def current(desk: Desk, comment_id: UUID) -> tuple[str, str]:
    """(outcome, first reason) of the decision in force."""
    with desk.storage.read() as work:
        head = work.comments.head(comment_id)
        assert head is not None
        assert head.decision_id is not None
        verdict = work.decisions.get(head.decision_id).verdict
    return verdict.outcome.value, verdict.reasons[0].text
