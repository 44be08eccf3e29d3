"""`commentdesk up` with a wrong wish: one sentence on standard error, and exit code 2."""

import fcntl
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.processes import free_port, plain_environment


def up(*arguments: str, **settings: str) -> str:
    """What `commentdesk up` says when it refuses, without its prefix; fails when it does not."""
    done = subprocess.run(
        [sys.executable, "-m", "service", *arguments],
        env=plain_environment(**settings),
        capture_output=True,
        text=True,
        check=False,
        timeout=30,
    )
    assert done.returncode == 2, done.stderr
    (line,) = done.stderr.splitlines()
    assert done.stdout == ""
    return line.removeprefix("commentdesk: ")


@contextmanager
def busy_port() -> Iterator[str]:
    with socket.create_server(("127.0.0.1", 0)) as other:
        yield str(other.getsockname()[1])


def test_busy_port(tmp_path: Path) -> None:
    with busy_port() as port:
        assert up("--data", str(tmp_path), "up", "--port", port).startswith(
            f"Port {port} is in use"
        )


@pytest.mark.parametrize("name", ["PORT", "COMMENTDESK_PORT"])
def test_busy_port_from_the_environment(tmp_path: Path, name: str) -> None:
    with busy_port() as port:
        said = up("--data", str(tmp_path), "up", **{name: port})

    assert said.startswith(f"Port {port} is in use")


@pytest.mark.parametrize("port", ["web", "0", "65536", "-1", "8000.5"])
def test_port_that_is_none(tmp_path: Path, port: str) -> None:
    said = up("--data", str(tmp_path), "up", "--port", port)

    assert said == f"The port must be a number from 1 to 65535, not {port!r}."


def test_data_path_that_is_a_file(tmp_path: Path) -> None:
    (tmp_path / "data").touch()

    assert "a file is in its way" in up("up", COMMENTDESK_DATA=str(tmp_path / "data"))


def test_unwritable_folder() -> None:
    assert "cannot be written to" in up("--data", "/proc/commentdesk", "up")


def test_second_up_on_the_same_folder(tmp_path: Path) -> None:
    with (tmp_path / "up.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        file.write("4711")
        file.flush()

        said = up("--data", str(tmp_path), "up", "--port", str(free_port()))

    assert said.startswith(f"commentdesk already runs on the folder {tmp_path} as process 4711: ")


def test_unknown_setting(tmp_path: Path) -> None:
    said = up("--data", str(tmp_path), "up", COMMENTDESK_PROT="8000")

    assert said.startswith("There is no setting COMMENTDESK_PROT;")


def test_bad_setting(tmp_path: Path) -> None:
    assert "COMMENTDESK_LOG_LEVEL" in up("--data", str(tmp_path), "up", COMMENTDESK_LOG_LEVEL="x")


def test_unreachable_redis(tmp_path: Path) -> None:
    url = f"redis://127.0.0.1:{free_port()}"

    said = up("--data", str(tmp_path), "up", COMMENTDESK_REDIS_URL=url, PORT=str(free_port()))

    assert said.startswith("The Redis of COMMENTDESK_REDIS_URL does not answer")


def test_unreachable_database(tmp_path: Path) -> None:
    url = f"postgresql://desk@127.0.0.1:{free_port()}/desk"

    said = up("--data", str(tmp_path), "up", COMMENTDESK_DATABASE_URL=url, PORT=str(free_port()))

    assert said.startswith("The database of COMMENTDESK_DATABASE_URL cannot be reached")
