"""Which comment an Idempotency-Key of a site stands for."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, delete, insert, select

from service.storage.tables import idempotency_keys


@dataclass(frozen=True, slots=True)
class KnownKey:
    """The request that a key was first used for."""

    request_hash: str
    comment_id: UUID


class IdempotencyKeys:
    """The keys of all sites."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, site_id: UUID, key: str) -> KnownKey | None:
        """What the key stands for, if it was used and not yet forgotten."""
        query = select(idempotency_keys.c.request_hash, idempotency_keys.c.comment_id).where(
            idempotency_keys.c.site_id == site_id,
            idempotency_keys.c.key == key,
        )
        row = self._connection.execute(query).one_or_none()
        return KnownKey(row.request_hash, row.comment_id) if row else None

    def add(
        self, site_id: UUID, key: str, request_hash: str, comment_id: UUID, now: datetime
    ) -> None:
        """Remember the key.

        Raises sqlalchemy.exc.IntegrityError when another request has just used it.
        """
        self._connection.execute(
            insert(idempotency_keys),
            {"site_id": site_id, "key": key, "request_hash": request_hash,
             "comment_id": comment_id, "created_at": now},
        )  # fmt: skip

    def forget_before(self, moment: datetime) -> int:
        """Drop keys that have run out; how many."""
        statement = delete(idempotency_keys).where(idempotency_keys.c.created_at < moment)
        return self._connection.execute(statement).rowcount
