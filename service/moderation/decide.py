"""Decide: take comments that wait, and turn verdicts into decisions, reviews and callbacks.

A decision is written with its review entry and its callback in one transaction. It supersedes the
one before; nothing is overwritten. A verdict on a text that has changed meanwhile, or that somebody
else has decided meanwhile, is dropped: jobs may run twice, late or be killed at any instant.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from uuid_utils.compat import uuid7

from service.domain.decision import BY_FALLBACK, Decision, Outcome, Reason, Verdict
from service.domain.policy import Signals, judge
from service.domain.site import Site
from service.moderation.bans import marks_of
from service.moderation.desk import Desk
from service.storage.comments import Claim, Head
from service.storage.engine import Durability
from service.storage.unit_of_work import UnitOfWork

GRACE_S = 1.0
"""A comment that waits so long unscored was probably not handed over: the database is asked."""

ENDPOINT_OFF = "The endpoint is switched off since it answered 410 Gone."


@dataclass(frozen=True, slots=True)
class Case:
    """A claimed comment with all that a verdict needs."""

    claim: Claim
    site: Site
    author_banned: bool


class Overtaken(Exception):
    """A comment was edited, decided or erased since it was read."""


@dataclass(frozen=True, slots=True)
class Ruling:
    """A verdict on a comment in the state that it was read in."""

    head: Head
    site: Site
    verdict: Verdict
    needs_score: bool = False


def take_up(desk: Desk, owner: UUID, ids: Sequence[UUID]) -> list[Case]:
    """Take those of `ids`, just offered, that still need a score.

    An offer is taken from the queue by one worker, so that a first try needs no lease: a read is
    enough, and two verdicts on one text would do no harm. What was tried before gets one.
    """
    if not ids:
        return []
    with desk.storage.read() as work:
        cases = cases_of(desk, work, work.comments.free(ids, desk.now()))
    again = [case.claim.comment.id for case in cases if case.claim.attempts > 1]
    first = [case for case in cases if case.claim.attempts == 1]
    return first + claim(desk, owner, again)


def claim(desk: Desk, owner: UUID, ids: Sequence[UUID]) -> list[Case]:
    """Take those of `ids` that still need a score, for the time of a lease."""
    if not ids:
        return []
    now = desk.now()
    until = now + timedelta(seconds=desk.settings.resolved_lease_s)
    with desk.storage.write(Durability.RELAXED) as work:
        return cases_of(desk, work, work.comments.claim(ids, owner, now, until))


def claim_waiting(desk: Desk, owner: UUID) -> list[Case]:
    """Take the longest-waiting comments, whether or not Redis knows of them.

    Those younger than GRACE_S are in the queue or in a worker's hands, but for rare accidents.
    """
    now = desk.now()
    before = now - timedelta(seconds=GRACE_S)
    with desk.storage.read() as work:
        if not work.comments.someone_waits(before, now):
            return []
    until = now + timedelta(seconds=desk.settings.resolved_lease_s)
    limit = desk.settings.drain_batch_comments
    with desk.storage.write(Durability.RELAXED) as work:
        claims = work.comments.claim_waiting(limit, before, owner, now, until)
        return cases_of(desk, work, claims)


def record(desk: Desk, verdicts: Sequence[tuple[Case, Verdict]]) -> list[Decision]:
    """Write the verdicts of a worker and wake who waits; those overtaken are dropped."""
    try:
        # Nearly always nothing has happened since they were read: no need to look again.
        with desk.storage.write(Durability.ON_SYNC) as work:
            decisions = issue(work, _as_read(verdicts), desk.now())
    except Overtaken:
        with desk.storage.write(Durability.ON_SYNC) as work:
            decisions = issue(work, _still_wanted(work, verdicts), desk.now())
    desk.storage.sync()
    announce(desk, decisions, owed=any(case.site.webhook for case, _ in verdicts))
    return decisions


def announce(desk: Desk, decisions: Sequence[Decision], *, owed: bool = True) -> None:
    """Tell whoever waits, after the commit; those whom it does not reach look for themselves.

    `owed`: callbacks may be owed for them.
    """
    desk.handover.announce({one.comment_id: one.to_json() for one in decisions}, owed=owed)


def issue(work: UnitOfWork, rulings: Sequence[Ruling], now: datetime) -> list[Decision]:
    """Add decisions inside the caller's transaction, with review entries and callbacks.

    Raises Overtaken when a comment is not as its ruling says; under a lock it always is.
    """
    if not rulings:
        return []
    decisions = [_decision(ruling, now) for ruling in rulings]
    pointers = [_pointer(*pair) for pair in zip(rulings, decisions, strict=True)]
    if work.comments.set_decisions(pointers) != len(pointers):
        raise Overtaken
    work.decisions.add(decisions)
    work.explanations.owe([one.id for one in decisions if one.verdict.explanation_owed])
    _queue_reviews(work, decisions, now)
    _owe_callbacks(work, decisions, _sites_of(work, rulings), now)
    return decisions


def unscored_verdict(case: Case, outcome: Outcome, reason: Reason) -> Verdict:
    """A verdict without scores: `outcome`, or what a rule that needs none calls for, if worse."""
    policy = case.site.policy
    signals = Signals.of(case.claim.comment.submission, banned=case.author_banned)
    by_rule, findings = judge(policy, {}, signals)
    return Verdict(
        outcome=max(outcome, by_rule, key=lambda found: found.severity),
        reasons=(reason, *(finding.reason for finding in findings)),
        decided_by=BY_FALLBACK,
        policy_version=policy.version,
        scores={},
    )


def cases_of(desk: Desk, work: UnitOfWork, claims: Sequence[Claim]) -> list[Case]:
    """The claims with their sites, and whether their authors are banned there."""
    if not claims:
        return []
    sites = work.sites.with_ids(item.comment.site_id for item in claims)
    banned = _banned(desk, work, [item for item in claims if sites[item.comment.site_id].has_bans])
    return [Case(item, sites[item.comment.site_id], item.comment.id in banned) for item in claims]


def give_back(desk: Desk, owner: UUID, cases: Sequence[Case]) -> None:
    """Free what was claimed and could not be recorded; the try does not count."""
    with desk.storage.write(Durability.RELAXED) as work:
        work.comments.release(owner, [case.claim.comment.id for case in cases])


def _banned(desk: Desk, work: UnitOfWork, claims: Sequence[Claim]) -> set[UUID]:
    """Which of these comments are by authors whom their site has banned."""
    if not claims:
        return set()
    marks = {
        item.comment.id: marks_of(desk.secret_key, item.comment.submission.author)
        for item in claims
    }
    banned = work.sites.banned(mark for group in marks.values() for mark in group)
    return {
        item.comment.id
        for item in claims
        if any((item.comment.site_id, mark) in banned for mark in marks[item.comment.id])
    }


def _as_read(verdicts: Sequence[tuple[Case, Verdict]]) -> list[Ruling]:
    # In the order of their ids, in which everybody locks them.
    ordered = sorted(verdicts, key=lambda pair: pair[0].claim.comment.id)
    return [Ruling(Head.of(case.claim.comment), case.site, verdict) for case, verdict in ordered]


def _still_wanted(work: UnitOfWork, verdicts: Sequence[tuple[Case, Verdict]]) -> list[Ruling]:
    by_id = {case.claim.comment.id: (case, verdict) for case, verdict in verdicts}
    return [
        Ruling(head, case.site, verdict)
        for head in work.comments.heads(list(by_id))
        for case, verdict in [by_id[head.id]]
        if head.needs_score and head.revision == case.claim.comment.revision
    ]


def _decision(ruling: Ruling, now: datetime) -> Decision:
    head = ruling.head
    return Decision(
        id=uuid7(),
        comment_id=head.id,
        site_id=head.site_id,
        revision=head.revision,
        sequence=head.sequence + 1,
        verdict=ruling.verdict,
        decided_at=now,
    )


def _pointer(ruling: Ruling, decision: Decision) -> dict[str, object]:
    return {
        "key": decision.comment_id,
        "of_revision": decision.revision,
        "needed": ruling.head.needs_score,
        "outcome": decision.verdict.outcome.value,
        "decision_id": decision.id,
        "sequence": decision.sequence,
        "needs_score": ruling.needs_score,
    }


def _queue_reviews(work: UnitOfWork, decisions: Sequence[Decision], now: datetime) -> None:
    held = [one for one in decisions if one.verdict.outcome is Outcome.HOLD]
    # What was held for lateness, and is held again for its score, keeps its place.
    again = [one.comment_id for one in held if one.sequence > 1]
    waiting = work.reviews.waiting_since(again) if again else {}
    by_author: dict[str, list[UUID]] = {}
    for one in decisions:
        # Every first decision would close nothing: only a later one can find an open entry.
        if one.sequence > 1 and one.comment_id not in waiting:
            by_author.setdefault(one.verdict.decided_by, []).append(one.comment_id)
    for decided_by, ids in by_author.items():
        work.reviews.close(ids, decided_by, now)
    entered = [one for one in held if one.comment_id not in waiting]
    work.reviews.open([(one.comment_id, one.site_id, one.revision) for one in entered], now)


def _sites_of(work: UnitOfWork, rulings: Sequence[Ruling]) -> Mapping[UUID, Site]:
    # As read with the comments: another address set since then is known when the callback is sent.
    # Where there was none, or one that was off, there may be one by now.
    sites = {ruling.site.id: ruling.site for ruling in rulings}
    if any(site.webhook is None or site.webhook.is_off for site in sites.values()):
        return work.sites.with_ids(sites)
    return sites


def _owe_callbacks(
    work: UnitOfWork, decisions: Sequence[Decision], sites: Mapping[UUID, Site], now: datetime
) -> None:
    told = [(d, webhook) for d in decisions if (webhook := sites[d.site_id].webhook)]
    work.deliveries.add([d for d, webhook in told if not webhook.is_off], now)
    # Owed all the same: once the endpoint is back, ops can send them.
    work.deliveries.add_dead([d for d, webhook in told if webhook.is_off], now, ENDPOINT_OFF)
