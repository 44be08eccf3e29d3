"""Review: a moderator looks at what is held, decides, and may take it back; the site is told."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from uuid import UUID

from service.domain.comment import Comment
from service.domain.decision import (
    BY_FALLBACK,
    BY_MODERATOR,
    BY_POLICY,
    Decision,
    Outcome,
    Reason,
    Verdict,
)
from service.domain.errors import Conflict, Invalid, NotFound
from service.domain.policy import Policy
from service.domain.site import Moderator
from service.moderation.decide import Ruling, announce, issue
from service.moderation.desk import Desk
from service.moderation.sweep import TOO_LATE
from service.storage.comments import Head
from service.storage.unit_of_work import UnitOfWork

TAKEN_BACK = "A moderator took the decision back."
PAST = frozenset(("moderator", TOO_LATE.code))
"""Codes of reasons that end with a person's decision: what a person had is not scored any more."""

NOBODY = {
    BY_POLICY: "the policy",
    BY_FALLBACK: "the service, which could not score it",
}
"""Who decided, for people, where no person did."""


@dataclass(frozen=True, slots=True)
class Held:
    """A comment in the queue, with the decision in force and its site's policy now."""

    comment: Comment
    decision: Decision
    since: datetime
    site_name: str
    policy: Policy


@dataclass(frozen=True, slots=True)
class QueuePage:
    """Some of the queue, longest-waiting first, and how much there is in all."""

    items: tuple[Held, ...]
    next_cursor: str | None
    held_total: int


def held_comments(
    desk: Desk, moderator: Moderator, cursor: str | None = None, limit: int = 25
) -> QueuePage:
    """A page of what this person may review, in a constant number of queries."""
    with desk.storage.read() as work:
        entries = work.reviews.page(moderator, _after(cursor), limit + 1)
        shown = entries[:limit]
        items = _held(work, [comment_id for _, comment_id in shown])
        total = desk.held_totals.get(
            moderator.site_ids, desk.now(), partial(work.reviews.count, moderator)
        )
    more = len(entries) > limit
    return QueuePage(items, shown[-1][0].hex if more else None, total)


def held_comment(desk: Desk, moderator: Moderator, comment_id: UUID) -> Held | None:
    """One comment as it waits now; None if it does not wait for this person."""
    with desk.storage.read() as work:
        if not work.reviews.is_open(comment_id):
            return None
        found = _held(work, [comment_id])  # nothing, if it was edited between the two looks
    return next((held for held in found if moderator.may_see(held.comment.site_id)), None)


def seen_comment(desk: Desk, moderator: Moderator, comment_id: UUID) -> Comment | None:
    """One comment, decided or not; None if this person may not see it."""
    with desk.storage.read() as work:
        comment = work.comments.with_ids([comment_id]).get(comment_id)
    return comment if comment and moderator.may_see(comment.site_id) else None


def review(
    desk: Desk,
    moderator: Moderator,
    comment_id: UUID,
    revision: int,
    outcome: Outcome,
    note: str | None = None,
) -> Decision:
    """Approve or reject one held comment.

    The same again by the same person, whose browser got no answer, is the decision that stands.
    Raises Invalid for another outcome, NotFound for what this person may not see, and Conflict when
    the text was edited or a colleague was faster.
    """
    if outcome is Outcome.HOLD:
        raise Invalid("A review ends with approve or reject.")
    note = note.replace("\x00", "\ufffd") if note else None
    with desk.storage.write() as work:
        head = _seen(work, moderator, comment_id)
        site = work.sites.with_ids([head.site_id])[head.site_id]
        before = work.decisions.get(head.decision_id) if head.decision_id else None
        verdict = Verdict(
            outcome=outcome,
            reasons=(Reason("moderator", note or "Decided by a moderator."),),
            decided_by=f"{BY_MODERATOR}{moderator.id}",
            policy_version=site.policy.version,
            scores=before.verdict.scores if before else {},
            model_version=before.verdict.model_version if before else None,
        )
        if before and _is_the_same(before, verdict, revision):
            return before
        _check_reviewable(work, head, revision)
        now = desk.now()
        work.reviews.close([comment_id], verdict.decided_by, now, outcome, note)
        [decision] = issue(work, [Ruling(head, site, verdict)], now)
    announce(desk, [decision])
    return decision


def take_back(desk: Desk, moderator: Moderator, comment_id: UUID, sequence: int) -> Decision:
    """Put a comment back into the queue that this person has decided, by a decision of its own.

    Raises NotFound for what this person may not see, and Conflict when decision number `sequence`
    is another person's or does not stand any more.
    """
    with desk.storage.write() as work:
        head = _seen(work, moderator, comment_id)
        before = _standing(work, moderator, head, sequence)
        site = work.sites.with_ids([head.site_id])[head.site_id]
        reasons = (Reason("moderator", TAKEN_BACK), *_held_for(work, before))
        verdict = replace(
            before.verdict,
            outcome=Outcome.HOLD,
            reasons=reasons,
            policy_version=site.policy.version,
            explanation_owed=_lacks_passages(before, reasons),
        )
        [decision] = issue(work, [Ruling(head, site, verdict)], desk.now())
    announce(desk, [decision])
    return decision


def _is_the_same(made: Decision, verdict: Verdict, revision: int) -> bool:
    """Whether a decision is what this verdict would make it: by whom, what, why, on which text."""
    known = made.verdict
    return (made.revision, known.decided_by, known.outcome, known.reasons) == (
        revision, verdict.decided_by, verdict.outcome, verdict.reasons,
    )  # fmt: skip


def _standing(work: UnitOfWork, moderator: Moderator, head: Head, sequence: int) -> Decision:
    """The decision in force, if this person made it as number `sequence` and it ended a review."""
    decision = work.decisions.get(head.decision_id) if head.decision_id else None
    is_erased = work.comments.with_ids([head.id])[head.id].erased_at
    mine = (sequence, f"{BY_MODERATOR}{moderator.id}")
    if (
        decision is None
        or (decision.sequence, decision.verdict.decided_by) != mine
        or is_erased
        or work.reviews.is_open(head.id)
    ):
        made = (one for one in work.decisions.history(head.id) if one.sequence == sequence)
        is_edited = any(one.revision != head.revision for one in made)
        raise Conflict(_became(work, head, is_edited), code="already_decided")
    return decision


def _held_for(work: UnitOfWork, decision: Decision) -> Iterator[Reason]:
    """Why it was held before that decision, leaving out what does not hold any more."""
    for earlier in work.decisions.history(decision.comment_id):
        if earlier.sequence == decision.sequence - 1:
            yield from (one for one in earlier.verdict.reasons if one.code not in PAST)


def _lacks_passages(decision: Decision, reasons: Sequence[Reason]) -> bool:
    """Whether a model's reasons were not explained before the decision put an end to that."""
    return decision.verdict.model_version is not None and not any(one.spans for one in reasons)


def _seen(work: UnitOfWork, moderator: Moderator, comment_id: UUID) -> Head:
    head = work.comments.head(comment_id)
    if head is None or not moderator.may_see(head.site_id):
        raise NotFound("There is no such comment among those you review.")
    return head


def _check_reviewable(work: UnitOfWork, head: Head, revision: int) -> None:
    is_edited = head.revision != revision
    if not work.reviews.is_open(head.id):
        raise Conflict(_became(work, head, is_edited), code="already_decided")
    if is_edited:
        raise Conflict("The author has edited this comment; read the new text.", code="edited")


def _became(work: UnitOfWork, head: Head, is_edited: bool) -> str:
    """What to tell a moderator of a comment that does not wait any more."""
    if work.comments.with_ids([head.id])[head.id].erased_at:
        return "This comment has been erased."
    this = "The author has edited this comment; the new text" if is_edited else "This comment"
    decision = work.decisions.get(head.decision_id) if head.decision_id else None
    if decision is None:
        return f"{this} is not decided yet."
    who = decision.verdict.decided_by
    who = NOBODY.get(who, who)
    if who.startswith(BY_MODERATOR):
        user_id = UUID(who.removeprefix(BY_MODERATOR))
        who = work.people.logins([user_id]).get(user_id, "a colleague")
    done = {"approve": "approved", "reject": "rejected", "hold": "held"}[decision.verdict.outcome]
    return f"{this} was {'' if is_edited else 'already '}{done} by {who}."


def _held(work: UnitOfWork, ids: list[UUID]) -> tuple[Held, ...]:
    comments = work.comments.with_ids(ids)
    decisions = work.decisions.with_ids(
        [comment.decision_id for comment in comments.values() if comment.decision_id]
    )
    sites = work.sites.with_ids(comment.site_id for comment in comments.values())
    since = work.reviews.waiting_since(ids)
    return tuple(
        Held(comments[id_], decisions[decision_id], since[id_], site.name, site.policy)
        for id_ in ids
        for site in [sites[comments[id_].site_id]]
        if (decision_id := comments[id_].decision_id) and id_ in since
    )


def _after(cursor: str | None) -> UUID | None:
    if cursor is None:
        return None
    try:
        return UUID(cursor)
    except ValueError as error:
        raise Invalid("The cursor is not one that a page gave you.") from error
