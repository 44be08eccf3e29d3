"""The bare route: what Flask and the same server do when all that is left is one durable insert.

No authentication, no validation, no queue, no decision: JSON in, one row into SQLite with the
product's settings (WAL, synchronous as BARE_SYNCHRONOUS says, FULL by default), committed, 202. One
connection behind one lock, the fastest of the simple ways: a connection a thread made it slower.
"""

import os
import sqlite3
import threading
from uuid import uuid4

from flask import Flask, Response, jsonify, request

TABLE = "CREATE TABLE IF NOT EXISTS comments (id TEXT PRIMARY KEY, body TEXT, author TEXT)"


def create() -> Flask:
    """The app; BARE_DATABASE names its file."""
    app = Flask("bare")
    connection = sqlite3.connect(os.environ["BARE_DATABASE"], check_same_thread=False)
    connection.isolation_level = None
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute(f"PRAGMA synchronous = {os.environ.get('BARE_SYNCHRONOUS', 'FULL')}")
    connection.execute(TABLE)
    lock = threading.Lock()

    def submit() -> Response:
        comment = request.get_json()
        row = (uuid4().hex, comment["body"], comment["author"]["name"])
        with lock:  # each statement commits by itself
            connection.execute("INSERT INTO comments VALUES (?, ?, ?)", row)
        response = jsonify({"id": row[0], "status": "pending"})
        response.status_code = 202
        return response

    app.add_url_rule("/v1/comments", view_func=submit, methods=["POST"])
    return app
