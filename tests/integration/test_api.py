"""The API as a site sees it."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

import pytest
from flask.testing import FlaskClient
from sqlalchemy.exc import OperationalError

from service.api.context import WAITERS
from service.app import create_app
from service.moderation import sites
from service.moderation.decide import GRACE_S
from service.moderation.desk import Desk
from service.queue import connect
from tests.factories import DOUBT, PLAIN, SPAM, a_bench, drain
from tests.fakes import FakeClock
from tests.processes import wait_for
from worker import jobs

pytestmark = pytest.mark.usefixtures("spam_is_rejected")

COMMENT: dict[str, Any] = {"body": PLAIN, "article": {"id": "quay"}}


class Site:
    """A site's client: every request carries its key."""

    def __init__(self, desk: Desk, client: FlaskClient) -> None:
        new = sites.create_site(desk, "The Harbour News")
        self.id, self.key, self._client = new.site.id, new.api_key, client

    def ask(self, method: str, path: str, **options: Any) -> Any:
        headers = {"Authorization": f"Bearer {self.key}", **options.pop("headers", {})}
        return self._client.open(path, method=method, headers=headers, **options)

    def post(self, path: str = "/v1/comments", **options: Any) -> Any:
        return self.ask("POST", path, **options)

    def get(self, path: str, **options: Any) -> Any:
        return self.ask("GET", path, **options)


@pytest.fixture
def client(desk: Desk) -> Iterator[FlaskClient]:
    app = create_app(desk)
    yield app.test_client()
    app.extensions[WAITERS].close()


@pytest.fixture
def site(desk: Desk, client: FlaskClient) -> Site:
    return Site(desk, client)


@contextmanager
def a_worker_at_work(desk: Desk) -> Iterator[None]:
    bench = a_bench(desk)

    def work() -> None:
        while not bench.stopping.is_set():
            jobs.drain()

    thread = threading.Thread(target=work)
    thread.start()
    yield
    bench.stopping.set()
    thread.join()


def test_a_comment_is_accepted_at_once_and_decided_later(desk: Desk, site: Site) -> None:
    accepted = site.post(json=COMMENT)
    assert (accepted.status_code, accepted.json["status"]) == (202, "pending")
    assert accepted.json["decision"] is None
    drain(desk)
    found = site.get(accepted.headers["Location"]).json
    assert (found["id"], found["status"]) == (accepted.json["id"], "decided")
    assert found["decision"]["outcome"] == "approve"


def test_a_caller_that_waits_gets_the_decision(desk: Desk, site: Site) -> None:
    with a_worker_at_work(desk):
        answer = site.post(json={**COMMENT, "body": SPAM}, headers={"Prefer": "wait=5"})
    assert answer.status_code == 200
    decision = answer.json["decision"]
    assert set(decision) == {
        "outcome", "scores", "reasons", "model_version", "policy_version", "revision",
        "sequence", "decided_by", "decided_at",
    }  # fmt: skip
    assert decision["outcome"] == "reject"
    assert answer.headers["Preference-Applied"] == "wait=5"


def test_passages_are_there_a_moment_after_the_answer(desk: Desk, site: Site) -> None:
    with a_worker_at_work(desk):
        answer = site.post(json={**COMMENT, "body": SPAM}, headers={"Prefer": "wait=5"})
        path = f"/v1/comments/{answer.json['id']}"
        wait_for(lambda: _spans(site.get(path)), "the reasons have their passages")
    assert _spans(site.get(path)) == [{"start": 0, "end": 4}]


def _spans(answer: Any) -> Any:
    [reason] = answer.json["decision"]["reasons"]
    return reason["spans"]


def test_a_caller_that_waits_in_vain_gets_pending(site: Site) -> None:
    answer = site.post(json=COMMENT, headers={"Prefer": "respond-async, wait=0.05"})
    assert (answer.status_code, answer.json["status"]) == (202, "pending")


@pytest.mark.parametrize("prefer", ["wait", "wait=", "wait=soon", "wait=-1", "\x7f", "wait=1e9"])
def test_a_preference_that_cannot_be_read_is_passed_over(site: Site, prefer: str) -> None:
    assert site.post(json=COMMENT, headers={"Prefer": prefer}).status_code == 202


def test_the_same_key_and_body_stand_for_one_comment(desk: Desk, site: Site) -> None:
    headers = {"Idempotency-Key": '"8e03978e-40d5-43e8-bc93-6894a57f9324"'}
    first = site.post(json=COMMENT, headers=headers)
    drain(desk)
    second = site.post(json=COMMENT, headers=headers)
    assert first.json["id"] == second.json["id"]
    assert second.json["decision"]["outcome"] == "approve"
    assert second.headers["Idempotent-Replayed"] == "true"
    assert len(site.get("/v1/comments").json["comments"]) == 1


def test_the_same_key_with_another_body_is_refused(site: Site) -> None:
    headers = {"Idempotency-Key": "one"}
    site.post(json=COMMENT, headers=headers)
    answer = site.post(json={**COMMENT, "body": "Another"}, headers=headers)
    assert (answer.status_code, answer.json["code"]) == (422, "idempotency_key_reused")
    assert len(site.get("/v1/comments").json["comments"]) == 1


def test_the_same_key_with_another_form_is_refused(site: Site) -> None:
    headers = {"Idempotency-Key": "form"}
    form = {"comment": PLAIN, "comment_post_ID": "42"}
    first = site.post(data=form, headers=headers)
    again = site.post(data=form, headers=headers)
    other = site.post(data={**form, "comment": "Another"}, headers=headers)
    assert first.json["id"] == again.json["id"]
    assert (other.status_code, other.json["code"]) == (422, "idempotency_key_reused")


def test_a_decision_whose_announcement_was_lost_is_found_all_the_same(
    desk: Desk, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(desk.handover, "announce", lambda *_, **__: True)
    with a_worker_at_work(desk):
        answer = site.post(json=COMMENT, headers={"Prefer": "wait=1"})
    assert (answer.status_code, answer.json["status"]) == (200, "decided")


def test_a_repeat_waits_for_the_decision_too(desk: Desk, site: Site) -> None:
    headers = {"Idempotency-Key": "again", "Prefer": "wait=5"}
    site.post(json=COMMENT, headers={"Idempotency-Key": "again"})
    with a_worker_at_work(desk):
        answer = site.post(json=COMMENT, headers=headers)
    assert (answer.status_code, answer.json["status"]) == (200, "decided")


def test_a_batch_takes_the_longest_key(site: Site) -> None:
    answer = site.post(
        "/v1/comments/batch", json={"comments": [COMMENT]}, headers={"Idempotency-Key": "k" * 255}
    )
    assert answer.json["results"][0]["status"] == 202


def test_a_database_that_is_away_is_a_503(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*_: object) -> None:
        raise OperationalError("SELECT", None, Exception("away"))

    monkeypatch.setattr("service.api.comments.look_up", away)
    answer = site.get(f"/v1/comments/{uuid4()}")
    assert (answer.status_code, answer.json["code"]) == (503, "unavailable")
    assert answer.headers["Retry-After"] == "1"


def test_one_key_sent_by_many_at_once_makes_one_comment(site: Site) -> None:
    ids: list[str] = []

    def send() -> None:
        ids.append(site.post(json=COMMENT, headers={"Idempotency-Key": "race"}).json["id"])

    threads = [threading.Thread(target=send) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(ids) == 8
    assert len(set(ids)) == 1


def test_a_key_of_one_site_is_none_of_another(desk: Desk, client: FlaskClient, site: Site) -> None:
    other = Site(desk, client)
    headers = {"Idempotency-Key": "one"}
    first = site.post(json=COMMENT, headers=headers)
    assert other.post(json=COMMENT, headers=headers).json["id"] != first.json["id"]


def test_a_wordpress_form_can_be_forwarded_as_it_is(desk: Desk, site: Site) -> None:
    form = {
        "author": "Ann", "email": "ann@example.org", "url": "", "comment": SPAM,
        "comment_post_ID": "42", "comment_parent": "0", "submit": "Post Comment",
        "wp-comment-cookies-consent": "yes",
    }  # fmt: skip
    answer = site.post(data=form)
    assert (answer.status_code, answer.json["article_id"]) == (202, "42")
    drain(desk)
    assert site.get(answer.headers["Location"]).json["decision"]["outcome"] == "reject"


def test_an_edit_is_a_new_revision_and_keeps_its_history(desk: Desk, site: Site) -> None:
    path = site.post(json=COMMENT).headers["Location"]
    drain(desk)
    edited = site.ask("PUT", path, json={"body": DOUBT})
    assert (edited.status_code, edited.json["revision"]) == (202, 2)
    assert edited.json["decision"] is None
    drain(desk)
    decisions = site.get(f"{path}/decisions").json["decisions"]
    assert [(d["revision"], d["outcome"]) for d in decisions] == [(1, "approve"), (2, "hold")]


def test_lists_page_through_everything_newest_first(desk: Desk, site: Site) -> None:
    ids = [site.post(json=COMMENT).json["id"] for _ in range(5)]
    seen: list[str] = []
    cursor = ""
    while True:
        page = site.get(f"/v1/comments?limit=2{cursor}").json
        seen += [comment["id"] for comment in page["comments"]]
        if page["next_cursor"] is None:
            break
        cursor = f"&cursor={page['next_cursor']}"
    assert seen == ids[::-1]


def test_lists_filter_by_outcome_status_and_article(desk: Desk, site: Site) -> None:
    site.post(json={**COMMENT, "body": DOUBT, "external_id": "x1"})
    drain(desk)
    site.post(json={**COMMENT, "article": {"id": "other"}})

    def count(query: str) -> int:
        return len(site.get(f"/v1/comments?{query}").json["comments"])

    assert [
        count("outcome=hold"), count("outcome=reject"), count("status=pending"),
        count("article=other"), count("external_id=x1"), count("article=none"),
    ] == [1, 0, 1, 1, 1, 0]  # fmt: skip


def test_a_batch_gives_each_comment_its_own_result(desk: Desk, site: Site) -> None:
    answer = site.post("/v1/comments/batch", json={"comments": [COMMENT, {"body": ""}, COMMENT]})
    results = answer.json["results"]
    assert [result["status"] for result in results] == [202, 422, 202]
    assert {error["pointer"] for error in results[1]["error"]["errors"]} == {"/body", "/article"}
    drain(desk)
    assert len(site.get("/v1/comments?outcome=approve").json["comments"]) == 2


def test_a_batch_sent_twice_with_a_key_is_stored_once(site: Site) -> None:
    for _ in range(2):
        site.post(
            "/v1/comments/batch", json={"comments": [COMMENT] * 3}, headers={"Idempotency-Key": "b"}
        )
    assert len(site.get("/v1/comments").json["comments"]) == 3


def test_an_oversized_batch_is_refused(desk: Desk, site: Site) -> None:
    most = desk.settings.batch_max_comments
    answer = site.post("/v1/comments/batch", json={"comments": [COMMENT] * (most + 1)})
    assert (answer.status_code, answer.json["code"]) == (422, "batch_too_large")


def test_feedback_is_kept(desk: Desk, site: Site) -> None:
    path = site.post(json=COMMENT).headers["Location"]
    answer = site.post(f"{path}/feedback", json={"kind": "reported", "source": "reader"})
    assert answer.status_code == 201


def test_a_draft_is_checked_and_stored_nowhere(desk: Desk, site: Site) -> None:
    with a_worker_at_work(desk):
        answer = site.post("/v1/check", json={"body": DOUBT})
    assert answer.status_code == 200
    assert answer.json["decision"]["outcome"] == "hold"
    assert answer.json["decision"]["reasons"][0]["spans"] == [{"start": 0, "end": 4}]
    assert site.get("/v1/comments").json["comments"] == []
    assert desk.handover.redis.keys("commentdesk:draft:*") == []


def test_a_draft_that_nobody_scores_is_an_error_that_says_so(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("service.moderation.check.CHECK_WITHIN_S", 0.05)
    answer = site.post("/v1/check", json={"body": DOUBT})
    assert (answer.status_code, answer.json["code"]) == (503, "scoring_unavailable")
    assert answer.headers["Retry-After"] == "1"


def test_erasing_removes_text_and_author_and_keeps_the_outcome(desk: Desk, site: Site) -> None:
    path = site.post(json={**COMMENT, "body": SPAM, "author": {"email": "a@b.c"}}).headers[
        "Location"
    ]
    drain(desk)
    assert site.ask("DELETE", path).status_code == 204
    found = site.get(path).json
    assert found["erased_at"]
    assert found["decision"]["outcome"] == "reject"
    assert found["decision"]["reasons"] == [{"code": "spam", "text": "Erased.", "spans": []}]
    assert site.ask("PUT", path, json={"body": "again"}).json["code"] == "erased"


def test_submissions_are_accepted_while_redis_is_away(
    desk: Desk, clock: FakeClock, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as outage:
        outage.setattr(desk.handover, "redis", connect("unix:///nonexistent/redis.sock"))
        accepted = site.post(json=COMMENT, headers={"Prefer": "wait=0.1"})
        assert accepted.status_code == 202
    clock.pass_by(seconds=GRACE_S)
    drain(desk)
    assert site.get(accepted.headers["Location"]).json["status"] == "decided"


def test_one_site_never_sees_anothers_comments(desk: Desk, client: FlaskClient, site: Site) -> None:
    path = site.post(json=COMMENT).headers["Location"]
    other = Site(desk, client)
    asked = [
        other.get(path),
        other.get(f"{path}/decisions"),
        other.ask("PUT", path, json={"body": "mine"}),
        other.ask("DELETE", path),
        other.post(f"{path}/feedback", json={"kind": "removed"}),
    ]
    assert [answer.status_code for answer in asked] == [404] * 5
    assert other.get("/v1/comments").json["comments"] == []


def test_a_rotated_key_ends_when_it_was_said_to(desk: Desk, site: Site, clock: Any) -> None:
    site_key = site.key
    new = sites.rotate_key(desk, site.id, keep_old_h=1)
    assert site.get("/v1/comments").status_code == 200
    clock.pass_by(hours=2)
    assert site.get("/v1/comments").status_code == 401
    site.key = new
    assert site.get("/v1/comments").status_code == 200
    assert new != site_key


def test_the_rate_limit_is_told_and_kept(desk: Desk, site: Site) -> None:
    answer = site.get("/v1/comments")
    assert answer.headers["RateLimit-Policy"] == '"key";q=500;w=1'
    assert answer.headers["RateLimit"].startswith('"key";r=499;t=')


def test_readiness_names_what_is_missing(desk: Desk, client: FlaskClient) -> None:
    answer = client.get("/readyz")
    assert answer.status_code == 503
    checks = answer.json["checks"]  # type: ignore[index]  # it has a body
    assert [name for name, check in checks.items() if not check["ok"]] == ["worker", "model"]


def test_readiness_is_there_when_a_worker_is(desk: Desk, client: FlaskClient) -> None:
    desk.handover.beat("w1", "2026.11.1")
    answer = client.get("/readyz")
    assert answer.status_code == 200
    assert answer.json["checks"]["model"]["detail"] == "Version 2026.11.1."  # type: ignore[index]  # as above


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


@pytest.mark.parametrize("header", [None, "Bearer", "Bearer wrong", "Basic abc", "Bearer \u00fc"])
def test_without_a_known_key_nothing_is_answered(client: FlaskClient, header: str | None) -> None:
    headers = {"Authorization": header} if header else {}
    answer = client.post("/v1/comments", json=COMMENT, headers=headers)
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", f"/v1/comments/{uuid4()}", 404),
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


@pytest.mark.parametrize("key", ["", "x" * 256, "a\tb"])
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
