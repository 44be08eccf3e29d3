"""Erasing personal data: one comment on request, and whatever is older than configured."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, Select, bindparam, delete, select, update

from service.storage.tables import (
    comments,
    decisions,
    explanations,
    feedback,
    idempotency_keys,
    reviews,
    revisions,
    sessions,
)

_AUTHOR = {"author_email": None, "author_ip": None, "author_user_agent": None}
_WHOLE = {
    **_AUTHOR, "body": "", "body_format": "text", "author_id": None, "author_name": None,
    "author_url": None, "parent_body": None, "form_honeypot": None, "text_mark": None,
}  # fmt: skip
# Locked, so that an erasure meanwhile finds the answer, or is found by it. A union: with OR, or
# without the sub-select, SQLite would walk through all comments of a site.
_NAMED = (
    select(comments.c.id, comments.c.site_id, comments.c.external_id, comments.c.erased_at)
    .where(
        comments.c.id.in_(
            select(comments.c.id)
            .where(
                comments.c.site_id.in_(bindparam("sites", expanding=True)),
                comments.c.external_id.in_(bindparam("names", expanding=True)),
            )
            .union_all(
                select(comments.c.id).where(comments.c.id.in_(bindparam("ids", expanding=True)))
            )
        )
    )
    .order_by(comments.c.id)
    .with_for_update(read=True)
)


@dataclass(frozen=True, slots=True)
class Deadlines:
    """What is older than these moments is kept no longer; None: it is kept for ever."""

    keys: datetime
    sessions: datetime
    authors: datetime | None
    texts: datetime | None


class Retention:
    """Deletes texts and personal data, keeps ids, outcomes and scores."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def anything_past(self, deadlines: Deadlines) -> bool:
        """Whether there is something to forget or erase; four looks into indexes at the most."""
        looks = [
            select(idempotency_keys.c.key).where(idempotency_keys.c.created_at < deadlines.keys),
            select(sessions.c.token_hash).where(sessions.c.expires_at < deadlines.sessions),
        ]
        if deadlines.authors:
            looks.append(_old_authors(deadlines.authors))
        if deadlines.texts:
            looks.append(_old_texts(deadlines.texts))
        return any(self._connection.execute(look.limit(1)).first() for look in looks)

    def erase(self, comment_ids: Sequence[UUID], now: datetime) -> None:
        """Erase text and author of these comments, their older revisions, what quotes them."""
        chosen = comments.c.id.in_(comment_ids)
        self._forget_in_answers(chosen)
        values = {**_WHOLE, "author_erased_at": now, "erased_at": now, "needs_score": False}
        self._connection.execute(update(comments).where(chosen).values(values))
        of_revisions = revisions.c.comment_id.in_(comment_ids)
        self._connection.execute(delete(revisions).where(of_revisions))
        for table in (feedback, reviews):
            mine = table.c.comment_id.in_(comment_ids)
            self._connection.execute(update(table).where(mine).values(note=None))
        self._strip_reasons(decisions.c.comment_id.in_(comment_ids))
        theirs = select(decisions.c.id).where(decisions.c.comment_id.in_(comment_ids))
        self._connection.execute(delete(explanations).where(explanations.c.decision_id.in_(theirs)))

    def erase_authors_before(self, moment: datetime, now: datetime, limit: int) -> int:
        """Erase e-mail, address and user agent of comments older than `moment`; how many."""
        old = _old_authors(moment).limit(limit)
        values = {**_AUTHOR, "author_erased_at": now}
        return self._connection.execute(
            update(comments).where(comments.c.id.in_(old)).values(values)
        ).rowcount

    def older_than(self, moment: datetime, limit: int) -> list[UUID]:
        """Comments whose texts are due for erasing."""
        return list(self._connection.scalars(_old_texts(moment).limit(limit)))

    def _forget_in_answers(self, condition: "ColumnElement[bool]") -> None:
        # An answer may name what it answers by the site's id or by ours.
        named = select(comments.c.site_id, comments.c.id, comments.c.external_id).where(condition)
        for row in self._connection.execute(named).all():
            answers = comments.c.parent_id.in_([*_spellings(row.id), row.external_id])
            quoted = answers & (comments.c.site_id == row.site_id)
            quoted &= comments.c.parent_body.is_not(None)
            self._connection.execute(update(comments).where(quoted).values(parent_body=None))

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


def erased_among(
    connection: Connection, named: Collection[tuple[UUID, str]]
) -> set[tuple[UUID, str]]:
    """Those of the (site, comment as its answers name it) that are erased, in one query."""
    names = {name for _, name in named}
    values = {
        "sites": list({site_id for site_id, _ in named}),
        "names": list(names),
        "ids": [own for name in names if (own := _own_id(name))],
    }
    return {
        (row.site_id, name)
        for row in connection.execute(_NAMED, values)
        if row.erased_at
        for name in (*_spellings(row.id), row.external_id)
    }


def _own_id(name: str) -> UUID | None:
    try:
        return UUID(name)
    except ValueError:
        return None


def _spellings(own: UUID) -> tuple[str, ...]:
    """How answers may write an id of ours."""
    return (str(own), own.hex, str(own).upper(), own.hex.upper())


def _old_authors(moment: datetime) -> "Select[Any]":
    # An erased comment has no author either, so this one mark is enough.
    return select(comments.c.id).where(
        comments.c.received_at < moment, comments.c.author_erased_at.is_(None)
    )


def _old_texts(moment: datetime) -> "Select[Any]":
    return select(comments.c.id).where(
        comments.c.received_at < moment, comments.c.erased_at.is_(None)
    )
