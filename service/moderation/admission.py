"""Admission: past capacity a submission is refused at once, so that those taken stay fast.

Two things may pile up: submissions that wait to be stored, because they come faster than the
database or this process takes them, and stored comments that wait for a score, because they come
faster than the workers decide. Both have a limit, and what is beyond it is told to come again.
"""

import redis

from service.domain.errors import Unavailable
from service.moderation.desk import Desk

RETRY_AFTER_S = 1
BACKLOG_RETRY_AFTER_S = 10


def refusal(desk: Desk) -> Unavailable | None:
    """Return why a submission must not be taken now (`overloaded`), or None."""
    if desk.storage.groups.waiting >= desk.settings.intake_max_requests:
        return _overloaded("Too many comments are being stored at this moment", RETRY_AFTER_S)
    if desk.handover.backlog_seen >= desk.settings.backlog_max_comments and _still_long(desk):
        return _overloaded("Too many comments wait for a score", BACKLOG_RETRY_AFTER_S)
    return None


def _still_long(desk: Desk) -> bool:
    # Only an offer renews what was seen, and while submissions are refused there is none.
    try:
        desk.handover.backlog_seen = desk.handover.backlog()
    except redis.RedisError:
        desk.handover.backlog_seen = 0
    return desk.handover.backlog_seen >= desk.settings.backlog_max_comments


def _overloaded(why: str, retry_after_s: int) -> Unavailable:
    return Unavailable(
        f"{why}; send this again in {retry_after_s} s.",
        code="overloaded",
        retry_after_s=retry_after_s,
    )
