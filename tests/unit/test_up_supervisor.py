"""The supervisor restarts what dies, waits longer each time, and ends all it started."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from service import supervisor
from service.supervisor import Program, Supervisor
from tests.processes import wait_for

SLEEP = "import time; time.sleep(60)"


def python(name: str, code: str, environment: Mapping[str, str] = os.environ) -> Program:
    return Program(name, (sys.executable, "-c", code), environment)


def running(pid: int) -> bool:
    with contextlib.suppress(FileNotFoundError):
        return "State:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    return False


def text_of(path: Path) -> str:
    return path.read_text() if path.exists() else ""


@pytest.fixture
def said() -> list[str]:
    return []


@pytest.fixture
def supervised(said: list[str]) -> Iterator[Supervisor]:
    made = Supervisor(said.append)
    yield made
    made.stop(made.names, lambda: True)


def pid_of(supervised: Supervisor, name: str) -> int:
    process = supervised._kept[name].process
    assert process is not None
    return process.pid


def tend_until_dead(supervised: Supervisor, name: str) -> None:
    wait_for(lambda: supervised.exit_code(name) is not None, f"{name} ends")
    supervised.tend()


def test_killed_program_is_started_again(supervised: Supervisor, said: list[str]) -> None:
    supervised.start(python("web", SLEEP))
    first = pid_of(supervised, "web")

    os.kill(first, signal.SIGKILL)
    tend_until_dead(supervised, "web")
    time.sleep(supervisor.RESTART_AFTER_MIN_S)
    supervised.tend()

    assert pid_of(supervised, "web") != first
    assert said == ["web ended (killed by SIGKILL); it starts again in 0.2 s"]


def test_pause_doubles_up_to_its_limit(
    supervised: Supervisor, said: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(supervisor, "RESTART_AFTER_MAX_S", 0.05)
    monkeypatch.setattr(supervisor, "RESTART_AFTER_MIN_S", 0.01)
    supervised.start(python("web", "raise SystemExit(7)"))
    supervised._kept["web"].pause_s = 0.02

    for _ in range(4):
        tend_until_dead(supervised, "web")
        time.sleep(0.06)
        supervised.tend()

    assert [sentence.split()[-2] for sentence in said] == ["0.02", "0.04", "0.05", "0.05"]
    assert "exit code 7" in said[0]


def test_pause_is_short_again_after_a_long_life(
    supervised: Supervisor, said: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(supervisor, "STABLE_AFTER_S", 0)
    supervised.start(python("web", "pass"))
    supervised._kept["web"].pause_s = 9.0

    tend_until_dead(supervised, "web")

    assert said == ["web ended (exit code 0); it starts again in 0.2 s"]


def test_what_a_killed_program_left_behind_ends_with_it(
    supervised: Supervisor, tmp_path: Path
) -> None:
    note = tmp_path / "grandchild"
    code = (
        "import pathlib, subprocess, sys, time;"
        f"grandchild = subprocess.Popen([sys.executable, '-c', {SLEEP!r}]);"
        f"pathlib.Path({str(note)!r}).write_text(str(grandchild.pid)); time.sleep(60)"
    )
    supervised.start(python("web", code))
    grandchild = int(wait_for(lambda: text_of(note), "the note"))

    os.kill(pid_of(supervised, "web"), signal.SIGKILL)
    tend_until_dead(supervised, "web")

    wait_for(lambda: not running(grandchild), "the grandchild ends")


def test_programs_stop_one_after_the_other(supervised: Supervisor, tmp_path: Path) -> None:
    log = tmp_path / "log"
    code = (
        "import signal, sys, time\n"
        "def end(*_):\n"
        "    time.sleep(0.1)\n"
        f"    open({str(log)!r}, 'a').write(sys.argv[1])\n"
        "    sys.exit(0)\n"
        "signal.signal(signal.SIGTERM, end)\n"
        f"open({str(log)!r} + sys.argv[1], 'w')\n"
        "time.sleep(60)\n"
    )
    for name in "abc":
        program = Program(name, (sys.executable, "-c", code, name), os.environ)
        supervised.start(program)
        wait_for(Path(f"{log}{name}").exists, "it listens to SIGTERM")

    supervised.stop(["b", "a", "c"])

    assert log.read_text() == "bac"


def test_program_that_ignores_sigterm_is_killed(
    supervised: Supervisor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(supervisor, "STOP_WITHIN_S", 0.2)
    deaf = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(60)"
    supervised.start(python("web", deaf))
    pid = pid_of(supervised, "web")
    time.sleep(0.3)

    supervised.stop(["web"])

    assert not running(pid)


def test_second_request_to_stop_waits_for_nothing() -> None:
    before = signal.getsignal(signal.SIGINT)
    with supervisor.stop_requests() as stop:
        os.kill(os.getpid(), signal.SIGINT)
        first = (stop.times, stop.impatient())
        os.kill(os.getpid(), signal.SIGTERM)
        second = (stop.times, stop.impatient())

    assert (first, second) == ((1, False), (2, True))
    assert signal.getsignal(signal.SIGINT) is before


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a child of its parent's end")
def test_child_ends_when_the_supervisor_is_killed(tmp_path: Path) -> None:
    note = tmp_path / "child"
    code = (
        "import os, pathlib, sys, time\n"
        "from service.supervisor import launch\n"
        f"child = launch([sys.executable, '-c', {SLEEP!r}], os.environ)\n"
        f"pathlib.Path({str(note)!r}).write_text(str(child.pid))\n"
        "time.sleep(60)\n"
    )
    parent = subprocess.Popen([sys.executable, "-c", code])
    child = int(wait_for(lambda: text_of(note), "the child starts"))

    parent.kill()
    parent.wait()

    wait_for(lambda: not running(child), "the child ends")
