"""Logs carry ids and event names, never what people wrote or who they are."""

import json
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from tests.processes import wait_for
from tests.product import Product

MARKS = {
    "text": "Zephyranthes bloom at midnight",
    "name": "Quillon Marchbanks",
    "email": "quillon.marchbanks@mail.example",
    "ip": "203.0.113.77",
    "user_agent": "Marchbrowser/7.7",
    "honeypot": "trapword-zephyr",
    "note": "note-of-marchbanks",
}

pytestmark = pytest.mark.timeout(300)


def marked(suffix: str) -> dict[str, object]:
    author = {key: MARKS[key] for key in ("name", "email", "ip", "user_agent")}
    body = f"{MARKS['text']} {suffix}"
    return {"body": body, "article": {"id": "welcome", "title": MARKS["text"]}, "author": author}


@contextmanager
def away(data: Path, table: str) -> Iterator[None]:
    """A database that fails whenever that table is needed."""
    rename(data, table, f"{table}_away")
    try:
        yield
    finally:
        rename(data, f"{table}_away", table)


def rename(data: Path, table: str, to: str) -> None:
    with closing(sqlite3.connect(data / "commentdesk.db", timeout=20)) as database:
        database.execute(f"ALTER TABLE {table} RENAME TO {to}")


def test_no_log_line_tells_what_was_written_or_by_whom(product: Product) -> None:
    api = product.api()

    posted = api.call("POST", "/v1/comments", marked("plain"), {"Prefer": "wait=5"})
    api.call("PUT", f"/v1/comments/{posted.body['id']}", {"body": f"{MARKS['text']} edited"})
    api.call("POST", "/v1/check", marked("draft"))
    api.call("POST", "/v1/comments/batch", {"comments": [marked("one"), {"body": MARKS["text"]}]})
    api.call("POST", "/v1/comments", marked("trap") | {"form": {"honeypot": MARKS["honeypot"]}})
    wrong = api.call("POST", "/v1/comments", marked("wrong") | {"author": {"ip": [MARKS["ip"]]}})
    api.call("POST", "/v1/comments", json.dumps(marked("text"))[:-3])
    feedback = {"kind": "removed", "note": MARKS["note"]}
    noted = api.call("POST", f"/v1/comments/{posted.body['id']}/feedback", feedback)
    wait_for(lambda: "callback.tried" in product.output, "callbacks are logged")
    time.sleep(0.5)

    assert (posted.status, wrong.status, noted.status) == (200, 422, 201)
    assert [mark for mark in MARKS.values() if mark in product.output] == []


def test_failing_database_tells_no_more_and_loses_nothing(product: Product) -> None:
    api, before = product.api(), len(product.output)

    with away(product.data, "decisions"):
        posted = api.call("POST", "/v1/comments", marked("amid the failure"))
        wait_for(lambda: "OperationalError" in product.output[before:], "the failure is logged")
        time.sleep(0.5)

    assert posted.status == 202
    assert [mark for mark in MARKS.values() if mark in product.output] == []
    path = f"/v1/comments/{posted.body['id']}"
    wait_for(lambda: api.call("GET", path).body["decision"], "it is decided after all", 60)
