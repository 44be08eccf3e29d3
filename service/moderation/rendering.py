"""Comments and decisions as the JSON that the API and the callbacks send."""

from datetime import datetime
from typing import Any

from service.domain.comment import Comment
from service.domain.decision import Decision, Reason, Verdict
from service.moderation.intake import Standing


def when(moment: datetime) -> str:
    """RFC 3339 in UTC, to the millisecond: 2026-11-24T22:50:00.123Z."""
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def standing_json(standing: Standing) -> dict[str, Any]:
    """A comment with the decision in force on its newest revision, or null."""
    comment = standing.comment
    return {
        "id": str(comment.id),
        "external_id": comment.submission.external_id,
        "article_id": comment.submission.article.id,
        "status": comment.status.value,
        "revision": comment.revision,
        "received_at": when(comment.received_at),
        "erased_at": when(comment.erased_at) if comment.erased_at else None,
        "decision": decision_json(standing.decision) if standing.decision else None,
    }


def decision_json(decision: Decision) -> dict[str, Any]:
    """One decision, with the verdict it is made of."""
    return {
        **verdict_json(decision.verdict),
        "revision": decision.revision,
        "sequence": decision.sequence,
        "decided_by": decision.verdict.decided_by,
        "decided_at": when(decision.decided_at),
    }


def verdict_json(verdict: Verdict) -> dict[str, Any]:
    """What was found, of a comment or of a draft; scores are finite numbers from 0 to 1."""
    return {
        "outcome": verdict.outcome.value,
        "scores": dict(verdict.scores),
        "reasons": reasons_json(verdict.reasons),
        "model_version": verdict.model_version,
        "policy_version": verdict.policy_version,
    }


def reasons_json(reasons: tuple[Reason, ...]) -> list[dict[str, Any]]:
    """Reasons with their passages as code-point offsets."""
    return [
        {
            "code": reason.code,
            "text": reason.text,
            "spans": [{"start": span.start, "end": span.end} for span in reason.spans],
        }
        for reason in reasons
    ]


def event_json(comment: Comment, decision: Decision) -> dict[str, Any]:
    """The body of a `comment.decided` callback.

    `status` and `revision` are the comment's own, now: a late callback about an older text says so.
    """
    return {
        "type": "comment.decided",
        "timestamp": when(decision.decided_at),
        "data": {
            "comment_id": str(comment.id),
            "external_id": comment.submission.external_id,
            "article_id": comment.submission.article.id,
            "status": comment.status.value,
            "revision": comment.revision,
            "decision": decision_json(decision),
        },
    }
