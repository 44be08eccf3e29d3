"""The schema's version: bring a database up to date, and say whether it is.

Alembic is imported only to upgrade: the web process just asks, and would hold 10 MiB of it.
"""

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, inspect, text

from service.domain.errors import SettingsError
from service.storage.engine import Storage

if TYPE_CHECKING:
    from alembic.config import Config

MIGRATIONS = Path(__file__).parent / "migrations"
# The newest migration; a test holds it against the folder.
HEAD = "0006"
# Any number that nobody else locks in this database; held until the transaction ends.
_ONE_AT_A_TIME = text("SELECT pg_advisory_xact_lock(7266723868)")


def upgrade(storage: Storage) -> str:
    """Apply what is missing, in one transaction; the version reached. Running it again is safe.

    Raises SettingsError when the database is newer than this code.
    """
    from alembic import command  # noqa: PLC0415  # as the module's docstring says

    found = current(storage)
    if is_newer(found):
        raise SettingsError(
            f"The database is at version {found} and this program knows {HEAD}: install the newer "
            "program, or restore the copy from before the upgrade."
        )
    _use_write_ahead_log(storage)
    with storage.write() as work:
        if storage.file is None:
            work.connection.execute(_ONE_AT_A_TIME)  # SQLite's writes are so by themselves
        command.upgrade(alembic_config(work.connection), "head")
    return head()


def head() -> str:
    """The version this code needs."""
    return HEAD


def current(storage: Storage) -> str | None:
    """The version the database has; None: it is empty."""
    with storage.read() as work:
        if not inspect(work.connection).has_table("alembic_version"):
            return None
        found: str | None = work.connection.scalar(text("SELECT version_num FROM alembic_version"))
        return found


def is_newer(found: str | None) -> bool:
    """Whether a version is one that this code does not know yet; they are numbers, in order."""
    return found is not None and found > HEAD


def alembic_config(connection: Connection) -> "Config":
    """Alembic's settings, without a file of its own."""
    from alembic.config import Config  # noqa: PLC0415  # as the module's docstring says

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
