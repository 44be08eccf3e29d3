"""The API does what its description says, whatever the description allows to be sent."""

from collections.abc import Iterator

import pytest
import schemathesis
from flask import Flask
from hypothesis import HealthCheck, given, settings
from schemathesis import Case
from schemathesis.checks import CheckFunction
from schemathesis.schemas import BaseSchema
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from service.api.openapi import describe
from service.app import create_app
from service.moderation import sites
from service.moderation.desk import Desk
from service.queue import Handover, connect
from service.settings import Settings
from service.storage import schema as database_schema
from service.storage.engine import Storage
from tests.factories import SPAM, a_comment, drain

EXAMPLES = 12
CHECKS: list[CheckFunction] = [
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]


@pytest.fixture(scope="module")
def site_app(
    tmp_path_factory: pytest.TempPathFactory, valkey_url: str
) -> Iterator[tuple[Flask, str]]:
    folder = tmp_path_factory.mktemp("openapi")
    made = Settings(data=folder, database_url=f"sqlite:///{folder / 'x.db'}", redis_url=valkey_url,
                    rate_limit_per_key="off", waiters_max=0)  # fmt: skip
    storage = Storage(made.database_url)
    database_schema.upgrade(storage)
    client = connect(valkey_url)
    client.flushdb()  # whatever other tests have queued
    desk = Desk(made, storage, Handover(client), secret_key="test")
    new = sites.create_site(desk, "The Harbour News")
    a_comment(desk, new.site, SPAM)
    drain(desk)
    yield create_app(desk), new.api_key
    storage.close()


@pytest.fixture(scope="module")
def api(site_app: tuple[Flask, str]) -> BaseSchema:
    return schemathesis.openapi.from_wsgi("/openapi.json", site_app[0])


OPERATIONS = [(path, method) for path, item in describe()["paths"].items() for method in item]


@pytest.mark.timeout(300)
@pytest.mark.parametrize(("path", "method"), OPERATIONS)
def test_each_operation_answers_as_described(
    site_app: tuple[Flask, str], api: BaseSchema, path: str, method: str
) -> None:
    headers = {"Authorization": f"Bearer {site_app[1]}"}

    @given(case=api[path][method.upper()].as_strategy())
    @settings(
        max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck), database=None
    )
    def exercise(case: Case) -> None:
        answer = case.call(headers=headers)
        assert answer.status_code != 500
        case.validate_response(answer, checks=CHECKS)

    exercise()


def test_each_route_of_the_api_is_described(site_app: tuple[Flask, str]) -> None:
    routes = {
        (rule.rule.replace("<uuid:comment_id>", "{comment_id}"), method.lower())
        for rule in site_app[0].url_map.iter_rules()
        if rule.rule.startswith("/v1/")
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    paths = describe()["paths"]
    assert routes <= {(path, method) for path, item in paths.items() for method in item}


def test_each_operation_of_a_site_may_be_asked_to_come_again() -> None:
    silent = {
        (path, method)
        for path, item in describe()["paths"].items()
        for method, operation in item.items()
        if path.startswith("/v1/") and not {"429", "503"} <= operation["responses"].keys()
    }
    assert silent == set()


def test_feedback_on_an_erased_comment_is_a_described_conflict() -> None:
    feedback = describe()["paths"]["/v1/comments/{comment_id}/feedback"]["post"]
    assert "409" in feedback["responses"]


def test_the_description_is_that_of_openapi_3_1() -> None:
    assert describe()["openapi"] == "3.1.0"
