"""A web process and a site that talks to it."""

from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient

from service.api.context import WAITERS
from service.app import create_app
from service.moderation.desk import Desk
from tests.integration.api.site_client import Site


@pytest.fixture
def client(desk: Desk) -> Iterator[FlaskClient]:
    app = create_app(desk)
    yield app.test_client()
    app.extensions[WAITERS].close()


@pytest.fixture
def site(desk: Desk, client: FlaskClient) -> Site:
    return Site(desk, client)
