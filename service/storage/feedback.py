"""What sites and their readers did with a comment; later a source of labels."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, insert
from uuid_utils.compat import uuid7

from service.storage.tables import feedback


@dataclass(frozen=True, slots=True)
class Feedback:
    """`kind`: published, removed or reported; `source`: site or reader."""

    kind: str
    source: str
    note: str | None = None


class FeedbackEntries:
    """The feedback of all sites."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(
        self, site_id: UUID, comment_id: UUID, revision: int, entry: Feedback, now: datetime
    ) -> UUID:
        """Keep one piece of feedback on one revision."""
        entry_id: UUID = uuid7()
        self._connection.execute(
            insert(feedback),
            {"id": entry_id, "comment_id": comment_id, "site_id": site_id, "revision": revision,
             "kind": entry.kind, "source": entry.source, "note": entry.note, "created_at": now},
        )  # fmt: skip
        return entry_id
