"""What a site reads, corrects, reports and erases of its comments."""

import pytest

from service.moderation.desk import Desk
from tests.factories import DOUBT, SPAM, drain
from tests.integration.api.site_client import COMMENT, Site, a_worker_at_work

pytestmark = pytest.mark.usefixtures("spam_is_rejected")


def test_an_edit_is_a_new_revision_and_keeps_its_history(desk: Desk, site: Site) -> None:
    path = site.post(json=COMMENT).headers["Location"]
    drain(desk)
    edited = site.ask("PUT", path, json={"body": DOUBT})
    assert (edited.status_code, edited.json["revision"]) == (202, 2)
    assert edited.json["decision"] is None
    drain(desk)
    decisions = site.get(f"{path}/decisions").json["decisions"]
    assert [(d["revision"], d["outcome"]) for d in decisions] == [(1, "approve"), (2, "hold")]


def test_an_edit_without_a_format_keeps_that_of_the_comment(desk: Desk, site: Site) -> None:
    html = {**COMMENT, "body": "<p>Hello</p>", "body_format": "html"}
    path = site.post(json=html).headers["Location"]
    same = site.ask("PUT", path, json={"body": "<p>Hello</p>"})
    edited = site.ask("PUT", path, json={"body": "<p>Good day</p>"})
    as_text = site.ask("PUT", path, json={"body": "<p>Good day</p>", "body_format": "text"})
    assert [answer.json["revision"] for answer in (same, edited, as_text)] == [1, 2, 3]


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
