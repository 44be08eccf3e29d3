"""Connections to SQLite or PostgreSQL, and the one transaction that a use case owns."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from enum import Enum
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, OperationalError

from service.storage.grouping import Groups
from service.storage.turns import WriteTurn
from service.storage.unit_of_work import UnitOfWork

SQLITE_BUSY_TIMEOUT_MS = 10_000
SCRUB_WITHIN_MS = 200
# A connection each: any write elsewhere empties it, so that more would only be memory.
SQLITE_CACHE_KIB = 512
POOL_CONNECTIONS = 16
POOL_OVERFLOW_CONNECTIONS = 64


class Durability(Enum):
    """When a commit survives a power cut; a crash of the process it survives in every case.

    NOW: when the write returns. ON_SYNC: when the next `Storage.sync()` returns (PostgreSQL: NOW).
    RELAXED: sometime soon, for what the database can lose harmlessly, such as a lease.
    """

    NOW = "FULL"
    ON_SYNC = "NORMAL"
    RELAXED = "RELAXED"


class Storage:
    """The database of one process: `read()` and `write()` give a unit of work each.

    `write()` commits when its block ends and rolls back when it raises. On SQLite one write runs
    at a time on a machine: its own busy handler sleeps, a turn does not (45 against 500 ms p99).
    `file` is SQLite's, None elsewhere.
    """

    def __init__(self, url: str) -> None:
        self.engine = make_engine(url)
        self.groups: Groups[Any] = Groups()
        self.file: Path | None = None
        self._wal: Path | None = None
        self._turn: AbstractContextManager[Any] = nullcontext()
        path = self.engine.url.database
        if self.engine.dialect.name == "sqlite" and path:
            self.file = Path(path)
            self._wal = Path(f"{path}-wal")
            self._turn = WriteTurn(Path(f"{path}-turn"))

    @property
    def syncs_later(self) -> bool:
        """Whether ON_SYNC differs from NOW here."""
        return self._wal is not None

    @contextmanager
    def read(self) -> Iterator[UnitOfWork]:
        """For reading; nothing written in it is kept."""
        with self.engine.connect() as connection:
            if self._wal:
                _begin(connection, "BEGIN")
            yield UnitOfWork(connection)

    @contextmanager
    def write(self, durability: Durability = Durability.NOW) -> Iterator[UnitOfWork]:
        """One transaction, committed at the end of the block."""
        with self._turn, self._writing(durability) as connection:
            yield UnitOfWork(connection)

    def sync(self) -> None:
        """Let everything committed so far survive a power cut; a few ms, and no lock is held.

        The log's frames follow each other, so one flush covers every commit before it, whichever
        process made it. A log that is not there was copied into the database, which is flushed.
        """
        if self._wal is None:
            return
        with suppress(FileNotFoundError):
            descriptor = os.open(self._wal, os.O_RDWR)
            try:
                os.fdatasync(descriptor)
            finally:
                os.close(descriptor)

    def scrub(self) -> None:
        """Empty SQLite's log, which keeps what was erased until it is written over.

        Nothing that was committed is touched. While others read for longer than SCRUB_WITHIN_MS,
        the log stays for now.
        """
        if self._wal is None:
            return
        with self._turn, self.engine.connect() as connection:
            _begin(connection, f"PRAGMA busy_timeout = {SCRUB_WITHIN_MS}")
            _begin(connection, "PRAGMA wal_checkpoint(TRUNCATE)")
            _begin(connection, f"PRAGMA busy_timeout = {SQLITE_BUSY_TIMEOUT_MS}")

    @contextmanager
    def _writing(self, durability: Durability) -> Iterator[Connection]:
        with self.engine.connect() as connection, connection.begin():
            if self._wal:
                _begin_write(connection, durability)
            elif durability is Durability.RELAXED:
                connection.execute(_UNSYNCED)
            yield connection

    def close(self) -> None:
        """Close every connection."""
        self.engine.dispose()


_UNSYNCED = text("SET LOCAL synchronous_commit TO off")


def make_engine(url: str) -> Engine:
    """An engine for `url`; a plain postgresql:// URL means psycopg 3."""
    try:
        parsed = make_url(url)
    except ValueError as error:
        raise ArgumentError("The port in the database's address is no number.") from error
    if parsed.drivername in ("postgresql", "postgres"):
        parsed = parsed.set(drivername="postgresql+psycopg")
    engine = create_engine(
        parsed,
        pool_size=POOL_CONNECTIONS,
        max_overflow=POOL_OVERFLOW_CONNECTIONS,
        pool_pre_ping=parsed.get_backend_name() != "sqlite",
        # Parameters are comments and people: they must not get into messages, and so into logs.
        hide_parameters=True,
    )
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare_sqlite)
    return engine


def _prepare_sqlite(dbapi_connection: Any, _record: Any) -> None:
    # The driver's own lazy BEGIN would upgrade a read lock and fail as "locked": Storage begins.
    dbapi_connection.isolation_level = None
    cursor = dbapi_connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout = {SQLITE_BUSY_TIMEOUT_MS}")
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.execute("PRAGMA secure_delete = ON")  # what is erased is written over
    cursor.execute(f"PRAGMA cache_size = -{SQLITE_CACHE_KIB}")
    cursor.close()


def _begin_write(connection: Connection, durability: Durability) -> None:
    # FULL: an accepted comment survives a power cut, not only a crash of the process.
    level = "FULL" if durability is Durability.NOW else "NORMAL"
    info = connection.connection.info
    if info.get("synchronous") != level:
        _begin(connection, f"PRAGMA synchronous = {level}")
        info["synchronous"] = level
    _begin(connection, "BEGIN IMMEDIATE")


def _begin(connection: Connection, statement: str) -> None:
    # By the driver: an event of the engine's would cost every statement its look for listeners.
    try:
        connection.connection.cursor().execute(statement)
    except sqlite3.OperationalError as error:
        raise OperationalError(statement, None, error) from error
