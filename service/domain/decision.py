"""A decision: an outcome with everything it was based on. Append-only; a newer one supersedes."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID


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
