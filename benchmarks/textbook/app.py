"""The textbook build's web process."""

import os
from dataclasses import dataclass
from typing import Any

import redis
from flask import Flask, Response, abort, jsonify, request
from marshmallow import Schema, fields
from rq import Queue
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from benchmarks.textbook.store import ApiKey, Comment, Decision, open_store

JOB = "benchmarks.textbook.jobs.decide"
WAIT_MAX_S = 10


class CommentIn(Schema):
    """A comment as a site submits it."""

    body = fields.String(required=True)
    body_format = fields.String(load_default="text")
    article = fields.Dict(required=True)
    author = fields.Dict(load_default=dict)
    language = fields.String(load_default=None)


@dataclass(frozen=True)
class Parts:
    """What a request needs."""

    sessions: "sessionmaker[Session]"
    redis: "redis.Redis"
    queue: Queue


def create_app() -> Flask:
    """The app; TEXTBOOK_DATABASE and TEXTBOOK_REDIS name its servers."""
    app = Flask("textbook")
    client = redis.Redis.from_url(os.environ["TEXTBOOK_REDIS"])
    parts = Parts(open_store(), client, Queue("textbook", connection=client))
    app.add_url_rule("/v1/comments", "submit", lambda: _submit(parts), methods=["POST"])
    return app


def _submit(parts: Parts) -> Response:
    with parts.sessions.begin() as session:
        key = request.headers.get("Authorization", "").removeprefix("Bearer ")
        if session.scalar(select(ApiKey).where(ApiKey.key == key)) is None:
            abort(401)
        values: dict[str, Any] = CommentIn().load(request.get_json())
        comment = Comment(
            body=values.pop("body"), article_id=str(values["article"].get("id")), details=values
        )
        session.add(comment)
    parts.queue.enqueue(JOB, comment.id, result_ttl=0)
    if "wait" not in request.headers.get("Prefer", ""):
        return _answer(comment, None)
    # The job pushes to a key of its own, so that nobody polls.
    parts.redis.blpop([f"textbook:done:{comment.id}"], timeout=WAIT_MAX_S)
    with parts.sessions() as session:
        decision = session.scalar(select(Decision).where(Decision.comment_id == comment.id))
        return _answer(comment, decision)


def _answer(comment: Comment, decision: Decision | None) -> Response:
    body: dict[str, Any] = {"id": comment.id, "status": "decided" if decision else "pending"}
    if decision:
        body["decision"] = {
            "outcome": decision.outcome,
            "scores": decision.scores,
            "reasons": decision.reasons,
        }
    response = jsonify(body)
    response.status_code = 200 if decision else 202
    return response
