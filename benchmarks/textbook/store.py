"""The textbook build's tables, with SQLAlchemy's ORM."""

import os
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import JSON, Engine, ForeignKey, create_engine, event
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, sessionmaker


class Base(DeclarativeBase):
    """Base of the tables."""


def _id() -> str:
    return uuid4().hex


def _now() -> datetime:
    return datetime.now(UTC)


class ApiKey(Base):
    """Who may submit."""

    __tablename__ = "api_keys"
    key: Mapped[str] = mapped_column(primary_key=True)


class Comment(Base):
    """A comment as it came in."""

    __tablename__ = "comments"
    id: Mapped[str] = mapped_column(primary_key=True, default=_id)
    status: Mapped[str] = mapped_column(default="pending", index=True)
    body: Mapped[str]
    article_id: Mapped[str] = mapped_column(index=True)
    details: Mapped[dict[str, Any]] = mapped_column(JSON)
    received_at: Mapped[datetime] = mapped_column(default=_now)


class Decision(Base):
    """A decision on a comment."""

    __tablename__ = "decisions"
    id: Mapped[str] = mapped_column(primary_key=True, default=_id)
    comment_id: Mapped[str] = mapped_column(ForeignKey("comments.id"), index=True)
    outcome: Mapped[str]
    scores: Mapped[dict[str, float]] = mapped_column(JSON)
    reasons: Mapped[list[str]] = mapped_column(JSON)
    decided_at: Mapped[datetime] = mapped_column(default=_now)


class Review(Base):
    """What waits for a moderator."""

    __tablename__ = "reviews"
    id: Mapped[str] = mapped_column(primary_key=True, default=_id)
    comment_id: Mapped[str] = mapped_column(ForeignKey("comments.id"), index=True)
    opened_at: Mapped[datetime] = mapped_column(default=_now)


def open_store() -> "sessionmaker[Session]":
    """Sessions on the database that TEXTBOOK_DATABASE names."""
    engine = create_engine(f"sqlite:///{os.environ['TEXTBOOK_DATABASE']}")
    event.listen(engine, "connect", _prepare)
    return sessionmaker(engine, expire_on_commit=False)


def create(key: str) -> None:
    """Make the tables and one API key."""
    sessions = open_store()
    with sessions.begin() as session:
        engine = session.get_bind()
        assert isinstance(engine, Engine)
        Base.metadata.create_all(engine)
        session.add(ApiKey(key=key))


def _prepare(connection: Any, _record: Any) -> None:
    for pragma in ("busy_timeout = 10000", "journal_mode = WAL", "synchronous = FULL"):
        connection.execute(f"PRAGMA {pragma}")
