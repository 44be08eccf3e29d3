"""Sweep: find in the database what was lost elsewhere. Every step may run twice or late.

- comments that wait and are in nobody's hands, decisions to be explained: make sure a worker is
  awake;
- comments undecided for too long: hold them, or pass them if the site chose so; they are still
  scored when scoring is back;
- keys, sessions and personal data past their time: forget and erase them.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

import structlog

from service.domain.decision import Decision, Reason
from service.moderation.decide import (
    GRACE_S,
    Ruling,
    announce,
    cases_of,
    issue,
    unscored_verdict,
)
from service.moderation.desk import Desk
from service.moderation.erase import reject_pending
from service.settings import Settings
from service.storage.comments import Claim
from service.storage.retention import Deadlines
from service.storage.unit_of_work import UnitOfWork

OVERDUE_BATCH_COMMENTS = 500
RETENTION_BATCH_COMMENTS = 500

log = structlog.get_logger()

TOO_LATE = Reason("scoring_unavailable", "It could not be scored in time; it will be later.")


def wake_if_needed(desk: Desk) -> bool:
    """Wake a worker when something waits that nobody has; the worker finds it in the database."""
    now = desk.now()
    with desk.storage.read() as work:
        waits = work.comments.someone_waits(now - timedelta(seconds=GRACE_S), now)
        waits = waits or work.explanations.is_owed(now)
    return waits and desk.handover.wake()


def settle_overdue(desk: Desk) -> int:
    """Decide what no worker decided in time, as each site chose; how many."""
    settled = 0
    while True:
        count = _settle_some(desk)
        settled += count
        if count < OVERDUE_BATCH_COMMENTS:
            break
    if settled:
        log.info("sweep.overdue", comments=settled)
    return settled


def forget(desk: Desk) -> int:
    """Drop run-out keys and sessions, erase personal data past its retention; comments erased."""
    now = desk.now()
    past = _deadlines(desk.settings, now)
    # Looked at first: this runs every second, and a write takes the turn of those who submit.
    with desk.storage.read() as work:
        if not work.retention.anything_past(past):
            return 0
    with desk.storage.write() as work:
        work.idempotency.forget_before(past.keys)
        work.people.forget_sessions_before(past.sessions)
        authors = 0
        if past.authors:
            authors = work.retention.erase_authors_before(
                past.authors, now, RETENTION_BATCH_COMMENTS
            )
        ids = work.retention.older_than(past.texts, RETENTION_BATCH_COMMENTS) if past.texts else []
        decisions = _erase(work, ids, now) if ids else []
    if authors or ids:
        desk.storage.scrub()
    if decisions:
        announce(desk, decisions)
    if ids:
        log.info("sweep.erased", comments=len(ids))
    return len(ids)


STEPS = (wake_if_needed, settle_overdue, forget)
"""One look at everything that could have been missed; none waits for another to succeed."""


def _erase(work: UnitOfWork, ids: Sequence[UUID], now: datetime) -> list[Decision]:
    heads = work.comments.heads(ids)
    work.reviews.close(ids, "retention", now)
    decisions = reject_pending(work, heads, now)
    work.retention.erase(ids, now)
    return decisions


def _deadlines(settings: Settings, now: datetime) -> Deadlines:
    # By the minute, so that the log is emptied once a minute and not once a second.
    minute = now.replace(second=0, microsecond=0)

    def days_ago(days: int) -> datetime | None:
        return minute - timedelta(days=days) if days else None

    return Deadlines(
        keys=now - timedelta(hours=settings.idempotency_ttl_h),
        sessions=now,
        authors=days_ago(settings.author_retention_days),
        texts=days_ago(settings.comment_retention_days),
    )


def _settle_some(desk: Desk) -> int:
    now = desk.now()
    before = now - timedelta(seconds=desk.settings.decide_within_s)
    with desk.storage.read() as work:
        if not work.comments.is_overdue(before):
            return 0
    with desk.storage.write() as work:
        ids = work.comments.take_overdue(before, OVERDUE_BATCH_COMMENTS)
        decisions = issue(work, _fallbacks(desk, work, ids), now)
    announce(desk, decisions)
    return len(ids)


def _fallbacks(desk: Desk, work: UnitOfWork, ids: Sequence[UUID]) -> list[Ruling]:
    comments = work.comments.with_ids(ids)
    cases = cases_of(desk, work, [Claim(comment, attempts=0) for comment in comments.values()])
    by_id = {case.claim.comment.id: case for case in cases}
    rulings = []
    for head in work.comments.heads(ids):
        case = by_id[head.id]
        verdict = unscored_verdict(case, case.site.when_unscored, TOO_LATE)
        rulings.append(Ruling(head, case.site, verdict, needs_score=True))
    return rulings
