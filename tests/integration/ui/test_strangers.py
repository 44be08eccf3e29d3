"""Facts about callers that show neither key nor session and send their bodies slowly, or never."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from io import BytesIO

import pytest
from flask import Flask

from service.moderation.desk import Desk
from service.moderation.sites import create_site
from service.strangers import READING_MAX, RETRY_AFTER_S
from tests.factories import a_site, a_submission
from tests.integration.ui.queue_builders import hold
from tests.integration.ui.review_client import decide, sign_in

COMMENT = {"body": "A plain comment.", "article": {"id": "quay"}}
FORM = "application/x-www-form-urlencoded"


class Hanging(BytesIO):
    """A body that does not come."""

    def __init__(self) -> None:
        super().__init__(b"x" * 1000)
        self.asked, self.gone = threading.Event(), threading.Event()

    def read(self, size: int | None = -1) -> bytes:
        self.asked.set()
        assert self.gone.wait(20)
        return b""


@contextmanager
def crowd(app: Flask) -> Iterator[None]:
    """As many strangers as may be hang in the login form."""
    bodies = [Hanging() for _ in range(READING_MAX)]
    with ThreadPoolExecutor(READING_MAX) as threads:
        for body in bodies:
            threads.submit(
                app.test_client().post, "/review/login", input_stream=body, content_type=FORM
            )
        try:
            assert all(body.asked.wait(5) for body in bodies)
            yield
        finally:
            for body in bodies:
                body.gone.set()


@pytest.fixture
def crowded(app: Flask) -> Iterator[Flask]:
    """The application meanwhile."""
    with crowd(app):
        yield app


def test_one_stranger_more_is_told_to_come_again(crowded: Flask) -> None:
    body = Hanging()
    answer = crowded.test_client().post("/review/login", input_stream=body, content_type=FORM)
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, str(RETRY_AFTER_S))
    assert not body.asked.is_set()


def test_what_has_no_body_is_answered(crowded: Flask) -> None:
    assert crowded.test_client().get("/healthz").status_code == 200


def test_a_site_with_a_key_is_no_stranger(crowded: Flask, desk: Desk) -> None:
    headers = {"Authorization": f"Bearer {create_site(desk, 'News').api_key}"}
    answer = crowded.test_client().post("/v1/comments", json=COMMENT, headers=headers)
    assert answer.status_code == 202


def test_a_moderator_with_a_session_is_no_stranger(app: Flask, desk: Desk) -> None:
    ann, comment_id = sign_in(app), hold(desk, a_site(desk), a_submission())
    with crowd(app):
        assert decide(ann, comment_id, "approve").status_code == 303


def test_strangers_are_read_again_once_the_others_have_gone(app: Flask) -> None:
    with crowd(app):
        pass
    assert sign_in(app).get("/review/").status_code == 200
