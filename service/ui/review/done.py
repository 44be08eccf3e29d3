"""What a moderator has just done, or tried to do, as the next page says it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self
from uuid import UUID

from service.domain.decision import Decision, Outcome
from service.domain.errors import CommentdeskError

WORDS = {Outcome.APPROVE: "Approved", Outcome.REJECT: "Rejected", Outcome.HOLD: "Taken back"}


@dataclass(frozen=True, slots=True)
class Done:
    """A decision on a comment, and which it was of that comment's; an address carries it."""

    outcome: Outcome
    comment_id: UUID
    sequence: int

    @classmethod
    def of(cls, decision: Decision) -> Self:
        """What that decision has done."""
        return cls(decision.verdict.outcome, decision.comment_id, decision.sequence)

    @classmethod
    def read(cls, query: Mapping[str, str]) -> Self | None:
        """What `query()` gave; None for anything else."""
        try:
            return cls(Outcome(query["done"]), UUID(query["comment"]), int(query["sequence"]))
        except (KeyError, ValueError):
            return None

    def query(self) -> dict[str, Any]:
        """The part of an address that says it."""
        return {
            "done": self.outcome.value,
            "comment": str(self.comment_id),
            "sequence": str(self.sequence),
        }

    @property
    def words(self) -> str:
        """What to tell the moderator."""
        return WORDS[self.outcome]

    @property
    def may_be_undone(self) -> bool:
        """Whether there is something to take back."""
        return self.outcome is not Outcome.HOLD


@dataclass(frozen=True, slots=True)
class Tried:
    """A decision that was not taken: why; on what and for which reason, if no card shows it."""

    error: CommentdeskError
    note: str
    about: str
