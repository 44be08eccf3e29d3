"""Moderators and their sessions."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row, delete, insert, select, update

from service.domain.site import Moderator
from service.storage.tables import memberships, sessions, users


@dataclass(frozen=True, slots=True)
class Account:
    """A moderator with what is needed to log in and to list them."""

    moderator: Moderator
    password_hash: str
    disabled_at: datetime | None


@dataclass(frozen=True, slots=True)
class StoredSession:
    """A session as stored; its token is known only to the browser."""

    moderator: Moderator
    csrf_token: str
    expires_at: datetime


class People:
    """All accounts."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, moderator: Moderator, password_hash: str, now: datetime) -> None:
        """Create an account; raises sqlalchemy.exc.IntegrityError when the login is taken."""
        everywhere = moderator.site_ids is None
        self._connection.execute(
            insert(users),
            {"id": moderator.id, "login": moderator.login, "password_hash": password_hash,
             "all_sites": everywhere, "created_at": now},
        )  # fmt: skip
        rows = [{"user_id": moderator.id, "site_id": id_} for id_ in moderator.site_ids or ()]
        if rows:
            self._connection.execute(insert(memberships), rows)

    def by_login(self, login: str) -> Account | None:
        """The account with this login."""
        row = self._connection.execute(select(users).where(users.c.login == login)).one_or_none()
        return self._account(row) if row else None

    def all(self) -> list[Account]:
        """Every account, by login."""
        rows = self._connection.execute(select(users).order_by(users.c.login)).all()
        return [self._account(row) for row in rows]

    def logins(self, ids: Iterable[UUID]) -> dict[UUID, str]:
        """Logins by account id."""
        rows = self._connection.execute(
            select(users.c.id, users.c.login).where(users.c.id.in_(ids))
        )
        return {row.id: row.login for row in rows}

    def set_password(self, user_id: UUID, password_hash: str) -> None:
        """Change the password and end the account's sessions."""
        values = {"password_hash": password_hash}
        self._connection.execute(update(users).where(users.c.id == user_id).values(values))
        self._connection.execute(delete(sessions).where(sessions.c.user_id == user_id))

    def disable(self, user_id: UUID, now: datetime) -> None:
        """Close the account and end its sessions."""
        values = {"disabled_at": now}
        self._connection.execute(update(users).where(users.c.id == user_id).values(values))
        self._connection.execute(delete(sessions).where(sessions.c.user_id == user_id))

    def start_session(
        self, user_id: UUID, token_hash: str, csrf_token: str, now: datetime, expires_at: datetime
    ) -> None:
        """Remember a session by the hash of its token."""
        self._connection.execute(
            insert(sessions),
            {"token_hash": token_hash, "user_id": user_id, "csrf_token": csrf_token,
             "created_at": now, "expires_at": expires_at},
        )  # fmt: skip

    def session(self, token_hash: str, now: datetime) -> StoredSession | None:
        """The session of this token, while it and the account are valid."""
        query = (
            select(users, sessions.c.csrf_token, sessions.c.expires_at)
            .join_from(sessions, users)
            .where(sessions.c.token_hash == token_hash, sessions.c.expires_at > now)
            .where(users.c.disabled_at.is_(None))
        )
        row = self._connection.execute(query).one_or_none()
        if row is None:
            return None
        return StoredSession(self._account(row).moderator, row.csrf_token, row.expires_at)

    def end_session(self, token_hash: str) -> None:
        """Forget a session."""
        self._connection.execute(delete(sessions).where(sessions.c.token_hash == token_hash))

    def forget_sessions_before(self, moment: datetime) -> int:
        """Drop sessions that have run out; how many."""
        statement = delete(sessions).where(sessions.c.expires_at < moment)
        return self._connection.execute(statement).rowcount

    def _account(self, row: "Row[Any]") -> Account:
        site_ids = None
        if not row.all_sites:
            query = select(memberships.c.site_id).where(memberships.c.user_id == row.id)
            site_ids = frozenset(self._connection.scalars(query))
        return Account(Moderator(row.id, row.login, site_ids), row.password_hash, row.disabled_at)
