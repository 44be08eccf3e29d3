"""Requests that wait for a decision: one Redis listener a process, one event a request."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from service.queue import Handover, news_of


@dataclass(slots=True)
class News:
    """What one request waits for; `said`, as JSON, is there when it is woken."""

    said: Any = None
    _event: threading.Event = field(default_factory=threading.Event)

    def wait(self, seconds: float) -> bool:
        """Whether it came in time."""
        return self._event.wait(seconds)

    def forget(self) -> None:
        """Wait for the next."""
        self._event.clear()

    def bring(self, said: Any) -> None:
        """Wake the request."""
        self.said = said
        self._event.set()


class Waiters:
    """Wakes requests when the worker announces their ids; bounded in number."""

    def __init__(self, handover: Handover, most: int) -> None:
        self._handover = handover
        self._places = threading.BoundedSemaphore(most) if most else None
        self._awaited: dict[UUID, list[News]] = {}
        self._changing = threading.Lock()
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None
        self._starting = threading.Lock()

    @contextmanager
    def expect(self, awaited: UUID) -> Iterator[News | None]:
        """News that come when `awaited` is announced; None when all places are taken.

        Enter before the work is handed over, else the announcement can come first.
        """
        if self._places is None or not self._places.acquire(blocking=False):
            yield None
            return
        news = News()
        try:
            self.start()
            with self._changing:
                self._awaited.setdefault(awaited, []).append(news)
            yield news
        finally:
            self._forget(awaited, news)
            self._places.release()

    def _forget(self, awaited: UUID, news: News) -> None:
        with self._changing:
            others = [other for other in self._awaited.get(awaited, ()) if other is not news]
            if others:
                self._awaited[awaited] = others
            else:
                self._awaited.pop(awaited, None)

    def close(self) -> None:
        """Stop listening."""
        self._stopping.set()

    def start(self) -> None:
        """Listen; at first use if not before, and in the process that serves: no fork keeps it."""
        if self._thread is not None:
            return
        with self._starting:
            if self._thread is None:
                self._thread = threading.Thread(
                    target=self._handover.listen,
                    args=(self._stopping, self._wake),
                    name="decided",
                    daemon=True,
                )
                self._thread.start()

    def _wake(self, announcement: bytes) -> None:
        for id_, said in news_of(announcement, self._awaited).items():
            for news in self._awaited.get(id_, ()):
                news.bring(said)
