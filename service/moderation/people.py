"""People: the accounts of those who review, managed by ops."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.exc import IntegrityError
from uuid_utils.compat import uuid7

from service.domain.errors import Conflict, Invalid, NotFound
from service.domain.site import Moderator
from service.moderation.desk import Desk
from service.moderation.sign_in import hash_password, is_login
from service.storage.people import Account
from service.storage.unit_of_work import UnitOfWork

PASSWORD_MIN_CHARS = 10
LOGIN_MAX_CHARS = 200


@dataclass(frozen=True, slots=True)
class NewAccount:
    """An account with the password that is shown this once."""

    moderator: Moderator
    password: str


def create_user(
    desk: Desk, login: str, password: str | None = None, site_ids: Sequence[UUID] = ()
) -> NewAccount:
    """Create a moderator of these sites (none named: of all); no password: one is made."""
    login = login.strip()
    if not login or len(login) > LOGIN_MAX_CHARS:
        raise Invalid(f"A login has 1 to {LOGIN_MAX_CHARS} characters.")
    if not is_login(login):
        raise Invalid("This is no login: it has control characters, or is not text in UTF-8.")
    password = _checked(password) if password is not None else new_password()
    moderator = Moderator(uuid7(), login, frozenset(site_ids) or None)
    try:
        with desk.storage.write() as work:
            missing = set(site_ids) - set(work.sites.with_ids(site_ids))
            if missing:
                raise NotFound(f"There is no site {min(missing)}; see `commentdesk site list`.")
            work.people.add(moderator, hash_password(password), desk.now())
    except IntegrityError as error:
        raise Conflict("This login is taken; choose another.", code="login_taken") from error
    return NewAccount(moderator, password)


def set_password(desk: Desk, login: str, password: str | None = None) -> str:
    """Change a password and end the account's sessions; no password: one is made and returned."""
    password = _checked(password) if password is not None else new_password()
    with desk.storage.write() as work:
        work.people.set_password(_account(work, login).moderator.id, hash_password(password))
    return password


def disable_user(desk: Desk, login: str) -> None:
    """Close an account and end its sessions; what it decided stays."""
    with desk.storage.write() as work:
        work.people.disable(_account(work, login).moderator.id, desk.now())


def list_users(desk: Desk) -> list[Account]:
    """Every account, by login."""
    with desk.storage.read() as work:
        return work.people.all()


def new_password() -> str:
    """A random password of about 95 bits."""
    return secrets.token_urlsafe(12)


def _checked(password: str) -> str:
    if len(password) < PASSWORD_MIN_CHARS:
        raise Invalid(f"A password has at least {PASSWORD_MIN_CHARS} characters.")
    return password


def _account(work: UnitOfWork, login: str) -> Account:
    account = work.people.by_login(login.strip())
    if account is None:
        raise NotFound("There is no user with this login; `commentdesk user list` shows them.")
    return account
