"""A decision: an outcome with everything it was based on. Append-only; a newer one supersedes."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Self
from uuid import UUID

BY_POLICY = "policy"
"""Who decided, where scores and a site's policy did."""
BY_FALLBACK = "fallback"
"""Who decided, where nothing was scored: what the site chose for a fault or a time-out."""
BY_MODERATOR = "moderator:"
"""Before the user's id, where a person did."""


class Outcome(StrEnum):
    """What the site should do with a comment."""

    APPROVE = "approve"
    HOLD = "hold"
    REJECT = "reject"

    @property
    def severity(self) -> int:
        """0 for approve, 1 for hold, 2 for reject; the worst of several wins."""
        return list(Outcome).index(self)


@dataclass(frozen=True, slots=True)
class Span:
    """Code-point offsets into the body as submitted: body[start:end]."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Reason:
    """Why: a stable code, words for a person, and the passages it is about."""

    code: str
    text: str
    spans: tuple[Span, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """As the database keeps it."""
        spans = [[span.start, span.end] for span in self.spans]
        return {"code": self.code, "text": self.text, "spans": spans}

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Self:
        """The reason that `to_json` gave."""
        return cls(kept["code"], kept["text"], tuple(Span(*span) for span in kept["spans"]))


@dataclass(frozen=True, slots=True)
class Verdict:
    """What scoring and policy (or a person, or a fault rule) say of one revision of a text."""

    outcome: Outcome
    reasons: tuple[Reason, ...]
    decided_by: str
    policy_version: int
    scores: Mapping[str, float]
    model_version: str | None = None
    explanation_owed: bool = False
    """Whether passages are still to be added to its reasons, when there is time."""


@dataclass(frozen=True, slots=True)
class Decision:
    """A stored verdict. `sequence` counts the decisions of one comment from 1."""

    id: UUID
    comment_id: UUID
    site_id: UUID
    revision: int
    sequence: int
    verdict: Verdict
    decided_at: datetime

    def to_json(self) -> dict[str, Any]:
        """All of it, for another process."""
        verdict = self.verdict
        return {
            "id": self.id.hex,
            "comment_id": self.comment_id.hex,
            "site_id": self.site_id.hex,
            "revision": self.revision,
            "sequence": self.sequence,
            "outcome": verdict.outcome.value,
            "reasons": [reason.to_json() for reason in verdict.reasons],
            "decided_by": verdict.decided_by,
            "policy_version": verdict.policy_version,
            "scores": dict(verdict.scores),
            "model_version": verdict.model_version,
            "decided_at": self.decided_at.isoformat(),
        }

    @classmethod
    def from_json(cls, told: Mapping[str, Any]) -> Self:
        """The decision that `to_json` gave."""
        verdict = Verdict(
            Outcome(told["outcome"]),
            tuple(Reason.from_json(reason) for reason in told["reasons"]),
            told["decided_by"],
            told["policy_version"],
            told["scores"],
            told["model_version"],
        )
        return cls(
            UUID(told["id"]),
            UUID(told["comment_id"]),
            UUID(told["site_id"]),
            told["revision"],
            told["sequence"],
            verdict,
            datetime.fromisoformat(told["decided_at"]),
        )
