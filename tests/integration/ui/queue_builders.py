"""Builders for the review queue: comments that a verdict of the test's choice has held."""

from collections.abc import Mapping
from uuid import UUID

from service.domain.comment import Submission
from service.domain.decision import Outcome, Reason, Span, Verdict
from service.domain.site import Site
from service.moderation.decide import Ruling, issue
from service.moderation.desk import Desk
from service.moderation.submit import submit

DOUBTFUL = {"spam": 0.02, "toxicity": 0.61}


def because(text: str, *spans: tuple[int, int], code: str = "toxicity") -> Reason:
    """A reason about these passages."""
    return Reason(code, text, tuple(Span(start, end) for start, end in spans))


def hold(
    desk: Desk,
    site: Site,
    submission: Submission,
    *reasons: Reason,
    scores: Mapping[str, float] = DOUBTFUL,
) -> UUID:
    """A comment that waits for review; its id."""
    comment_id = submit(desk, site, submission).comment.id
    rule(desk, site, comment_id, Outcome.HOLD, *reasons, scores=scores)
    return comment_id


def rule(
    desk: Desk,
    site: Site,
    comment_id: UUID,
    outcome: Outcome,
    *reasons: Reason,
    scores: Mapping[str, float] = DOUBTFUL,
) -> None:
    """Decide a comment as the policy would."""
    verdict = Verdict(
        outcome=outcome,
        reasons=reasons or (because("May insult somebody."),),
        decided_by="policy",
        policy_version=site.policy.version,
        scores=scores,
        model_version="test-1",
    )
    with desk.storage.write() as work:
        head = work.comments.head(comment_id)
        assert head is not None
        issue(work, [Ruling(head, site, verdict)], desk.now())
