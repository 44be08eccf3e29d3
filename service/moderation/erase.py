"""Erase: remove a comment's text and its author's data on request. Outcomes and scores stay."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from service.domain.comment import Status
from service.domain.decision import Decision, Outcome, Reason, Verdict
from service.domain.site import Site
from service.moderation.decide import Ruling, announce, issue
from service.moderation.desk import Desk
from service.moderation.intake import standing_of
from service.storage.comments import Head
from service.storage.unit_of_work import UnitOfWork


def erase(desk: Desk, site: Site, comment_id: UUID) -> None:
    """Erase one comment of this site, for good; again is no error. Raises NotFound.

    One that waits for its decision is rejected, so that nobody waits for it for ever.
    """
    with desk.storage.write() as work:
        head = work.comments.head(comment_id)
        standing_of(work, site.id, comment_id)
        assert head is not None
        work.reviews.close([comment_id], "erased", desk.now())
        decisions = reject_pending(work, [head], desk.now())
        work.retention.erase([comment_id], desk.now())
    desk.storage.scrub()
    announce(desk, decisions)


def reject_pending(work: UnitOfWork, heads: Sequence[Head], now: datetime) -> list[Decision]:
    """Decide those of them that wait for it, before their texts are gone and nobody can."""
    pending = [head for head in heads if head.status is Status.PENDING]
    # A caller's site may be a second old, and would not know of an endpoint set since.
    sites = work.sites.with_ids(head.site_id for head in pending)
    rulings = [
        Ruling(head, site, _verdict(site)) for head in pending for site in [sites[head.site_id]]
    ]
    return issue(work, rulings, now)


def _verdict(site: Site) -> Verdict:
    return Verdict(
        outcome=Outcome.REJECT,
        reasons=(Reason("erased", "It was erased before it was decided."),),
        decided_by="erasure",
        policy_version=site.policy.version,
        scores={},
    )
