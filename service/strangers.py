"""Bodies of callers that are not known yet: only a few threads wait for them at once.

A read of a body waits for the client, as long as that keeps the connection open. Whoever has shown
a key or a session may do so on any thread; all others together on a few, so that nobody can hold
every thread without having either.
"""

import threading
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from service.domain.errors import Unavailable

if TYPE_CHECKING:
    from _typeshed.wsgi import InputStream, StartResponse, WSGIApplication, WSGIEnvironment

READING_MAX = 8
PATIENCE_S = 0.1
"""So long one more waits for its turn: bodies that are there already take far less."""
RETRY_AFTER_S = 1


class Strangers:
    """A WSGI application that takes callers for strangers until `let_in` says otherwise."""

    def __init__(self, app: "WSGIApplication", threads: int) -> None:
        self._next = app
        self._slots = threading.Semaphore(max(1, min(READING_MAX, threads // 2)))

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        environ["wsgi.input"] = _Body(environ["wsgi.input"], self._slots)
        return self._next(environ, start_response)


def let_in(environ: "WSGIEnvironment") -> None:
    """This caller is known: its body may take a thread for as long as it needs."""
    body = environ["wsgi.input"]
    if isinstance(body, _Body):
        environ["wsgi.input"] = body.inner


@dataclass(frozen=True, slots=True)
class _Body:
    inner: "InputStream"
    slots: threading.Semaphore

    def read(self, size: int = -1) -> bytes:
        if not self.slots.acquire(timeout=PATIENCE_S):
            raise Unavailable(
                f"Too many requests are being read; send this again in {RETRY_AFTER_S} s.",
                code="overloaded",
                retry_after_s=RETRY_AFTER_S,
            )
        try:
            return self.inner.read(size)
        finally:
            self.slots.release()
