"""The commands of docker-compose.yml, run as plain processes with the environment written there.

No container engine may be at hand. What the engine would provide is put in place of it: the
secrets' files, and the addresses of PostgreSQL and Redis.
"""

import re
import sys
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import urllib3
import yaml

from tests import processes
from tests.conftest import ROOT
from tests.processes import Child, wait_for

READY_WITHIN_S = 45.0


@pytest.fixture(scope="module")
def services() -> Mapping[str, Any]:
    found: Mapping[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]
    return found


class Engine:
    """Stands in for the container engine: runs a service's own command and environment."""

    def __init__(self, services: Mapping[str, Any], folder: Path, redis_url: str) -> None:
        self.services = services
        self.folder = folder
        self.redis_url = redis_url
        self.port = processes.free_port()
        self.children: list[Child] = []

    def run(self, name: str) -> Child:
        """Start the service of that name."""
        (entry,) = re.findall(
            r'^ENTRYPOINT \["(\w+)"\]', (ROOT / "Dockerfile").read_text(), re.MULTILINE
        )
        command = [entry, *self.services[name]["command"]]
        assert command[0] == "commentdesk"
        program = Path(sys.executable).with_name(command[0])
        child = processes.start(
            [program, *command[1:]], self.folder / f"{name}.log", self.environment(name)
        )
        self.children.append(child)
        return child

    def is_healthy(self, name: str) -> bool:
        """Whether the service's own health check succeeds; no site and no callback counts."""
        _, program, *arguments = self.services[name]["healthcheck"]["test"]
        command = [Path(sys.executable).with_name(program), *arguments]
        check = processes.start(command, self.folder / "health.log", self.environment(name))
        return check.process.wait(20) == 0

    def environment(self, name: str) -> dict[str, str]:
        """What the service is told, with the engine's own names replaced by real addresses."""
        told = {key: self.real(str(text)) for key, text in self.environment_of(name).items()}
        return processes.plain_environment(COMMENTDESK_DATA=str(self.folder / "data"), **told)

    def environment_of(self, name: str) -> Mapping[str, str]:
        """The environment as it stands in the file."""
        found: Mapping[str, str] = self.services[name]["environment"]
        return found

    def real(self, text: str) -> str:
        """One value with what the engine resolves put in; nothing is set outside."""
        text = re.sub(r"\$\{\w+:-(.*)\}", r"\1", text)
        return {
            "redis://valkey:6379/0": self.redis_url,
            "0.0.0.0": "127.0.0.1",  # noqa: S104 - replaced, so that no test listens to the world
            "8000": str(self.port),
            "http://127.0.0.1:8000": f"http://127.0.0.1:{self.port}",
        }.get(text, text.replace("/run/secrets", str(self.folder)))

    def status(self, path: str) -> int:
        """What the web service answers; 0 when it does not."""
        try:
            answer = urllib3.request("GET", f"http://127.0.0.1:{self.port}{path}", retries=False)
        except urllib3.exceptions.HTTPError:
            return 0
        return answer.status


@pytest.fixture
def engine(
    services: Mapping[str, Any],
    tmp_path: Path,
    redis_server_url: str,
    postgres_database: Callable[[], str],
) -> Iterator[Engine]:
    """An engine with empty PostgreSQL and Redis databases, and the secrets in their files."""
    (tmp_path / "database_url").write_text(postgres_database())
    (tmp_path / "secret_key").write_text("a-key-for-this-test-alone-0123456789")
    made = Engine(services, tmp_path, f"{redis_server_url}?db=9")
    yield made
    for child in made.children:
        processes.stop(child)


@pytest.mark.timeout(120)
def test_services_together_are_ready_and_stop_cleanly(engine: Engine) -> None:
    migrate = engine.run("migrate")
    assert migrate.process.wait(30) == 0, migrate.output
    running = [engine.run(name) for name in ("web", "worker", "sweeper")]

    wait_for(lambda: engine.status("/readyz") == 200, "all are ready", READY_WITHIN_S)

    assert engine.status("/healthz") == 200
    for name in ("worker", "sweeper"):
        wait_for(partial(engine.is_healthy, name), f"{name} is healthy")
    assert [processes.stop(child) for child in running] == [0, 0, 0]
