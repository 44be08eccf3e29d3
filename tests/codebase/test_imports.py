"""Dependencies point one way; the contracts in pyproject.toml are checked, and some more here."""

import ast
import importlib
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from service import queue
from service.cli import COMMANDS

ROOT = Path(__file__).resolve().parent.parent.parent
# What makes a process slow to start or large must not come with the web process or a command.
HEAVY = {"sklearn", "numpy", "scipy", "skops", "torch", "matplotlib", "models", "worker"}


def imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            yield node.module or ""


def test_import_contracts_hold() -> None:
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"]

    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stdout


def test_demo_is_a_site_of_its_own() -> None:
    ours = {
        (path.name, name)
        for path in (ROOT / "service" / "ui" / "demo").rglob("*.py")
        for name in imported(path)
        if name.split(".")[0] in {"service", "worker", "models"}
        and not name.startswith("service.ui.demo")
    }

    assert ours == set()


def test_web_process_loads_no_machine_learning() -> None:
    code = (
        "import sys; import service.app; "
        f"sys.exit(', '.join(sorted({HEAVY!r} & set(sys.modules))) or 0)"
    )

    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False
    )

    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("name", [name for name in vars(queue) if name.endswith("_JOB")])
def test_job_name_leads_to_a_function(name: str) -> None:
    module, function = getattr(queue, name).rsplit(".", 1)

    assert callable(getattr(importlib.import_module(module), function))


def test_there_is_a_job() -> None:
    assert [name for name in vars(queue) if name.endswith("_JOB")]


@pytest.mark.parametrize("name", COMMANDS)
def test_command_name_leads_to_a_command_with_help(name: str) -> None:
    module, attribute = COMMANDS[name][0].split(":")

    command = getattr(importlib.import_module(module), attribute)

    assert command.name == name
    assert command.help
