"""A load generator for HTTP/1.1: closed loop or open loop, in a process of its own.

python -m benchmarks.load < plan.json > result.json   (or `run(Plan(…))`, which does that)

Closed loop: each connection sends its next request when the last is answered; it measures a
sustained rate. Open loop: requests start at a fixed rate whatever the server does, and latency is
counted from the moment each was meant to start, so that a stall shows in every request it delayed.
One thread over epoll with requests rendered beforehand: about 40 µs a request, part of the load on
the machine and the same for every build.
"""

import json
import select
import socket
import subprocess
import sys
import time
from collections import Counter, deque
from dataclasses import asdict, dataclass, field
from typing import Any
from urllib.parse import urlsplit

from benchmarks.comments import bodies

COMMENTS = 4000
READ_BYTES = 65_536
DRAIN_S = 15.0


@dataclass(frozen=True, slots=True)
class Plan:
    """What to send. `rate` requests/s for the open loop; None: closed loop."""

    url: str
    seconds: float
    connections: int
    rate: float | None = None
    headers: dict[str, str] = field(default_factory=dict)
    warm_up_s: float = 2.0
    first_comment: int = 0


@dataclass(frozen=True, slots=True)
class Result:
    """What came back within the measured span; latencies in ms of answers that were 2xx."""

    seconds: float
    statuses: dict[str, int]
    decided: int
    failed: int
    late_starts: int
    percentiles_ms: dict[str, float]

    @property
    def decided_per_s(self) -> float:
        """Decisions in answers, a second."""
        return self.decided / self.seconds

    @property
    def accepted_per_s(self) -> float:
        """Answers 200, 201 and 202, a second."""
        return sum(self.statuses.get(code, 0) for code in ("200", "201", "202")) / self.seconds


def run(plan: Plan) -> Result:
    """Run the plan in a process of its own and wait for it."""
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.load"],
        input=json.dumps(asdict(plan)).encode(),
        stdout=subprocess.PIPE,
        check=True,
    )
    return Result(**json.loads(done.stdout))


class _Connection:
    """One keep-alive connection with at most one request under way."""

    __slots__ = ("buffer", "intended", "sock")

    def __init__(self, address: tuple[str, int]) -> None:
        self.sock = socket.create_connection(address)
        self.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.buffer = b""
        self.intended = 0.0

    def send(self, request: bytes, intended: float) -> None:
        self.buffer, self.intended = b"", intended
        self.sock.sendall(request)

    def receive(self) -> tuple[str, bytes] | None:
        """(status, body) when the answer is whole; raises OSError when the server hung up."""
        chunk = self.sock.recv(READ_BYTES)
        if not chunk:
            raise ConnectionResetError
        self.buffer += chunk
        head, gap, body = self.buffer.partition(b"\r\n\r\n")
        if not gap:
            return None
        _, _, rest = head.lower().partition(b"content-length: ")
        if len(body) < int(rest.split(b"\r\n", 1)[0] or 0):
            return None
        return head[9:12].decode(), body


class Generator:
    """Runs one plan."""

    def __init__(self, plan: Plan) -> None:
        parts = urlsplit(plan.url)
        self.plan = plan
        self.address = (parts.hostname or "127.0.0.1", parts.port or 80)
        self.requests = _requests(plan, parts.path)
        self.next_request = plan.first_comment
        self.epoll = select.epoll()
        self.open: dict[int, _Connection] = {}
        self.free: list[_Connection] = []
        self.overdue: deque[float] = deque()
        self.statuses: Counter[str] = Counter()
        self.latencies: list[float] = []
        self.decided = self.failed = self.late = 0
        self.begin = time.perf_counter() + plan.warm_up_s
        self.end = self.begin + plan.seconds

    def run(self) -> Result:
        """Warm up, measure, and wait a while for what is still under way."""
        for _ in range(self.plan.connections):
            self._connect()
        if self.plan.rate is None:
            self._closed()
        else:
            self._open_loop(self.plan.rate)
        self._close()
        return Result(
            self.plan.seconds, dict(self.statuses), self.decided, self.failed, self.late,
            percentiles(self.latencies),
        )  # fmt: skip

    def _close(self) -> None:
        self.epoll.close()
        for connection in self.open.values():
            connection.sock.close()

    def _closed(self) -> None:
        while (now := time.perf_counter()) < self.end:
            while self.free:
                self._send(self.free.pop(), now)
            self._collect(0.05)

    def _open_loop(self, rate: float) -> None:
        due = time.perf_counter()
        while (now := time.perf_counter()) < self.end:
            while due <= now:
                self.overdue.append(due)
                due += 1 / rate
            self._start_overdue()
            self._collect(max(0.0, min(due - time.perf_counter(), 0.05)))
        give_up = time.perf_counter() + DRAIN_S
        while (self.overdue or len(self.free) < len(self.open)) and time.perf_counter() < give_up:
            self._start_overdue()
            self._collect(0.05)
        # What never came back waited at least this long.
        self.failed += len(self.overdue) + len(self.open) - len(self.free)

    def _start_overdue(self) -> None:
        while self.overdue and self.free:
            intended = self.overdue.popleft()
            self.late += time.perf_counter() - intended > 0.005
            self._send(self.free.pop(), intended)

    def _connect(self) -> None:
        connection = _Connection(self.address)
        self.open[connection.sock.fileno()] = connection
        self.epoll.register(connection.sock, select.EPOLLIN)
        self.free.append(connection)

    def _send(self, connection: _Connection, intended: float) -> None:
        request = self.requests[self.next_request % len(self.requests)]
        self.next_request += 1
        try:
            connection.send(request, intended)
        except OSError:
            self._replace(connection)

    def _collect(self, timeout_s: float) -> None:
        # epoll would round the time up to whole milliseconds, and requests would start late.
        select.select([self.epoll], [], [], timeout_s)
        for number, _ in self.epoll.poll(0):
            connection = self.open[number]
            try:
                answer = connection.receive()
            except OSError:
                self._replace(connection)
                continue
            if answer:
                self._note(connection.intended, *answer)
                self.free.append(connection)

    def _replace(self, connection: _Connection) -> None:
        if connection in self.free:  # the server ended it while it was idle: no request is lost
            self.free.remove(connection)
        else:
            self.failed += connection.intended >= self.begin
        self.epoll.unregister(connection.sock)
        del self.open[connection.sock.fileno()]
        connection.sock.close()
        self._connect()

    def _note(self, intended: float, status: str, body: bytes) -> None:
        now = time.perf_counter()
        # Closed loop: answers within the span. Open loop: requests meant for the span.
        inside = now <= self.end if self.plan.rate is None else True
        if intended < self.begin or not inside:
            return
        self.statuses[status] += 1
        if status[0] != "2":
            return
        self.decided += b'"status":"decided"' in body
        self.latencies.append((now - intended) * 1000)


def percentiles(values: list[float]) -> dict[str, float]:
    """p50, p90, p99, p999 and max; empty without values."""
    if not values:
        return {}
    ordered = sorted(values)
    shares = {"p50": 0.5, "p90": 0.9, "p99": 0.99, "p999": 0.999, "max": 1.0}
    return {
        name: round(ordered[min(len(ordered) - 1, int(share * len(ordered)))], 3)
        for name, share in shares.items()
    }


def _requests(plan: Plan, path: str) -> list[bytes]:
    headers = "".join(f"{name}: {value}\r\n" for name, value in plan.headers.items())
    head = f"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n{headers}"
    return [
        f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body for body in bodies(COMMENTS)
    ]


def main() -> None:
    """Read a plan from standard input, write the result to standard output."""
    plan: dict[str, Any] = json.load(sys.stdin)
    result = Generator(Plan(**plan)).run()
    json.dump(asdict(result), sys.stdout)


if __name__ == "__main__":
    main()
