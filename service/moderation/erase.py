"""Erase: remove a comment's text and its author's data on request. Outcomes and scores stay."""

from uuid import UUID

from service.domain.comment import Status
from service.domain.decision import Outcome, Reason, Verdict
from service.domain.site import Site
from service.moderation.decide import Ruling, announce, issue
from service.moderation.desk import Desk
from service.moderation.intake import standing_of


def erase(desk: Desk, site: Site, comment_id: UUID) -> None:
    """Erase one comment of this site, for good; again is no error. Raises NotFound.

    One that waits for its decision is rejected, so that nobody waits for it for ever.
    """
    with desk.storage.write() as work:
        head = work.comments.head(comment_id)
        standing_of(work, site.id, comment_id)
        assert head is not None
        work.reviews.close([comment_id], "erased", desk.now())
        rulings = []
        if head.status is Status.PENDING:
            # The caller's may be a second old, and would not know of an endpoint set since.
            fresh = work.sites.with_ids([site.id])[site.id]
            rulings = [Ruling(head, fresh, _verdict(fresh))]
        decisions = issue(work, rulings, desk.now())
        work.retention.erase([comment_id], desk.now())
    desk.storage.scrub()
    announce(desk, decisions)


def _verdict(site: Site) -> Verdict:
    return Verdict(
        outcome=Outcome.REJECT,
        reasons=(Reason("erased", "It was erased before it was decided."),),
        decided_by="erasure",
        policy_version=site.policy.version,
        scores={},
    )
