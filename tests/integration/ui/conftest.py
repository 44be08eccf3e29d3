"""The real application on a real database; Redis is away, which these pages do not need."""

import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.serving import make_server

from service.app import create_app
from service.domain.site import Site
from service.moderation.desk import Desk, open_desk
from service.moderation.people import create_user
from service.settings import Settings
from service.storage import schema
from tests.factories import a_site
from tests.integration.ui.review_client import PASSWORD, sign_in


def settings_in(folder: Path, **changes: str) -> Settings:
    """Settings of an installation without Redis."""
    values = {"redis_url": "unix:///nonexistent/redis.sock", "login_rate_limit": "off", **changes}
    return Settings(data=folder, **values)  # type: ignore[arg-type]  # all of these are texts


@pytest.fixture(scope="session")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An installation with two moderators, ann and ben, who see every site; copied by each test."""
    folder = tmp_path_factory.mktemp("installation")
    desk = open_desk(settings_in(folder))
    schema.upgrade(desk.storage)
    for login in ("ann", "ben"):
        create_user(desk, login, PASSWORD)
    desk.storage.close()
    return folder


@pytest.fixture
def data(installation: Path, tmp_path: Path) -> Path:
    """This test's own installation."""
    return Path(shutil.copytree(installation, tmp_path / "data"))


@pytest.fixture
def desk(data: Path) -> Iterator[Desk]:
    """A desk of this test's own."""
    desk = open_desk(settings_in(data))
    yield desk
    desk.storage.close()


@pytest.fixture
def site(desk: Desk) -> Site:
    """A site whose comments are held."""
    return a_site(desk)


@pytest.fixture
def app(desk: Desk) -> Flask:
    """The application as the web process runs it."""
    return create_app(desk)


@pytest.fixture
def stranger(app: Flask) -> FlaskClient:
    """The browser of somebody who has not signed in."""
    return app.test_client()


@pytest.fixture
def ann(app: Flask) -> FlaskClient:
    """The browser of Ann, signed in."""
    return sign_in(app)


@contextmanager
def serving(app: Flask) -> Iterator[str]:
    """The address under which an application answers on this machine."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()
