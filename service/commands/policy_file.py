"""A policy as ops write it: JSON, checked before it is put in force."""

import json
from typing import Any, TextIO

from marshmallow import Schema, ValidationError, fields, post_load, validate, validates_schema

from service.api.loading import load
from service.domain.decision import Outcome
from service.domain.errors import Invalid
from service.domain.policy import SCORE_TEXTS, Policy, Threshold

LINKS_MAX = 1000


class ThresholdIn(Schema):
    """From which score a comment is held, and from which it is rejected (null: never)."""

    hold = fields.Float(required=True, validate=validate.Range(0, 1))
    reject = fields.Float(load_default=None, allow_none=True, validate=validate.Range(0, 1))

    @validates_schema
    def _in_order(self, values: dict[str, Any], **_: Any) -> None:
        if values.get("reject") is not None and values["reject"] < values["hold"]:
            raise ValidationError("`reject` must not be below `hold`.")

    @post_load
    def _make(self, values: dict[str, Any], **_: Any) -> Threshold:
        return Threshold(**values)


def _links() -> fields.Integer:
    return fields.Integer(
        strict=True, load_default=None, allow_none=True, validate=validate.Range(1, LINKS_MAX)
    )


def _outcome(default: Outcome) -> "fields.Enum[Outcome]":
    return fields.Enum(Outcome, by_value=True, load_default=default)


class PolicyIn(Schema):
    """What `site policy` prints, changed; its `version` is passed over."""

    version = fields.Raw(load_default=None)
    thresholds = fields.Dict(
        keys=fields.String(validate=validate.OneOf(list(SCORE_TEXTS))),
        values=fields.Nested(ThresholdIn),
        required=True,
    )
    links_hold = _links()
    links_reject = _links()
    honeypot = _outcome(Outcome.REJECT)
    banned_author = _outcome(Outcome.REJECT)
    unfamiliar = _outcome(Outcome.HOLD)
    abusive_name = _outcome(Outcome.HOLD)

    @post_load
    def _make(self, values: dict[str, Any], **_: Any) -> Policy:
        del values["version"]
        return Policy(**values)


def read_policy(file: TextIO) -> Policy:
    """The policy in a JSON file; raises Invalid with what is wrong."""
    try:
        body = json.load(file)
    except ValueError as error:
        raise Invalid("This is no policy: the file is not valid JSON.") from error
    policy: Policy = load(PolicyIn(), body)
    return policy
