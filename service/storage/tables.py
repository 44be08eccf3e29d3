"""The tables, in SQLAlchemy Core. The database is the truth; migrations/ builds exactly this."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    DateTime,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    Uuid,
    text,
)
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator


class UtcDateTime(TypeDecorator[datetime]):
    """An aware UTC time; SQLite forgets the zone, so it is taken off and put back here."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """UTC for the database; a naive time is a bug."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("A time without a zone cannot be stored.")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Aware UTC, whatever the database gave."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def _key() -> "Column[Any]":
    return Column("id", Uuid, primary_key=True)


def _belongs_to(table: str, **options: Any) -> "Column[Any]":
    name = f"{table.removesuffix('s')}_id"
    return Column(name, ForeignKey(f"{table}.id"), nullable=False, **options)


def _time(name: str, *, nullable: bool = False) -> "Column[Any]":
    return Column(name, UtcDateTime, nullable=nullable)


def _only(condition: str) -> dict[str, Any]:
    return {"sqlite_where": text(condition), "postgresql_where": text(condition)}


sites = Table(
    "sites",
    metadata,
    _key(),
    Column("name", String(200), nullable=False),
    Column("when_unscored", String(10), nullable=False),
    Column("policy_version", Integer, nullable=False),
    Column("webhook_url", Text),
    Column("webhook_allow_private", Boolean, nullable=False),
    _time("webhook_disabled_at", nullable=True),
    _time("created_at"),
)

api_keys = Table(
    "api_keys",
    metadata,
    _key(),
    _belongs_to("sites"),
    Column("key_hash", String(64), nullable=False, unique=True),
    _time("created_at"),
    _time("expires_at", nullable=True),
)

webhook_secrets = Table(
    "webhook_secrets",
    metadata,
    _key(),
    _belongs_to("sites", index=True),
    Column("secret", Text, nullable=False),
    _time("created_at"),
    _time("expires_at", nullable=True),
)

policies = Table(
    "policies",
    metadata,
    Column("site_id", ForeignKey("sites.id"), primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("body", JSON, nullable=False),
    _time("created_at"),
)

bans = Table(
    "bans",
    metadata,
    Column("site_id", ForeignKey("sites.id"), primary_key=True),
    Column("mark", String(64), primary_key=True),  # keyed hash: a ban keeps no personal data
    Column("kind", String(10), nullable=False),
    _time("created_at"),
)

comments = Table(
    "comments",
    metadata,
    _key(),
    _belongs_to("sites"),
    Column("external_id", Text),
    Column("revision", Integer, nullable=False),
    Column("status", String(10), nullable=False),
    Column("outcome", String(10)),
    Column("decision_id", Uuid),
    Column("sequence", Integer, nullable=False),  # decisions so far
    Column("body", Text, nullable=False),
    Column("body_format", String(4), nullable=False),
    Column("language", String(35)),
    Column("article_id", Text, nullable=False),
    Column("article_url", Text),
    Column("article_title", Text),
    Column("article_section", Text),
    _time("article_published_at", nullable=True),
    Column("author_id", Text),
    Column("author_name", Text),
    Column("author_email", Text),
    Column("author_url", Text),
    Column("author_ip", Text),
    Column("author_user_agent", Text),
    Column("author_role", Text),
    Column("parent_id", Text),
    Column("parent_body", Text),
    Column("form_honeypot", Text),
    Column("form_seconds_to_submit", Float),
    _time("submitted_at", nullable=True),
    _time("received_at"),
    _time("revised_at"),
    _time("author_erased_at", nullable=True),
    _time("erased_at", nullable=True),
    # Scoring: who has it, until when, how often it was tried.
    Column("needs_score", Boolean, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("lease_owner", Uuid),
    _time("lease_until", nullable=True),
    Column("text_mark", BigInteger),  # what copies of the text share (service/domain/copies.py)
    Index("ix_comments_site_id_id", "site_id", "id"),
    Index("ix_comments_site_id_outcome_id", "site_id", "outcome", "id"),
    Index("ix_comments_site_id_article_id_id", "site_id", "article_id", "id"),
    Index("ix_comments_site_id_external_id", "site_id", "external_id"),
    Index("ix_comments_unscored", "revised_at", **_only("needs_score")),
    Index("ix_comments_received_at", "received_at", **_only("erased_at IS NULL")),
    Index("ix_comments_copies", "site_id", "text_mark", "id", **_only("text_mark IS NOT NULL")),
    Index("ix_comments_answers", "site_id", "parent_id", **_only("parent_body IS NOT NULL")),
    Index("ix_comments_author_kept", "received_at", **_only("author_erased_at IS NULL")),
)

revisions = Table(
    "revisions",
    metadata,
    Column("comment_id", ForeignKey("comments.id"), primary_key=True),
    Column("revision", Integer, primary_key=True),
    Column("body", Text, nullable=False),
    Column("body_format", String(4), nullable=False),
    _time("replaced_at"),
)

decisions = Table(
    "decisions",
    metadata,
    _key(),
    _belongs_to("comments"),
    _belongs_to("sites"),
    Column("revision", Integer, nullable=False),
    Column("sequence", Integer, nullable=False),
    Column("outcome", String(10), nullable=False),
    Column("scores", JSON, nullable=False),
    Column("reasons", JSON, nullable=False),
    Column("model_version", String(100)),
    Column("policy_version", Integer, nullable=False),
    Column("decided_by", Text, nullable=False),
    _time("decided_at"),
    Index("uq_decisions_comment_id_sequence", "comment_id", "sequence", unique=True),
)

# What a decision's reasons say once their passages are known; NULL: still to be worked out.
explanations = Table(
    "explanations",
    metadata,
    Column("decision_id", ForeignKey("decisions.id"), primary_key=True),
    Column("reasons", JSON(none_as_null=True)),
    Column("attempts", Integer, nullable=False),
    _time("lease_until", nullable=True),
    Index("ix_explanations_owed", "decision_id", **_only("reasons IS NULL")),
)

reviews = Table(
    "reviews",
    metadata,
    _key(),
    _belongs_to("comments"),
    _belongs_to("sites"),
    Column("revision", Integer, nullable=False),
    _time("opened_at"),
    _time("closed_at", nullable=True),
    Column("closed_by", Text),
    Column("outcome", String(10)),
    Column("note", Text),
    Index("uq_reviews_open", "comment_id", unique=True, **_only("closed_at IS NULL")),
    Index("ix_reviews_open_site_id_id", "site_id", "id", **_only("closed_at IS NULL")),
    Index("ix_reviews_open_id", "id", **_only("closed_at IS NULL")),
)

deliveries = Table(
    "deliveries",
    metadata,
    _key(),
    _belongs_to("sites"),
    _belongs_to("comments"),
    Column("decision_id", ForeignKey("decisions.id"), nullable=False),
    Column("sequence", Integer, nullable=False),
    Column("state", String(10), nullable=False),
    Column("attempts", Integer, nullable=False),
    _time("due_at"),
    _time("lease_until", nullable=True),
    Column("last_status", Integer),
    Column("last_error", Text),
    _time("created_at"),
    _time("delivered_at", nullable=True),
    Index("ix_deliveries_due", "due_at", **_only("state = 'pending'")),
    Index("ix_deliveries_comment", "comment_id", "sequence", **_only("state = 'pending'")),
    Index("ix_deliveries_site_id_state_id", "site_id", "state", "id"),
)

idempotency_keys = Table(
    "idempotency_keys",
    metadata,
    Column("site_id", ForeignKey("sites.id"), primary_key=True),
    Column("key", String(255), primary_key=True),
    Column("request_hash", String(64), nullable=False),
    _belongs_to("comments"),
    Column("created_at", UtcDateTime, nullable=False, index=True),
)

feedback = Table(
    "feedback",
    metadata,
    _key(),
    _belongs_to("comments", index=True),
    _belongs_to("sites"),
    Column("revision", Integer, nullable=False),
    Column("kind", String(10), nullable=False),
    Column("source", String(10), nullable=False),
    Column("note", Text),
    _time("created_at"),
)

users = Table(
    "users",
    metadata,
    _key(),
    Column("login", String(200), nullable=False, unique=True),
    Column("password_hash", Text, nullable=False),
    Column("all_sites", Boolean, nullable=False),
    _time("created_at"),
    _time("disabled_at", nullable=True),
)

memberships = Table(
    "memberships",
    metadata,
    Column("user_id", ForeignKey("users.id"), primary_key=True),
    Column("site_id", ForeignKey("sites.id"), primary_key=True),
)

sessions = Table(
    "sessions",
    metadata,
    Column("token_hash", String(64), primary_key=True),
    _belongs_to("users", index=True),
    Column("csrf_token", String(64), nullable=False),
    _time("created_at"),
    Column("expires_at", UtcDateTime, nullable=False, index=True),
)
