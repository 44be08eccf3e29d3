"""One HTTP request to a site's endpoint: signed, guarded against private addresses, not redirected.

Signature and headers follow Standard Webhooks 1.0.0. The host is resolved once, every address it
has is checked, and the connection goes to an address that was checked, so that a second look-up
cannot lead elsewhere: to the first one that takes it.
"""

import ipaddress
import re
import socket
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import partial
from urllib.parse import SplitResult, quote, urlsplit, urlunsplit

from standardwebhooks import Webhook as Signer
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import ConnectTimeoutError, NewConnectionError

from service.domain.errors import Invalid

USER_AGENT = "commentdesk-callbacks/1"
# Outside of it are, among others, IPv4 addresses in disguise, which may be private ones.
PUBLIC_IPV6 = ipaddress.ip_network("2000::/3")
LEAST_S = 0.001
PLAIN = re.compile("[!-~]+")
KEPT_IN_URLS = "".join(map(chr, range(0x21, 0x7F)))
DEFAULT_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One try of one callback."""

    message_id: str
    url: str
    allow_private: bool
    secrets: tuple[str, ...]
    body: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of it; `status` None: no answer at all."""

    status: int | None
    error: str = ""
    retry_after_s: float | None = None

    @property
    def accepted(self) -> bool:
        """Whether the site took the callback: any 2xx."""
        return self.status is not None and 200 <= self.status < 300


class PrivateAddress(Exception):
    """The endpoint's host has an address that callbacks must not reach."""


def check_url(url: str, *, allow_private: bool) -> None:
    """Raise Invalid when callbacks could never be sent to this URL."""
    try:
        parts = urlsplit(url.strip())
        port = parts.port
        host = (parts.hostname or "").encode("idna").decode()
    except ValueError as error:
        raise Invalid("This is not a URL that callbacks can go to.") from error
    if parts.scheme not in DEFAULT_PORTS or not PLAIN.fullmatch(host) or port == 0:
        raise Invalid("A callback URL begins with https:// and names a host.")
    if parts.scheme == "http" and not allow_private:
        raise Invalid("Callbacks go to https:// only; --allow-private permits http:// inside.")
    if parts.username or parts.password:
        raise Invalid("A callback URL must not carry a user name or password.")
    if not PLAIN.fullmatch(url):
        raise Invalid(
            f"A callback URL is ASCII without blanks; write it as {_encoded(parts, host)}"
        )
    if not allow_private and _is_inside(host):
        raise Invalid("Callbacks go to public addresses only; --allow-private permits others.")


def send(outgoing: Outgoing, timeout_s: float) -> Answer:
    """Try one callback; whatever goes wrong is an answer."""
    try:
        return _post(outgoing, timeout_s)
    except PrivateAddress as error:
        return Answer(None, str(error))
    except Exception as error:  # noqa: BLE001  # a try that is not noted is repeated for ever
        return Answer(None, type(error).__name__)


def signed_headers(outgoing: Outgoing, moment: datetime) -> dict[str, str]:
    """The Standard Webhooks headers of a try at `moment` (aware UTC), one signature a secret."""
    signatures = [
        Signer(secret).sign(outgoing.message_id, moment, outgoing.body)
        for secret in outgoing.secrets
    ]
    return {
        "webhook-id": outgoing.message_id,
        "webhook-timestamp": str(int(moment.timestamp())),
        "webhook-signature": " ".join(signatures),
    }


def _post(outgoing: Outgoing, timeout_s: float) -> Answer:
    parts = urlsplit(outgoing.url)
    host = parts.hostname or ""
    port = parts.port or DEFAULT_PORTS[parts.scheme]
    addresses = _addresses(host, port, allow_private=outgoing.allow_private)
    headers = {
        "Host": parts.netloc,
        "Content-Type": "application/json",
        "User-Agent": USER_AGENT,
        **signed_headers(outgoing, datetime.now(UTC)),
    }
    connection = _connected(parts.scheme, addresses, port, host, timeout_s)
    try:
        with _deadline(connection, timeout_s):
            connection.request("POST", _target(parts), outgoing.body.encode(), headers)
            response = connection.getresponse()
    finally:
        connection.close()
    status = int(response.status)
    error = "" if 200 <= status < 300 else f"The site answered {status}."
    return Answer(status, error, _retry_after_s(response.headers.get("Retry-After")))


def _connected(
    scheme: str, addresses: Sequence[str], port: int, host: str, timeout_s: float
) -> HTTPConnection:
    """A connection to the first address that takes one, all of them within the time-out."""
    ends_at = time.monotonic() + timeout_s
    *firsts, last = addresses
    for address in firsts:
        # Half of what is left: one that swallows everything leaves time for the next.
        half_s = max(LEAST_S, ends_at - time.monotonic()) / 2
        with suppress(ConnectTimeoutError, NewConnectionError, TimeoutError):
            return _connect(_connection(scheme, address, port, host, half_s), timeout_s)
    left_s = max(LEAST_S, ends_at - time.monotonic())
    return _connect(_connection(scheme, last, port, host, left_s), timeout_s)


def _connect(connection: HTTPConnection, timeout_s: float) -> HTTPConnection:
    try:
        connection.connect()
    except BaseException:
        connection.close()
        raise
    connection.timeout = timeout_s  # which urllib3 sets anew for each request and answer
    return connection


def _connection(
    scheme: str, address: str, port: int, host: str, timeout_s: float
) -> HTTPConnection:
    if scheme == "http":
        return HTTPConnection(address, port, timeout=timeout_s)
    return HTTPSConnection(
        address, port, timeout=timeout_s, server_hostname=host, assert_hostname=host
    )


@contextmanager
def _deadline(connection: HTTPConnection, seconds: float) -> Iterator[None]:
    """End the exchange after `seconds`: a socket's own time-out begins anew with each byte."""
    sock = connection.sock
    timer = threading.Timer(seconds, partial(_cut, sock))
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def _cut(sock: socket.socket) -> None:
    with suppress(OSError):
        sock.shutdown(socket.SHUT_RDWR)


def _addresses(host: str, port: int, *, allow_private: bool) -> list[str]:
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    addresses = list(dict.fromkeys(str(entry[4][0]) for entry in found))
    if not allow_private and not all(_is_public(address) for address in addresses):
        raise PrivateAddress(
            "The host has a private address; `site set-webhook … --allow-private` permits it."
        )
    return addresses


def _is_public(address: str) -> bool:
    ip = ipaddress.ip_address(address.split("%", maxsplit=1)[0])
    if isinstance(ip, ipaddress.IPv6Address):
        if not ip.ipv4_mapped and (ip not in PUBLIC_IPV6 or ip.sixtofour or ip.teredo):
            return False
        ip = ip.ipv4_mapped or ip
    return ip.is_global and not ip.is_multicast


def _target(parts: SplitResult) -> str:
    return (parts.path or "/") + (f"?{parts.query}" if parts.query else "")


def _encoded(parts: SplitResult, host: str) -> str:
    host = f"[{host}]" if ":" in host else host
    netloc = host if parts.port is None else f"{host}:{parts.port}"
    path, query = (quote(part, safe=KEPT_IN_URLS) for part in (parts.path, parts.query))
    return urlunsplit((parts.scheme, netloc, path, query, ""))


def _is_inside(host: str) -> bool:
    if host.rstrip(".").rpartition(".")[2] == "localhost":
        return True
    try:
        found = socket.getaddrinfo(host, None, flags=socket.AI_NUMERICHOST)
    except OSError:
        return False  # a name: where it leads is looked up, and checked, with each try
    return not all(_is_public(str(entry[4][0])) for entry in found)


def _retry_after_s(value: str | None) -> float | None:
    if not value:
        return None
    if value.strip().isascii() and value.strip().isdigit():
        return float(value)
    try:
        moment = parsedate_to_datetime(value)
    except (ValueError, OverflowError):
        return None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return max(0.0, (moment - datetime.now(UTC)).total_seconds())
