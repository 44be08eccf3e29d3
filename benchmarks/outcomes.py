"""What becomes of real comments that are sent through the HTTP API: docs/outcomes.md.

Starts a product of its own in a temporary folder, sends comments of each kind in batches, waits for
the decisions and counts them. Toxicity files: only the fifth that never trains (models/train/folds)
and files that never train at all. Spam files train the shipped model; docs/model-report.md has the
figures for spam of sites, years and videos that it has not seen. Nothing of the texts is written.

    python -m benchmarks.outcomes [DATA_DIR]        (default ../shared/data)
"""

import csv
import gzip
import json
import os
import random
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import urllib3

from models.train.folds import fold_of

ROOT = Path(__file__).resolve().parent.parent
REPORT = ROOT / "docs" / "outcomes.md"
SEED = 3
EACH = 200
BATCH_COMMENTS = 100
READY_WITHIN_S = 60
DECIDED_WITHIN_S = 120
FIELD_MAX_CHARS = 10_000_000
INTRODUCTION = f"""\
Sent through the HTTP API under the default policy by `python -m benchmarks.outcomes`, at most
{EACH} of a kind. *Unseen*: no row of it trained the shipped model."""
OUTCOMES = ("approve", "hold", "reject")

Row = dict[str, str]


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of comments: which rows of which file, and whether the shipped model has seen them."""

    name: str
    file: str
    wanted: Callable[[Row], bool]
    unseen: bool


def _yes(row: Row, *names: str) -> bool:
    return all(float(row[name] or 0) >= 0.5 for name in names)


def _has_link(row: Row) -> bool:
    return "http" in row["text"]


KINDS = (
    Kind("open abuse: severely toxic and insulting (Wikipedia talk)", "toxicity/jigsaw_wikipedia",
         lambda row: _yes(row, "severe_toxic", "insult"), True),
    Kind("toxic and insulting (Wikipedia talk)", "toxicity/jigsaw_wikipedia",
         lambda row: _yes(row, "toxic", "insult"), True),
    Kind("toxic (news sites, Civil Comments)", "toxicity/civil_comments",
         lambda row: _yes(row, "toxic"), True),
    Kind("insults to other readers (news sites)", "toxicity/impermium_insults",
         lambda row: _yes(row, "insult"), True),
    Kind("obvious spam: robots' form posts with links", "spam/form_popcorn", _has_link, False),
    Kind("obvious spam: blog comments with links", "spam/blog_spam", _has_link, False),
    Kind("spam without links: blog comments", "spam/blog_spam",
         lambda row: not _has_link(row), False),
    Kind("plain (Globe and Mail, published)", "toxicity/news_globe_and_mail",
         lambda row: float(row["toxicity"] or 1) <= 1.5, True),
    Kind("plain (Wikipedia talk)", "toxicity/jigsaw_wikipedia",
         lambda row: not _yes(row, "toxic"), True),
    Kind("plain (blog, published)", "spam/blog_ham_stanko", lambda row: bool(row["text"]), True),
)  # fmt: skip


def rows_of(folder: Path, kind: Kind) -> list[Row]:
    """Up to EACH rows of a kind, the same ones every time."""
    with gzip.open(folder / f"{kind.file}.csv.gz", "rt", encoding="utf-8", newline="") as file:
        found = [row for row in csv.DictReader(file) if row["text"].strip() and kind.wanted(row)]
    if kind.unseen and kind.file.startswith("toxicity/"):
        found = [row for row in found if fold_of(row["text"]) == "test"]
    random.Random(SEED).shuffle(found)  # noqa: S311  # no secret
    return found[:EACH]


@contextmanager
def a_product() -> Iterator[tuple[str, str]]:
    """A running product of its own: (address, API key)."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "service", "--data", folder, "up", "--port", str(port)]
        environment = {**os.environ, "COMMENTDESK_RATE_LIMIT_PER_KEY": "off"}
        child = subprocess.Popen(  # our own command
            command, env=environment, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        try:
            url = f"http://127.0.0.1:{port}"
            _wait(lambda: _ready(url), READY_WITHIN_S)
            yield url, json.loads((Path(folder) / "first-run.json").read_text())["api_key"]
        finally:
            child.send_signal(signal.SIGTERM)
            child.wait(30)


def outcomes(url: str, key: str, kind: Kind, rows: list[Row]) -> Counter[str]:
    """How many of these comments were approved, held and rejected."""
    ask = _Client(url, key)
    article = f"kind-{KINDS.index(kind)}"
    for start in range(0, len(rows), BATCH_COMMENTS):
        batch = [_submission(row, article) for row in rows[start : start + BATCH_COMMENTS]]
        results = ask("POST", "/v1/comments/batch", {"comments": batch})["results"]
        assert all(result["status"] == 202 for result in results), results[0]
    _wait(lambda: not ask("GET", "/v1/comments?status=pending")["comments"], DECIDED_WITHIN_S)
    return Counter(_decided(ask, article))


def _decided(ask: "_Client", article: str) -> Iterator[str]:
    cursor = ""
    while True:
        page = ask("GET", f"/v1/comments?article={article}&limit=200{cursor}")
        for comment in page["comments"]:
            yield comment["decision"]["outcome"]
        if page["next_cursor"] is None:
            return
        cursor = f"&cursor={page['next_cursor']}"


def table(found: list[tuple[Kind, Counter[str]]]) -> str:
    """The report, in Markdown."""
    lines = [
        "# What becomes of real comments",
        "",
        INTRODUCTION,
        "",
        "| comments | n | unseen | approve | hold | reject |",
        "|---|---|---|---|---|---|",
    ]
    for kind, counts in found:
        total = counts.total()
        shares = " | ".join(f"{counts[name]} ({counts[name] / total:.1%})" for name in OUTCOMES)
        lines.append(f"| {kind.name} | {total} | {'yes' if kind.unseen else 'no'} | {shares} |")
    return "\n".join(lines) + "\n"


class _Client:
    def __init__(self, url: str, key: str) -> None:
        self._url, self._pool = url, urllib3.PoolManager()
        self._headers = {"Authorization": f"Bearer {key}"}

    def __call__(self, method: str, path: str, body: Any = None) -> Any:
        options = {"json": body} if body is not None else {}
        url = self._url + path
        answer = self._pool.request(method, url, headers=self._headers, **options)
        assert answer.status < 300, answer.data[:500]
        return answer.json()


def _submission(row: Row, article: str) -> dict[str, Any]:
    author = {key: row[key][:500] for key in ("author", "url") if row.get(key)}
    if "author" in author:
        author["name"] = author.pop("author")
    return {"body": row["text"][:65_000], "article": {"id": article}, "author": author}


def _ready(url: str) -> bool:
    try:
        return urllib3.request("GET", f"{url}/readyz", retries=False, timeout=5).status == 200
    except urllib3.exceptions.HTTPError:
        return False


def _wait(look: Callable[[], bool], within_s: float) -> None:
    ends = time.monotonic() + within_s
    while not look():
        if time.monotonic() > ends:
            sys.exit(f"Not within {within_s} s; see the log of the product.")
        time.sleep(0.2)


def main() -> None:
    """Send, count, print and write the report."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT.parent / "shared" / "data"
    if not folder.is_dir():
        sys.exit(f"There is no folder {folder.name} of labelled comments; name one.")
    csv.field_size_limit(FIELD_MAX_CHARS)
    with a_product() as (url, key):
        found = [(kind, outcomes(url, key, kind, rows_of(folder, kind))) for kind in KINDS]
    report = table(found)
    REPORT.write_text(report, encoding="utf-8")
    print(report)


if __name__ == "__main__":
    main()
