"""Feedback: what the site or its readers did with a comment."""

from uuid import UUID

from service.domain.errors import Conflict
from service.domain.site import Site
from service.moderation.desk import Desk
from service.moderation.intake import standing_of
from service.storage.feedback import Feedback


def give_feedback(desk: Desk, site: Site, comment_id: UUID, entry: Feedback) -> UUID:
    """Keep one piece of feedback on the comment's newest revision; raises NotFound."""
    with desk.storage.write() as work:
        work.comments.head(comment_id)  # locks it against an erasure, which would miss the note
        comment = standing_of(work, site.id, comment_id).comment
        if comment.erased_at:
            raise Conflict("This comment was erased; there is nothing to say of it.", code="erased")
        return work.feedback.add(site.id, comment_id, comment.revision, entry, desk.now())
