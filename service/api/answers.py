"""The shapes of answers, for the API's documentation; the code that writes them is rendering.py."""

from marshmallow import Schema, fields, validate

from service.domain.comment import Status
from service.domain.decision import Outcome

OUTCOMES = [outcome.value for outcome in Outcome]


class SpanOut(Schema):
    """A passage: body[start:end] in Unicode code points of the body as it was sent."""

    start = fields.Integer(required=True)
    end = fields.Integer(required=True)


class ReasonOut(Schema):
    """Why: a stable code, words for a person, and the passages it is about."""

    code = fields.String(required=True)
    text = fields.String(required=True)
    spans = fields.List(fields.Nested(SpanOut), required=True)


class VerdictOut(Schema):
    """An outcome with its scores (probabilities from 0 to 1) and reasons."""

    outcome = fields.String(required=True, validate=validate.OneOf(OUTCOMES))
    scores = fields.Dict(
        keys=fields.String(), values=fields.Float(validate=validate.Range(0, 1)), required=True
    )
    reasons = fields.List(fields.Nested(ReasonOut), required=True)
    model_version = fields.String(required=True, allow_none=True)
    policy_version = fields.Integer(required=True)


class DecisionOut(VerdictOut):
    """A decision: the one with the highest `sequence` is in force. Only its reasons ever change."""

    revision = fields.Integer(required=True)
    sequence = fields.Integer(required=True)
    decided_by = fields.String(
        required=True,
        metadata={"description": "policy, fallback, erasure, or moderator:<id>."},
    )
    decided_at = fields.String(required=True, metadata={"format": "date-time"})


class CommentOut(Schema):
    """A comment with the decision in force on its newest revision."""

    id = fields.UUID(required=True)
    external_id = fields.String(required=True, allow_none=True)
    article_id = fields.String(required=True)
    status = fields.String(
        required=True, validate=validate.OneOf([status.value for status in Status])
    )
    revision = fields.Integer(required=True)
    received_at = fields.String(required=True, metadata={"format": "date-time"})
    erased_at = fields.String(required=True, allow_none=True, metadata={"format": "date-time"})
    decision = fields.Nested(DecisionOut, required=True, allow_none=True)


class CommentPageOut(Schema):
    """Comments, newest first; pass `next_cursor` as `cursor` for the next page."""

    comments = fields.List(fields.Nested(CommentOut), required=True)
    next_cursor = fields.UUID(required=True, allow_none=True)


class HistoryOut(Schema):
    """All decisions on a comment, oldest first."""

    decisions = fields.List(fields.Nested(DecisionOut), required=True)


class FieldErrorOut(Schema):
    """One wrong field, by JSON pointer."""

    pointer = fields.String(required=True)
    detail = fields.String(required=True)


class ProblemOut(Schema):
    """An error, by RFC 9457; `code` is stable."""

    type = fields.String(required=True)
    title = fields.String(required=True)
    status = fields.Integer(required=True)
    detail = fields.String(required=True)
    code = fields.String(required=True)
    errors = fields.List(fields.Nested(FieldErrorOut))


class BatchResultOut(Schema):
    """What became of one comment of a batch: 202 with the comment, or another with the error."""

    status = fields.Integer(required=True)
    comment = fields.Nested(CommentOut)
    error = fields.Nested(ProblemOut)


class BatchOut(Schema):
    """One result a comment, in the order they were sent."""

    results = fields.List(fields.Nested(BatchResultOut), required=True)


class CheckOut(Schema):
    """What would be decided."""

    decision = fields.Nested(VerdictOut, required=True)


class FeedbackOut(Schema):
    """The feedback as kept."""

    id = fields.UUID(required=True)


class HealthOut(Schema):
    """This process answers."""

    status = fields.String(required=True)


class CheckResultOut(Schema):
    """One thing that must be there."""

    name = fields.String(required=True)
    ok = fields.Boolean(required=True)
    detail = fields.String(required=True)


class ReadyOut(Schema):
    """What is there and what is missing."""

    ready = fields.Boolean(required=True)
    checks = fields.Dict(keys=fields.String(), values=fields.Nested(CheckResultOut), required=True)
