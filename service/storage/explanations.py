"""Explanations: what decisions' reasons say with their passages, worked out after the decision.

A decision is recorded when its scores are known. Whatever is still to be explained is owed here, in
the same transaction, and paid when there is time.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, bindparam, delete, insert, or_, select, update

from service.domain.decision import Reason
from service.storage.tables import comments, decisions, explanations

TRIES_MAX = 2
"""So often an explanation is begun; a text that ends its worker stays without one."""

_WAITING = explanations.alias("waiting")
_OWE = insert(explanations)
_OWED = select(explanations.c.decision_id).where(
    explanations.c.reasons.is_(None),
    explanations.c.attempts < TRIES_MAX,
    or_(explanations.c.lease_until.is_(None), explanations.c.lease_until < bindparam("now")),
)
_CLAIM = (
    update(explanations)
    .where(
        explanations.c.decision_id.in_(
            _OWED.order_by(explanations.c.decision_id)
            .limit(bindparam("most"))
            .with_for_update(skip_locked=True)
        )
    )
    .values(lease_until=bindparam("until"), attempts=explanations.c.attempts + 1)
    .returning(explanations.c.decision_id)
)


_SUPERSEDED = (
    select(explanations.c.decision_id)
    .join(decisions, decisions.c.id == explanations.c.decision_id)
    .join(comments, comments.c.id == decisions.c.comment_id)
    .where(
        comments.c.decision_id.is_distinct_from(decisions.c.id),
        explanations.c.decision_id.in_(
            select(_WAITING.c.decision_id)
            .where(_WAITING.c.reasons.is_(None), _WAITING.c.attempts < TRIES_MAX)
            .order_by(_WAITING.c.decision_id)
            .limit(bindparam("most"))
        ),
    )
    .with_for_update(of=explanations, skip_locked=True)
)
_FORGET_SUPERSEDED = delete(explanations).where(explanations.c.decision_id.in_(_SUPERSEDED))


class Explanations:
    """The explanations of all decisions."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def owe(self, decision_ids: Sequence[UUID]) -> None:
        """Note that these decisions are still to be explained."""
        if decision_ids:
            rows = [{"decision_id": id_, "attempts": 0} for id_ in decision_ids]
            self._connection.execute(_OWE, rows)

    def is_owed(self, now: datetime) -> bool:
        """Whether any decision is to be explained and in nobody's hands."""
        return self._connection.execute(_OWED.limit(1), {"now": now}).first() is not None

    def claim(self, limit: int, now: datetime, until: datetime) -> list[UUID]:
        """Take the decisions that were owed an explanation longest."""
        values = {"most": limit, "now": now, "until": until}
        return list(self._connection.scalars(_CLAIM, values))

    def keep(self, explained: Mapping[UUID, Sequence[Reason]]) -> None:
        """Store explanations; those erased meanwhile stay away."""
        for decision_id, reasons in explained.items():
            mine = explanations.c.decision_id == decision_id
            values = {"reasons": [reason.to_json() for reason in reasons], "lease_until": None}
            self._connection.execute(update(explanations).where(mine).values(values))

    def forget(self, decision_ids: Sequence[UUID]) -> None:
        """Owe these no more."""
        mine = explanations.c.decision_id.in_(decision_ids)
        self._connection.execute(delete(explanations).where(mine))

    def forget_superseded(self, limit: int) -> None:
        """Owe no more what is not in force, among the `limit` decisions owed longest."""
        self._connection.execute(_FORGET_SUPERSEDED, {"most": limit})
