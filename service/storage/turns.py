"""Turns at writing to a SQLite file: one thread of one process at a time, without polling.

SQLite lets one connection write, and whoever finds it busy sleeps for up to 100 ms between two
looks, however short the other's write was. Waiting for a lock wakes at once.
"""

import fcntl
import os
import threading
from pathlib import Path


class WriteTurn:
    """A context manager that is held by one thread on this machine at a time.

    The kernel frees the turn of a process that dies. Programs that do not take turns, such as the
    sqlite3 shell, are still kept apart by SQLite's own locks.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._threads = threading.Lock()
        self._descriptor: int | None = None

    def __enter__(self) -> None:
        """Wait for the turn."""
        self._threads.acquire()
        try:
            if self._descriptor is None:
                self._descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            fcntl.flock(self._descriptor, fcntl.LOCK_EX)
        except BaseException:
            self._threads.release()
            raise

    def __exit__(self, *_error: object) -> None:
        """Let the next one write."""
        assert self._descriptor is not None
        fcntl.flock(self._descriptor, fcntl.LOCK_UN)
        self._threads.release()
