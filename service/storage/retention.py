"""Erasing personal data: one comment on request, and whatever is older than configured."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, delete, select, update

from service.storage.tables import comments, decisions, feedback, reviews, revisions

_AUTHOR = {"author_email": None, "author_ip": None, "author_user_agent": None}
_WHOLE = {
    **_AUTHOR, "body": "", "body_format": "text", "author_id": None, "author_name": None,
    "author_url": None, "parent_body": None, "form_honeypot": None,
}  # fmt: skip


class Retention:
    """Deletes texts and personal data, keeps ids, outcomes and scores."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def erase(self, comment_ids: Sequence[UUID], now: datetime) -> None:
        """Erase text and author of these comments, their older revisions and quoted reasons."""
        chosen = comments.c.id.in_(comment_ids)
        values = {**_WHOLE, "author_erased_at": now, "erased_at": now, "needs_score": False}
        self._connection.execute(update(comments).where(chosen).values(values))
        of_revisions = revisions.c.comment_id.in_(comment_ids)
        self._connection.execute(delete(revisions).where(of_revisions))
        for table in (feedback, reviews):
            mine = table.c.comment_id.in_(comment_ids)
            self._connection.execute(update(table).where(mine).values(note=None))
        self._strip_reasons(decisions.c.comment_id.in_(comment_ids))

    def erase_authors_before(self, moment: datetime, now: datetime, limit: int) -> int:
        """Erase e-mail, address and user agent of comments older than `moment`; how many."""
        old = (
            select(comments.c.id)
            .where(comments.c.received_at < moment, comments.c.author_erased_at.is_(None))
            .where(comments.c.erased_at.is_(None))
            .limit(limit)
        )
        values = {**_AUTHOR, "author_erased_at": now}
        return self._connection.execute(
            update(comments).where(comments.c.id.in_(old)).values(values)
        ).rowcount

    def older_than(self, moment: datetime, limit: int) -> list[UUID]:
        """Comments whose texts are due for erasing."""
        query = select(comments.c.id).where(
            comments.c.received_at < moment, comments.c.erased_at.is_(None)
        )
        return list(self._connection.scalars(query.limit(limit)))

    def _strip_reasons(self, condition: "ColumnElement[bool]") -> None:
        # Reasons may quote the words they are about; codes and scores stay.
        rows = self._connection.execute(
            select(decisions.c.id, decisions.c.reasons).where(condition)
        )
        for row in rows.all():
            bare: list[dict[str, Any]] = [
                {"code": reason["code"], "text": "Erased.", "spans": []} for reason in row.reasons
            ]
            self._connection.execute(
                update(decisions).where(decisions.c.id == row.id).values(reasons=bare)
            )
