"""What must hold before `commentdesk up` starts anything; each check raises a SettingsError.

The sentences name the setting, never its value where that may hold a password.
"""

import contextlib
import errno
import fcntl
import os
import re
import socket
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING

from service.domain.errors import SettingsError
from service.settings import Settings

if TYPE_CHECKING:
    from sqlalchemy import URL

SERVER_ANSWERS_WITHIN_S = 3
MIGRATIONS = Path(__file__).parent / "storage" / "migrations" / "versions"
REVISION = re.compile(r"""^revision\b[^=]*= ["'](\w+)["']""", re.MULTILINE)
DOWN_REVISION = re.compile(r"""^down_revision\b[^=]*= ["'](\w+)["']""", re.MULTILINE)


@contextmanager
def locked(data: Path) -> Iterator[None]:
    """Hold the data folder, made when it is missing, for this one product."""
    with _lock_file(data) as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise SettingsError(_held_by(data, file)) from None
        file.seek(0)
        file.truncate()
        file.write(str(os.getpid()))
        file.flush()
        yield


def _lock_file(data: Path) -> IO[str]:
    try:
        # It holds comments, addresses and keys: for its owner alone.
        data.mkdir(mode=0o700, parents=True, exist_ok=True)
        # "a+": whoever comes second must read the first one's process id, not wipe it.
        return (data / "up.lock").open("a+", encoding="utf-8")
    except (FileExistsError, NotADirectoryError):
        raise SettingsError(
            f"{data} cannot be the data folder, since a file is in its way: "
            "name another folder with --data or COMMENTDESK_DATA."
        ) from None
    except OSError as error:
        raise SettingsError(
            f"The data folder {data} cannot be written to ({os.strerror(error.errno or 0)}): "
            "correct its permissions, or name another with --data or COMMENTDESK_DATA."
        ) from error


def _held_by(data: Path, file: IO[str]) -> str:
    file.seek(0)
    holder = file.read().strip()
    process = f" as process {holder}" if holder.isdigit() else ""
    return (
        f"commentdesk already runs on the folder {data}{process}: "
        "stop that one, or name another folder with --data."
    )


def check_port(host: str, port: int) -> None:
    """Nobody listens there, and we may."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise SettingsError(_port_sentence(host, port, error)) from error


def _port_sentence(host: str, port: int, error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        return (
            f"Port {port} is in use by another program: "
            "stop that one, or choose another port with --port or COMMENTDESK_PORT."
        )
    if error.errno in (errno.EACCES, errno.EPERM):
        return f"This user may not listen on port {port}: choose one from 1024 with --port."
    why = error.strerror or error
    return f"This machine cannot listen on {host} ({why}): correct COMMENTDESK_HOST."


def check_servers(settings: Settings) -> None:
    """The Redis and the database that were given, if any, answer."""
    if settings.redis_url:
        _check_redis(settings.redis_url)
    if settings.database_url:
        _check_database(settings.database_url)


def is_upgraded(database: Path) -> bool:
    """Whether this SQLite file has the newest schema; told at once, alembic needs a second."""
    try:
        with contextlib.closing(sqlite3.connect(f"{database.as_uri()}?mode=ro", uri=True)) as file:
            rows = file.execute("SELECT version_num FROM alembic_version").fetchall()
    except sqlite3.Error:
        return False
    return {version for (version,) in rows} == newest_revisions()


def newest_revisions() -> set[str]:
    """The revisions that no other builds on; one, unless the migrations have branched."""
    texts = [path.read_text(encoding="utf-8") for path in MIGRATIONS.glob("*.py")]
    made = {revision for text in texts for revision in REVISION.findall(text)}
    built_on = {revision for text in texts for revision in DOWN_REVISION.findall(text)}
    return made - built_on


def _check_redis(url: str) -> None:
    import redis  # noqa: PLC0415 - a third of a second that only those pay who give a server
    from redis.backoff import NoBackoff  # noqa: PLC0415 - see above
    from redis.retry import Retry  # noqa: PLC0415 - see above

    from service.queue import too_old, version_of  # noqa: PLC0415 - see above

    try:
        client = redis.Redis.from_url(
            url,
            socket_connect_timeout=SERVER_ANSWERS_WITHIN_S,
            socket_timeout=SERVER_ANSWERS_WITHIN_S,
            retry=Retry(NoBackoff(), 0),
        )
        with contextlib.closing(client):
            client.ping()
            problem = too_old(version_of(client))
    except ValueError as error:
        raise SettingsError(
            "COMMENTDESK_REDIS_URL is no Redis address: write redis://host:6379/0 or unix:///path."
        ) from error
    except redis.RedisError as error:
        raise SettingsError(
            f"The Redis of COMMENTDESK_REDIS_URL does not answer ({type(error).__name__}): "
            "start it, or correct the address or its password."
        ) from error
    if problem:
        raise SettingsError(f"The Redis of COMMENTDESK_REDIS_URL is too old. {problem}")


def _check_database(url: str) -> None:
    from sqlalchemy import exc, make_url  # noqa: PLC0415 - as above

    from service.storage.engine import make_engine  # noqa: PLC0415 - as above

    try:
        engine = make_engine(_impatient(make_url(url)).render_as_string(hide_password=False))
    except (exc.ArgumentError, ImportError, ValueError) as error:
        raise SettingsError(
            "COMMENTDESK_DATABASE_URL is no address of a database: "
            "write postgresql://user:password@host:5432/name."
        ) from error
    try:
        with engine.connect():
            pass
    except exc.SQLAlchemyError as error:
        raise SettingsError(
            "The database of COMMENTDESK_DATABASE_URL cannot be reached "
            f"({type(error).__name__}): start it, or correct the address, user or password."
        ) from error
    finally:
        engine.dispose()


def _impatient(url: "URL") -> "URL":
    # A host that drops packets would otherwise keep us waiting for two minutes.
    if url.get_backend_name() != "postgresql" or "connect_timeout" in url.query:
        return url
    return url.update_query_dict({"connect_timeout": str(SERVER_ANSWERS_WITHIN_S)})
