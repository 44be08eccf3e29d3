"""Sites with their keys, webhook secrets, policies and bans."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row, bindparam, delete, exists, func, insert, or_, select, update
from uuid_utils.compat import uuid7

from service.domain.decision import Outcome
from service.domain.policy import Policy
from service.domain.site import Site, Webhook
from service.storage.tables import api_keys, bans, policies, sites, webhook_secrets

_HAS_BANS = exists().where(bans.c.site_id == sites.c.id)
_SITES = select(sites, policies.c.body.label("policy"), _HAS_BANS.label("has_bans")).join(
    policies,
    (policies.c.site_id == sites.c.id) & (policies.c.version == sites.c.policy_version),
)
_WITH_IDS = _SITES.where(sites.c.id.in_(bindparam("ids", expanding=True)))
_BY_KEY = _SITES.join(api_keys, api_keys.c.site_id == sites.c.id).where(
    api_keys.c.key_hash == bindparam("key_hash"),
    or_(api_keys.c.expires_at.is_(None), api_keys.c.expires_at > bindparam("now")),
)
_BANNED = select(bans.c.site_id, bans.c.mark).where(
    bans.c.mark.in_(bindparam("marks", expanding=True))
)


class Sites:
    """All sites of the installation."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, site: Site, now: datetime) -> None:
        """Create a site with the first version of its policy."""
        self._connection.execute(
            insert(sites),
            {"id": site.id, "name": site.name, "when_unscored": site.when_unscored.value,
             "policy_version": site.policy.version, "webhook_allow_private": False,
             "created_at": now},
        )  # fmt: skip
        self._add_policy(site.id, site.policy, now)

    def by_key(self, key_hash: str, now: datetime) -> Site | None:
        """The site that an API key with this SHA-256 belongs to, while the key is valid."""
        row = self._connection.execute(_BY_KEY, {"key_hash": key_hash, "now": now}).first()
        return _site(row) if row else None

    def with_ids(self, ids: Iterable[UUID]) -> dict[UUID, Site]:
        """Sites by id."""
        rows = self._connection.execute(_WITH_IDS, {"ids": list(set(ids))})
        return {row.id: _site(row) for row in rows}

    def get(self, site_id: UUID) -> Site | None:
        """One site."""
        return self.with_ids([site_id]).get(site_id)

    def all(self) -> list[Site]:
        """Every site, oldest first."""
        return [_site(row) for row in self._connection.execute(_SITES.order_by(sites.c.id))]

    def add_key(self, site_id: UUID, key_hash: str, now: datetime) -> None:
        """Let a key with this SHA-256 act for the site."""
        row = {"id": uuid7(), "site_id": site_id, "key_hash": key_hash, "created_at": now}
        self._connection.execute(insert(api_keys), row)

    def expire_keys(self, site_id: UUID, at: datetime) -> None:
        """Let the site's present keys end at that time."""
        self._connection.execute(_ending_later(update(api_keys), api_keys, site_id, at))

    def set_webhook(self, site_id: UUID, webhook: Webhook | None) -> None:
        """Where callbacks go from now on; None: nowhere."""
        values = {
            "webhook_url": webhook.url if webhook else None,
            "webhook_allow_private": bool(webhook and webhook.allow_private),
            "webhook_disabled_at": webhook.disabled_at if webhook else None,
        }
        self._connection.execute(update(sites).where(sites.c.id == site_id).values(values))

    def switch_off_webhook(self, site_id: UUID, url: str, now: datetime) -> bool:
        """Take no callbacks to `url` any more; False when the site has moved to another since."""
        mine = (sites.c.id == site_id, sites.c.webhook_url == url)
        values = {"webhook_disabled_at": now}
        return self._connection.execute(update(sites).where(*mine).values(values)).rowcount > 0

    def set_when_unscored(self, site_id: UUID, outcome: Outcome) -> None:
        """What becomes of comments that cannot be scored in time: hold or approve."""
        values = {"when_unscored": outcome.value}
        self._connection.execute(update(sites).where(sites.c.id == site_id).values(values))

    def add_secret(self, site_id: UUID, secret: str, now: datetime) -> None:
        """Sign callbacks with this whsec_ secret too."""
        row = {"id": uuid7(), "site_id": site_id, "secret": secret, "created_at": now}
        self._connection.execute(insert(webhook_secrets), row)

    def expire_secrets(self, site_id: UUID, at: datetime) -> None:
        """Stop signing with the present secrets at that time."""
        statement = _ending_later(update(webhook_secrets), webhook_secrets, site_id, at)
        self._connection.execute(statement)

    def secrets(self, ids: Iterable[UUID], now: datetime) -> Mapping[UUID, list[str]]:
        """The secrets in force for each site, newest first."""
        valid = or_(webhook_secrets.c.expires_at.is_(None), webhook_secrets.c.expires_at > now)
        query = select(webhook_secrets).where(webhook_secrets.c.site_id.in_(set(ids)), valid)
        found: dict[UUID, list[str]] = {}
        for row in self._connection.execute(query.order_by(webhook_secrets.c.id.desc())):
            found.setdefault(row.site_id, []).append(row.secret)
        return found

    def set_policy(self, site_id: UUID, policy: Policy, now: datetime) -> None:
        """Put a new policy version in force; older versions stay readable."""
        self._add_policy(site_id, policy, now)
        values = {"policy_version": policy.version}
        self._connection.execute(update(sites).where(sites.c.id == site_id).values(values))

    def latest_policy_version(self, site_id: UUID) -> int:
        """The highest version the site has had."""
        query = select(func.max(policies.c.version)).where(policies.c.site_id == site_id)
        return int(self._connection.execute(query).scalar_one())

    def policy(self, site_id: UUID, version: int) -> Policy | None:
        """One version of the site's policy, in force or not."""
        query = select(policies.c.body).where(
            policies.c.site_id == site_id, policies.c.version == version
        )
        body = self._connection.execute(query).scalar_one_or_none()
        return Policy.from_json(version, body) if body else None

    def ban(self, site_id: UUID, kind: str, mark: str, now: datetime) -> None:
        """Ban an author by the keyed hash of what names them; again is no error."""
        self.unban(site_id, mark)
        row = {"site_id": site_id, "mark": mark, "kind": kind, "created_at": now}
        self._connection.execute(insert(bans), row)

    def unban(self, site_id: UUID, mark: str) -> bool:
        """Lift a ban; False when there was none."""
        statement = delete(bans).where(bans.c.site_id == site_id, bans.c.mark == mark)
        return self._connection.execute(statement).rowcount > 0

    def banned(self, marks: Iterable[str]) -> set[tuple[UUID, str]]:
        """Which (site, mark) pairs are banned among these marks."""
        rows = self._connection.execute(_BANNED, {"marks": list(set(marks))})
        return {(row.site_id, row.mark) for row in rows}

    def _add_policy(self, site_id: UUID, policy: Policy, now: datetime) -> None:
        row = {"site_id": site_id, "version": policy.version, "body": policy.to_json(),
               "created_at": now}  # fmt: skip
        self._connection.execute(insert(policies), row)


def _ending_later(statement: Any, table: Any, site_id: UUID, at: datetime) -> Any:
    later = or_(table.c.expires_at.is_(None), table.c.expires_at > at)
    return statement.where(table.c.site_id == site_id, later).values(expires_at=at)


def _site(row: "Row[Any]") -> Site:
    webhook = None
    if row.webhook_url:
        webhook = Webhook(row.webhook_url, row.webhook_allow_private, row.webhook_disabled_at)
    policy = Policy.from_json(row.policy_version, row.policy)
    unscored = Outcome(row.when_unscored)
    return Site(row.id, row.name, policy, unscored, webhook, bool(row.has_bans))
