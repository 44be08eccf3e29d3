"""What a site submits is stored once and decided."""

import threading
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask.testing import FlaskClient
from sqlalchemy.exc import OperationalError

from service.api.schemas import PARENT_MAX_CHARS
from service.moderation.decide import GRACE_S
from service.moderation.desk import Desk
from service.queue import connect
from tests.factories import PLAIN, SPAM, drain
from tests.fakes import FakeClock
from tests.integration.api.site_client import COMMENT, Site, a_worker_at_work
from tests.processes import wait_for

pytestmark = pytest.mark.usefixtures("spam_is_rejected")


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


@pytest.mark.parametrize(
    ("asked", "applied"),
    [("wait=10000", "wait=10"), (f"wait={'9' * 400}", "wait=10"), ('x, wait="4.5"; y', "wait=4.5")],
)
def test_a_caller_is_told_the_wait_that_was_applied(
    desk: Desk, site: Site, asked: str, applied: str
) -> None:
    with a_worker_at_work(desk):
        answer = site.post(json=COMMENT, headers={"Prefer": asked})
    assert answer.headers["Preference-Applied"] == applied


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


@pytest.mark.parametrize("printed", ["1965-03-02T09:00:00Z", "1500-01-01T00:00:00Z"])
def test_an_article_of_the_archive_keeps_its_date(desk: Desk, site: Site, printed: str) -> None:
    comment = {**COMMENT, "article": {"id": "1", "published_at": printed}}
    answer = site.post(json=comment)
    assert answer.status_code == 202
    with desk.storage.read() as work:
        found = work.comments.get(site.id, UUID(answer.json["id"]))
    assert found is not None
    assert found.submission.article.published_at == datetime.fromisoformat(printed)


def test_a_long_parent_is_cut_and_no_reason_to_refuse_its_answer(desk: Desk, site: Site) -> None:
    answer = site.post(json={**COMMENT, "parent": {"id": "6", "body": "y" * 100_000}})
    assert answer.status_code == 202
    with desk.storage.read() as work:
        found = work.comments.get(site.id, UUID(answer.json["id"]))
    assert found is not None
    assert found.submission.parent.body == "y" * PARENT_MAX_CHARS


def test_a_batch_gives_each_comment_its_own_result(desk: Desk, site: Site) -> None:
    answer = site.post("/v1/comments/batch", json={"comments": [COMMENT, {"body": ""}, COMMENT]})
    results = answer.json["results"]
    assert [result["status"] for result in results] == [202, 422, 202]
    assert {error["pointer"] for error in results[1]["error"]["errors"]} == {"/body", "/article"}
    drain(desk)
    assert len(site.get("/v1/comments?outcome=approve").json["comments"]) == 2


def test_what_is_no_object_spoils_no_batch(site: Site) -> None:
    answer = site.post("/v1/comments/batch", json={"comments": [COMMENT, None, 1]})
    assert [one["status"] for one in answer.json["results"]] == [202, 422, 422]


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
