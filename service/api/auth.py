"""Who may call what: an API key for every route, unless it is listed here."""

from flask import Flask, Response, g, request

from service.api.context import Caller, desk
from service.api.shedding import read_to_end
from service.domain.errors import RateLimited, Unauthenticated
from service.moderation.sites import site_of_key
from service.rate_limits import Usage, limiter
from service.strangers import let_in

# Routes that need no API key. Those of the review pages have their own sign-in.
PUBLIC_ENDPOINTS = frozenset({"static", "health.healthz", "health.readyz", "openapi.openapi_json"})
PUBLIC_BLUEPRINTS = frozenset({"home", "docs", "errors"})
SESSION_BLUEPRINTS = frozenset({"review"})
API_PATH = "/v1/"
# The server says so that reading past a body's end does not wait for more.
ENDS = "wsgi.input_terminated"


# So many times the largest body that is taken is still read away, for an answer to be seen.
READ_AWAY_BODIES = 4


def protect(app: Flask) -> None:
    """Ask for a key before every view, and say after it how much of the limit is left."""
    app.before_request(_authenticate)
    app.after_request(_tell_limit)
    app.after_request(_hear_out)


def needs_key(endpoint: str | None, blueprint: str | None) -> bool:
    """Whether this route is for sites with a key."""
    if endpoint is None or endpoint in PUBLIC_ENDPOINTS:
        return False
    return blueprint not in PUBLIC_BLUEPRINTS | SESSION_BLUEPRINTS


def _authenticate() -> None:
    nowhere = request.endpoint is None and request.path.startswith(API_PATH)
    if not nowhere and not needs_key(request.endpoint, request.blueprint):
        return
    site = site_of_key(desk(), _presented_key())
    if site is None:
        raise Unauthenticated(
            "This API key is not known, or it has ended; `commentdesk site rotate-key` makes one."
        )
    let_in(request.environ)
    g.caller = Caller(site)
    usage = limiter(desk().settings.rate_limit_per_key).hit(site.id.hex)
    g.usage = usage
    if not usage.allowed:
        raise RateLimited(
            f"This key may make {usage.limit} requests in {usage.window_s} s; "
            f"try again in {usage.reset_s} s.",
            retry_after_s=usage.reset_s,
        )


def _presented_key() -> str:
    scheme, _, key = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not key.strip():
        raise Unauthenticated("Send the header `Authorization: Bearer <API key>`.")
    return key.strip()


def _hear_out(response: Response) -> Response:
    # Not for strangers: whoever has no key cannot hold a thread with what nobody wants to know.
    if response.status_code >= 400 and "caller" in g and request.environ.get(ENDS):
        read_to_end(request.environ, READ_AWAY_BODIES * desk().settings.request_max_bytes)
    return response


def _tell_limit(response: Response) -> Response:
    usage: Usage | None = g.get("usage")
    if usage and usage.limit:
        response.headers["RateLimit-Policy"] = f'"key";q={usage.limit};w={usage.window_s}'
        response.headers["RateLimit"] = f'"key";r={usage.remaining};t={usage.reset_s}'
    return response
