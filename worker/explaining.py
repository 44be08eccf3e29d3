"""Explains decisions that were recorded without passages, when there is time."""

from service.moderation.explain import (
    Unexplained,
    claim_unexplained,
    forget_explanations,
    keep_explanations,
)
from worker.scoring import document_of, explained
from worker.wiring import Bench

# One at a time: whoever submits meanwhile waits for it.
AT_ONCE = 1


def explain_owed(here: Bench) -> int:
    """Explain what was owed longest; how many decisions were in hand."""
    here.explained.begin()
    found = claim_unexplained(here.desk, AT_ONCE)
    here.progress.begin()
    try:
        for one in found:
            _explain(here, one)
    finally:
        here.progress.end()
    return len(found)


def _explain(here: Bench, one: Unexplained) -> None:
    verdict = one.decision.verdict
    if verdict.model_version != here.scorer.version:
        # Another model's passages would not say why this one decided.
        forget_explanations(here.desk, [one.decision.id])
        return
    document = document_of(one.submission, one.copies)
    reasons = explained(here.scorer, document, verdict.reasons)
    keep_explanations(here.desk, {one.decision.id: reasons})
