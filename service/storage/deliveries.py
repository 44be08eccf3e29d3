"""The outbox of callbacks: written with the decision, sent later, in order for each comment."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    bindparam,
    delete,
    exists,
    func,
    insert,
    or_,
    select,
    update,
)
from uuid_utils.compat import uuid7

from service.domain.decision import Decision
from service.storage.tables import deliveries, explanations, sites

EXPLAINED_WITHIN_S = 1.0
"""So long a callback waits for the passages of its reasons."""


class State(StrEnum):
    """Where a callback stands."""

    PENDING = "pending"
    DELIVERED = "delivered"
    DEAD = "dead"


@dataclass(frozen=True, slots=True)
class Delivery:
    """One callback; its id is the `webhook-id`, the same for every try."""

    id: UUID
    site_id: UUID
    comment_id: UUID
    decision_id: UUID
    state: State
    attempts: int
    due_at: datetime
    last_status: int | None
    last_error: str | None
    created_at: datetime
    delivered_at: datetime | None


_EARLIER = deliveries.alias("earlier")
_BLOCKED = exists().where(
    _EARLIER.c.comment_id == deliveries.c.comment_id,
    _EARLIER.c.sequence < deliveries.c.sequence,
    _EARLIER.c.state == State.PENDING.value,
)
_UNEXPLAINED = exists().where(
    explanations.c.decision_id == deliveries.c.decision_id,
    explanations.c.reasons.is_(None),
    deliveries.c.created_at > bindparam("young"),
)
_DUE = (
    select(deliveries.c.id)
    .where(deliveries.c.state == State.PENDING.value, deliveries.c.due_at <= bindparam("now"))
    .where(or_(deliveries.c.lease_until.is_(None), deliveries.c.lease_until < bindparam("now")))
    .where(~_BLOCKED, ~_UNEXPLAINED, deliveries.c.site_id.not_in(bindparam("busy", expanding=True)))
    .order_by(deliveries.c.due_at)
    .limit(bindparam("most"))
)
_CLAIM_DUE = (
    update(deliveries)
    .where(deliveries.c.id.in_(_DUE.with_for_update(skip_locked=True)))
    .values(lease_until=bindparam("until"), attempts=deliveries.c.attempts + 1)
    .returning(deliveries)
)
_ADD = insert(deliveries)


class Deliveries:
    """The callbacks of all sites."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, decisions: Sequence[Decision], due_at: datetime) -> None:
        """Owe the site one callback for each decision."""
        self._add(decisions, due_at, State.PENDING, None)

    def add_dead(self, decisions: Sequence[Decision], due_at: datetime, why: str) -> None:
        """Note callbacks that are not sent for now; ops can replay them."""
        self._add(decisions, due_at, State.DEAD, why)

    def _add(
        self, decisions: Sequence[Decision], due_at: datetime, state: State, error: str | None
    ) -> None:
        rows = [
            {
                "id": uuid7(),
                "site_id": decision.site_id,
                "comment_id": decision.comment_id,
                "decision_id": decision.id,
                "sequence": decision.sequence,
                "state": state.value,
                "last_error": error,
                "attempts": 0,
                "due_at": due_at,
                "created_at": decision.decided_at,
            }
            for decision in decisions
        ]
        if rows:
            self._connection.execute(_ADD, rows)

    def is_due(self, now: datetime, busy_sites: Collection[UUID] = ()) -> bool:
        """Whether `claim_due` would find anything."""
        return self._connection.execute(_DUE, _wanted(now, 1, busy_sites)).first() is not None

    def claim_due(
        self, now: datetime, until: datetime, limit: int, busy_sites: Collection[UUID] = ()
    ) -> list[Delivery]:
        """Take callbacks that are due, none before an earlier one of the same comment.

        One whose decision is still to be explained waits for it, for EXPLAINED_WITHIN_S at most.
        """
        values = {**_wanted(now, limit, busy_sites), "until": until}
        return [_delivery(row) for row in self._connection.execute(_CLAIM_DUE, values)]

    def delivered(self, delivery: Delivery, status: int, now: datetime) -> None:
        """The site took it."""
        self._finish(delivery.id, State.DELIVERED, status, None, delivered_at=now)

    def retry(self, delivery: Delivery, status: int | None, error: str, due_at: datetime) -> None:
        """The site did not take it; try again later."""
        self._finish(delivery.id, State.PENDING, status, error, due_at=due_at)

    def bury(self, delivery: Delivery, status: int | None, error: str) -> None:
        """Give up; ops can list and replay it."""
        self._finish(delivery.id, State.DEAD, status, error)

    def bury_pending(self, site_id: UUID, error: str) -> None:
        """Give up all that a site is still owed, because its endpoint is gone."""
        mine = (deliveries.c.site_id == site_id, deliveries.c.state == State.PENDING.value)
        values = {"state": State.DEAD.value, "last_error": error, "lease_until": None}
        self._connection.execute(update(deliveries).where(*mine).values(values))

    def are_overdue(self, due_before: datetime) -> bool:
        """Whether a callback should have been tried before that time and was not."""
        query = select(deliveries.c.id).where(
            deliveries.c.state == State.PENDING.value,
            deliveries.c.due_at < due_before,
            or_(deliveries.c.lease_until.is_(None), deliveries.c.lease_until < due_before),
        )
        return self._connection.execute(query.limit(1)).first() is not None

    def replay(self, ids: Sequence[UUID] | None, site_id: UUID | None, now: datetime) -> int:
        """Send these, or what was given up, again from the first try on; how many there were."""
        values = {"state": State.PENDING.value, "attempts": 0, "due_at": now, "lease_until": None,
                  "delivered_at": None}  # fmt: skip
        chosen = _dead(site_id) if ids is None else deliveries.c.id.in_(ids)
        return self._connection.execute(update(deliveries).where(chosen).values(values)).rowcount

    def drop_dead(self, ids: Sequence[UUID] | None, site_id: UUID | None) -> int:
        """Forget what was given up: of these ids, of this site (None: every one); how many."""
        statement = delete(deliveries).where(_dead(site_id))
        if ids is not None:
            statement = statement.where(deliveries.c.id.in_(ids))
        return self._connection.execute(statement).rowcount

    def dead_count(self) -> int:
        """How many were given up that a site would still take."""
        taking = select(sites.c.id).where(sites.c.webhook_url.is_not(None))
        query = select(func.count()).where(_dead(None), deliveries.c.site_id.in_(taking))
        return self._connection.execute(query).scalar_one()

    def listed(self, state: State | None, site_id: UUID | None, limit: int) -> list[Delivery]:
        """Callbacks, newest first."""
        query = select(deliveries).order_by(deliveries.c.id.desc()).limit(limit)
        if state:
            query = query.where(deliveries.c.state == state.value)
        if site_id:
            query = query.where(deliveries.c.site_id == site_id)
        return [_delivery(row) for row in self._connection.execute(query)]

    def _finish(
        self, delivery_id: UUID, state: State, status: int | None, error: str | None, **more: Any
    ) -> None:
        values = {"state": state.value, "last_status": status, "last_error": error,
                  "lease_until": None, **more}  # fmt: skip
        mine = (deliveries.c.id == delivery_id, deliveries.c.state == State.PENDING.value)
        self._connection.execute(update(deliveries).where(*mine).values(values))


def _dead(site_id: UUID | None) -> "ColumnElement[bool]":
    """What was given up, of one site or all."""
    dead = deliveries.c.state == State.DEAD.value
    return dead & (deliveries.c.site_id == site_id) if site_id else dead


def _wanted(now: datetime, most: int, busy_sites: Collection[UUID]) -> dict[str, Any]:
    young = now - timedelta(seconds=EXPLAINED_WITHIN_S)
    return {"now": now, "young": young, "most": most, "busy": list(busy_sites)}


def _delivery(row: "Row[Any]") -> Delivery:
    return Delivery(
        row.id, row.site_id, row.comment_id, row.decision_id, State(row.state), row.attempts,
        row.due_at, row.last_status, row.last_error, row.created_at, row.delivered_at,
    )  # fmt: skip
