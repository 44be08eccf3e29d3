"""The codes of problem documents, each with its status and what to do; `/errors` shows them.

A code that is given anywhere stands here; docs/reference/errors.md is written from it.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ErrorCode:
    """A stable code; what to type stands in backticks."""

    code: str
    status: str
    meaning: str


ERROR_CODES = (
    ErrorCode(
        "malformed_request",
        "400",
        "The body is absent, not UTF-8, not JSON, holds NaN, or is nested too deeply. Send a "
        "JSON object.",
    ),
    ErrorCode(
        "bad_idempotency_key",
        "400",
        "An Idempotency-Key has 1 to 255 printable characters of ASCII.",
    ),
    ErrorCode(
        "unauthenticated",
        "401",
        "No API key, or one that is unknown or has ended. Send `Authorization: Bearer KEY`.",
    ),
    ErrorCode("bad_login", "401", "A moderator's login and password do not fit together."),
    ErrorCode("forbidden", "403", "Known, but not allowed."),
    ErrorCode("not_found", "404", "There is no such address, or this site has no such comment."),
    ErrorCode(
        "method_not_allowed",
        "405",
        "The address is right and the method is not; `Allow` lists those it has.",
    ),
    ErrorCode(
        "conflict",
        "409",
        "The thing is in another state than the request assumes; look again.",
    ),
    ErrorCode("erased", "409", "The comment was erased and cannot be edited; submit a new one."),
    ErrorCode(
        "edited",
        "409",
        "The author has edited the comment meanwhile; read the new text before deciding.",
    ),
    ErrorCode("already_decided", "409", "A colleague was faster; the detail says who and what."),
    ErrorCode("login_taken", "409", "Another account has this login."),
    ErrorCode("request_too_large", "413", "More bytes than `COMMENTDESK_REQUEST_MAX_BYTES`."),
    ErrorCode(
        "unsupported_media_type",
        "415",
        "Send JSON, or a comment as `application/x-www-form-urlencoded`.",
    ),
    ErrorCode("invalid_request", "422", "Some fields are wrong; `errors` names them."),
    ErrorCode("comment_too_long", "422", "More characters than `COMMENTDESK_COMMENT_MAX_CHARS`."),
    ErrorCode("batch_too_large", "422", "More comments than `COMMENTDESK_BATCH_MAX_COMMENTS`."),
    ErrorCode(
        "idempotency_key_reused",
        "422",
        "The Idempotency-Key was used with another body; use a new key for a new comment.",
    ),
    ErrorCode(
        "rate_limited",
        "429",
        "More requests than the key may make; wait `Retry-After` seconds.",
    ),
    ErrorCode(
        "internal_error",
        "500",
        "A bug. The web process's log has its type and place; try again, and report it.",
    ),
    ErrorCode("unavailable", "503", "A part that is needed is away; wait `Retry-After` seconds."),
    ErrorCode(
        "overloaded",
        "503",
        "More comments come than can be stored, or scored in time; or too many requests "
        "without a key are being read. Send the same again after `Retry-After` seconds.",
    ),
    ErrorCode(
        "scoring_unavailable",
        "503",
        "`/v1/check` could not score the draft in time. Submit it as it is.",
    ),
    ErrorCode("http_error", "any", "Another error of HTTP; the status says which."),
    ErrorCode(
        "bad_setting",
        "–",
        "Commands only: a setting, folder, port or file that it cannot start with; exit code 2.",
    ),
)
