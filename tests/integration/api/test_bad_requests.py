"""Bad requests get a problem that says what to do, and lose nothing."""

import json
from io import BytesIO
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask.testing import FlaskClient

from service.moderation.desk import Desk
from tests.factories import PLAIN, drain
from tests.integration.api.site_client import COMMENT, Site

pytestmark = pytest.mark.usefixtures("spam_is_rejected")


HUGE = b"9" * 400
BAD_BODIES: list[tuple[bytes, int]] = [
    (b"", 400),
    (b"   ", 400),
    (b"{", 400),
    (b"\xff\xfe", 400),
    (b'{"body": NaN}', 400),
    (b"[" * 100_000, 400),
    (b"[]", 422),
    (b'"text"', 422),
    (b"null", 422),
    (b'{"body": "", "article": {"id": "a"}}', 422),
    (b'{"body": " \\n\\t ", "article": {"id": "a"}}', 422),
    (b'{"body": 7, "article": {"id": "a"}}', 422),
    (b'{"body": ["x"], "article": {"id": "a"}}', 422),
    (b'{"body": "x", "article": "a"}', 422),
    (b'{"body": "x", "article": {"id": "\\ud800"}}', 422),
    (b'{"body": "x", "article": {"id": "a"}, "colour": "red"}', 422),
    (b'{"body": "x", "article": {"id": "a"}, "form": {"seconds_to_submit": ' + HUGE + b"}}", 422),
    (b'{"body": "x", "article": {"id": "a"}, "submitted_at": "9999-12-31T23:59:59-14:00"}', 422),
    (b'{"body": "x", "article": {"id": "a", "published_at": "1499-12-31T23:59:59Z"}}', 422),
    (b'{"body": "x", "article": {"id": "a"}, "submitted_at": "1965-03-02T09:00:00Z"}', 422),
    (b'{"body": "x", "article": {"id": "a"}, "body_format": "pdf"}', 422),
    (b'{"body": "x", "article": {"id": "a"}, "language": "not a language"}', 422),
    (json.dumps({"body": "x" * 1_000_000, "article": {"id": "a"}}).encode(), 422),
]  # fmt: skip


@pytest.mark.parametrize(("body", "status"), BAD_BODIES)
def test_a_bad_body_is_a_problem_that_says_what_to_do(site: Site, body: bytes, status: int) -> None:
    answer = site.post(data=body, content_type="application/json")
    assert answer.status_code == status
    assert answer.content_type == "application/problem+json"
    assert {"type", "title", "status", "detail", "code"} <= set(answer.json)
    assert site.get("/v1/comments").json["comments"] == []


@pytest.mark.parametrize(
    "body", ["a\x00b", "a\ud800b", "\u0301\u0302\u0303", "\u200b\u2060x", "💥" * 9000]
)
def test_odd_characters_are_no_reason_to_lose_a_comment(desk: Desk, site: Site, body: str) -> None:
    answer = site.post(data=json.dumps({**COMMENT, "body": body}), content_type="application/json")
    assert answer.status_code == 202
    drain(desk)
    assert site.get(answer.headers["Location"]).json["status"] == "decided"


@pytest.mark.parametrize(
    "content_type", ["text/plain", "multipart/form-data", "", "application/xml"]
)
def test_another_content_type_is_refused(site: Site, content_type: str) -> None:
    answer = site.post(data=b"body=x", content_type=content_type)
    assert (answer.status_code, answer.json["code"]) == (415, "unsupported_media_type")


def test_a_request_of_too_many_bytes_is_refused(desk: Desk, site: Site) -> None:
    body = b" " * (desk.settings.request_max_bytes + 1)
    answer = site.post(data=body, content_type="application/json")
    assert (answer.status_code, answer.json["code"]) == (413, "request_too_large")


def _streamed(site: Site, body: bytes, **announced: str) -> Any:
    """A form as the server hands it on while it still comes in."""
    return site.post(
        input_stream=BytesIO(body),
        content_type="application/x-www-form-urlencoded",
        environ_overrides={"wsgi.input_terminated": True, **announced},
    )


CHUNKED = {"HTTP_TRANSFER_ENCODING": "chunked"}


def test_of_a_body_without_a_length_nothing_is_cut_off(desk: Desk, site: Site) -> None:
    form = b"comment_post_ID=quay&comment="
    fits = form + b"You are " * 500
    assert _streamed(site, fits, **CHUNKED).status_code == 202
    padded = b"filler=".ljust(desk.settings.request_max_bytes - len(fits) - 1, b"x") + b"&" + fits
    assert _streamed(site, padded, **CHUNKED).status_code == 202
    answer = _streamed(site, padded + b"a fool", **CHUNKED)
    assert (answer.status_code, answer.json["code"]) == (413, "request_too_large")
    assert len(site.get("/v1/comments").json["comments"]) == 2


def test_a_body_that_ends_before_its_length_is_refused(site: Site) -> None:
    answer = _streamed(site, b"comment_post_ID=quay&comment=You are", CONTENT_LENGTH="100")
    assert (answer.status_code, answer.json["code"]) == (400, "malformed_request")
    assert "before the whole body" in answer.json["detail"]
    assert site.get("/v1/comments").json["comments"] == []


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", f"/v1/comments/{UUID(int=7)}", 404),
        ("GET", "/v1/comments/not-an-id", 404),
        ("GET", "/v1/nothing", 404),
        ("PATCH", "/v1/comments", 405),
        ("GET", "/v1/comments?limit=0", 422),
        ("GET", "/v1/comments?limit=x", 422),
        ("GET", "/v1/comments?cursor=x", 422),
        ("GET", "/v1/comments?outcome=maybe", 422),
        ("GET", "/v1/comments?colour=red", 422),
    ],
)
def test_a_wrong_address_or_query_is_a_problem(
    site: Site, method: str, path: str, status: int
) -> None:
    answer = site.ask(method, path)
    assert (answer.status_code, answer.content_type) == (status, "application/problem+json")


def test_json_that_is_called_a_form_is_told_its_content_type(site: Site) -> None:
    answer = site.post(data=json.dumps(COMMENT), content_type="application/x-www-form-urlencoded")
    assert (answer.status_code, answer.json["code"]) == (415, "unsupported_media_type")
    assert "Content-Type: application/json" in answer.json["detail"]


def test_a_byte_order_mark_is_passed_over(site: Site) -> None:
    body = b"\xef\xbb\xbf" + json.dumps(COMMENT).encode()
    assert site.post(data=body, content_type="application/json").status_code == 202


@pytest.mark.parametrize("key", ["", "x" * 256, "a\tb", "k\u00e9y"])
def test_a_bad_idempotency_key_is_refused(site: Site, key: str) -> None:
    answer = site.post(json=COMMENT, headers={"Idempotency-Key": key})
    assert (answer.status_code, answer.json["code"]) == (400, "bad_idempotency_key")


def test_a_bug_is_a_problem_document_without_details(
    client: FlaskClient, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError(PLAIN)

    monkeypatch.setattr("service.api.comments.look_up", broken)
    client.application.config["PROPAGATE_EXCEPTIONS"] = False
    answer = site.get(f"/v1/comments/{uuid4()}")
    assert (answer.status_code, answer.json["code"]) == (500, "internal_error")
    assert PLAIN not in answer.text
