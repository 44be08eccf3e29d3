"""What waits for a moderator: at most one open entry a comment."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Select, func, insert, select, update
from uuid_utils.compat import uuid7

from service.domain.decision import Outcome
from service.domain.site import Moderator
from service.storage.tables import reviews

_OPEN = insert(reviews)


class Reviews:
    """The review entries of all sites."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def open(self, comments: Sequence[tuple[UUID, UUID, int]], now: datetime) -> None:
        """Queue comments for a moderator; each is (comment id, site id, revision)."""
        rows = [
            {
                "id": uuid7(),
                "comment_id": id_,
                "site_id": site_id,
                "revision": revision,
                "opened_at": now,
            }
            for id_, site_id, revision in comments
        ]
        if rows:
            self._connection.execute(_OPEN, rows)

    def close(
        self,
        comment_ids: Sequence[UUID],
        closed_by: str,
        now: datetime,
        outcome: Outcome | None = None,
        note: str | None = None,
    ) -> None:
        """Take comments out of the queue; those that are not in it stay as they are."""
        values = {"closed_at": now, "closed_by": closed_by, "outcome": outcome, "note": note}
        mine = (reviews.c.comment_id.in_(comment_ids), reviews.c.closed_at.is_(None))
        self._connection.execute(update(reviews).where(*mine).values(values))

    def is_open(self, comment_id: UUID) -> bool:
        """Whether this comment waits for a moderator."""
        query = select(reviews.c.id).where(reviews.c.comment_id == comment_id)
        return (
            self._connection.execute(query.where(reviews.c.closed_at.is_(None))).first() is not None
        )

    def waiting_since(self, comment_ids: Sequence[UUID]) -> dict[UUID, datetime]:
        """Since when those of these comments that wait for a moderator do so, by comment."""
        query = select(reviews.c.comment_id, reviews.c.opened_at).where(
            reviews.c.comment_id.in_(comment_ids), reviews.c.closed_at.is_(None)
        )
        return {row.comment_id: row.opened_at for row in self._connection.execute(query)}

    def page(self, moderator: Moderator, after: UUID | None, limit: int) -> list[tuple[UUID, UUID]]:
        """(entry id, comment id) of what this person may review, longest-waiting first."""
        query = _visible(select(reviews.c.id, reviews.c.comment_id), moderator)
        if after:
            query = query.where(reviews.c.id > after)
        rows = self._connection.execute(query.order_by(reviews.c.id).limit(limit))
        return [(row.id, row.comment_id) for row in rows]

    def count(self, moderator: Moderator) -> int:
        """How many comments wait for this person."""
        query = _visible(select(func.count()).select_from(reviews), moderator)
        return int(self._connection.execute(query).scalar_one())


def _visible(query: "Select[Any]", moderator: Moderator) -> "Select[Any]":
    query = query.where(reviews.c.closed_at.is_(None))
    if moderator.site_ids is None:
        return query
    return query.where(reviews.c.site_id.in_(moderator.site_ids))
