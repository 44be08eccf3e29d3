"""A commentdesk of our own for tests of its clients: real HTTP, answers set by the test."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass(frozen=True, slots=True)
class Received:
    """One request as it came in."""

    path: str
    headers: dict[str, str]
    body: dict[str, Any]


def decision(outcome: str, *reasons: tuple[str, int, int], sequence: int = 1) -> dict[str, Any]:
    """A decision as the API writes it; a reason is its text and the span it is about."""
    return {
        "outcome": outcome,
        "scores": {"spam": 0.02},
        "reasons": [
            {"code": "test", "text": text, "spans": [{"start": start, "end": end}]}
            for text, start, end in reasons
        ],
        "revision": 1,
        "sequence": sequence,
        "decided_by": "policy",
        "decided_at": "2026-11-24T10:00:00+00:00",
    }


def decided(outcome: str, *reasons: tuple[str, int, int]) -> tuple[int, dict[str, Any]]:
    """The answer to a submission that was decided in time."""
    return 200, {"id": "c", "status": "decided", "decision": decision(outcome, *reasons)}


PENDING: tuple[int, dict[str, Any]] = (202, {"id": "c", "status": "pending", "decision": None})


@dataclass
class FakeCommentdesk:
    """A server on a free port of this machine; `answer` is given to each request."""

    answer: tuple[int, dict[str, Any]] = PENDING
    received: list[Received] = field(default_factory=list)
    url: str = ""

    def handler(self) -> type[BaseHTTPRequestHandler]:
        """What answers one request."""
        fake = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                fake.received.append(Received(self.path, dict(self.headers), json.loads(body)))
                status, answer = fake.answer
                if self.path == "/v1/check" and fake.answer == PENDING:
                    # A draft is never pending.
                    status, answer = 200, {"decision": decision("approve")}
                text = json.dumps(answer).encode()
                self.send_response(status)
                self.send_header("Content-Length", str(len(text)))
                self.end_headers()
                self.wfile.write(text)

            def log_message(self, *parts: object) -> None:
                """Tests print nothing."""

        return Handler


@contextmanager
def running() -> Iterator[FakeCommentdesk]:
    """A commentdesk that answers `pending` until the test says otherwise."""
    fake = FakeCommentdesk()
    with ThreadingHTTPServer(("127.0.0.1", 0), fake.handler()) as server:
        fake.url = f"http://127.0.0.1:{server.server_port}"
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        yield fake
        server.shutdown()
