"""The web application, wired as in the product but with nothing running behind it."""

from collections.abc import Iterator

import pytest
from flask import Flask

from service.app import create_app
from service.moderation.desk import open_desk
from service.settings import Settings
from service.storage import schema


@pytest.fixture(scope="session")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """An application on an empty database, without Redis: enough to ask what its routes do."""
    settings = Settings(
        data=tmp_path_factory.mktemp("data"), redis_url="unix:///nonexistent/redis.sock"
    )
    desk = open_desk(settings)
    schema.upgrade(desk.storage)
    yield create_app(desk)
    desk.storage.close()
