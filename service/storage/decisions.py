"""Decisions: appended, never changed; an explanation that came later is read beside its own."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row, bindparam, insert, null, select

from service.domain.decision import BY_POLICY, Decision, Outcome, Reason, Verdict
from service.storage.tables import decisions, explanations

_ADD = insert(decisions)
_EXPLAINED = select(decisions, explanations.c.reasons.label("explained")).outerjoin(
    explanations, explanations.c.decision_id == decisions.c.id
)
_WITH_IDS = _EXPLAINED.where(decisions.c.id.in_(bindparam("ids", expanding=True)))

_BY_POLICY = (
    select(decisions, null().label("explained"))
    .where(
        decisions.c.comment_id.in_(bindparam("ids", expanding=True)),
        decisions.c.decided_by == BY_POLICY,
    )
    .order_by(decisions.c.sequence)
)


class Decisions:
    """The decisions on all comments."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, new: Sequence[Decision]) -> None:
        """Append decisions; the unique (comment, sequence) keeps two writers apart."""
        self._connection.execute(_ADD, [_row(decision) for decision in new])

    def with_ids(self, ids: Sequence[UUID]) -> dict[UUID, Decision]:
        """Decisions by id."""
        rows = self._connection.execute(_WITH_IDS, {"ids": ids})
        return {row.id: _decision(row) for row in rows}

    def get(self, decision_id: UUID) -> Decision | None:
        """One decision."""
        return self.with_ids([decision_id]).get(decision_id)

    def by_policy(self, comment_ids: Sequence[UUID]) -> dict[UUID, Decision]:
        """The newest decision that each comment's scores led to, without passages, by comment."""
        rows = self._connection.execute(_BY_POLICY, {"ids": comment_ids})
        return {row.comment_id: _decision(row) for row in rows}

    def history(self, comment_id: UUID) -> list[Decision]:
        """All decisions on one comment, oldest first."""
        query = _EXPLAINED.where(decisions.c.comment_id == comment_id)
        rows = self._connection.execute(query.order_by(decisions.c.sequence))
        return [_decision(row) for row in rows]


def _row(decision: Decision) -> dict[str, Any]:
    verdict = decision.verdict
    return {
        "id": decision.id, "comment_id": decision.comment_id, "site_id": decision.site_id,
        "revision": decision.revision, "sequence": decision.sequence,
        "outcome": verdict.outcome.value, "scores": dict(verdict.scores),
        "reasons": [reason.to_json() for reason in verdict.reasons],
        "model_version": verdict.model_version, "policy_version": verdict.policy_version,
        "decided_by": verdict.decided_by, "decided_at": decision.decided_at,
    }  # fmt: skip


def _decision(row: "Row[Any]") -> Decision:
    reasons = tuple(Reason.from_json(kept) for kept in row.explained or row.reasons)
    verdict = Verdict(
        Outcome(row.outcome), reasons, row.decided_by, row.policy_version, row.scores,
        row.model_version,
    )  # fmt: skip
    return Decision(
        row.id, row.comment_id, row.site_id, row.revision, row.sequence, verdict, row.decided_at
    )
