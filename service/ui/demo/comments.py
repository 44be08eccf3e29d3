"""The site's own table of comments, in a SQLite file."""

import contextlib
import json
import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path

from .moderation import Decision, Reason

# commentdesk repeats a callback for about 75 hours; afterwards its id need not be known.
CALLBACK_IDS_KEPT = timedelta(days=7)

COLUMNS = ("id", "article", "parent", "author", "url", "body", "reader", "state")
SCHEMA = """
create table if not exists comments (
    id text primary key,
    article text not null,
    parent text,
    author text not null,
    url text not null,
    body text not null,
    posted_at text not null,
    reader text not null,          -- the cookie of the browser it was written in
    state text not null,
    reasons text not null default '[]',
    sequence integer not null default 0,
    request text                   -- what is to be sent; null once commentdesk has it
);
create index if not exists comments_of_article on comments (article, posted_at);
create index if not exists comments_unsent on comments (posted_at) where request is not null;
create table if not exists callbacks (webhook_id text primary key, received_at text not null);
"""


class State(StrEnum):
    """Where a comment stands on this site; the last three are outcomes of a decision."""

    UNSENT = "unsent"
    WAITING = "waiting"
    APPROVE = "approve"
    HOLD = "hold"
    REJECT = "reject"


@dataclass(frozen=True, slots=True)
class Comment:
    """One comment as the page shows it."""

    id: str
    article: str
    parent: str | None
    author: str
    url: str
    body: str
    posted_at: datetime
    reader: str
    state: State = State.UNSENT
    reasons: tuple[Reason, ...] = ()

    @property
    def may_still_change(self) -> bool:
        """Whether a decision is still to come."""
        return self.state in {State.UNSENT, State.WAITING, State.HOLD}


class Comments:
    """Reads and writes comments; each method is one short transaction."""

    def __init__(self, database: Path) -> None:
        database.parent.mkdir(parents=True, exist_ok=True)
        self._database = database
        with self._connect() as db:
            db.execute("pragma journal_mode = wal")
            db.executescript(SCHEMA)

    @contextlib.contextmanager
    def _connect(self) -> Iterator[sqlite3.Connection]:
        with contextlib.closing(sqlite3.connect(self._database, timeout=5)) as db:
            db.row_factory = sqlite3.Row
            with db:
                yield db

    def add(self, comment: Comment, request: str) -> bool:
        """Keep a new comment and the request that hands it over; False when it is here already."""
        with self._connect() as db:
            return _insert(db, comment, request)

    def add_published(self, comments: Iterable[Comment]) -> None:
        """Keep comments that need no moderation; those that are known stay as they are."""
        with self._connect() as db:
            for comment in comments:
                _insert(db, comment, request=None)

    def of_article(self, article: str, reader: str) -> list[Comment]:
        """What this reader may see there, oldest first: the approved ones and all of their own."""
        with self._connect() as db:
            rows = db.execute(
                "select * from comments where article = ? and (state = 'approve' or reader = ?)"
                " order by posted_at, id",
                (article, reader or None),
            ).fetchall()
        return [_comment(row) for row in rows]

    def find(self, article: str, comment_id: str) -> Comment | None:
        """An approved comment of that article."""
        with self._connect() as db:
            row = db.execute(
                "select * from comments where article = ? and id = ? and state = 'approve'",
                (article, comment_id),
            ).fetchone()
        return _comment(row) if row else None

    def counts(self) -> dict[str, int]:
        """How many comments are published under each article."""
        with self._connect() as db:
            rows = db.execute(
                "select article, count(*) from comments where state = 'approve' group by article"
            ).fetchall()
        return dict(rows)

    def unsent(self, posted_before: datetime) -> list[tuple[str, str]]:
        """Ids and requests that commentdesk does not have yet, oldest first."""
        with self._connect() as db:
            rows = db.execute(
                "select id, request from comments where request is not null and posted_at < ?"
                " order by posted_at limit 100",
                (posted_before.isoformat(),),
            ).fetchall()
        return [(row["id"], row["request"]) for row in rows]

    def mark_waiting(self, comment_id: str) -> None:
        """Commentdesk has it and will call back; a decision that came first stays."""
        with self._connect() as db:
            db.execute("update comments set request = null where id = ?", (comment_id,))
            db.execute(
                "update comments set state = 'waiting' where id = ? and state = 'unsent'",
                (comment_id,),
            )

    def record(self, comment_id: str, decision: Decision) -> None:
        """Take over a decision, unless a newer one is already here."""
        with self._connect() as db:
            _record(db, comment_id, decision)

    def record_callback(self, webhook_id: str, comment_id: str, decision: Decision) -> bool:
        """Take over a decision once; False when this callback has been here before."""
        now = datetime.now(UTC)
        with self._connect() as db:
            fresh = db.execute(
                "insert or ignore into callbacks values (?, ?)", (webhook_id, now.isoformat())
            ).rowcount
            if fresh:
                _record(db, comment_id, decision)
                old = (now - CALLBACK_IDS_KEPT).isoformat()
                db.execute("delete from callbacks where received_at < ?", (old,))
        return bool(fresh)


def _insert(db: sqlite3.Connection, comment: Comment, request: str | None) -> bool:
    added = db.execute(
        "insert or ignore into comments"
        " (id, article, parent, author, url, body, posted_at, reader, state, request)"
        " values (:id, :article, :parent, :author, :url, :body, :posted_at, :reader,"
        " :state, :request)",
        {
            **{name: getattr(comment, name) for name in COLUMNS},
            "posted_at": comment.posted_at.isoformat(),
            "request": request,
        },
    ).rowcount
    return bool(added)


def _record(db: sqlite3.Connection, comment_id: str, decision: Decision) -> None:
    db.execute(
        "update comments set state = ?, reasons = ?, sequence = ?, request = null"
        " where id = ? and sequence <= ?",
        (
            State(decision.outcome),
            _reasons_to_json(decision.reasons),
            decision.sequence,
            comment_id,
            decision.sequence,
        ),
    )


def _reasons_to_json(reasons: Iterable[Reason]) -> str:
    return json.dumps([asdict(reason) for reason in reasons])


def _comment(row: sqlite3.Row) -> Comment:
    reasons = tuple(
        Reason(reason["text"], tuple((start, end) for start, end in reason["spans"]))
        for reason in json.loads(row["reasons"])
    )
    return Comment(
        id=row["id"],
        article=row["article"],
        parent=row["parent"],
        author=row["author"],
        url=row["url"],
        body=row["body"],
        posted_at=datetime.fromisoformat(row["posted_at"]),
        reader=row["reader"],
        state=State(row["state"]),
        reasons=reasons,
    )
