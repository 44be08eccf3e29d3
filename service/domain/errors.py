"""The error tree of commentdesk, in one place.

CommentdeskError                 everything that is our answer to a wrong or impossible wish
├── SettingsError                a bad setting, folder or port; a command ends with exit code 2
├── Unavailable                  503: a part that is needed is away; try again later
├── Invalid                      422: the request was understood and is wrong; names fields
│   └── IdempotencyConflict      422: the same Idempotency-Key with another body
├── Malformed                    400: the request cannot be read at all
├── UnsupportedMediaType         415: a content type that this route does not take
├── TooLarge                     413: more bytes than a request may have
├── Unauthenticated              401: no key, or a wrong one
├── Forbidden                    403: known, but may not do this
├── NotFound                     404: there is no such thing, or it is another site's
├── Conflict                     409: the thing is in another state than the request assumes
└── RateLimited                  429: too many requests; says when to try again

`code` is stable and explained in error_codes.py. Messages never quote comment text, e-mail or
addresses.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FieldError:
    """One wrong field: a JSON pointer into the request and what is wrong with it."""

    pointer: str
    detail: str


class CommentdeskError(Exception):
    """Base of all errors that are answers, not bugs."""

    status = 500
    code = "internal_error"
    title = "Something went wrong here"

    def __init__(
        self,
        detail: str,
        *,
        code: str | None = None,
        fields: tuple[FieldError, ...] = (),
        retry_after_s: int | None = None,
    ) -> None:
        super().__init__(detail)
        self.detail = detail
        self.code = code or self.code
        self.fields = fields
        self.retry_after_s = retry_after_s


class SettingsError(CommentdeskError):
    """A setting, folder, port or file that a command cannot start with."""

    code = "bad_setting"


class Unavailable(CommentdeskError):
    """A part that this request needs is away."""

    status, code, title = 503, "unavailable", "Try again later"


class Invalid(CommentdeskError):
    """The request could be read, but some of it is wrong."""

    status, code, title = 422, "invalid_request", "The request has wrong fields"


class IdempotencyConflict(Invalid):
    """An Idempotency-Key that was used with another body."""

    code, title = "idempotency_key_reused", "This Idempotency-Key belongs to another request"


class Malformed(CommentdeskError):
    """The request cannot be read."""

    status, code, title = 400, "malformed_request", "The request cannot be read"


class UnsupportedMediaType(CommentdeskError):
    """A content type that this route does not take."""

    status, code, title = 415, "unsupported_media_type", "This content type is not taken here"


class TooLarge(CommentdeskError):
    """More bytes than a request may have."""

    status, code, title = 413, "request_too_large", "The request is too large"


class Unauthenticated(CommentdeskError):
    """No key or session, or a wrong one."""

    status, code, title = 401, "unauthenticated", "A valid API key is needed"


class Forbidden(CommentdeskError):
    """Known, but not allowed."""

    status, code, title = 403, "forbidden", "This is not allowed"


class NotFound(CommentdeskError):
    """No such thing for this caller."""

    status, code, title = 404, "not_found", "There is no such thing"


class Conflict(CommentdeskError):
    """The thing is in another state than the request assumes."""

    status, code, title = 409, "conflict", "The state has changed"


class RateLimited(CommentdeskError):
    """Too many requests."""

    status, code, title = 429, "rate_limited", "Too many requests"
