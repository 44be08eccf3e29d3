"""Trial: what another policy would do with the comments that a site received lately.

It judges anew by the scores that were stored, so that no model is needed and nothing changes.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from service.domain.comment import Comment
from service.domain.decision import BY_MODERATOR, Decision, Outcome
from service.domain.policy import BANNED_AUTHOR, FLAG_TEXTS, Policy, Signals, judge
from service.moderation.desk import Desk
from service.moderation.sites import policy_of
from service.storage.comments import ListFilter

PAGE_COMMENTS = 500


class Fate(NamedTuple):
    """What the policy in force and the tried one make of a comment, and what a moderator did.

    `moderator` is None where nobody decided; `model` gave the scores.
    """

    in_force: Outcome
    tried: Outcome
    moderator: Outcome | None
    model: str


@dataclass(frozen=True, slots=True)
class Trial:
    """How many comments have each fate."""

    fates: Mapping[Fate, int]

    def count(self, **wanted: object) -> int:
        """How many comments have these of a fate's fields."""
        return sum(
            number
            for fate, number in self.fates.items()
            if all(getattr(fate, name) == value for name, value in wanted.items())
        )

    def models(self) -> dict[str, int]:
        """How many comments have the scores of each model, by its version."""
        return {one: self.count(model=one) for one in sorted({fate.model for fate in self.fates})}


def try_policy(desk: Desk, site_id: UUID, policy: Policy, days: float) -> Trial:
    """Try a policy on what the model scored in the last days; raises NotFound.

    Left out are comments that were erased, edited and not scored since, or never scored. A flag of
    the model's or a ban that the policy of the time let pass was not stored, and is not seen.
    """
    in_force = policy_of(desk, site_id)
    seen = _scored(desk, site_id, desk.now() - timedelta(days=days))
    return Trial(Counter(_fate(in_force, policy, *one) for one in seen))


def _scored(
    desk: Desk, site_id: UUID, since: datetime
) -> Iterator[tuple[Comment, Decision, Decision | None]]:
    """Each comment with what its scores led to, and the decision in force; newest first."""
    before: UUID | None = None
    while True:
        with desk.storage.read() as work:
            page = work.comments.page(site_id, ListFilter(), before, PAGE_COMMENTS)
            scored = work.decisions.by_policy([comment.id for comment in page])
            current = work.decisions.with_ids([one.decision_id for one in page if one.decision_id])
        for comment in page:
            if comment.received_at < since:
                return
            decision = scored.get(comment.id)
            if decision and decision.revision == comment.revision and not comment.erased_at:
                standing = current.get(comment.decision_id) if comment.decision_id else None
                yield comment, decision, standing
        if len(page) < PAGE_COMMENTS:
            return
        before = page[-1].id


def _fate(
    in_force: Policy, tried: Policy, comment: Comment, scored: Decision, standing: Decision | None
) -> Fate:
    codes = tuple(reason.code for reason in scored.verdict.reasons)
    flags = tuple(code for code in codes if code in FLAG_TEXTS)
    signals = Signals.of(comment.submission, banned=BANNED_AUTHOR in codes, flags=flags)
    return Fate(
        in_force=judge(in_force, scored.verdict.scores, signals)[0],
        tried=judge(tried, scored.verdict.scores, signals)[0],
        moderator=_by_moderator(standing),
        model=scored.verdict.model_version or "",
    )


def _by_moderator(decision: Decision | None) -> Outcome | None:
    if decision is None or not decision.verdict.decided_by.startswith(BY_MODERATOR):
        return None
    # One that was taken back is held: nobody has decided it.
    return None if decision.verdict.outcome is Outcome.HOLD else decision.verdict.outcome
