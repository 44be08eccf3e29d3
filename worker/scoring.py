"""From comments to verdicts: documents for the model, its scores through the policy, reasons."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import structlog

from models.document import Document
from models.judgement import Explanation, Judgement
from models.predict import Scorer
from service.domain.comment import Submission
from service.domain.decision import Outcome, Reason, Span, Verdict
from service.domain.policy import NOTHING_FOUND, Finding, Policy, Signals, judge
from service.moderation.decide import Case, unscored_verdict

# So many explained verdicts are recorded together: nobody should wait for the whole batch's.
EXPLAINED_AT_ONCE = 8

log = structlog.get_logger()

FAULT = Reason("scoring_failed", "Scoring failed on this text; a person should look at it.")


@dataclass(frozen=True, slots=True)
class Opinion:
    """What scores and policy say of one submission, before it is explained."""

    submission: Submission
    policy: Policy
    scores: Mapping[str, float]
    outcome: Outcome
    findings: Sequence[Finding]

    @property
    def labels(self) -> list[str]:
        """The scores that speak against it, each to be explained."""
        return [found.reason.code for found in self.findings if found.reason.code in self.scores]


def opinion_on(
    policy: Policy, submission: Submission, judgement: Judgement, *, banned: bool
) -> Opinion:
    """The outcome of one scored comment under one policy.

    Raises ValueError when a score that the policy asks for is missing or is no probability: what
    was not judged must not pass.
    """
    _check_scores(policy, judgement.scores)
    signals = Signals.of(submission, banned=banned, flags=judgement.flags)
    outcome, findings = judge(policy, judgement.scores, signals)
    return Opinion(submission, policy, judgement.scores, outcome, findings)


def verdict_on(
    scorer: Scorer, policy: Policy, submission: Submission, judgement: Judgement, *, banned: bool
) -> Verdict:
    """The same with reasons for whatever speaks against the comment; raises ValueError as well."""
    return _explained(scorer, opinion_on(policy, submission, judgement, banned=banned))


def verdicts_on(
    scorer: Scorer, cases: Sequence[Case], attempts_max: int
) -> Iterator[list[tuple[Case, Verdict]]]:
    """Verdicts on claimed comments, scored together, in groups that can be recorded as they come.

    An explanation costs more than many scores, so what needs none comes first. What makes scoring
    fail is held. A comment that was claimed before without a decision may be what killed a worker:
    it is scored alone, and after `attempts_max` tries not at all.
    """
    first = [case for case in cases if case.claim.attempts <= 1]
    again = [case for case in cases if 1 < case.claim.attempts <= attempts_max]
    worn_out = [case for case in cases if case.claim.attempts > attempts_max]
    yield from _together(scorer, first)
    for case in again:
        yield from _together(scorer, [case])
    yield [(case, fault_on(case)) for case in worn_out]


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


def _together(scorer: Scorer, cases: Sequence[Case]) -> Iterator[list[tuple[Case, Verdict]]]:
    opinions = _opinions(scorer, cases)
    faults = [(case, fault_on(case)) for case, opinion in opinions if opinion is None]
    plain = [
        (case, _explained(scorer, opinion))
        for case, opinion in opinions
        if opinion and not opinion.labels
    ]
    yield faults + plain
    costly = [(case, opinion) for case, opinion in opinions if opinion and opinion.labels]
    for at in range(0, len(costly), EXPLAINED_AT_ONCE):
        some = costly[at : at + EXPLAINED_AT_ONCE]
        yield [(case, _explained_or_held(scorer, case, opinion)) for case, opinion in some]


def _opinions(scorer: Scorer, cases: Sequence[Case]) -> list[tuple[Case, Opinion | None]]:
    """The opinion on each case; None: scoring fails on it."""
    if not cases:
        return []
    submissions = [case.claim.comment.submission for case in cases]
    try:
        judgements = scorer.score([document_of(submission) for submission in submissions])
        return [
            (
                case,
                opinion_on(case.site.policy, submission, judgement, banned=case.author_banned),
            )
            for case, submission, judgement in zip(cases, submissions, judgements, strict=True)
        ]
    except Exception as error:  # noqa: BLE001  # whatever it is, the comment must be held
        if len(cases) > 1:
            return [pair for case in cases for pair in _opinions(scorer, [case])]
        _log_fault(cases[0], error)
        return [(cases[0], None)]


def _explained_or_held(scorer: Scorer, case: Case, opinion: Opinion) -> Verdict:
    try:
        return _explained(scorer, opinion)
    except Exception as error:  # noqa: BLE001  # whatever it is, the comment must be held
        _log_fault(case, error)
        return fault_on(case)


def _log_fault(case: Case, error: Exception) -> None:
    # The type alone: a message may quote the comment.
    log.error("score.failed", comment=str(case.claim.comment.id), error=type(error).__name__)


def _explained(scorer: Scorer, opinion: Opinion) -> Verdict:
    return Verdict(
        outcome=opinion.outcome,
        reasons=_reasons(scorer, opinion),
        decided_by="policy",
        policy_version=opinion.policy.version,
        scores=opinion.scores,
        model_version=scorer.version,
    )


def _check_scores(policy: Policy, scores: Mapping[str, float]) -> None:
    missing = policy.thresholds.keys() - scores.keys()
    if missing:
        raise ValueError(f"The model gives no score for {', '.join(sorted(missing))}.")
    if not all(0 <= score <= 1 for score in scores.values()):
        raise ValueError("A score is no number from 0 to 1.")


def _reasons(scorer: Scorer, opinion: Opinion) -> tuple[Reason, ...]:
    if not opinion.findings:
        return (NOTHING_FOUND,)
    explained = {}
    if opinion.labels:
        document = document_of(opinion.submission)
        explained = {item.label: item for item in scorer.explain(document, opinion.labels)}
    return tuple(_reason(found, explained.get(found.reason.code)) for found in opinion.findings)


def _reason(finding: Finding, explanation: Explanation | None) -> Reason:
    if explanation is None:
        return finding.reason
    spans = tuple(Span(span.start, span.end) for span in explanation.spans)
    words = explanation.text
    text = f"{finding.reason.text} {words[:1].upper()}{words[1:]}.".removesuffix(" .")
    return Reason(finding.reason.code, text, spans)
