"""A policy as ops write it: JSON that changes the one in force, checked before it does."""

import json
from collections.abc import Mapping
from dataclasses import asdict, replace
from typing import Any, BinaryIO

from marshmallow import Schema, fields, validate

from service.api.loading import load
from service.domain.decision import Outcome
from service.domain.errors import Invalid
from service.domain.policy import SCORE_TEXTS, Policy, Threshold

LINKS_MAX = 1000


class ThresholdIn(Schema):
    """From which score a comment is held, and from which it is rejected (null: never)."""

    hold = fields.Float(validate=validate.Range(0, 1))
    reject = fields.Float(allow_none=True, validate=validate.Range(0, 1))


def _links() -> fields.Integer:
    return fields.Integer(strict=True, allow_none=True, validate=validate.Range(1, LINKS_MAX))


def _outcome() -> "fields.Enum[Outcome]":
    return fields.Enum(Outcome, by_value=True)


class PolicyIn(Schema):
    """What `site policy` prints, or the part of it that changes; its `version` is passed over."""

    version = fields.Raw()
    thresholds = fields.Dict(
        keys=fields.String(validate=validate.OneOf(list(SCORE_TEXTS))),
        values=fields.Nested(ThresholdIn, allow_none=True),
    )
    links_hold = _links()
    links_reject = _links()
    honeypot = _outcome()
    banned_author = _outcome()
    unfamiliar = _outcome()
    abusive_name = _outcome()


def read_policy(file: BinaryIO, in_force: Policy) -> Policy:
    """The policy in force with what a JSON file changes; raises Invalid with what is wrong."""
    try:
        body = json.load(file)
    except (ValueError, RecursionError) as error:
        raise Invalid("This is no policy: the file is not valid JSON.") from error
    if not isinstance(body, dict):
        raise Invalid("This is no policy: the file holds no JSON object.")
    changes = load(PolicyIn(), body)
    changes.pop("version", None)
    changed = changes.pop("thresholds", {})
    thresholds = dict(in_force.thresholds)
    for name, change in changed.items():
        before = thresholds.pop(name, None)
        if change is not None:
            thresholds[name] = _threshold(name, before, change)
    return replace(in_force, thresholds=thresholds, **changes)


def _threshold(name: str, before: Threshold | None, change: Mapping[str, Any]) -> Threshold:
    values = {**(asdict(before) if before else {}), **change}
    if "hold" not in values:
        raise Invalid(f"/thresholds/{name}: `hold` is missing.")
    threshold = Threshold(**values)
    if threshold.reject is not None and threshold.reject < threshold.hold:
        raise Invalid(f"/thresholds/{name}: `reject` must not be below `hold`.")
    return threshold
