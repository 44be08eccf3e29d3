"""Requests that wait for a decision: one Redis listener a process, one event a request."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

import redis
import structlog

from service.queue import Handover

RECONNECT_S = 0.5
POLL_S = 1.0

log = structlog.get_logger()


class Waiters:
    """Wakes requests when the worker announces their ids; bounded in number."""

    def __init__(self, handover: Handover, most: int) -> None:
        self._handover = handover
        self._places = threading.BoundedSemaphore(most) if most else None
        self._events: dict[UUID, threading.Event] = {}
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None
        self._starting = threading.Lock()

    @contextmanager
    def expect(self, awaited: UUID) -> Iterator[threading.Event | None]:
        """An event set when `awaited` is announced; None when all places are taken.

        Enter before the work is handed over, else the announcement can come first.
        """
        if self._places is None or not self._places.acquire(blocking=False):
            yield None
            return
        try:
            self._start()
            event = self._events[awaited] = threading.Event()
            yield event
        finally:
            self._events.pop(awaited, None)
            self._places.release()

    def close(self) -> None:
        """Stop listening."""
        self._stopping.set()

    def _start(self) -> None:
        # At first use, in the process that serves: a thread does not survive a fork.
        if self._thread is not None:
            return
        with self._starting:
            if self._thread is None:
                self._thread = threading.Thread(target=self._listen, name="decided", daemon=True)
                self._thread.start()

    def _listen(self) -> None:
        while not self._stopping.is_set():
            try:
                self._relay()
            except redis.RedisError:
                self._stopping.wait(RECONNECT_S)

    def _relay(self) -> None:
        with self._handover.subscribe() as channel:
            while not self._stopping.is_set():
                message = channel.get_message(timeout=POLL_S)
                if message:
                    self._wake(message["data"].decode())

    def _wake(self, ids: str) -> None:
        for part in ids.split(","):
            event = self._events.get(UUID(part))
            if event:
                event.set()
