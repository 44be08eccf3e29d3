"""The API's description, OpenAPI 3.1, made from the schemas that the API itself uses."""

from collections.abc import Sequence
from functools import lru_cache
from importlib.metadata import version
from typing import Any

from apispec import APISpec
from apispec.ext.marshmallow import MarshmallowPlugin
from flask import Blueprint, jsonify
from flask.typing import ResponseReturnValue
from marshmallow import Schema

from service.api import answers, schemas
from service.api.reading import FORM_TYPE, JSON_TYPE

blueprint = Blueprint("openapi", __name__)

HEALTH_PATHS = ("/healthz", "/readyz")
PROBLEM_TYPE = "application/problem+json"
STATUS_WORDS = {
    400: "The request cannot be read.",
    401: "No API key, or one that is not known.",
    404: "This site has no such comment.",
    409: "The comment is in another state.",
    413: "The request is too large.",
    415: "A content type that is not taken here.",
    422: "Some fields are wrong; `errors` names them.",
    429: "Too many requests; `Retry-After` says when to try again.",
    503: "Too much comes at once, or a part that is needed is away; try again later.",
}
ERRORS = (400, 401, 404, 405, 413, 415, 422, 429, 503)

COMMENT_ID = {
    "name": "comment_id", "in": "path", "required": True,
    "schema": {"type": "string", "format": "uuid"},
}  # fmt: skip
PREFER = {
    "name": "Prefer", "in": "header", "schema": {"type": "string"},
    "description": "`wait=0.8`: answer with the decision if it is there within 0.8 seconds.",
}  # fmt: skip
IDEMPOTENCY_KEY = {
    "name": "Idempotency-Key", "in": "header",
    "schema": {"type": "string", "minLength": 1, "maxLength": 255},
    "description": "The same key and body stand for the same comment for 24 hours.",
}  # fmt: skip

INTRODUCTION = """\
Hand every comment to `POST /v1/comments`; the answer is approve, hold or reject, with reasons. What
is not decided in time comes by signed callback (Standard Webhooks), and can be asked for always.
"""


@blueprint.get("/openapi.json")
def openapi_json() -> ResponseReturnValue:
    """The description of this API."""
    return jsonify(describe())


@lru_cache
def describe() -> dict[str, Any]:
    """The OpenAPI 3.1 document."""
    spec = APISpec(
        title="commentdesk",
        version=version("commentdesk"),
        openapi_version="3.1.0",
        plugins=[MarshmallowPlugin(schema_name_resolver=_schema_name)],
        info={"description": INTRODUCTION},
        security=[{"key": []}],
    )
    spec.components.security_scheme("key", {"type": "http", "scheme": "bearer"})
    for path, operations in _paths().items():
        tag = "Health" if path in HEALTH_PATHS else "Comments"
        for operation in operations.values():
            operation["tags"] = [tag]
        spec.path(path=path, operations=operations)
    return spec.to_dict()


def _paths() -> dict[str, dict[str, Any]]:
    one = "/v1/comments/{comment_id}"
    return {
        "/v1/comments": {"post": _submit(), "get": _list()},
        "/v1/comments/batch": {
            "post": _operation(
                "Submit up to 1,000 comments; each has its own result.",
                {200: answers.BatchOut}, schemas.BatchIn, [IDEMPOTENCY_KEY],
            )
        },
        one: {
            "get": _operation("Get a comment.", {200: answers.CommentOut}, None, [COMMENT_ID]),
            "put": _operation(
                "Edit: a new revision of the text, decided anew.",
                {200: answers.CommentOut, 202: answers.CommentOut},
                schemas.EditIn, [COMMENT_ID, PREFER], (409,),
            ),
            "delete": _operation(
                "Erase the text and its author's data; outcomes and scores stay.",
                {204: None}, None, [COMMENT_ID],
            ),
        },
        f"{one}/decisions": {
            "get": _operation(
                "All decisions on a comment.", {200: answers.HistoryOut}, None, [COMMENT_ID]
            )
        },
        f"{one}/feedback": {
            "post": _operation(
                "Tell what the site or its readers did.",
                {201: answers.FeedbackOut}, schemas.FeedbackIn, [COMMENT_ID], (409,),
            )
        },
        "/v1/check": {
            "post": _operation(
                "What would be decided on a draft; nothing is stored.",
                {200: answers.CheckOut}, schemas.DraftIn,
            )
        },
        "/healthz": {"get": _public("This process lives.", {200: answers.HealthOut})},
        "/readyz": {
            "get": _public(
                "Comments are accepted and scored.",
                {200: answers.ReadyOut, 503: answers.ReadyOut},
            )
        },
    }  # fmt: skip


def _submit() -> dict[str, Any]:
    operation = _operation(
        "Submit a comment.",
        {200: answers.CommentOut, 202: answers.CommentOut},
        schemas.CommentIn,
        [PREFER, IDEMPOTENCY_KEY],
    )
    operation["requestBody"]["content"][FORM_TYPE] = {"schema": schemas.WordPressFormIn}
    return operation


def _list() -> dict[str, Any]:
    query = [{"in": "query", "schema": schemas.ListQuery}]
    return _operation("List comments, newest first.", {200: answers.CommentPageOut}, None, query)


def _operation(
    summary: str,
    results: dict[int, type[Schema] | None],
    body: type[Schema] | None = None,
    parameters: Sequence[dict[str, Any]] = (),
    errors: Sequence[int] = (),
) -> dict[str, Any]:
    operation = _public(summary, results)
    del operation["security"]
    operation["parameters"] = list(parameters)
    for status in (*ERRORS, *errors):
        operation["responses"][str(status)] = _problem(status)
    if body:
        content = {JSON_TYPE: {"schema": body}}
        operation["requestBody"] = {"required": True, "content": content}
    return operation


def _public(summary: str, results: dict[int, type[Schema] | None]) -> dict[str, Any]:
    return {
        "summary": summary,
        "security": [],
        "responses": {str(status): _result(schema) for status, schema in results.items()},
    }


def _result(schema: type[Schema] | None) -> dict[str, Any]:
    if schema is None:
        return {"description": "Done."}
    words = (schema.__doc__ or "").strip()
    return {"description": words, "content": {JSON_TYPE: {"schema": schema}}}


def _problem(status: int) -> dict[str, Any]:
    return {
        "description": STATUS_WORDS.get(status, "An error."),
        "content": {PROBLEM_TYPE: {"schema": answers.ProblemOut}},
    }


def _schema_name(schema: Any) -> str:
    found = schema if isinstance(schema, type) else type(schema)
    return found.__name__
