"""What `commentdesk up` refuses to start with, each in a sentence that says what to do."""

import errno
import os
import socket
import stat
from collections.abc import Callable
from pathlib import Path

import pytest
import redis

from service import preflight
from service.domain.errors import SettingsError
from service.settings import Settings
from tests.processes import free_port


def refusal(check: Callable[[], object]) -> str:
    with pytest.raises(SettingsError) as caught:
        check()
    return caught.value.detail


def lock(folder: Path) -> None:
    with preflight.locked(folder):
        pass


def test_data_folder_is_made_for_its_owner_alone(tmp_path: Path) -> None:
    folder = tmp_path / "new" / "data"

    with preflight.locked(folder):
        assert (folder / "up.lock").read_text() == str(os.getpid())

    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_second_product_on_a_folder_is_refused(tmp_path: Path) -> None:
    with preflight.locked(tmp_path):
        sentence = refusal(lambda: lock(tmp_path))

    assert sentence == (
        f"commentdesk already runs on the folder {tmp_path} as process {os.getpid()}: "
        "stop that one, or name another folder with --data."
    )


def test_folder_is_free_again_afterwards(tmp_path: Path) -> None:
    lock(tmp_path)
    lock(tmp_path)


@pytest.mark.parametrize("place", ["file", "file/below"])
def test_file_in_the_way_of_the_folder_is_refused(tmp_path: Path, place: str) -> None:
    (tmp_path / "file").touch()

    assert "a file is in its way" in refusal(lambda: lock(tmp_path / place))


def test_folder_that_cannot_be_written_is_refused() -> None:
    sentence = refusal(lambda: lock(Path("/proc/commentdesk")))

    assert sentence.startswith("The data folder /proc/commentdesk cannot be written to (")


def test_free_port_is_fine() -> None:
    preflight.check_port("127.0.0.1", free_port())


@pytest.mark.parametrize("host", ["127.0.0.1", "0.0.0.0"])  # noqa: S104 - never listened on
def test_busy_port_is_refused(host: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        sentence = refusal(lambda: preflight.check_port(host, port))

    assert sentence.startswith(f"Port {port} is in use by another program: ")


def test_host_of_another_machine_is_refused() -> None:
    sentence = refusal(lambda: preflight.check_port("192.0.2.1", free_port()))

    assert sentence.startswith("This machine cannot listen on 192.0.2.1 (")


def test_port_that_only_root_may_use_is_refused() -> None:
    sentence = preflight._port_sentence("127.0.0.1", 80, PermissionError(errno.EACCES, "denied"))

    assert sentence == "This user may not listen on port 80: choose one from 1024 with --port."


def test_nothing_given_needs_no_server() -> None:
    preflight.check_servers(Settings())


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("redis://user:secret@127.0.0.1:{port}/0", "does not answer (ConnectionError)"),
        ("unix:///nowhere/redis.sock", "does not answer (ConnectionError)"),
        ("http://127.0.0.1:{port}", "is no Redis address"),
    ],
)
def test_unreachable_redis_is_refused_without_its_password(url: str, words: str) -> None:
    settings = Settings(redis_url=url.format(port=free_port()))

    sentence = refusal(lambda: preflight.check_servers(settings))

    assert "COMMENTDESK_REDIS_URL" in sentence
    assert words in sentence
    assert "secret" not in sentence


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("postgresql://user:secret@127.0.0.1:{port}/name", "cannot be reached (OperationalError)"),
        ("sqlite:////nowhere/at/all.db", "cannot be reached (OperationalError)"),
        ("oracle-of-delphi://user:secret@x", "is no address of a database"),
        ("no address", "is no address of a database"),
    ],
)
def test_unreachable_database_is_refused_without_its_password(url: str, words: str) -> None:
    settings = Settings(database_url=url.format(port=free_port()))

    sentence = refusal(lambda: preflight.check_servers(settings))

    assert "COMMENTDESK_DATABASE_URL" in sentence
    assert words in sentence
    assert "secret" not in sentence


def test_servers_that_answer_are_fine(
    valkey_url: str, postgres_database: Callable[[], str]
) -> None:
    settings = Settings(redis_url=valkey_url, database_url=postgres_database())

    preflight.check_servers(settings)


def test_redis_before_version_7_is_refused(
    valkey_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(redis.Redis, "info", lambda *_: {"redis_version": "6.2.14"})

    sentence = refusal(lambda: preflight.check_servers(Settings(redis_url=valkey_url)))

    assert "is too old. It is Redis 6.2.14; use Redis 7 or newer, or Valkey." in sentence


def test_unanswered_database_is_given_up_soon() -> None:
    # It takes the connection and never says a word, as a firewall that drops packets would.
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"postgresql://user@127.0.0.1:{silent.getsockname()[1]}/name"

        assert "cannot be reached" in refusal(
            lambda: preflight.check_servers(Settings(database_url=url))
        )
