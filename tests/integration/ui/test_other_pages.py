"""Facts about the front door and the page of the API's documentation."""

import re
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from service.app import create_app
from service.domain.error_codes import ERROR_CODES
from service.moderation.desk import Desk


def test_the_front_door_leads_to_review_and_documentation(stranger: FlaskClient) -> None:
    text = stranger.get("/").text
    assert 'href="/review/"' in text
    assert 'href="/docs"' in text
    assert 'href="/demo/"' not in text


def test_the_front_door_leads_to_the_demo_where_there_is_one(desk: Desk) -> None:
    first_run = '{"api_key": "k", "webhook_secret": "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"}'
    (desk.settings.data / "first-run.json").write_text(first_run, encoding="utf-8")
    app = create_app(replace(desk, settings=replace(desk.settings, demo=True)))
    client = app.test_client()
    assert 'href="/demo/"' in client.get("/").text
    assert "Leave a Comment" in client.get("/demo/", follow_redirects=True).text


@pytest.mark.parametrize("page", ["/", "/docs", "/errors", "/review/login"])
def test_whatever_a_page_asks_for_is_there(stranger: FlaskClient, page: str) -> None:
    text = stranger.get(page).text
    files = re.findall(r'(?:src|href)="(/static/[^"]+)"', text)
    assert len(files) >= 2
    for name in files:
        with stranger.get(name) as answer:
            assert answer.status_code == 200, name


def test_the_documentation_shows_this_services_description(stranger: FlaskClient) -> None:
    assert 'data-description="/openapi.json"' in stranger.get("/docs").text


def test_pages_ask_for_nothing_from_elsewhere(stranger: FlaskClient) -> None:
    policy = stranger.get("/docs").headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy
    assert "http" not in policy


def test_a_problem_leads_to_what_its_code_means(stranger: FlaskClient) -> None:
    problem = stranger.get("/v1/comments").json
    assert problem is not None
    path, _, code = problem["type"].removeprefix("http://127.0.0.1:8000").partition("#")
    answer = stranger.get(path)
    assert answer.content_type == "text/html; charset=utf-8"
    found = re.search(rf'id="{code}".*?</div>', answer.text, re.DOTALL)
    assert found is not None
    assert "401" in found.group()
    assert "Send <code>Authorization: Bearer KEY</code>." in found.group()


def test_every_code_has_its_anchor(stranger: FlaskClient) -> None:
    text = stranger.get("/errors").text
    assert [error.code for error in ERROR_CODES if f'id="{error.code}"' not in text] == []


def test_vendored_files_keep_their_licences(app: Flask) -> None:
    assert app.static_folder is not None
    for folder in (Path(app.static_folder) / "vendor").iterdir():
        assert {"LICENSE", "NOTICE"} <= {file.name for file in folder.iterdir()}
