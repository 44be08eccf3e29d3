"""The schema's version: bring a database up to date, and say whether it is."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from service.storage.engine import Storage

MIGRATIONS = Path(__file__).parent / "migrations"


def upgrade(storage: Storage) -> str:
    """Apply what is missing, in one transaction; the version reached. Running it again is safe."""
    _use_write_ahead_log(storage)
    with storage.write() as work:
        command.upgrade(alembic_config(work.connection), "head")
    return head()


def head() -> str:
    """The version this code needs."""
    newest = ScriptDirectory(str(MIGRATIONS)).get_current_head()
    assert newest is not None
    return newest


def current(storage: Storage) -> str | None:
    """The version the database has; None: it is empty."""
    with storage.read() as work:
        return MigrationContext.configure(work.connection).get_current_revision()


def alembic_config(connection: Connection) -> Config:
    """Alembic's settings, without a file of its own."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    return config


def _use_write_ahead_log(storage: Storage) -> None:
    # Kept in the file, so switched once: doing it on each connection can fail as locked.
    if storage.engine.dialect.name != "sqlite":
        return
    connection = storage.engine.raw_connection()
    try:
        connection.execute("PRAGMA journal_mode = WAL")
    finally:
        connection.close()
