"""Facts about the instruments that the benchmarks measure with."""

import json
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from benchmarks import load
from benchmarks.growth import Look, growth
from benchmarks.load import Generator, Plan, percentiles
from benchmarks.report import Row, page

STALL_S = 0.3


class Site(BaseHTTPRequestHandler):
    """Decides every comment at once, save that the twentieth request stalls all others."""

    protocol_version = "HTTP/1.1"
    wbufsize = 65_536  # one packet an answer: two would wait for each other
    turn = threading.Lock()
    seen = 0

    def do_POST(self) -> None:
        """Answer a comment."""
        self.rfile.read(int(self.headers["Content-Length"]))
        with Site.turn:
            Site.seen += 1
            if Site.seen == 20:
                time.sleep(STALL_S)
        body = json.dumps({"status": "decided"}, separators=(",", ":")).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def url(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Where the site answers; few comments are made ready for it."""
    monkeypatch.setattr(load, "bodies", lambda _: [b'{"body": "Hello"}'])
    Site.seen = 0
    with ThreadingHTTPServer(("127.0.0.1", 0), Site) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/v1/comments"
        server.shutdown()


def test_an_open_loop_counts_a_stall_in_every_request_that_it_delayed(url: str) -> None:
    result = Generator(Plan(url, 1.0, 4, rate=100.0, warm_up_s=0.0)).run()
    assert result.decided == pytest.approx(100, abs=2)
    assert result.percentiles_ms["p50"] < STALL_S * 1000 / 2
    # Some 30 requests were meant to start while nobody answered.
    assert result.percentiles_ms["p90"] > STALL_S * 1000 / 4


def test_a_closed_loop_counts_only_answers_within_the_span(url: str) -> None:
    result = Generator(Plan(url, 0.5, 2, warm_up_s=0.1)).run()
    assert result.decided == result.statuses["200"] > 0
    assert result.failed == 0
    assert result.decided_per_s == result.decided / 0.5


def test_percentiles_are_values_that_were_measured() -> None:
    assert percentiles([4.0, 1.0, 3.0, 2.0])["p50"] == 3.0
    assert percentiles([]) == {}


@pytest.mark.parametrize(
    ("values", "less", "verdict"),
    [
        ([9.0, 7.0, 8.0], False, "floor"),
        ([20.0, 15.0, 16.0], False, "reach"),
        ([1.0, 2.0, 3.0], False, "**short**"),
        ([1.0, 2.0, 30.0], True, "reach"),
    ],
)
def test_the_median_of_the_rounds_is_the_verdict(
    values: list[float], less: bool, verdict: str
) -> None:
    limits = (20.0, 5.0) if less else (8.0, 15.0)
    assert Row("m", "/s", values, [1.0, 1.0, 1.0], limits, less=less).verdict == verdict


def test_a_line_of_the_table_has_the_spread() -> None:
    line = Row("rate", "/s", [10.0, 30.0, 20.0], [2.0, 2.0, 2.0], (8, 15)).line()
    assert line == "| rate | 20 (10 to 30) /s | 2 (2 to 2) | 10 (5 to 15) | 8 × | 15 × | floor |"


def test_a_soak_sees_memory_that_grows() -> None:
    looks = [Look(second, 300.0 + second / 10, 0, 0, 100) for second in range(0, 1800, 30)]
    found = growth(looks)
    assert found["pss_mb"][2]
    assert not found["file_handles"][2]


def test_the_page_says_what_was_not_measured_and_what_fell_short() -> None:
    row = Row("rate", "/s", [3.0], [1.0], (8, 15))
    section = {"when": "now", "load": "0.1", "rows": [vars(row)], "lines": ["Said so."]}
    kept = {"machine": ["a machine"], "comments": "texts", "sections": {"sustained": section}}
    text = page(kept, ["judging", "sustained", "latency"])
    assert "1 of 1 rows miss their floor" in text
    assert "- **Not measured**: judging, latency." in text
    assert "- **sustained**, now, load 0.1, 1 round(s). Said so." in text


def test_the_page_names_the_model_of_a_section() -> None:
    row = Row("rate", "/s", [3.0], [1.0], (8, 15))
    section = {"when": "now", "model": "1.2", "load": "0.1", "rows": [vars(row)], "lines": []}
    kept = {"machine": ["a machine"], "comments": "texts", "sections": {"judging": section}}
    assert "- **judging**, now, model 1.2, load 0.1, 1 round(s)." in page(kept, ["judging"])
