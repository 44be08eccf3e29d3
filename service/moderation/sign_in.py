"""Sign in: passwords with argon2, sessions in the database, their tokens known only to browsers."""

import hashlib
import secrets
import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from service.domain.errors import RateLimited, Unauthenticated
from service.domain.site import Moderator
from service.moderation.desk import Desk
from service.rate_limits import limiter

# Controls, surrogates, separators of lines and paragraphs; not the joiners of Persian or Hindi.
NOT_IN_LOGINS = ("Cc", "Cs", "Zl", "Zp")


@dataclass(frozen=True, slots=True)
class Session:
    """A signed-in moderator; the token belongs in a cookie and nowhere else."""

    token: str
    csrf_token: str
    moderator: Moderator
    expires_at: datetime


def sign_in(desk: Desk, login: str, password: str, address: str) -> Session:
    """A new session; raises Unauthenticated, or RateLimited after too many tries from `address`."""
    for name in (f"login from {address}", f"login of {login}"):
        usage = limiter(desk.settings.login_rate_limit).hit(name)
        if not usage.allowed:
            wait_s = usage.reset_s
            raise RateLimited(f"Too many tries; wait {wait_s} seconds.", retry_after_s=wait_s)
    moderator = _verified(desk, login, password)
    token, csrf_token = secrets.token_urlsafe(32), secrets.token_urlsafe(32)
    now = desk.now()
    expires_at = now + timedelta(hours=desk.settings.session_max_age_h)
    with desk.storage.write() as work:
        work.people.start_session(moderator.id, _digest(token), csrf_token, now, expires_at)
    return Session(token, csrf_token, moderator, expires_at)


def session_of(desk: Desk, token: str) -> Session | None:
    """The session that a cookie's token stands for; None when it has ended."""
    with desk.storage.read() as work:
        stored = work.people.session(_digest(token), desk.now())
    if stored is None:
        return None
    return Session(token, stored.csrf_token, stored.moderator, stored.expires_at)


def sign_out(desk: Desk, token: str) -> None:
    """End a session; again is no error."""
    with desk.storage.write() as work:
        work.people.end_session(_digest(token))


def hash_password(password: str) -> str:
    """An argon2id hash with its parameters and salt."""
    return _hasher().hash(password)


def is_login(text: str) -> bool:
    """Whether this may be a login: one line, none of it controls or lone surrogates."""
    return not any(unicodedata.category(one) in NOT_IN_LOGINS for one in text)


def _verified(desk: Desk, login: str, password: str) -> Moderator:
    with desk.storage.read() as work:
        account = work.people.by_login(login) if is_login(login) else None
    # An unknown login costs the same time as a wrong password.
    stored = account.password_hash if account else _nobodys_hash()
    try:
        _hasher().verify(stored, password)
    except (VerificationError, InvalidHashError):
        account = None
    if account is None or account.disabled_at:
        raise Unauthenticated("Login and password do not fit together.", code="bad_login")
    return account.moderator


@lru_cache
def _hasher() -> PasswordHasher:
    return PasswordHasher()


@lru_cache
def _nobodys_hash() -> str:
    return _hasher().hash(secrets.token_urlsafe(16))


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()
