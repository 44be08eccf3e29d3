"""The natural mix of comments: calibration, and what the default policy decides alone."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from models.calibrate import calibration_error, sigmoid
from models.evaluate.cases import article_cases
from models.evaluate.decisions import Article, Automatic, article, automatic, outcomes
from models.evaluate.spam import SpamLab
from models.evaluate.table import Measured
from models.outputs import LABELS
from models.policy import Policy, error_rate, wrong_bound
from models.predict import Scorer
from models.train.calibration import (
    MAIN,
    Mix,
    mix_spam,
    natural_mix,
    prior_weights_of,
    spam_truth,
    trusted,
)
from models.train.judge import Judged, judged
from models.train.rates import Holds, at_rates, with_holds
from models.train.rows import Row
from models.train.truth import Truth, natural_truth

Floats = npt.NDArray[np.float64]
REJECT_FROM = (0.7, 0.8, 0.9, 0.95, 0.98, 0.99)
Natural = Mapping[str, tuple[Floats, Truth]]


def natural_scores(rows: Sequence[Row], logits: Floats) -> dict[str, tuple[Floats, Truth]]:
    """Return logits and truth of each toxicity score over the natural mix."""
    result: dict[str, tuple[Floats, Truth]] = {}
    for column, label in enumerate(LABELS):
        if label != "spam":
            truth = natural_truth(rows, label)
            result[label] = (logits[truth.index, column], truth)
    return result


def spam_natural(lab: SpamLab, unseen: npt.NDArray[np.float32]) -> tuple[Floats, Truth]:
    """Return logits and truth of the spam score on test rows of sites the heads never saw."""
    found = spam_truth(unseen, lab.design, lab.rows, test=True)
    logits = lab.classifier.spam_logits(found.heads, found.route)
    weights = found.weights * prior_weights_of(found.labels, found.weights)
    return logits, Truth(np.arange(len(logits)), found.labels, weights / weights.sum())


def calibration_errors(natural: Natural) -> dict[str, float]:
    """Return the expected calibration error of each score."""
    return {
        label: calibration_error(sigmoid(logits), truth.labels, truth.weights)
        for label, (logits, truth) in natural.items()
    }


def calibration_row(errors: Mapping[str, float]) -> Measured:
    """Return the row on calibration: the worst output counts."""
    worst = max(errors, key=lambda label: errors[label])
    note = f"{worst}; mean {np.mean(list(errors.values())):.4f}"
    name = "expected calibration error, the worst output"
    return Measured(name, float("nan"), errors[worst], 0.012, 0.005, "lower", note=note)


def mix_of_test(
    lab: SpamLab, rows: Sequence[Row], comments: Judged, unseen: npt.NDArray[np.float32]
) -> Mix:
    """Return test comments in their natural mix, as judged by what never saw their site."""
    index = mix_spam(lab.rows, test=True)
    chosen = [lab.rows[at] for at in index]
    documents = [row.document for row in chosen]
    spam = judged(lab.reader, lab.classifier, documents, unseen[index])
    return natural_mix(comments, rows, spam, chosen)


def decided_alone(mix: Mix, policy: Policy) -> Automatic:
    """Return what a policy decides without a person, and how often wrongly."""
    return automatic(outcomes(mix.scores, mix.flagged, policy), mix.bad, mix.weights)


def automatic_row(decided: Automatic) -> Measured:
    """Return the row on decisions without a person."""
    note = f"approvals wrong {decided.approve_error:.2%} (≤ {decided.approve_bound:.2%}), "
    note += (
        f"rejections wrong {decided.reject_error:.2%} (≤ {decided.reject_bound:.2%})"
        if decided.rejected
        else "nothing is rejected"
    )
    name = "decided automatically within the promised errors"
    count = round(decided.approve_rows + decided.reject_rows)
    return Measured(name, float("nan"), decided.share, 0.90, 0.96, rows=count, note=note)


@dataclass(frozen=True, slots=True)
class Rejecting:
    """What rejecting from a threshold on would do in the natural mix; the bound is at 95 %."""

    score: str
    threshold: float
    share: float
    error: float
    bound: float


def rejecting(mix: Mix) -> Iterator[Rejecting]:
    """Yield what each main score would reject from several thresholds on, flagged ones aside."""
    for score in MAIN:
        found = trusted(mix, score)
        for threshold in REJECT_FROM:
            above = found >= threshold
            share = float(mix.weights[above].sum() / mix.weights.sum())
            error = error_rate(1 - mix.bad[above], mix.weights[above])
            bound = wrong_bound(above, mix.bad, mix.weights)
            yield Rejecting(score, threshold, share, error, bound)


@dataclass(frozen=True, slots=True)
class AtRates:
    """What thresholds made for such shares of abuse and spam do where these are the shares."""

    abuse: float
    spam: float
    hold: Mapping[str, float]
    decided: Automatic
    found: float
    """Of what is abuse or spam, the share that is held."""
    default: Automatic
    """What the default policy does there."""
    article: Article


def at_these_rates(
    mix: Mix, holds: Sequence[Holds], policy: Policy, scorer: Scorer
) -> Iterator[AtRates]:
    """Yield what thresholds for sites with other shares of abuse and spam do."""
    for one in holds:
        there = at_rates(mix, one["abuse"], one["spam"])
        own = with_holds(policy, one["hold"])
        decided = decided_alone(there, own)
        bad = one["abuse"] + one["spam"]
        yield AtRates(
            abuse=one["abuse"],
            spam=one["spam"],
            hold=one["hold"],
            decided=decided,
            found=1 - decided.approved * decided.approve_error / bad,
            default=decided_alone(there, policy),
            article=article(scorer, article_cases(), own),
        )
