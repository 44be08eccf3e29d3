"""A site's end of the callbacks: takes them, checks each signature, and remembers them."""

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from standardwebhooks import Webhook, WebhookVerificationError


@dataclass
class Received:
    """What has arrived so far. `status` is what the site answers."""

    secret: str = ""
    status: int = 204
    events: list[Mapping[str, Any]] = field(default_factory=list)
    forged: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def take(self, body: bytes, headers: Mapping[str, str]) -> int:
        """Check one callback and keep it; the status to answer with."""
        try:
            event = Webhook(self.secret).verify(body, dict(headers))
        except WebhookVerificationError:
            with self.lock:
                self.forged += 1
            return 401
        with self.lock:
            self.events.append(event)
        return self.status

    def sequences(self) -> dict[str, set[int]]:
        """The decisions that arrived, by comment."""
        found: dict[str, set[int]] = {}
        with self.lock:
            for event in self.events:
                data = event["data"]
                found.setdefault(data["comment_id"], set()).add(data["decision"]["sequence"])
        return found


@contextmanager
def receiving() -> Iterator[tuple[str, Received]]:
    """A site that listens on 127.0.0.1: its address, and what it receives."""
    received = Received()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            headers = {name.lower(): value for name, value in self.headers.items()}
            self.send_response(received.take(body, headers))
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/callbacks", received
        finally:
            server.shutdown()
            thread.join()
