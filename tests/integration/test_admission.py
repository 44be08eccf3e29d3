"""Facts about refusing submissions past capacity, on both pairs of servers."""

import threading
from collections.abc import Callable, Sequence
from dataclasses import replace
from io import BytesIO
from typing import Any
from uuid import uuid4

import pytest
from flask.testing import FlaskClient

from service.api.shedding import read_to_end
from service.app import create_app
from service.moderation.desk import Desk
from service.moderation.sites import create_site
from service.queue import PENDING

COMMENT = {"body": "A plain comment.", "article": {"id": "quay"}}


@pytest.fixture
def narrow(desk: Desk) -> Desk:
    """A desk that takes few: one submission waiting to be stored, a hundred to be scored."""
    settings = replace(desk.settings, intake_max_requests=1, backlog_max_comments=100)
    return replace(desk, settings=settings)


def signed_in(desk: Desk) -> tuple[FlaskClient, dict[str, str]]:
    """Return a client and the headers of a site's key."""
    site = create_site(desk, "News")
    return create_app(desk).test_client(), {"Authorization": f"Bearer {site.api_key}"}


def post(desk: Desk) -> Any:
    """Submit a comment."""
    client, headers = signed_in(desk)
    return client.post("/v1/comments", json=COMMENT, headers=headers)


@pytest.fixture
def full(narrow: Desk) -> Desk:
    """A desk with too many comments to be scored, and aware of it."""
    narrow.handover.redis.rpush(PENDING, *range(200))
    post(narrow)
    return narrow


def test_a_submission_is_refused_while_too_many_wait_to_be_stored(narrow: Desk) -> None:
    begun, go_on = threading.Event(), threading.Event()

    def slow(_items: Sequence[Any]) -> Callable[[], None]:
        begun.set()
        go_on.wait(10)
        return lambda: None

    threads = [
        threading.Thread(target=narrow.storage.groups.join, args=(None, slow)) for _ in range(2)
    ]
    for thread in threads:
        thread.start()
    begun.wait(5)
    while not narrow.storage.groups.waiting:
        pass
    answer = post(narrow)
    go_on.set()
    for thread in threads:
        thread.join()
    assert (answer.status_code, answer.json["code"]) == (503, "overloaded")
    assert answer.headers["Retry-After"] == "1"


def test_a_submission_is_refused_while_too_many_wait_for_a_score(narrow: Desk) -> None:
    narrow.handover.redis.rpush(PENDING, *range(200))
    assert post(narrow).status_code == 202  # this offer tells how many wait
    answer = post(narrow)
    assert (answer.status_code, answer.json["code"]) == (503, "overloaded")
    assert answer.headers["Retry-After"] == "10"


def test_submissions_are_taken_again_without_a_restart(narrow: Desk) -> None:
    narrow.handover.redis.rpush(PENDING, *range(200))
    post(narrow)
    assert post(narrow).status_code == 503
    narrow.handover.redis.delete(PENDING)
    assert post(narrow).status_code == 202


def test_every_way_to_store_is_refused_and_every_other_goes_on(full: Desk) -> None:
    client, headers = signed_in(full)
    comment = client.get("/v1/comments", headers=headers).json["comments"]
    assert comment == []  # reading goes on
    refused = [
        client.post("/v1/comments", json=COMMENT, headers=headers),
        client.post("/v1/comments/batch", json={"comments": [COMMENT]}, headers=headers),
        client.put(f"/v1/comments/{uuid4()}", json={"body": "Edited."}, headers=headers),
        client.post("/v1/comments", json=COMMENT),  # without a key: refused before it is asked for
    ]
    assert [answer.status_code for answer in refused] == [503] * 4
    feedback = client.post(
        f"/v1/comments/{uuid4()}/feedback", json={"kind": "removed"}, headers=headers
    )
    assert feedback.status_code == 404


def test_a_refusal_has_the_headers_of_every_answer(full: Desk) -> None:
    client, headers = signed_in(full)
    # Rendered, then remembered.
    answers = [client.post("/v1/comments", json=COMMENT, headers=headers) for _ in range(2)]
    for answer in answers:
        assert (answer.status_code, answer.json["code"]) == (503, "overloaded")
        assert answer.content_type == "application/problem+json"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Retry-After"] == "10"
    assert answers[0].json == answers[1].json


@pytest.mark.parametrize(
    ("length", "left"),
    [("5", b"rest"), ("", b""), ("1001", b"12345rest"), ("much", b"12345rest")],
)
def test_a_refused_body_is_read_away_unless_it_is_too_long(length: str, left: bytes) -> None:
    body = BytesIO(b"12345rest")
    read_to_end({"CONTENT_LENGTH": length, "wsgi.input": body}, 1000)
    assert body.read() == left
