"""Trial: what another policy would have done with the comments that a site received lately.

It judges anew by the scores that were stored, so that no model is needed and nothing changes.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
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
    """What the policy of the time did with a comment, what the tried one would, and a person did.

    `person` is None where nobody decided.
    """

    decided: Outcome
    tried: Outcome
    person: Outcome | None


@dataclass(frozen=True, slots=True)
class Trial:
    """How many comments had each fate."""

    fates: Mapping[Fate, int]

    def count(self, **wanted: Outcome) -> int:
        """How many comments have these of a fate's fields."""
        return sum(
            number
            for fate, number in self.fates.items()
            if all(getattr(fate, name) is value for name, value in wanted.items())
        )


def try_policy(desk: Desk, site_id: UUID, policy: Policy, days: float) -> Trial:
    """Try a policy on what the model scored in the last days; raises NotFound.

    Comments that were erased or edited and not scored again are left out. A flag of the model's
    that the policy of the time let pass was not stored and is not seen.
    """
    policy_of(desk, site_id)
    return Trial(Counter(_fates(desk, site_id, policy, days)))


def _fates(desk: Desk, site_id: UUID, policy: Policy, days: float) -> Iterator[Fate]:
    since = desk.now() - timedelta(days=days)
    before: UUID | None = None
    while True:
        with desk.storage.read() as work:
            page = work.comments.page(site_id, ListFilter(), before, PAGE_COMMENTS)
            scored = work.decisions.by_policy([comment.id for comment in page])
            current = work.decisions.with_ids([c.decision_id for c in page if c.decision_id])
        for comment in page:
            if comment.received_at < since:
                return
            decision = scored.get(comment.id)
            if decision and not comment.erased_at and decision.revision == comment.revision:
                person = _person(current.get(comment.decision_id)) if comment.decision_id else None
                yield Fate(decision.verdict.outcome, _tried(policy, comment, decision), person)
        if len(page) < PAGE_COMMENTS:
            return
        before = page[-1].id


def _person(decision: Decision | None) -> Outcome | None:
    if decision is None or not decision.verdict.decided_by.startswith(BY_MODERATOR):
        return None
    # One that was taken back is held: nobody has decided it.
    return None if decision.verdict.outcome is Outcome.HOLD else decision.verdict.outcome


def _tried(policy: Policy, comment: Comment, decision: Decision) -> Outcome:
    codes = tuple(reason.code for reason in decision.verdict.reasons)
    flags = tuple(code for code in codes if code in FLAG_TEXTS)
    signals = Signals.of(comment.submission, banned=BANNED_AUTHOR in codes, flags=flags)
    outcome, _ = judge(policy, decision.verdict.scores, signals)
    return outcome
