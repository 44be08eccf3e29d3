"""Turns at writing to a SQLite file: one thread of one process at a time.

SQLite lets one connection write, and whoever finds it busy sleeps for up to 100 ms between two
looks, however short the other's write was. Here the looks are close together.
"""

import fcntl
import os
import threading
import time
from pathlib import Path

LOOK_EVERY_S = 0.0002
TURN_WITHIN_S = 10.0


class WriteTurn:
    """A context manager that is held by one thread on this machine at a time.

    The kernel frees the turn of a process that dies. Turns are a courtesy, not the guard: who gets
    none in TURN_WITHIN_S, because a process was stopped amid a write, goes on without, and SQLite's
    own lock decides, as it does for programs that take no turns.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._threads = threading.Lock()
        self._descriptor: int | None = None
        self._held = False

    def __enter__(self) -> None:
        """Wait for the turn."""
        self._threads.acquire()
        try:
            if self._descriptor is None:
                self._descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            self._held = _locked(self._descriptor)
        except BaseException:
            self._threads.release()
            raise

    def __exit__(self, *_error: object) -> None:
        """Let the next one write."""
        if self._held and self._descriptor is not None:
            fcntl.flock(self._descriptor, fcntl.LOCK_UN)
        self._threads.release()


def _locked(descriptor: int) -> bool:
    deadline = time.monotonic() + TURN_WITHIN_S
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > deadline:
                return False
            time.sleep(LOOK_EVERY_S)
        else:
            return True
