"""In front of Flask: past capacity a submission is refused for a tenth of what storing it costs.

A refusal that goes through routing, authentication and error pages costs so much of the
interpreter that, at twice the capacity, nothing is left for the submissions that were taken.
"""

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import Flask

from service.api.problems import problem
from service.domain.errors import Unavailable
from service.moderation.admission import refusal
from service.moderation.desk import Desk

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

SUBMITTING = ("/v1/comments", "/v1/comments/batch")
EDITING = "/v1/comments/"
PIECE_BYTES = 65_536


@dataclass(frozen=True, slots=True)
class _Rendered:
    status: str
    headers: list[tuple[str, str]]
    body: bytes


class Shedder:
    """A WSGI application that refuses submissions past capacity and hands on all else."""

    def __init__(self, app: Flask, desk: Desk) -> None:
        self._app = app
        self._desk = desk
        self._next: WSGIApplication = app.wsgi_app
        self._rendered: dict[str, _Rendered] = {}

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        if stores(environ) and (error := refusal(self._desk)):
            with suppress(Unavailable):  # too many are read away at this moment
                read_to_end(environ, self._desk.settings.request_max_bytes)
            return self._refuse(error, start_response)
        return self._next(environ, start_response)

    def _refuse(self, error: Unavailable, start_response: "StartResponse") -> list[bytes]:
        answer = self._rendered.get(error.detail)
        if answer is None:
            answer = self._rendered[error.detail] = self._render(error)
        start_response(answer.status, answer.headers)
        return [answer.body]

    def _render(self, error: Unavailable) -> _Rendered:
        with self._app.test_request_context():
            response = self._app.process_response(problem(error))
        return _Rendered(response.status, list(response.headers), response.get_data())


def stores(environ: "WSGIEnvironment") -> bool:
    """Tell whether a request submits or edits comments."""
    method, path = environ["REQUEST_METHOD"], environ.get("PATH_INFO", "")
    if method == "POST":
        return path in SUBMITTING
    return bool(method == "PUT" and path.startswith(EDITING))


def read_to_end(environ: "WSGIEnvironment", most: int) -> None:
    """Read a request's body away, if it has at most `most` bytes.

    A server that is answered before it has read a request ends the connection, and what its
    client sends next on it is lost.
    """
    length = environ.get("CONTENT_LENGTH")
    if not length or (length.isdigit() and int(length) <= most):
        left, body = int(length or most), environ["wsgi.input"]
        while left > 0 and (piece := body.read(min(left, PIECE_BYTES))):
            left -= len(piece)
