"""Facts about refusing submissions past capacity, on both pairs of servers."""

import threading
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import pytest
from flask.testing import FlaskClient

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


def post(desk: Desk) -> Any:
    """Submit a comment."""
    site = create_site(desk, "News")
    client: FlaskClient = create_app(desk).test_client()
    headers = {"Authorization": f"Bearer {site.api_key}"}
    return client.post("/v1/comments", json=COMMENT, headers=headers)


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
