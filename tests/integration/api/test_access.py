"""Who may ask, how often, and whether the service is ready."""

import shutil
from io import BytesIO
from typing import Any

import pytest
from flask.testing import FlaskClient

from service.moderation import sites
from service.moderation.desk import Desk
from tests.integration.api.site_client import COMMENT, Site

# As our server says it: what it hands out ends where the body ends.
ENDS = {"wsgi.input_terminated": True}

pytestmark = pytest.mark.usefixtures("spam_is_rejected")


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


@pytest.mark.parametrize(
    ("path", "status"), [("/v1/comments", 413), ("/v1/nothing", 404), ("/v1/check", 413)]
)
def test_a_site_is_heard_out_before_it_is_refused(
    desk: Desk, site: Site, path: str, status: int
) -> None:
    body = BytesIO(b" " * (desk.settings.request_max_bytes + 1))
    answer = site.post(path, input_stream=body, content_type="application/json", environ_base=ENDS)
    assert (answer.status_code, body.read()) == (status, b"")


@pytest.mark.parametrize("path", ["/v1/comments", "/v1/nothing"])
def test_a_stranger_is_not_heard_out(client: FlaskClient, path: str) -> None:
    body = BytesIO(b"unread")
    answer = client.post(path, input_stream=body, environ_base=ENDS)
    assert (answer.status_code, body.read()) == (401, b"unread")


@pytest.mark.parametrize("header", [None, "Bearer", "Bearer wrong", "Basic abc", "Bearer \u00fc"])
def test_without_a_known_key_nothing_is_answered(client: FlaskClient, header: str | None) -> None:
    headers = {"Authorization": header} if header else {}
    answer = client.post("/v1/comments", json=COMMENT, headers=headers)
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")


@pytest.mark.parametrize(("free_bytes", "enough"), [(67_108_864, True), (67_108_863, False)])
def test_too_little_room_for_sqlite_is_not_ready(
    client: FlaskClient, desk: Desk, monkeypatch: pytest.MonkeyPatch, free_bytes: int, enough: bool
) -> None:
    desk.handover.beat("w1", "2026.11.1")
    usage = shutil.disk_usage("/")._replace(free=free_bytes)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage)

    checks = client.get("/readyz").get_json()["checks"]

    bad = [check["detail"] for check in checks.values() if not check["ok"]]
    is_sqlite = desk.storage.file is not None  # PostgreSQL's disk is not ours to see
    assert ("disk" in checks, len(bad)) == (is_sqlite, is_sqlite and not enough)
    assert all("COMMENTDESK_DISK_FREE_MIN_BYTES" in detail for detail in bad)
