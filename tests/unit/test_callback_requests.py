"""One callback request: what it refuses to reach, and what it makes of the answer."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

import pytest

from service.domain.errors import Invalid
from service.moderation import callbacks
from service.moderation.callbacks import Outgoing, check_url, send, signed_headers
from tests.endpoint import Endpoint, answering

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"  # the published test vector's


def an_outgoing(url: str, *, allow_private: bool = True) -> Outgoing:
    return Outgoing("msg_1", url, allow_private, (SECRET,), '{"type":"comment.decided"}')


@pytest.fixture
def endpoint() -> Iterator[Endpoint]:
    with answering() as answerer:
        yield answerer


def test_the_signature_is_that_of_the_published_vector() -> None:
    outgoing = Outgoing(
        "msg_p5jXN8AQM9LWM0D4loKWxJek", "", False, (SECRET,), '{"test": 2432232314}'
    )
    headers = signed_headers(outgoing, datetime.fromtimestamp(1614265330, UTC))
    assert headers["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_the_path_and_the_query_of_the_url_are_kept(endpoint: Endpoint) -> None:
    assert send(an_outgoing(endpoint.url), 5).accepted


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "localhost",
        "10.1.2.3",
        "169.254.169.254",
        "[::1]",
        "[::ffff:10.0.0.1]",
        "[64:ff9b::a00:1]",
        "[2002:a00:1::]",
        "[2001:0:a00:1::]",
        "[64:ff9b:1::7f00:1]",
        "[::7f00:1]",
        "[::ffff:0:7f00:1]",
        "[fec0::1]",
    ],
)
def test_private_addresses_are_not_reached(host: str) -> None:
    answer = send(an_outgoing(f"https://{host}/hook", allow_private=False), 1)
    assert answer.status is None
    assert "private address" in answer.error


def test_a_public_name_that_leads_to_a_private_address_is_not_reached(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def resolve(*_: Any, **__: Any) -> list[Any]:
        public = (socket.AF_INET, socket.SOCK_STREAM, 6, "", ("93.184.215.14", 443))
        private = (socket.AF_INET, socket.SOCK_STREAM, 6, "", ("10.0.0.1", 443))
        return [public, private]

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    answer = send(an_outgoing("https://news.example/hook", allow_private=False), 1)
    assert "private address" in answer.error


@pytest.fixture
def two_addresses(monkeypatch: pytest.MonkeyPatch) -> None:
    """A name that leads to 127.0.0.2, where nobody is, and then to 127.0.0.1."""
    resolve = socket.getaddrinfo

    def both(host: str, *arguments: Any, **options: Any) -> Any:
        hosts = ["127.0.0.2", "127.0.0.1"] if host == "two.example" else [host]
        return [entry for one in hosts for entry in resolve(one, *arguments, **options)]

    monkeypatch.setattr(socket, "getaddrinfo", both)


@pytest.mark.usefixtures("two_addresses")
def test_where_one_address_refuses_the_next_is_tried(endpoint: Endpoint) -> None:
    assert send(an_outgoing(endpoint.url.replace("127.0.0.1", "two.example")), 5).accepted


@pytest.mark.usefixtures("two_addresses")
def test_an_address_that_swallows_everything_leaves_time_for_the_next(endpoint: Endpoint) -> None:
    url = endpoint.url.replace("127.0.0.1", "two.example")
    port = urlsplit(url).port
    with socket.create_server(("127.0.0.2", port), backlog=0) as full, ExitStack() as fillers:
        for _ in range(3):  # what fills its queue, so that it answers nobody any more
            filler = fillers.enter_context(socket.socket())
            filler.setblocking(False)
            filler.connect_ex(full.getsockname())
        began = time.monotonic()
        endpoint.delay_s = 0.7  # the answer has the whole time-out to itself
        assert send(an_outgoing(url), 1).accepted
        assert time.monotonic() - began > 0.4 + endpoint.delay_s


@pytest.mark.usefixtures("two_addresses")
def test_an_address_that_was_reached_is_the_only_one_that_is_asked(endpoint: Endpoint) -> None:
    url = endpoint.url.replace("127.0.0.1", "two.example")
    with socket.create_server(("127.0.0.2", urlsplit(url).port)):
        assert send(an_outgoing(url), 0.2).status is None
    assert endpoint.received == []


def test_an_endpoint_that_is_away_is_an_answer_not_an_exception() -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    answer = send(an_outgoing(f"http://127.0.0.1:{port}/"), 1)
    assert (answer.status, answer.accepted) == (None, False)


def test_a_silent_endpoint_is_given_up_after_the_time_out() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        answer = send(an_outgoing(f"http://127.0.0.1:{silent.getsockname()[1]}/"), 0.1)
    assert answer.status is None


def test_an_endpoint_that_drips_is_given_up_after_the_time_out() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:

        def drip() -> None:
            client, _ = server.accept()
            with client, suppress(OSError):
                for _ in range(100):
                    client.sendall(b"H")
                    time.sleep(0.05)

        threading.Thread(target=drip, daemon=True).start()
        began = time.monotonic()
        answer = send(an_outgoing(f"http://127.0.0.1:{server.getsockname()[1]}/"), 0.3)
    assert answer.status is None
    assert time.monotonic() - began < 2


def test_a_host_that_is_no_name_is_an_answer_not_an_exception() -> None:
    assert send(an_outgoing("https://a..example/"), 1).status is None


def test_an_unforeseen_fault_is_an_answer_too(
    endpoint: Endpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(callbacks, "_retry_after_s", fail)
    assert send(an_outgoing(endpoint.url), 5) == callbacks.Answer(None, "RuntimeError")


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("120", 120), ("²", None), ("Wed, 01 Jan 2020 00:00:00 GMT", 0), ("soon", None),
        (f"Wed, {'9' * 30} Jan 2020 00:00:00 GMT", None),
        (f"Wed, 01 Jan 2020 00:00:00 +{'9' * 30}", None),
    ],
)  # fmt: skip
def test_retry_after_is_read_as_seconds_or_as_a_date(
    endpoint: Endpoint, value: str, seconds: float | None
) -> None:
    endpoint.answers.append((503, {"Retry-After": value}))
    assert send(an_outgoing(endpoint.url), 5).retry_after_s == seconds


@pytest.mark.parametrize(
    "url",
    ["ftp://a.example/", "https://", "nonsense", "http://a.example/", "https://u:p@a.example/", "https://a..example/",
     "https://a.example:99999/", "https://a b.example/", "https://10.0.0.5/hook", "https://[::1]/hook",
     "https://localhost/hook", "https://hooks.localhost./", "https://127.1/hook", "https://[64:ff9b::a00:1]/"],
)  # fmt: skip
def test_a_url_that_callbacks_can_never_go_to_is_refused(url: str) -> None:
    with pytest.raises(Invalid):
        check_url(url, allow_private=False)


def test_plain_http_is_permitted_inside() -> None:
    check_url("http://127.0.0.1:8000/demo/callbacks", allow_private=True)


@pytest.mark.parametrize(
    ("url", "encoded"),
    [
        ("https://news.example/rückruf", "https://news.example/r%C3%BCckruf"),
        ("https://news.example/a b?c=d e", "https://news.example/a%20b?c=d%20e"),
        ("https://пример.example:8443/%20", "https://xn--e1afmkfd.example:8443/%20"),
        ("https://news.example/hook ", "https://news.example/hook"),
    ],
)  # fmt: skip
def test_a_url_that_is_not_plain_ascii_is_refused_with_how_to_write_it(
    url: str, encoded: str
) -> None:
    with pytest.raises(Invalid) as refused:
        check_url(url, allow_private=False)
    assert refused.value.detail.endswith(f" {encoded}")
    check_url(encoded, allow_private=False)


@pytest.mark.parametrize(
    "url", ["https://news.example/hook", "https://93.184.215.14/", "https://[2606:2800:21f::1]/x"]
)
def test_a_url_that_callbacks_can_go_to_is_taken(url: str) -> None:
    check_url(url, allow_private=False)
