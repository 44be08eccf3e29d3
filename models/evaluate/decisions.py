"""What the default policy does: functional cases, one article's readers, the natural mix."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from models.document import Document
from models.evaluate.cases import Case
from models.judgement import Judgement
from models.outputs import LABELS
from models.policy import Policy, effective_count, error_rate, upper_bound, wrong_bound
from models.predict import Scorer

Floats = npt.NDArray[np.float64]


def outcome(judgement: Judgement, policy: Policy) -> str:
    """Return what the default policy does: "approve", "hold" or "reject"."""
    scores = judgement.scores
    if judgement.flags:
        return "hold"
    for label, bounds in policy.items():
        if bounds["reject"] is not None and scores[label] >= bounds["reject"]:
            return "reject"
    held = any(scores[label] >= bounds["hold"] for label, bounds in policy.items())
    return "hold" if held else "approve"


def outcomes(scores: Floats, flagged: npt.NDArray[np.bool_], policy: Policy) -> list[str]:
    """Return the outcome of each row of probabilities, shape (rows, LABELS)."""
    judgements = (
        Judgement(dict(zip(LABELS, row, strict=True)), ("unfamiliar",) * flag)
        for row, flag in zip(scores.tolist(), flagged.tolist(), strict=True)
    )
    return [outcome(one, policy) for one in judgements]


@dataclass(frozen=True, slots=True)
class Function:
    """How often one function's cases went as they should."""

    name: str
    verdict: str
    right: int
    cases: int
    wrong: tuple[str, ...]


def _is_right(verdict: str, done: str) -> bool:
    return done == "approve" if verdict.startswith("plain") else done != "approve"


def functions(scorer: Scorer, cases: Sequence[Case], policy: Policy) -> list[Function]:
    """Return the result of each function: plain cases approved, others not approved."""
    judged = scorer.score([Document(case.text) for case in cases])
    done = [outcome(one, policy) for one in judged]
    result: list[Function] = []
    for name in dict.fromkeys(case.function for case in cases):
        inside = [at for at, case in enumerate(cases) if case.function == name]
        wrong = tuple(cases[at].text for at in inside if not _is_right(cases[at].verdict, done[at]))
        verdict = cases[inside[0]].verdict
        result.append(Function(name, verdict, len(inside) - len(wrong), len(inside), wrong))
    return result


@dataclass(frozen=True, slots=True)
class Article:
    """Outcomes by verdict for the comments under one article, and the mistakes."""

    outcomes: Mapping[str, Mapping[str, int]]
    mistakes: tuple[str, ...]


def article(scorer: Scorer, cases: Sequence[Case], policy: Policy) -> Article:
    """Return what the default policy does with the readers of one article."""
    judged = scorer.score([Document(case.text) for case in cases])
    done = [outcome(one, policy) for one in judged]
    table: dict[str, dict[str, int]] = {}
    for case, what in zip(cases, done, strict=True):
        row = table.setdefault(case.verdict, dict.fromkeys(("approve", "hold", "reject"), 0))
        row[what] += 1
    mistakes = tuple(
        f"{case.verdict}, {what}: {case.text}"
        for case, what in zip(cases, done, strict=True)
        if not _is_right(case.verdict, what)
    )
    return Article(table, mistakes)


@dataclass(frozen=True, slots=True)
class Automatic:
    """Decisions without a person in the natural mix; bounds are one-sided at 95 %."""

    share: float
    approved: float
    rejected: float
    approve_error: float
    approve_bound: float
    approve_rows: float
    reject_error: float
    reject_bound: float
    reject_rows: float


def automatic(outcomes: Sequence[str], bad: Floats, weights: Floats) -> Automatic:
    """Return shares and error rates; `bad` is 1 for what must not be approved."""
    done = np.array(outcomes)
    approved, rejected = done == "approve", done == "reject"
    approve_share, reject_share = (
        float(weights[mask].sum() / weights.sum()) for mask in (approved, rejected)
    )
    return Automatic(
        share=approve_share + reject_share,
        approved=approve_share,
        rejected=reject_share,
        approve_error=error_rate(bad[approved], weights[approved]),
        approve_bound=upper_bound(bad[approved], weights[approved]),
        approve_rows=effective_count(weights[approved]),
        reject_error=error_rate(1 - bad[rejected], weights[rejected]),
        # As thresholds are chosen: plain rows are few and weigh much.
        reject_bound=wrong_bound(rejected, bad, weights) if rejected.any() else 0.0,
        reject_rows=effective_count(weights[rejected]),
    )
