"""List: a site's comments, newest first, page by page; and the history of one."""

from dataclasses import dataclass
from uuid import UUID

from service.domain.decision import Decision
from service.domain.site import Site
from service.moderation.desk import Desk
from service.moderation.intake import Standing, standing_of
from service.storage.comments import ListFilter


@dataclass(frozen=True, slots=True)
class Page:
    """Some comments and where the next page starts; None: this is the last."""

    items: tuple[Standing, ...]
    next_cursor: UUID | None


def list_comments(
    desk: Desk, site: Site, wanted: ListFilter, cursor: UUID | None, limit: int
) -> Page:
    """Up to `limit` comments older than the cursor, in two queries whatever the number."""
    with desk.storage.read() as work:
        comments = work.comments.page(site.id, wanted, cursor, limit + 1)
        ids = [comment.decision_id for comment in comments if comment.decision_id]
        decisions = work.decisions.with_ids(ids) if ids else {}
    items = tuple(
        Standing(comment, decisions.get(comment.decision_id) if comment.decision_id else None)
        for comment in comments[:limit]
    )
    return Page(items, items[-1].comment.id if len(comments) > limit else None)


def history(desk: Desk, site: Site, comment_id: UUID) -> list[Decision]:
    """All decisions on one comment of this site, oldest first; raises NotFound."""
    with desk.storage.read() as work:
        standing_of(work, site.id, comment_id)
        return work.decisions.history(comment_id)
