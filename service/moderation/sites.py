"""Sites: created, given keys, callbacks and policies by ops."""

import base64
import hashlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from uuid import UUID

from uuid_utils.compat import uuid7

from service.domain.decision import Outcome
from service.domain.errors import Invalid, NotFound
from service.domain.policy import Policy
from service.domain.site import Site, Webhook
from service.moderation.callbacks import check_url
from service.moderation.desk import Desk
from service.storage.unit_of_work import UnitOfWork

KEY_PREFIX = "cdk_"
SECRET_BYTES = 32
NAME_MAX_CHARS = 200


@dataclass(frozen=True, slots=True)
class NewSite:
    """A site with the secrets that are shown this once."""

    site: Site
    api_key: str
    webhook_secret: str


def create_site(desk: Desk, name: str) -> NewSite:
    """Create a site with the default policy, one API key and one webhook secret."""
    name = name.strip()
    if not name or len(name) > NAME_MAX_CHARS:
        raise Invalid(f"A site needs a name of 1 to {NAME_MAX_CHARS} characters.")
    site = Site(id=uuid7(), name=name, policy=Policy())
    new = NewSite(site, _new_key(), _new_secret())
    with desk.storage.write() as work:
        work.sites.add(site, desk.now())
        work.sites.add_key(site.id, key_hash(new.api_key), desk.now())
        work.sites.add_secret(site.id, new.webhook_secret, desk.now())
    return new


def site_of_key(desk: Desk, api_key: str) -> Site | None:
    """The site that a presented API key belongs to; a change made elsewhere counts within 1 s."""
    hashed, now = key_hash(api_key), desk.now()
    site = desk.known_keys.get(hashed, now)
    if site:
        return site
    with desk.storage.read() as work:
        site = work.sites.by_key(hashed, now)
    if site:
        desk.known_keys.keep(hashed, site, now)
    return site


def list_sites(desk: Desk) -> list[Site]:
    """Every site, oldest first."""
    with desk.storage.read() as work:
        return work.sites.all()


def rotate_key(desk: Desk, site_id: UUID, keep_old_h: float) -> str:
    """A new API key; the old ones end after `keep_old_h` hours."""
    key = _new_key()
    ends = desk.now() + timedelta(hours=keep_old_h)

    def change(work: UnitOfWork, site: Site) -> None:
        work.sites.expire_keys(site.id, ends)
        work.sites.add_key(site.id, key_hash(key), desk.now())

    _change(desk, site_id, change)
    return key


def rotate_secret(desk: Desk, site_id: UUID, keep_old_h: float) -> str:
    """A new webhook secret; callbacks carry both signatures until the old one ends."""
    secret = _new_secret()
    ends = desk.now() + timedelta(hours=keep_old_h)

    def change(work: UnitOfWork, site: Site) -> None:
        work.sites.expire_secrets(site.id, ends)
        work.sites.add_secret(site.id, secret, desk.now())

    _change(desk, site_id, change)
    return secret


def set_webhook(desk: Desk, site_id: UUID, url: str | None, *, allow_private: bool) -> None:
    """Send callbacks to `url` from now on, and switch a gone endpoint on again; None: nowhere."""
    if url is not None:
        check_url(url, allow_private=allow_private)
    webhook = None if url is None else Webhook(url, allow_private)
    _change(desk, site_id, lambda work, site: work.sites.set_webhook(site.id, webhook))


def set_when_unscored(desk: Desk, site_id: UUID, outcome: Outcome) -> None:
    """What becomes of comments that cannot be scored in time: hold (the default) or approve."""
    if outcome is Outcome.REJECT:
        raise Invalid("Comments that could not be scored are held or approved, never rejected.")
    _change(desk, site_id, lambda work, site: work.sites.set_when_unscored(site.id, outcome))


def set_policy(desk: Desk, site_id: UUID, policy: Policy) -> Policy:
    """Put a new version of the policy in force; decisions name the version they were made by."""
    numbered: list[Policy] = []

    def change(work: UnitOfWork, site: Site) -> None:
        version = work.sites.latest_policy_version(site.id) + 1
        numbered.append(replace(policy, version=version))
        work.sites.set_policy(site.id, numbered[0], desk.now())

    _change(desk, site_id, change)
    return numbered[0]


def policy_of(desk: Desk, site_id: UUID) -> Policy:
    """The policy in force; raises NotFound."""
    with desk.storage.read() as work:
        return _existing(work, site_id).policy


def key_hash(api_key: str) -> str:
    """SHA-256 of a key: keys are long and random, so no slow hash is needed."""
    return hashlib.sha256(api_key.encode("utf-8", "replace")).hexdigest()


def _change(desk: Desk, site_id: UUID, change: Callable[[UnitOfWork, Site], None]) -> None:
    with desk.storage.write() as work:
        change(work, _existing(work, site_id))
    desk.known_keys.forget()


def _existing(work: UnitOfWork, site_id: UUID) -> Site:
    site = work.sites.get(site_id)
    if site is None:
        raise NotFound("There is no site with this id; `commentdesk site list` shows them.")
    return site


def _new_key() -> str:
    return KEY_PREFIX + secrets.token_hex(20)


def _new_secret() -> str:
    return "whsec_" + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()
