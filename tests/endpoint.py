"""A site's callback endpoint that answers as told, for tests of what we make of its answers."""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass(slots=True)
class Endpoint:
    """What came in, and what is answered: the next of `answers`, or 204 when there is none left."""

    url: str = ""
    received: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    answers: list[tuple[int, dict[str, str]]] = field(default_factory=list)
    delay_s: float = 0.0

    @property
    def events(self) -> list[dict[str, Any]]:
        """The bodies, parsed, in the order in which they came."""
        return [json.loads(body) for _, body in self.received]


@contextmanager
def answering() -> Iterator[Endpoint]:
    """An endpoint on 127.0.0.1 for as long as the block runs."""
    endpoint = Endpoint()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            headers = {name.lower(): value for name, value in self.headers.items()}
            endpoint.received.append((headers, body))
            time.sleep(endpoint.delay_s)
            status, extra = endpoint.answers.pop(0) if endpoint.answers else (204, {})
            self.send_response(status)
            for name, value in {**extra, "Content-Length": "0"}.items():
                self.send_header(name, value)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Stay silent."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    endpoint.url = f"http://127.0.0.1:{server.server_address[1]}/hook?site=1"
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield endpoint
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
