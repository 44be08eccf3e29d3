"""Two pairs of servers for every test of storage and queue: embedded, and as in production."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import redis
from sqlalchemy import text

from service.moderation.desk import Desk
from service.queue import Handover, connect
from service.settings import Settings
from service.storage import schema
from service.storage.engine import Storage
from service.storage.tables import metadata
from tests.fakes import FakeClock
from worker import jobs


@pytest.fixture(autouse=True)
def no_lingering(monkeypatch: pytest.MonkeyPatch) -> None:
    """Drain jobs of tests return as soon as nothing waits."""
    monkeypatch.setattr(jobs, "LINGER_S", 0.01)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated, empty SQLite database, to be copied."""
    path = tmp_path_factory.mktemp("template") / "template.db"
    _migrate(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def migrated_postgres(postgres_database: Callable[[], str]) -> str:
    """The URL of a migrated PostgreSQL database, to be emptied before each test."""
    url = postgres_database()
    _migrate(url)
    return url


@pytest.fixture(params=["embedded", "production"])
def servers(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[str, str]:
    """(database URL, Redis URL): SQLite with Valkey, then PostgreSQL with Redis."""
    if request.param == "embedded":
        path = tmp_path / "test.db"
        shutil.copyfile(request.getfixturevalue("sqlite_template"), path)
        return f"sqlite:///{path}", request.getfixturevalue("valkey_url")
    database_url = request.getfixturevalue("migrated_postgres")
    _empty(database_url)
    return database_url, request.getfixturevalue("redis_server_url")


def _migrate(url: str) -> None:
    storage = Storage(url)
    schema.upgrade(storage)
    storage.close()


def _empty(url: str) -> None:
    storage = Storage(url)
    names = ", ".join(table.name for table in metadata.sorted_tables)
    with storage.write() as work:
        work.connection.execute(text(f"TRUNCATE {names}"))
    storage.close()


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
    with redis.Redis.from_url(redis_url) as client:
        client.flushdb()
    yield Desk(settings, storage, Handover(connect(redis_url)), secret_key="test", now=clock)
    storage.close()
