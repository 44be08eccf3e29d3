"""Who is signed in, by cookie, and whether a form is really one of ours."""

import hmac
import secrets
from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import current_app, redirect, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from service.domain.errors import Forbidden
from service.moderation.desk import Desk
from service.moderation.sign_in import Session, session_of
from service.strangers import let_in

SESSION_COOKIE = "commentdesk_session"
LOGIN_COOKIE = "commentdesk_login"
LOGIN_FORM_MAX_AGE_S = 3600


def desk() -> Desk:
    """The desk of this process."""
    found: Desk = current_app.extensions["commentdesk"]
    return found


def current_session() -> Session | None:
    """The session of this browser, while it lasts."""
    token = request.cookies.get(SESSION_COOKIE)
    return session_of(desk(), token) if token else None


def signed_in(view: Callable[..., ResponseReturnValue]) -> Callable[..., ResponseReturnValue]:
    """Give the view its session as first argument; whoever has none is sent to sign in."""

    @wraps(view)
    def guarded(**arguments: Any) -> ResponseReturnValue:
        session = current_session()
        if session is None:
            return redirect(url_for("review.login"), 303)
        let_in(request.environ)
        if request.method == "POST":
            _check_form(session.csrf_token)
        return view(session, **arguments)

    return guarded


def new_login_token() -> str:
    """What the login form and a cookie both carry, so that no other site can send it."""
    return request.cookies.get(LOGIN_COOKIE) or secrets.token_urlsafe(24)


def check_login_form() -> None:
    """Raise Forbidden unless the login form came from our own page."""
    _check_form(request.cookies.get(LOGIN_COOKIE, ""))


def _check_form(expected: str) -> None:
    given = request.form.get("csrf_token", "")
    if not expected or not hmac.compare_digest(given.encode(), expected.encode()):
        raise Forbidden(
            "This form is out of date and changed nothing. Load the page and try again."
        )


def set_cookie(response: Response, name: str, value: str, max_age_s: int) -> None:
    """Set a cookie that only these pages see and no script can read."""
    response.set_cookie(
        name,
        value,
        max_age=max_age_s,
        path=_path(),
        httponly=True,
        secure=desk().settings.resolved_public_url.startswith("https://"),
        samesite="Lax",
    )


def drop_cookie(response: Response, name: str) -> None:
    """Make the browser forget a cookie of ours."""
    response.delete_cookie(name, path=_path())


def _path() -> str:
    return f"{request.script_root}/review"
