"""The whole product as a person starts it, `commentdesk up` in a folder, and an API client."""

import json
import os
import signal
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import urllib3

from tests import processes

READY = "commentdesk is running."
STARTS_WITHIN_S = 120.0
# What the command lines of the supervised processes end with, or their program is called.
MARKS = {"web": "web", "worker": "worker", "sweeper": "sweep", "redis": "valkey-server"}


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer of the API."""

    status: int
    headers: Mapping[str, str]
    body: Any


@dataclass(frozen=True, slots=True)
class Api:
    """A client of the public API with one site's key."""

    url: str
    key: str
    pool: urllib3.PoolManager

    def call(
        self, method: str, path: str, body: Any = None, headers: Mapping[str, str] | None = None
    ) -> Answer:
        """One request, never repeated; raises urllib3's errors when nobody answers."""
        sent = {"Authorization": f"Bearer {self.key}", **(headers or {})}
        answer = self.pool.request(
            method, self.url + path, json=body, headers=sent, retries=False, timeout=15
        )
        parsed = json.loads(answer.data) if "json" in answer.headers["Content-Type"] else None
        return Answer(answer.status, answer.headers, parsed)

    def post_comment(self, text: str, wait_s: float = 5, **fields: Any) -> Answer:
        """Submit a comment and wait for its decision."""
        body = {"body": text, "article": {"id": "welcome"}, **fields}
        return self.call("POST", "/v1/comments", body, {"Prefer": f"wait={wait_s}"})

    def every_comment(self) -> Iterator[Any]:
        """All comments of the site."""
        cursor = ""
        while cursor is not None:
            page = self.call("GET", f"/v1/comments?limit=100{cursor and '&cursor=' + cursor}").body
            yield from page["comments"]
            cursor = page["next_cursor"]


@dataclass(frozen=True, slots=True)
class Product:
    """A running product."""

    url: str
    data: Path
    child: processes.Child
    environment: Mapping[str, str]
    python: str = sys.executable

    @property
    def account(self) -> Mapping[str, Any]:
        """The demo's site and moderator."""
        found: Mapping[str, Any] = json.loads((self.data / "first-run.json").read_text())
        return found

    @property
    def output(self) -> str:
        """What the terminal shows."""
        return self.child.output

    def api(self, key: str | None = None) -> Api:
        """A client with the demo's key, or another."""
        return Api(self.url, key or self.account["api_key"], urllib3.PoolManager(maxsize=16))

    def process_id(self, name: str) -> int | None:
        """The process that the supervisor runs under that name; None while it has none."""
        for pid in child_processes(self.child.process.pid):
            words = command_line(pid)
            if words and (words[-1] == MARKS[name] or MARKS[name] in words[0]):
                return pid
        return None

    def kill(self, name: str) -> None:
        """Kill -9 of the process that runs under that name."""
        pid = processes.wait_for(lambda: self.process_id(name), f"{name} runs")
        os.kill(pid, signal.SIGKILL)

    def command(self, *arguments: str) -> Any:
        """What a command on this installation prints as JSON."""
        line = [self.python, "-m", "service", "--data", str(self.data), *arguments]
        log = self.data / "command.log"
        log.write_bytes(b"")
        child = processes.start(line, log, self.environment)
        assert child.process.wait(30) == 0, child.output
        return json.loads(child.output) if "--json" in arguments else child.output


@contextmanager
def running(
    data: Path,
    *options: str,
    port: int | None = None,
    settings: Mapping[str, str] | None = None,
    python: str = sys.executable,
) -> Iterator[Product]:
    """Start the product on a free port, wait until it says that it runs, and stop it at the end."""
    port = port or processes.free_port()
    log = data.parent / f"{data.name}-up.log"
    log.write_bytes(b"")
    command = [python, "-m", "service", "--data", str(data), "up", "--port", str(port)]
    environment = processes.plain_environment(**(settings or {}))
    child = processes.start([*command, *options], log, environment)
    try:
        deadline = time.monotonic() + STARTS_WITHIN_S
        while READY not in child.output:
            assert child.process.poll() is None, child.output
            assert time.monotonic() < deadline, child.output
            time.sleep(0.05)
        yield Product(f"http://127.0.0.1:{port}", data, child, environment, python)
    finally:
        processes.stop(child, timeout_s=60)


def child_processes(parent: int) -> list[int]:
    """The processes that `parent` started and that still run; Linux only."""
    return [
        int(pid)
        for task in Path(f"/proc/{parent}/task").glob("*/children")
        for pid in task.read_text().split()
    ]


def command_line(pid: int) -> list[str]:
    """The words that a process was started with; empty when it has ended."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_text().rstrip("\0").split("\0")
    except (FileNotFoundError, ProcessLookupError):
        return []


def processor_seconds(pid: int) -> float:
    """The processor time that a process has used so far; Linux only."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
