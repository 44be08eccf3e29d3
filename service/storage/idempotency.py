"""Which comment an Idempotency-Key of a site stands for."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, bindparam, delete, insert, select

from service.storage.tables import idempotency_keys


@dataclass(frozen=True, slots=True)
class KnownKey:
    """The request that a key was first used for."""

    request_hash: str
    comment_id: UUID


_GET = select(idempotency_keys.c.request_hash, idempotency_keys.c.comment_id).where(
    idempotency_keys.c.site_id == bindparam("site_id"),
    idempotency_keys.c.key == bindparam("key"),
)
_ADD = insert(idempotency_keys)


class IdempotencyKeys:
    """The keys of all sites."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, site_id: UUID, key: str) -> KnownKey | None:
        """What the key stands for, if it was used and not yet forgotten."""
        row = self._connection.execute(_GET, {"site_id": site_id, "key": key}).one_or_none()
        return KnownKey(row.request_hash, row.comment_id) if row else None

    def add(self, rows: Sequence[tuple[UUID, str, str, UUID]], now: datetime) -> None:
        """Remember keys; each is (site id, key, request hash, comment id).

        Raises sqlalchemy.exc.IntegrityError when another request has just used one of them.
        """
        names = ("site_id", "key", "request_hash", "comment_id")
        self._connection.execute(
            _ADD,
            [dict(zip(names, row, strict=True), created_at=now) for row in rows],
        )

    def forget_before(self, moment: datetime) -> int:
        """Drop keys that have run out; how many."""
        statement = delete(idempotency_keys).where(idempotency_keys.c.created_at < moment)
        return self._connection.execute(statement).rowcount
