"""Two pairs of servers for every test of storage and queue: embedded, and as in production."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import redis

from service.moderation.desk import Desk
from service.queue import Handover, connect
from service.settings import Settings
from service.storage import schema
from service.storage.engine import Storage
from tests.fakes import FakeClock
from worker import jobs


@pytest.fixture(autouse=True)
def no_lingering(monkeypatch: pytest.MonkeyPatch) -> None:
    """Drain jobs of tests return as soon as nothing waits."""
    monkeypatch.setattr(jobs, "LINGER_S", 0.01)


@pytest.fixture(params=["embedded", "production"])
def servers(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[str, str]:
    """(database URL, Redis URL): SQLite with Valkey, then PostgreSQL with Redis."""
    if request.param == "embedded":
        return f"sqlite:///{tmp_path / 'test.db'}", request.getfixturevalue("valkey_url")
    make: Callable[[], str] = request.getfixturevalue("postgres_database")
    return make(), request.getfixturevalue("redis_server_url")


@pytest.fixture
def clock() -> FakeClock:
    """The time as the desk sees it."""
    return FakeClock()


@pytest.fixture
def desk(servers: tuple[str, str], clock: FakeClock, tmp_path: Path) -> Iterator[Desk]:
    """A desk on fresh servers."""
    database_url, redis_url = servers
    settings = Settings(data=tmp_path, database_url=database_url, redis_url=redis_url)
    storage = Storage(database_url)
    schema.upgrade(storage)
    with redis.Redis.from_url(redis_url) as client:
        client.flushdb()
    yield Desk(settings, storage, Handover(connect(redis_url)), secret_key="test", now=clock)
    storage.close()
