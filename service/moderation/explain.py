"""Explain later: passages and words for the reasons of decisions that were recorded without them.

The reasons of the decision itself are never changed; an explanation stands beside them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from service.domain.comment import Submission
from service.domain.decision import Decision, Reason
from service.moderation.desk import Desk
from service.storage.engine import Durability
from service.storage.unit_of_work import UnitOfWork

SUPERSEDED_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Unexplained:
    """A decision in force, with the text that it is about and how often that came before."""

    decision: Decision
    submission: Submission
    copies: int | None = None


def explanation_is_owed(desk: Desk) -> bool:
    """Whether a decision is still to be explained that nobody has in hand."""
    with desk.storage.read() as work:
        return work.explanations.is_owed(desk.now())


def claim_unexplained(desk: Desk, limit: int) -> list[Unexplained]:
    """Take the decisions that were owed an explanation longest, for the time of a lease.

    Those that are superseded, edited or erased by now need none any more.
    """
    if not explanation_is_owed(desk):
        return []
    now = desk.now()
    until = now + timedelta(seconds=desk.settings.resolved_lease_s)
    with desk.storage.write(Durability.RELAXED) as work:
        while claimed := work.explanations.claim(limit, now, until):
            found = _in_force(work, claimed, now)
            wanted = {one.decision.id for one in found}
            if stale := [id_ for id_ in claimed if id_ not in wanted]:
                work.explanations.forget(stale)
                # Where there is one there may be thousands: one at a time is too slow for those.
                work.explanations.forget_superseded(SUPERSEDED_AT_ONCE)
            if found:
                return found
    return []


def keep_explanations(desk: Desk, explained: Mapping[UUID, Sequence[Reason]]) -> None:
    """Store what was worked out, by decision; callbacks that waited for it go out."""
    with desk.storage.write(Durability.RELAXED) as work:
        work.explanations.keep(explained)
    desk.handover.announce_owed()


def forget_explanations(desk: Desk, decision_ids: Sequence[UUID]) -> None:
    """Leave these decisions without an explanation."""
    with desk.storage.write(Durability.RELAXED) as work:
        work.explanations.forget(decision_ids)


def _in_force(work: UnitOfWork, decision_ids: Sequence[UUID], now: datetime) -> list[Unexplained]:
    decisions = work.decisions.with_ids(decision_ids)
    ids = [one.comment_id for one in decisions.values()]
    comments, copies = work.comments.with_ids(ids), work.comments.copies(ids, now)
    return [
        Unexplained(one, comments[one.comment_id].submission, copies.get(one.comment_id))
        for one in decisions.values()
        if comments[one.comment_id].decision_id == one.id
    ]
