"""Author bans: kept as keyed hashes, so that a ban list is no list of e-mail addresses."""

import hashlib
import hmac
from uuid import UUID

from service.domain.comment import UNSTORABLE, Author
from service.domain.errors import Invalid, NotFound
from service.moderation.desk import Desk

KINDS = ("id", "email", "ip")


def mark(secret_key: str, kind: str, value: str) -> str:
    """The keyed hash under which one id, e-mail or address of an author is banned."""
    text = f"ban:{kind}:{value.strip().casefold()}"
    return hmac.new(
        secret_key.encode(), text.encode("utf-8", "replace"), hashlib.sha256
    ).hexdigest()


def marks_of(secret_key: str, author: Author) -> list[str]:
    """All marks that could ban this author."""
    values = {kind: getattr(author, kind) for kind in KINDS}
    return [mark(secret_key, kind, value) for kind, value in values.items() if value]


def ban(desk: Desk, site_id: UUID, kind: str, value: str) -> None:
    """Judge this author's comments by the policy's `banned_author` from now on."""
    _check(kind, value)
    with desk.storage.write() as work:
        if work.sites.get(site_id) is None:
            raise NotFound("There is no site with this id; `commentdesk site list` shows them.")
        work.sites.ban(site_id, kind, mark(desk.secret_key, kind, value), desk.now())


def unban(desk: Desk, site_id: UUID, kind: str, value: str) -> None:
    """Lift a ban."""
    _check(kind, value)
    with desk.storage.write() as work:
        if not work.sites.unban(site_id, mark(desk.secret_key, kind, value)):
            raise NotFound(f"No author is banned on this site by this {kind}.")


def _check(kind: str, value: str) -> None:
    if kind not in KINDS:
        raise Invalid(f"A ban names an author by one of {', '.join(KINDS)}.")
    if not value.strip():
        raise Invalid(f"Say which {kind} to ban.")
    if UNSTORABLE.search(value):  # bytes of a command line that are no text become such
        raise Invalid(f"No author has this {kind}: it is not text in UTF-8.")
