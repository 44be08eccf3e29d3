"""Each route asks who calls, or is listed here as public."""

import re
from collections.abc import Iterator
from uuid import UUID

import pytest
from flask import Flask
from werkzeug.routing import Rule

# Everything that answers without a key or a session, and why that is right.
PUBLIC = {
    "/": "says what runs here",
    "/docs": "the API's documentation",
    "/docs/": "the API's documentation",
    "/errors": "what the codes in problem documents mean",
    "/healthz": "asked by process managers",
    "/openapi.json": "the API's description",
    "/readyz": "asked by load balancers",
    "/review/login": "where moderators sign in",
    "/static/<path:filename>": "style sheets and scripts",
}
SOME_ID = UUID(int=1)


def routes(app: Flask) -> Iterator[tuple[str, Rule]]:
    for rule in app.url_map.iter_rules():
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            yield method, rule


def path_of(rule: Rule) -> str:
    filled = re.sub(r"<uuid:\w+>", str(SOME_ID), rule.rule)
    return re.sub(r"<(?:\w+:)?\w+>", "x", filled)


def asks_who_calls(app: Flask, method: str, rule: Rule) -> bool:
    """Whether a stranger is turned away: 401 by the API, to the login by the review pages."""
    answer = app.test_client().open(path_of(rule), method=method)
    to_login = answer.status_code in (302, 303) and "/review/login" in answer.location
    return answer.status_code == 401 or to_login


def test_each_route_asks_who_calls_or_is_listed_as_public(app: Flask) -> None:
    open_to_all = {
        f"{method} {rule.rule}"
        for method, rule in routes(app)
        if rule.rule not in PUBLIC and not asks_who_calls(app, method, rule)
    }

    assert open_to_all == set()


def test_nothing_is_listed_as_public_that_asks_who_calls(app: Flask) -> None:
    asking = {
        rule.rule
        for method, rule in routes(app)
        if rule.rule in PUBLIC and method == "GET" and asks_who_calls(app, method, rule)
    }

    assert asking == set()


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer ", "Bearer cd_wrong", "Basic Y2Q6Y2Q="])
def test_wrong_key_is_turned_away_with_a_problem_document(app: Flask, header: str) -> None:
    answer = app.test_client().get("/v1/comments", headers={"Authorization": header})

    assert answer.status_code == 401
    assert answer.content_type == "application/problem+json"
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")


def test_every_answer_is_kept_from_running_foreign_scripts(app: Flask) -> None:
    answer = app.test_client().get("/healthz")

    assert answer.headers["Content-Security-Policy"].startswith("default-src 'self'")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
