"""Logs carry ids and event names, never what people wrote or who they are."""

import json
import time

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


def marked(suffix: str) -> dict[str, object]:
    author = {key: MARKS[key] for key in ("name", "email", "ip", "user_agent")}
    body = f"{MARKS['text']} {suffix}"
    return {"body": body, "article": {"id": "welcome", "title": MARKS["text"]}, "author": author}


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

    assert (posted.status, noted.status) == (200, 201)
    assert wrong.status == 422
    assert [mark for mark in MARKS.values() if mark in product.output] == []
