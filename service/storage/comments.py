"""Comments: stored, edited, listed, claimed for scoring."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    Select,
    and_,
    bindparam,
    case,
    func,
    insert,
    or_,
    select,
    update,
)
from sqlalchemy.sql.dml import ReturningUpdate

from service.domain.comment import Article, Author, Comment, Form, Parent, Status, Submission
from service.domain.copies import COPIES_LOOKED_AT_MAX, COPIES_WITHIN, text_mark
from service.domain.decision import Outcome
from service.storage.retention import erased_among
from service.storage.tables import comments, revisions


@dataclass(frozen=True, slots=True)
class Head:
    """Where a comment stands, so that a decision can be added to it."""

    id: UUID
    site_id: UUID
    revision: int
    sequence: int
    needs_score: bool
    status: Status
    decision_id: UUID | None

    @classmethod
    def of(cls, comment: Comment) -> "Head":
        """Where a comment that needed a score stood when it was read."""
        return cls(
            comment.id, comment.site_id, comment.revision, comment.sequence, True,
            comment.status, comment.decision_id,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Claim:
    """A comment that a worker has taken for scoring; `attempts` counts this one.

    `copies`: as in `Comments.copies`.
    """

    comment: Comment
    attempts: int
    copies: int | None = None


@dataclass(frozen=True, slots=True)
class ListFilter:
    """Which comments a list shows; None: any."""

    outcome: Outcome | None = None
    status: Status | None = None
    article_id: str | None = None
    external_id: str | None = None


_PARTS: dict[str, Any] = {"article": Article, "author": Author, "parent": Parent, "form": Form}
_HEAD = [
    comments.c[name]
    for name in (
        "id", "site_id", "revision", "sequence", "needs_score", "status", "decision_id",
    )
]  # fmt: skip
_COMMENT = [
    column
    for column in comments.c
    if column.name not in ("outcome", "lease_owner", "lease_until", "author_erased_at", "text_mark")
]


def _counting_copies() -> "ColumnElement[int | None]":
    other = comments.alias("other")
    newest = (
        select(other.c.article_id, other.c.author_name, other.c.received_at)
        .where(
            other.c.site_id == comments.c.site_id,
            other.c.text_mark == comments.c.text_mark,
            other.c.id < comments.c.id,
        )
        .order_by(other.c.id.desc())
        .limit(COPIES_LOOKED_AT_MAX)
        .correlate(comments)
        .subquery("newest")
    )
    # Outside of the limit: an old flood must not be walked through for its newest rows.
    is_recent = newest.c.received_at >= bindparam("since")
    # Somebody who sends a form twice is no campaign.
    is_copy = or_(
        newest.c.article_id != comments.c.article_id,
        newest.c.author_name.is_distinct_from(comments.c.author_name),
    )
    count = select(func.count()).select_from(newest).where(is_copy, is_recent).scalar_subquery()
    return case((comments.c.text_mark.is_not(None), count)).label("copies")


# What is asked for every comment is put together once: that costs more than to ask.
_IS_FREE = and_(
    comments.c.needs_score,
    or_(comments.c.lease_until.is_(None), comments.c.lease_until < bindparam("now")),
)
_FREE = select(comments.c.id).where(_IS_FREE)
_LONG_FREE = _FREE.where(comments.c.revised_at <= bindparam("before"))
_THESE = comments.c.id.in_(bindparam("ids", expanding=True))
_ADD = insert(comments)
_WITH_IDS = select(*_COMMENT).where(_THESE)
_HEADS = select(*_HEAD).where(_THESE).order_by(comments.c.id).with_for_update()
_COUNTED = _counting_copies()
_COPIES = select(comments.c.id, _COUNTED).where(_THESE)
_FREE_AMONG: "Select[Any]" = select(*_COMMENT, _COUNTED).where(_IS_FREE, _THESE)
_SOMEONE_WAITS = _LONG_FREE.limit(1)
_SET_DECISIONS = (
    update(comments)
    .where(
        comments.c.id == bindparam("key"),
        comments.c.revision == bindparam("of_revision"),
        comments.c.sequence == bindparam("sequence") - 1,
        comments.c.needs_score == bindparam("needed"),
    )
    .values(
        status=Status.DECIDED.value,
        outcome=bindparam("outcome"),
        decision_id=bindparam("decision_id"),
        sequence=bindparam("sequence"),
        needs_score=bindparam("needs_score"),
        lease_owner=None,
        lease_until=None,
    )
)


def _claiming(free: "Select[Any]") -> "ReturningUpdate[Any]":
    return (
        update(comments)
        .where(comments.c.id.in_(free.with_for_update(skip_locked=True)))
        .values(
            lease_owner=bindparam("owner"),
            lease_until=bindparam("until"),
            attempts=comments.c.attempts + 1,
        )
        .returning(*_COMMENT)
    )


_CLAIM = _claiming(_FREE.where(_THESE))
_CLAIM_WAITING = _claiming(_LONG_FREE.order_by(comments.c.revised_at).limit(bindparam("most")))


class Comments:
    """The comments of all sites; every public read names the site."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, new: Sequence[tuple[UUID, UUID, Submission]], now: datetime) -> None:
        """Store new comments as pending; each is (its id, its site's id, what was submitted).

        What an answer quotes of a comment that is erased by now is left out.
        """
        rows = [_new_row(*item, now) for item in new]
        quoting = [row for row in rows if row["parent_id"] and row["parent_body"]]
        named = {(row["site_id"], row["parent_id"]) for row in quoting}
        erased = erased_among(self._connection, named) if named else ()
        for row in quoting:
            if (row["site_id"], row["parent_id"]) in erased:
                row["parent_body"] = None
        self._connection.execute(_ADD, rows)

    def get(self, site_id: UUID, comment_id: UUID) -> Comment | None:
        """One comment of this site."""
        query = select(*_COMMENT).where(comments.c.id == comment_id, comments.c.site_id == site_id)
        row = self._connection.execute(query).one_or_none()
        return _comment(row) if row else None

    def with_ids(self, ids: Sequence[UUID]) -> dict[UUID, Comment]:
        """Comments by id, whatever their site; for callers that have checked the sites."""
        rows = self._connection.execute(_WITH_IDS, {"ids": ids})
        return {row.id: _comment(row) for row in rows}

    def page(
        self, site_id: UUID, wanted: ListFilter, before: UUID | None, limit: int
    ) -> list[Comment]:
        """Newest first: `limit` comments received before the one named; ids are time-ordered."""
        query = select(*_COMMENT).where(comments.c.site_id == site_id)
        for name in ("outcome", "status", "article_id", "external_id"):
            value = getattr(wanted, name)
            if value is not None:
                query = query.where(comments.c[name] == str(value))
        if before:
            query = query.where(comments.c.id < before)
        query = query.order_by(comments.c.id.desc()).limit(limit)
        return [_comment(row) for row in self._connection.execute(query)]

    def head(self, comment_id: UUID) -> Head | None:
        """The comment's state, locked until the transaction ends."""
        heads = self.heads([comment_id])
        return heads[0] if heads else None

    def heads(self, ids: Sequence[UUID]) -> list[Head]:
        """Several comments' states, locked in one order until the transaction ends."""
        return [_head(row) for row in self._connection.execute(_HEADS, {"ids": ids})]

    def revise(self, comment: Comment, submission: Submission, now: datetime) -> int:
        """Replace the text by a new revision, pending again; the old text is kept."""
        old = comment.submission
        archived = {"comment_id": comment.id, "revision": comment.revision, "body": old.body,
                    "body_format": old.body_format, "replaced_at": now}  # fmt: skip
        self._connection.execute(insert(revisions), archived)
        row = _flat(submission)
        fresh = {
            **row, "revision": comment.revision + 1, "revised_at": now,
            "status": Status.PENDING.value, "outcome": None, "decision_id": None,
            "needs_score": True, "attempts": 0, "lease_owner": None, "lease_until": None,
            "text_mark": text_mark(submission.body),
        }  # fmt: skip
        self._connection.execute(update(comments).where(comments.c.id == comment.id).values(fresh))
        return comment.revision + 1

    def free(self, ids: Sequence[UUID], now: datetime) -> list[Claim]:
        """Those of `ids` that need a score and that nobody has; they are not taken by this."""
        values = {"ids": ids, "now": now, "since": now - COPIES_WITHIN}
        rows = self._connection.execute(_FREE_AMONG, values)
        return [Claim(_comment(row), row.attempts + 1, row.copies) for row in rows]

    def copies(self, ids: Sequence[UUID], now: datetime) -> dict[UUID, int | None]:
        """How often each comment's site had received its text before, within COPIES_WITHIN.

        Comments that came before it count, by their newest text; a text sent twice by one author
        under one article is no copy, and the newest COPIES_LOOKED_AT_MAX are looked at. None: too
        short to tell, or without a mark (erased, or older than the marks).
        """
        rows = self._connection.execute(_COPIES, {"ids": ids, "since": now - COPIES_WITHIN})
        return {row.id: row.copies for row in rows}

    def claim(
        self, ids: Sequence[UUID], owner: UUID, now: datetime, until: datetime
    ) -> list[Claim]:
        """Take those of `ids` that need a score and that nobody else has."""
        return self._claim(_CLAIM, {"ids": ids, "owner": owner, "now": now, "until": until})

    def claim_waiting(
        self, limit: int, before: datetime, owner: UUID, now: datetime, until: datetime
    ) -> list[Claim]:
        """Take comments that came by `before`, need a score and are in nobody's hands.

        The longest-waiting come first.
        """
        values = {"most": limit, "before": before, "owner": owner, "now": now, "until": until}
        return self._claim(_CLAIM_WAITING, values)

    def release(self, owner: UUID, ids: Sequence[UUID]) -> None:
        """Give back what was claimed; the try does not count."""
        mine = (comments.c.id.in_(ids), comments.c.lease_owner == owner)
        nobody = {"lease_owner": None, "lease_until": None, "attempts": comments.c.attempts - 1}
        self._connection.execute(update(comments).where(*mine).values(nobody))

    def _claim(self, statement: "ReturningUpdate[Any]", values: Mapping[str, Any]) -> list[Claim]:
        rows: Sequence[Row[Any]] = self._connection.execute(statement, values).all()
        copies = self.copies([row.id for row in rows], values["now"])
        return [Claim(_comment(row), row.attempts, copies[row.id]) for row in rows]

    def set_decisions(self, rows: Sequence[Mapping[str, Any]]) -> int:
        """Point comments (`key` in each row) at their newest decisions; how many there were.

        Passed over are those with another revision (`of_revision`), with a decision more, or erased
        or scored by now (`needed`: whether it needed a score).
        """
        return self._connection.execute(_SET_DECISIONS, list(rows)).rowcount

    def take_overdue(self, received_before: datetime, limit: int) -> list[UUID]:
        """Pending comments whose newest text came before that time, locked, oldest first.

        What somebody else is deciding at this moment is passed over.
        """
        query = (
            _overdue(received_before)
            .order_by(comments.c.revised_at)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
        return list(self._connection.scalars(query))

    def is_overdue(self, received_before: datetime) -> bool:
        """Whether any pending comment's newest text came before that time."""
        return self._connection.execute(_overdue(received_before).limit(1)).first() is not None

    def someone_waits(self, received_before: datetime, now: datetime) -> bool:
        """Whether a comment needs a score, came by that time and is in nobody's hands."""
        values = {"now": now, "before": received_before}
        return self._connection.execute(_SOMEONE_WAITS, values).first() is not None

    def waiting_count(self) -> int:
        """How many comments need a score."""
        query = select(func.count()).select_from(comments).where(comments.c.needs_score)
        return self._connection.execute(query).scalar_one()


def _overdue(received_before: datetime) -> "Select[Any]":
    return (
        select(comments.c.id)
        .where(comments.c.needs_score, comments.c.status == Status.PENDING.value)
        .where(comments.c.revised_at < received_before)
    )


def _flat(submission: Submission) -> dict[str, Any]:
    row: dict[str, Any] = {}
    for name in Submission.__dataclass_fields__:
        value = getattr(submission, name)
        if name in _PARTS:
            row.update({f"{name}_{key}": getattr(value, key) for key in _PARTS[name].__slots__})
        else:
            row[name] = value
    return row


def _new_row(
    comment_id: UUID, site_id: UUID, submission: Submission, now: datetime
) -> dict[str, Any]:
    return {
        **_flat(submission), "id": comment_id, "site_id": site_id, "revision": 1, "sequence": 0,
        "status": Status.PENDING.value, "received_at": now, "revised_at": now,
        "needs_score": True, "attempts": 0, "text_mark": text_mark(submission.body),
    }  # fmt: skip


def _head(row: "Row[Any]") -> Head:
    return Head(
        row.id, row.site_id, row.revision, row.sequence, row.needs_score, Status(row.status),
        row.decision_id,
    )  # fmt: skip


def _comment(row: "Row[Any]") -> Comment:
    values = row._mapping  # noqa: SLF001  # SQLAlchemy's public name for it
    parts = {
        name: kind(**{key: values[f"{name}_{key}"] for key in kind.__slots__})
        for name, kind in _PARTS.items()
    }
    submission = Submission(
        body=row.body,
        body_format=row.body_format,
        external_id=row.external_id,
        submitted_at=row.submitted_at,
        language=row.language,
        **parts,
    )
    return Comment(
        row.id, row.site_id, submission, row.revision, Status(row.status), row.received_at,
        row.decision_id, row.sequence, row.erased_at,
    )  # fmt: skip
