"""Keeps a few processes running: starts them, restarts what dies, stops them in order.

It knows a process by its command alone. Each gets a process group of its own, so that Ctrl-C in a
terminal reaches only the supervisor, and so that what a killed process leaves behind can be ended
with it. Everything here runs in the main thread: Linux ties "die with your parent" to the thread.
"""

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from types import FrameType

RESTART_AFTER_MIN_S = 0.2
RESTART_AFTER_MAX_S = 10.0
STABLE_AFTER_S = 30.0
STOP_WITHIN_S = 15.0
LOOK_EVERY_S = 0.02

PR_SET_PDEATHSIG = 1


@dataclass(frozen=True, slots=True)
class Program:
    """A process to keep running: what it is called in messages, and how it is started."""

    name: str
    command: tuple[str, ...]
    environment: Mapping[str, str]


@dataclass(slots=True)
class _Kept:
    """A program, its process while it runs, and how its restarts went."""

    program: Program
    process: "subprocess.Popen[bytes] | None" = None
    started_at: float = 0.0
    restart_at: float = 0.0
    pause_s: float = RESTART_AFTER_MIN_S


class Supervisor:
    """The processes of one product. `say` takes the sentences that people should read."""

    def __init__(self, say: Callable[[str], None]) -> None:
        self._say = say
        self._kept: dict[str, _Kept] = {}

    def start(self, program: Program) -> None:
        """Start a program and keep it running from now on."""
        kept = self._kept[program.name] = _Kept(program)
        self._launch(kept)

    def exit_code(self, name: str) -> int | None:
        """The exit code of a program that has ended and waits for its restart; else None."""
        process = self._kept[name].process
        return None if process is None else process.poll()

    @property
    def names(self) -> list[str]:
        """The programs, in the order they were started in."""
        return list(self._kept)

    def tend(self) -> None:
        """Notice what has died since the last look, and restart what has waited long enough."""
        for kept in self._kept.values():
            if kept.process is not None and kept.process.poll() is not None:
                self._bury(kept, kept.process)
            if kept.process is None and time.monotonic() >= kept.restart_at:
                self._launch(kept)

    def stop(self, names: Sequence[str], hurry: Callable[[], bool] = lambda: False) -> None:
        """Stop these programs one by one; kill what takes over 15 s, or all when in a hurry."""
        for name in names:
            kept = self._kept.pop(name, None)
            if kept is not None and kept.process is not None:
                _end(kept.process, hurry)

    def _launch(self, kept: _Kept) -> None:
        kept.process = launch(kept.program.command, kept.program.environment)
        kept.started_at = time.monotonic()

    def _bury(self, kept: _Kept, process: "subprocess.Popen[bytes]") -> None:
        _kill_group(process)
        now = time.monotonic()
        if now - kept.started_at >= STABLE_AFTER_S:
            kept.pause_s = RESTART_AFTER_MIN_S
        self._say(
            f"{kept.program.name} ended ({describe(process.returncode)}); "
            f"it starts again in {kept.pause_s:g} s"
        )
        kept.process, kept.restart_at = None, now + kept.pause_s
        kept.pause_s = min(2 * kept.pause_s, RESTART_AFTER_MAX_S)


class StopRequest:
    """Whether somebody asked us to stop, and whether they asked twice."""

    def __init__(self) -> None:
        self.times = 0

    def take(self, _number: int, _frame: FrameType | None) -> None:
        """Signal handler."""
        self.times += 1

    def impatient(self) -> bool:
        """Whether to stop without waiting for anything."""
        return self.times > 1


@contextmanager
def stop_requests() -> Iterator[StopRequest]:
    """Turn Ctrl-C, SIGTERM and a closed terminal into a request to stop."""
    request = StopRequest()
    numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    before = {number: signal.signal(number, request.take) for number in numbers}
    try:
        yield request
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def launch(command: Sequence[str], environment: Mapping[str, str]) -> "subprocess.Popen[bytes]":
    """Start a process that leads a group of its own and ends when we do, however we end."""
    return subprocess.Popen(  # noqa: S603 - the commands are our own, given as a list
        command,
        env=environment,
        stdin=subprocess.DEVNULL,
        start_new_session=True,
        preexec_fn=die_with_parent(),  # noqa: PLW1509 - we have one thread, so forking is safe
    )


def die_with_parent() -> Callable[[], None] | None:
    """What a child calls before it starts, so that it gets SIGTERM when we die; Linux only."""
    if sys.platform != "linux":
        return None
    libc = ctypes.CDLL(None)
    parent = os.getpid()

    def ask() -> None:
        libc.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
        if os.getppid() != parent:  # it died before we could ask
            os._exit(1)

    return ask


def describe(returncode: int) -> str:
    """How a process ended, in words."""
    if returncode < 0:
        return f"killed by {signal.Signals(-returncode).name}"
    return f"exit code {returncode}"


def _end(process: "subprocess.Popen[bytes]", hurry: Callable[[], bool]) -> None:
    with contextlib.suppress(ProcessLookupError):
        process.send_signal(signal.SIGTERM)
    deadline = time.monotonic() + STOP_WITHIN_S
    while process.poll() is None and time.monotonic() < deadline and not hurry():
        time.sleep(LOOK_EVERY_S)
    _kill_group(process)
    process.wait()


def _kill_group(process: "subprocess.Popen[bytes]") -> None:
    # A web server killed with -9 leaves its workers, which would hold the port.
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
