"""The migrations have one head and make exactly the tables that the code knows."""

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from service import preflight
from service.storage import schema
from service.storage.engine import Storage
from service.storage.tables import metadata
from tests import processes


@pytest.fixture(params=["sqlite", "postgresql"])
def storage(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Storage]:
    """An empty database of each kind."""
    url = f"sqlite:///{tmp_path / 'test.db'}"
    if request.param == "postgresql":
        create: Callable[[], str] = request.getfixturevalue("postgres_database")
        url = create()
    made = Storage(url)
    yield made
    made.close()


def test_migrations_have_one_head() -> None:
    assert ScriptDirectory(str(schema.MIGRATIONS)).get_heads() == [schema.HEAD]


def test_supervisor_knows_the_head_without_alembic() -> None:
    assert preflight.newest_revisions() == {schema.head()}


def test_supervisor_tells_an_upgraded_database_from_an_empty_one(tmp_path: Path) -> None:
    path = tmp_path / "test.db"
    before = preflight.is_upgraded(path)
    storage = Storage(f"sqlite:///{path}")
    schema.upgrade(storage)
    storage.close()

    assert (before, preflight.is_upgraded(path)) == (False, True)


def test_migrated_database_is_what_the_code_expects(storage: Storage) -> None:
    schema.upgrade(storage)

    with storage.read() as work:
        context = MigrationContext.configure(work.connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []


def test_upgrade_reaches_the_head_and_can_run_again(storage: Storage) -> None:
    assert schema.current(storage) is None

    schema.upgrade(storage)
    schema.upgrade(storage)

    assert schema.current(storage) == schema.head()


def test_several_upgrades_at_once_are_one_after_the_other(storage: Storage, tmp_path: Path) -> None:
    url = storage.engine.url.render_as_string(hide_password=False)
    environment = processes.plain_environment(COMMENTDESK_DATABASE_URL=url)
    command = [sys.executable, "-m", "service", "--data", str(tmp_path), "db", "upgrade"]
    children = [processes.start(command, tmp_path / f"{n}.log", environment) for n in range(3)]
    codes = [child.process.wait(30) for child in children]
    assert codes == [0, 0, 0], [child.output for child in children]
