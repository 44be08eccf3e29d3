"""The natural mix of comments: calibration, and what the default policy decides alone."""

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from models.calibrate import calibration_error, sigmoid
from models.evaluate.decisions import Automatic, Policy, automatic, outcome
from models.evaluate.spam import SpamLab
from models.evaluate.table import Measured
from models.judgement import Judgement
from models.outputs import LABELS
from models.train.calibration import Mix, mix_spam, natural_mix, prior_weights_of, spam_truth
from models.train.judge import judged
from models.train.rows import Row
from models.train.truth import Truth, natural_truth

Floats = npt.NDArray[np.float64]
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
    slope, offset = lab.classifier.spam_slope_, lab.classifier.spam_offset_
    logits = found.logits * slope[found.route] + offset[found.route]
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


def decide(
    lab: SpamLab,
    rows: Sequence[Row],
    logits: Floats,
    unseen: npt.NDArray[np.float32],
    policy: Policy,
) -> Automatic:
    """Return what the default policy decides alone in the natural mix of test comments."""
    index = mix_spam(lab.rows, test=True)
    chosen = [lab.rows[at] for at in index]
    documents = [row.document for row in chosen]
    spam = judged(lab.reader, lab.classifier, documents, unseen[index])
    return decided_alone(natural_mix(logits, rows, spam, chosen), policy)


def decided_alone(mix: Mix, policy: Policy) -> Automatic:
    """Return what a policy decides without a person, and how often wrongly."""
    judgements = (
        Judgement(dict(zip(LABELS, scores, strict=True)), ()) for scores in mix.scores.tolist()
    )
    return automatic([outcome(one, policy) for one in judgements], mix.bad, mix.weights)


def automatic_row(decided: Automatic) -> Measured:
    """Return the row on decisions without a person."""
    note = (
        f"approvals wrong {decided.approve_error:.2%} (≤ {decided.approve_bound:.2%}), "
        f"rejections wrong {decided.reject_error:.2%} (≤ {decided.reject_bound:.2%})"
    )
    name = "decided automatically within the promised errors"
    count = round(decided.approve_rows + decided.reject_rows)
    return Measured(name, float("nan"), decided.share, 0.90, 0.96, rows=count, note=note)
