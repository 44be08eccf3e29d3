"""Every error as an RFC 9457 problem document, in one place."""

import structlog
from flask import Flask, Response, jsonify, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge

from service.api.context import desk
from service.domain import errors
from service.domain.errors import CommentdeskError
from service.unreachable import UNREACHABLE, unavailable

log = structlog.get_logger()


def install(app: Flask) -> None:
    """Answer all errors of this app with problem documents."""
    app.register_error_handler(CommentdeskError, problem)
    app.register_error_handler(HTTPException, _http_problem)
    for kind in UNREACHABLE:
        app.register_error_handler(kind, lambda error: problem(unavailable(error)))
    app.register_error_handler(Exception, _bug)


def problem(error: CommentdeskError) -> Response:
    """An error of ours as a response."""
    response = jsonify(problem_json(error))
    response.status_code = error.status
    response.content_type = "application/problem+json"
    if error.retry_after_s is not None:
        response.headers["Retry-After"] = str(error.retry_after_s)
    if error.status == 401:
        response.headers["WWW-Authenticate"] = 'Bearer realm="commentdesk"'
    return response


def problem_json(error: CommentdeskError) -> dict[str, object]:
    """The document itself; `errors` is there when fields are to blame."""
    body: dict[str, object] = {
        "type": f"{desk().settings.resolved_public_url}/errors#{error.code}",
        "title": error.title,
        "status": error.status,
        "detail": error.detail,
        "code": error.code,
    }
    if error.fields:
        body["errors"] = [
            {"pointer": field.pointer, "detail": field.detail} for field in error.fields
        ]
    return body


def _http_problem(error: HTTPException) -> ResponseReturnValue:
    if isinstance(error, RequestEntityTooLarge):
        most = desk().settings.request_max_bytes
        return problem(errors.TooLarge(f"A request may have {most} bytes at the most."))
    if error.code is None or error.code < 400:
        return error
    ours = CommentdeskError(error.description or error.name, code=_code_of(error))
    ours.status, ours.title = error.code, error.name
    response = problem(ours)
    for name, value in error.get_headers():
        if name.lower() in ("allow", "retry-after"):
            response.headers[name] = value
    return response


def _code_of(error: HTTPException) -> str:
    known = {404: "not_found", 405: "method_not_allowed", 400: "malformed_request"}
    return known.get(error.code or 0, "http_error")


def _bug(error: Exception) -> Response:
    # The type and the route alone: a message may quote what was sent.
    log.error("request.failed", error=type(error).__name__, endpoint=request.endpoint,
              where=_where(error))  # fmt: skip
    return problem(CommentdeskError("An unexpected error; the log of the web process has it."))


def _where(error: Exception) -> list[str]:
    frames, trace = [], error.__traceback__
    while trace:
        code = trace.tb_frame.f_code
        frames.append(f"{code.co_filename.rsplit('/', 1)[-1]}:{trace.tb_lineno}")
        trace = trace.tb_next
    return frames[-4:]
