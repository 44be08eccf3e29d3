"""Reading requests: bytes to JSON to checked objects, with an error that says what to do."""

import hashlib
import json
import re
from typing import Any, NoReturn, TypeVar

from flask import g, request
from marshmallow import Schema
from werkzeug.exceptions import RequestEntityTooLarge

from service.api.context import desk, waiters
from service.api.loading import load
from service.api.quick import quick
from service.api.schemas import CommentIn, WordPressFormIn
from service.domain.comment import Submission
from service.domain.errors import (
    FieldError,
    Invalid,
    Malformed,
    UnsupportedMediaType,
)
from service.moderation.intake import RequestKey
from service.moderation.submit import NewText, Patience

_Text = TypeVar("_Text", Submission, NewText)

JSON_TYPE = "application/json"
FORM_TYPE = "application/x-www-form-urlencoded"
KEY_MAX_CHARS = 255
_WAIT = re.compile(r'(?:^|[,;\s])wait\s*=\s*"?(\d+(?:\.\d+)?)"?\s*(?:$|[,;])', re.IGNORECASE)


def read_json(schema: Schema) -> Any:
    """The request's JSON body, loaded by `schema`."""
    if request.mimetype != JSON_TYPE:
        raise UnsupportedMediaType(f"Send this request as {JSON_TYPE}.")
    return load(schema, _json_body())


def read_submission() -> Submission:
    """A comment, sent as JSON or as a WordPress comment form."""
    whole_body()  # kept for the Idempotency-Key: reading a form would use it up
    if request.mimetype == JSON_TYPE:
        return read_comment(_json_body())
    if request.mimetype == FORM_TYPE:
        if whole_body().lstrip().startswith(b"{"):
            raise UnsupportedMediaType(f"This is JSON; send it with Content-Type: {JSON_TYPE}.")
        form: Submission = load(_FORM, request.form.to_dict())
        return checked(form, "/comment")
    raise UnsupportedMediaType(f"Send a comment as {JSON_TYPE} or as {FORM_TYPE}.")


def read_comment(data: Any) -> Submission:
    """A comment from the JSON of a request, or of one item of a batch."""
    comment: Submission = _COMMENT(data)
    return checked(comment)


def whole_body() -> bytes:
    """The body as it was sent, once read kept.

    Raises TooLarge or Malformed where there is more than may be read, or less than was announced:
    werkzeug hands out what it has read, and says nothing.
    """
    body = request.get_data()
    announced = request.content_length
    if announced is None and request.max_content_length == len(body):
        if request.environ["wsgi.input"].read(1):
            raise RequestEntityTooLarge
    elif announced and len(body) < announced:
        raise Malformed("The connection ended before the whole body had come; send it again.")
    return body


def read_query(schema: Schema) -> Any:
    """The query string, loaded by `schema`; a parameter without a value counts as absent."""
    return load(schema, {name: value for name, value in request.args.items() if value})


def checked(text: _Text, pointer: str = "/body") -> _Text:
    """The same, if the text is not too long."""
    most = desk().settings.comment_max_chars
    if len(text.body) > most:
        detail = f"Has {len(text.body)} characters; {most} are the most."
        field = FieldError(pointer, detail)
        raise Invalid(f"{pointer}: {detail}", code="comment_too_long", fields=(field,))
    return text


def patience() -> Patience | None:
    """How long this caller wants to wait, by `Prefer: wait=<s>`; what cannot be read is ignored."""
    match = _WAIT.search(request.headers.get("Prefer", ""))
    seconds = min(float(match.group(1)), desk().settings.wait_max_s) if match else 0.0
    return Patience(waiters(), seconds) if seconds > 0 else None


def request_key(part: str = "") -> RequestKey | None:
    """The Idempotency-Key with the hash of this request; `part` names one comment of a batch."""
    sent = request.headers.get("Idempotency-Key")
    if sent is None:
        return None
    key = sent.strip().strip('"')
    if not key or len(key) > KEY_MAX_CHARS or not (key.isascii() and key.isprintable()):
        raise Malformed(
            f"An Idempotency-Key has 1 to {KEY_MAX_CHARS} printable characters of ASCII.",
            code="bad_idempotency_key",
        )
    if part:
        key = hashlib.sha256(f"{key}{part}".encode()).hexdigest()
    return RequestKey(key, _request_hash())


def _request_hash() -> str:
    if "request_hash" not in g:
        head = f"{request.method} {request.path} {request.mimetype}\n".encode()
        g.request_hash = hashlib.sha256(head + whole_body()).hexdigest()
    found: str = g.request_hash
    return found


def _json_body() -> Any:
    raw = whole_body()
    if not raw.strip():
        raise Malformed("The request has no body; send a JSON object.")
    try:
        return json.loads(raw.decode("utf-8-sig"), parse_constant=_no_constant)
    except UnicodeDecodeError as error:
        raise Malformed("The body is not valid UTF-8.") from error
    except (ValueError, RecursionError) as error:
        raise Malformed("The body is not valid JSON, or nested too deeply.") from error


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


_COMMENT = quick(CommentIn())
_FORM = WordPressFormIn()
