"""From comments to verdicts: documents for the model, its scores through the policy, reasons."""

from collections.abc import Mapping, Sequence

import structlog

from models.document import Document
from models.predict import Explanation, Judgement, Scorer
from service.domain.comment import Submission
from service.domain.decision import Outcome, Reason, Span, Verdict
from service.domain.policy import NOTHING_FOUND, Finding, Policy, Signals, judge
from service.moderation.decide import Case, unscored_verdict

log = structlog.get_logger()

FAULT = Reason("scoring_failed", "Scoring failed on this text; a person should look at it.")


def verdict_on(
    scorer: Scorer, policy: Policy, submission: Submission, judgement: Judgement, *, banned: bool
) -> Verdict:
    """One scored comment under one policy, with reasons for whatever speaks against it.

    Raises ValueError when a score that the policy asks for is missing or is no probability: what
    was not judged must not pass.
    """
    _check_scores(policy, judgement.scores)
    signals = Signals.of(submission, banned=banned, flags=judgement.flags)
    outcome, findings = judge(policy, judgement.scores, signals)
    return Verdict(
        outcome=outcome,
        reasons=_reasons(scorer, submission, judgement.scores, findings),
        decided_by="policy",
        policy_version=policy.version,
        scores=judgement.scores,
        model_version=scorer.version,
    )


def verdicts_on(
    scorer: Scorer, cases: Sequence[Case], attempts_max: int
) -> list[tuple[Case, Verdict]]:
    """Verdicts on claimed comments, scored together; what makes scoring fail is held.

    A comment that was claimed before without a decision may be what killed a worker: it is scored
    alone, and after `attempts_max` tries not at all.
    """
    first = [case for case in cases if case.claim.attempts <= 1]
    again = [case for case in cases if 1 < case.claim.attempts <= attempts_max]
    worn_out = [case for case in cases if case.claim.attempts > attempts_max]
    verdicts = _together(scorer, first)
    for case in again:
        verdicts += _together(scorer, [case])
    return verdicts + [(case, fault_on(case)) for case in worn_out]


def fault_on(case: Case) -> Verdict:
    """The verdict on a comment that cannot be scored or recorded: hold, whatever the site chose.

    The site's choice is for times when scoring is down. This text is the fault, so a person looks.
    """
    return unscored_verdict(case, Outcome.HOLD, FAULT)


def document_of(submission: Submission) -> Document:
    """What the model reads of a comment."""
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
    )


def _together(scorer: Scorer, cases: Sequence[Case]) -> list[tuple[Case, Verdict]]:
    if not cases:
        return []
    submissions = [case.claim.comment.submission for case in cases]
    try:
        judgements = scorer.score([document_of(submission) for submission in submissions])
        return [
            (
                case,
                verdict_on(
                    scorer, case.site.policy, submission, judgement, banned=case.author_banned
                ),
            )
            for case, submission, judgement in zip(cases, submissions, judgements, strict=True)
        ]
    except Exception as error:  # noqa: BLE001  # whatever it is, the comment must be held
        if len(cases) > 1:
            return [pair for case in cases for pair in _together(scorer, [case])]
        # The type alone: a message may quote the comment.
        [case] = cases
        log.error("score.failed", comment=str(case.claim.comment.id), error=type(error).__name__)
        return [(case, fault_on(case))]


def _check_scores(policy: Policy, scores: Mapping[str, float]) -> None:
    missing = policy.thresholds.keys() - scores.keys()
    if missing:
        raise ValueError(f"The model gives no score for {', '.join(sorted(missing))}.")
    if not all(0 <= score <= 1 for score in scores.values()):
        raise ValueError("A score is no number from 0 to 1.")


def _reasons(
    scorer: Scorer,
    submission: Submission,
    scores: Mapping[str, float],
    findings: Sequence[Finding],
) -> tuple[Reason, ...]:
    if not findings:
        return (NOTHING_FOUND,)
    labels = [finding.reason.code for finding in findings if finding.reason.code in scores]
    explained = {}
    if labels:
        document = document_of(submission)
        explained = {item.label: item for item in scorer.explain(document, labels)}
    return tuple(_reason(finding, explained.get(finding.reason.code)) for finding in findings)


def _reason(finding: Finding, explanation: Explanation | None) -> Reason:
    if explanation is None:
        return finding.reason
    spans = tuple(Span(span.start, span.end) for span in explanation.spans)
    words = explanation.text
    text = f"{finding.reason.text} {words[:1].upper()}{words[1:]}.".removesuffix(" .")
    return Reason(finding.reason.code, text, spans)
