"""Child processes of tests: started with their output in a file, and always ended."""

import contextlib
import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

Found = TypeVar("Found")


@dataclass(frozen=True, slots=True)
class Child:
    """A running process and the file that takes its standard output and error."""

    process: "subprocess.Popen[bytes]"
    log: Path

    @property
    def output(self) -> str:
        """What it has printed so far."""
        return self.log.read_text(encoding="utf-8", errors="replace")

    def kill(self) -> None:
        """End it and everything it started, at once: kill -9."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(10)


def start(
    command: Sequence[str | os.PathLike[str]],
    log: Path,
    environment: Mapping[str, str] | None = None,
    folder: Path | None = None,
    user: str | None = None,
) -> Child:
    """Start a process in a group of its own; `environment` replaces ours, `user` needs root."""
    with log.open("ab") as output:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env=environment,
            cwd=folder,
            start_new_session=True,
            user=user,
            group=user,
            extra_groups=[] if user else None,
        )
    return Child(process, log)


def stop(child: Child, timeout_s: float = 20.0, by: signal.Signals = signal.SIGTERM) -> int:
    """Ask it to stop, wait, and kill what is left; returns its exit code."""
    if child.process.poll() is None:
        child.process.send_signal(by)
    try:
        return child.process.wait(timeout_s)
    except subprocess.TimeoutExpired:
        raise AssertionError(f"It did not stop in {timeout_s} s:\n{child.output}") from None
    finally:
        child.kill()


def wait_for(
    look: Callable[[], Found | None], what: str, timeout_s: float = 60.0, pause_s: float = 0.05
) -> Found:
    """The first true answer of `look`; fails with `what` when there is none in time."""
    deadline = time.monotonic() + timeout_s
    while time.monotonic() < deadline:
        found = look()
        if found:
            return found
        time.sleep(pause_s)
    raise AssertionError(f"Not within {timeout_s} s: {what}")


def free_port() -> int:
    """A port on 127.0.0.1 that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def plain_environment(**extra: str) -> dict[str, str]:
    """Our environment without any setting of commentdesk, plus `extra`."""
    kept = {name: text for name, text in os.environ.items() if not name.startswith("COMMENTDESK_")}
    kept.pop("PORT", None)
    return kept | extra
