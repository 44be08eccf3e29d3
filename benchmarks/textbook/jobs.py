"""The textbook build's job: one comment."""

import os
from functools import cache

import redis
from sklearn.pipeline import Pipeline
from sqlalchemy.orm import Session, sessionmaker

from benchmarks.textbook import model
from benchmarks.textbook.store import Comment, Decision, Review, open_store
from service.domain.decision import Outcome
from service.domain.links import count_links
from service.domain.policy import Policy, Signals, judge

DONE_TTL_S = 30


@cache
def loaded() -> Pipeline:
    """The model of this process."""
    return model.trained()


@cache
def sessions() -> "sessionmaker[Session]":
    """The database of this process."""
    return open_store()


@cache
def client() -> "redis.Redis":
    """The Redis of this process."""
    return redis.Redis.from_url(os.environ["TEXTBOOK_REDIS"])


def decide(comment_id: str) -> None:
    """Score a comment, store the decision and its review entry, wake who waits."""
    with sessions().begin() as session:
        comment = session.get_one(Comment, comment_id)
        [scores] = model.scores(loaded(), [comment.body])
        outcome, findings = judge(Policy(), scores, Signals(links=count_links(comment.body)))
        reasons = [finding.reason.text for finding in findings]
        session.add(
            Decision(comment_id=comment.id, outcome=outcome.value, scores=scores, reasons=reasons)
        )
        if outcome is Outcome.HOLD:
            session.add(Review(comment_id=comment.id))
        comment.status = "decided"
    with client().pipeline() as pipe:
        pipe.rpush(f"textbook:done:{comment_id}", 1)
        pipe.expire(f"textbook:done:{comment_id}", DONE_TTL_S)
        pipe.execute()
