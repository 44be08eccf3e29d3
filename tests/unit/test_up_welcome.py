"""What the terminal shows when the product is ready."""

import shlex
import socket
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from service import installation, welcome
from service.first_run import FirstRun

ACCOUNT = FirstRun("db", "moderator", "pass-word", "site", "cd_key", "whsec_x", 8000)


@pytest.mark.parametrize(
    ("host", "address"),
    [
        ("127.0.0.1", "http://127.0.0.1:8000"),
        ("0.0.0.0", "http://127.0.0.1:8000"),  # noqa: S104 - never listened on
        ("::", "http://127.0.0.1:8000"),
        ("::1", "http://[::1]:8000"),
        ("desk.example", "http://desk.example:8000"),
    ],
)
def test_server_is_reached_by_an_address_of_this_machine(host: str, address: str) -> None:
    assert installation.base_url(host, 8000) == address


def test_newcomer_sees_where_to_look() -> None:
    text = welcome.announcement("http://127.0.0.1:8000", ACCOUNT)

    for part in ("/demo/", "/review/", "/docs", "login moderator  password pass-word"):
        assert part in text


def test_printed_curl_is_one_line_that_a_shell_understands() -> None:
    text = welcome.announcement("http://127.0.0.1:8000", ACCOUNT)
    (line,) = [line for line in text.splitlines() if line.lstrip().startswith("curl ")]

    words = shlex.split(line)

    assert words[:3] == ["curl", "-s", "http://127.0.0.1:8000/v1/comments"]
    assert "Authorization: Bearer cd_key" in words
    assert words[-1] == welcome.FIRST_COMMENT


def test_without_a_demo_no_account_is_shown() -> None:
    text = welcome.announcement("http://127.0.0.1:8000", None)

    assert "/demo/" not in text
    assert "password" not in text
    assert "commentdesk site create NAME" in text


class Unready(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(503)
        self.end_headers()
        self.wfile.write(b"worker")

    def log_message(self, *_: object) -> None:
        pass


def test_unready_server_says_what_is_missing() -> None:
    with HTTPServer(("127.0.0.1", 0), Unready) as server:
        threading.Thread(target=server.handle_request).start()

        assert welcome.readiness("127.0.0.1", server.server_port) == (503, "worker")


def test_absent_server_is_not_ready() -> None:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]

    status, why = welcome.readiness("127.0.0.1", port)

    assert (status, why) == (0, "the web server does not answer (ConnectionRefusedError)")
