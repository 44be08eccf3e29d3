"""Erase: remove a comment's text and its author's data on request. Outcomes and scores stay."""

from uuid import UUID

from service.domain.site import Site
from service.moderation.desk import Desk
from service.moderation.intake import standing_of


def erase(desk: Desk, site: Site, comment_id: UUID) -> None:
    """Erase one comment of this site, for good; again is no error. Raises NotFound."""
    with desk.storage.write() as work:
        work.comments.head(comment_id)
        standing_of(work, site.id, comment_id)
        work.reviews.close([comment_id], "erased", desk.now())
        work.retention.erase([comment_id], desk.now())
