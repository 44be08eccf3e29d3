"""From comments to verdicts: documents for the model, its scores through the policy, reasons."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import structlog

from models.document import Document
from models.judgement import Explanation, Judgement
from models.predict import EXPLAINABLE, Scorer
from service.domain.comment import Submission
from service.domain.decision import BY_POLICY, Outcome, Reason, Span, Verdict
from service.domain.policy import NOTHING_FOUND, Policy, Signals, judge
from service.moderation.decide import Case, unscored_verdict

log = structlog.get_logger()

FAULT = Reason("scoring_failed", "Scoring failed on this text; a person should look at it.")


def verdict_of(
    policy: Policy, submission: Submission, judgement: Judgement, version: str, *, banned: bool
) -> Verdict:
    """The verdict on one scored comment under one policy, not explained yet.

    Raises ValueError when a score that the policy asks for is missing or is no probability: what
    was not judged must not pass.
    """
    _check_scores(policy, judgement.scores)
    signals = Signals.of(submission, banned=banned, flags=judgement.flags)
    outcome, findings = judge(policy, judgement.scores, signals)
    return Verdict(
        outcome=outcome,
        reasons=tuple(found.reason for found in findings) or (NOTHING_FOUND,),
        decided_by=BY_POLICY,
        policy_version=policy.version,
        scores=judgement.scores,
        model_version=version,
        explanation_owed=any(found.reason.code in EXPLAINABLE for found in findings),
    )


def with_explanation(scorer: Scorer, submission: Submission, verdict: Verdict) -> Verdict:
    """The verdict with the passages that its reasons are about."""
    reasons = explained(scorer, document_of(submission), verdict.reasons)
    return replace(verdict, reasons=reasons, explanation_owed=False)


def verdicts_on(
    scorer: Scorer, cases: Sequence[Case], attempts_max: int
) -> Iterator[list[tuple[Case, Verdict]]]:
    """Verdicts on claimed comments, scored together, in groups that can be recorded as they come.

    They are not explained: that costs more than many scores, and those who wait for an answer come
    first. What makes scoring fail is held. A comment that was claimed before without a decision may
    be what killed a worker: it is scored alone, and after `attempts_max` tries not at all.
    """
    first = [case for case in cases if case.claim.attempts <= 1]
    again = [case for case in cases if 1 < case.claim.attempts <= attempts_max]
    worn_out = [case for case in cases if case.claim.attempts > attempts_max]
    yield _together(scorer, first)
    for case in again:
        yield _together(scorer, [case])
    yield [(case, fault_on(case)) for case in worn_out]


def explained(scorer: Scorer, document: Document, reasons: Sequence[Reason]) -> tuple[Reason, ...]:
    """The reasons with the passages that they are about and the model's words.

    They stay as they are where that fails: the outcome stands without it.
    """
    labels = [reason.code for reason in reasons if reason.code in EXPLAINABLE]
    if not labels:
        return tuple(reasons)
    try:
        found = {one.label: one for one in scorer.explain(document, labels)}
    except Exception as error:  # noqa: BLE001  # whatever it is
        # The type alone: a message may quote the comment.
        log.error("explain.failed", error=type(error).__name__)
        return tuple(reasons)
    return tuple(_with_passages(reason, found.get(reason.code)) for reason in reasons)


def fault_on(case: Case) -> Verdict:
    """The verdict on a comment that cannot be scored or recorded: hold, whatever the site chose.

    The site's choice is for times when scoring is down. This text is the fault, so a person looks.
    """
    return unscored_verdict(case, Outcome.HOLD, FAULT)


def document_of(submission: Submission, copies: int | None = None) -> Document:
    """What the model reads of a comment; `copies`: how often the site had received it before."""
    author = submission.author
    return Document(
        body=submission.body,
        body_format=submission.body_format,
        author_name=author.name,
        author_email=author.email,
        author_url=author.url,
        language=submission.language,
        article_title=submission.article.title,
        parent_body=submission.parent.body,
        copies=copies,
    )


def _together(scorer: Scorer, cases: Sequence[Case]) -> list[tuple[Case, Verdict]]:
    if not cases:
        return []
    documents = [document_of(case.claim.comment.submission, case.claim.copies) for case in cases]
    try:
        judgements = scorer.score(documents)
        return [
            (case, _verdict(case, judgement, scorer.version))
            for case, judgement in zip(cases, judgements, strict=True)
        ]
    except Exception as error:  # noqa: BLE001  # whatever it is, the comment must be held
        if len(cases) > 1:
            return [pair for case in cases for pair in _together(scorer, [case])]
        _log_fault(cases[0], error)
        return [(cases[0], fault_on(cases[0]))]


def _verdict(case: Case, judgement: Judgement, version: str) -> Verdict:
    submission = case.claim.comment.submission
    return verdict_of(case.site.policy, submission, judgement, version, banned=case.author_banned)


def _log_fault(case: Case, error: Exception) -> None:
    # The type alone: a message may quote the comment.
    log.error("score.failed", comment=str(case.claim.comment.id), error=type(error).__name__)


def _check_scores(policy: Policy, scores: Mapping[str, float]) -> None:
    missing = policy.thresholds.keys() - scores.keys()
    if missing:
        raise ValueError(f"The model gives no score for {', '.join(sorted(missing))}.")
    if not all(0 <= score <= 1 for score in scores.values()):
        raise ValueError("A score is no number from 0 to 1.")


def _with_passages(reason: Reason, explanation: Explanation | None) -> Reason:
    if explanation is None:
        return reason
    spans = tuple(Span(span.start, span.end) for span in explanation.spans)
    words = f"{explanation.text[:1].upper()}{explanation.text[1:]}." if explanation.text else ""
    # What was taken back is explained again if it has no passages: its words are there already.
    text = reason.text if reason.text.endswith(words) else f"{reason.text} {words}"
    return Reason(reason.code, text, spans)
