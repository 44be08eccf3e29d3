"""A wrong setting or state ends a command with one sentence and an exit code, never a traceback."""

import contextlib
import shutil
import sqlite3
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import redis
from sqlalchemy.exc import IntegrityError

from service.cli import main
from service.commands.faults import said_of
from service.storage import engine
from tests.processes import free_port

Command = Callable[..., tuple[int, str]]


@pytest.fixture
def command(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> Command:
    """Run a command on `tmp_path`; its exit code and the one line that it says of its failure."""
    monkeypatch.setattr(engine, "SQLITE_BUSY_TIMEOUT_MS", 10)

    def run(*arguments: str) -> tuple[int, str]:
        monkeypatch.setattr(sys, "argv", ["commentdesk", "--data", str(tmp_path), *arguments])
        with pytest.raises(SystemExit) as end:
            main()
        (line,) = capsys.readouterr().err.splitlines()
        return int(end.value.code or 0), line.removeprefix("commentdesk: ")

    return run


@pytest.fixture
def database(tmp_path: Path, sqlite_template: Path) -> Path:
    """The migrated, empty database of the installation in `tmp_path`."""
    return Path(shutil.copyfile(sqlite_template, tmp_path / "commentdesk.db"))


@pytest.mark.parametrize("name", ["COMMENTDESK_DATABASE_URL", "COMMENTDESK_REDIS_URL"])
@pytest.mark.parametrize("what", [("worker",), ("sweep",), ("web",), ("doctor",), ("site", "list")])
def test_address_that_is_none_is_named(
    command: Command, monkeypatch: pytest.MonkeyPatch, name: str, what: tuple[str, ...]
) -> None:
    monkeypatch.setenv(name, "foo")

    code, sentence = command(*what)

    assert (code, name in sentence) == (2, True)


def test_port_of_a_database_that_is_no_number_is_refused(
    command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COMMENTDESK_DATABASE_URL", "postgresql://u:secret@127.0.0.1:54x/name")

    assert command("site", "list") == (2, "COMMENTDESK_DATABASE_URL is no address of a database.")


@pytest.mark.parametrize("what", [("site", "list"), ("db", "upgrade")])
def test_database_that_is_away_is_worth_another_try(
    command: Command, monkeypatch: pytest.MonkeyPatch, what: tuple[str, ...]
) -> None:
    url = f"postgresql://u:secret@127.0.0.1:{free_port()}/name"
    monkeypatch.setenv("COMMENTDESK_DATABASE_URL", url)

    code, sentence = command(*what)

    assert code == 1
    assert sentence.startswith("The database cannot be reached (OperationalError)")
    assert "secret" not in sentence


def test_database_without_tables_is_to_be_upgraded(
    command: Command, monkeypatch: pytest.MonkeyPatch, postgres_database: Callable[[], str]
) -> None:
    monkeypatch.setenv("COMMENTDESK_DATABASE_URL", postgres_database())

    code, sentence = command("site", "list")

    assert (code, "commentdesk db upgrade" in sentence) == (2, True)


def test_empty_file_is_to_be_upgraded(command: Command, tmp_path: Path) -> None:
    (tmp_path / "commentdesk.db").touch()

    code, sentence = command("site", "list")

    assert (code, "commentdesk db upgrade" in sentence) == (2, True)


@pytest.mark.parametrize("what", [("site", "list"), ("db", "upgrade")])
def test_file_that_is_no_database_is_refused(
    command: Command, tmp_path: Path, what: tuple[str, ...]
) -> None:
    (tmp_path / "commentdesk.db").write_text("This is no database at all.\n" * 100)

    code, sentence = command(*what)

    assert (code, sentence.startswith("The database file is no database")) == (2, True)


def test_locked_database_is_worth_another_try(command: Command, database: Path) -> None:
    with contextlib.closing(sqlite3.connect(database)) as other:
        other.execute("BEGIN IMMEDIATE")

        code, sentence = command("site", "create", "News")

    assert (code, "locked by another program" in sentence) == (1, True)


def newer(database: Path) -> None:
    with contextlib.closing(sqlite3.connect(database)) as file, file:
        file.execute("UPDATE alembic_version SET version_num = '0099'")


def test_database_of_a_newer_program_is_not_upgraded(command: Command, database: Path) -> None:
    newer(database)

    code, sentence = command("db", "upgrade")

    assert (code, sentence.startswith("The database is at version 0099 and")) == (2, True)


def test_doctor_tells_a_newer_database_from_an_old_one(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    database: Path,
    tmp_path: Path,
) -> None:
    newer(database)
    monkeypatch.setattr(sys, "argv", ["commentdesk", "--data", str(tmp_path), "doctor"])

    with pytest.raises(SystemExit):
        main()

    assert "Its schema is newer than this program" in capsys.readouterr().out


def test_doctor_makes_no_database_where_there_is_none(command: Command, tmp_path: Path) -> None:
    code, sentence = command("doctor")

    assert (code, sentence.startswith("There is no installation in")) == (2, True)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.usefixtures("database")
@pytest.mark.parametrize("what", [("site", "create"), ("user", "create")])
def test_name_in_latin_1_is_refused(command: Command, what: tuple[str, ...]) -> None:
    code, sentence = command(*what, "Z\udcfcrich")

    assert (code, "not text in UTF-8" in sentence) == (2, True)


def test_file_that_cannot_be_read_is_named() -> None:
    error = PermissionError(13, "Permission denied", "/data/secret.key")

    assert said_of(error) == ("/data/secret.key: Permission denied.", 1)


def test_redis_that_is_away_is_worth_another_try() -> None:
    sentence, code = said_of(redis.ConnectionError("secret")) or ("", 0)

    assert (code, "Redis cannot be reached (ConnectionError)" in sentence) == (1, True)


@pytest.mark.parametrize("error", [KeyError("x"), IntegrityError("", None, Exception())])
def test_bug_keeps_its_traceback(error: Exception) -> None:
    assert said_of(error) is None
