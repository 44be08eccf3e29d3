"""What the labels allow: how much of the natural mix any judge could decide within the promise.

Labels are a yes or a no of few people; what nobody can foretell of them is an error of any judge.
So the comments that we read ourselves (`models.evaluate.reading`) are ordered in three ways and
approved from one end, rejected from the other, until the promised share of them is wrong by their
labels. Without spam and without confidence bounds, cut where it is best for these comments: each
share flatters.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from models.calibrate import sigmoid
from models.evaluate.reading import Sample
from models.outputs import LABELS
from models.policy import APPROVE_ERROR_MAX, REJECT_ERROR_MAX
from models.train.judge import Judged

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Limit:
    """What one order of the comments allows: AUC of their labels, shares of their weight."""

    order: str
    auc: float
    approved: float
    rejected: float


def limits(sample: Sample, comments: Judged) -> list[Limit]:
    """Return what is allowed by the toxicity score, by our grades, and by both together.

    Comments of one grade are ordered by the score. What both say together is a logistic regression
    fitted to the labels of the very comments, so that it flatters most.
    """
    logits = comments.logits[sample.index, LABELS.index("toxicity")]
    both = np.column_stack([sample.grades, logits, sample.grades * logits])
    fit = LogisticRegression().fit(both, sample.labels, sample.weights / sample.weights.mean())
    orders = {
        "the model's toxicity": logits,
        "our reading": sample.grades + sigmoid(logits),
        "both together": fit.decision_function(both),
    }
    return [_limit(name, order, sample) for name, order in orders.items()]


def _limit(name: str, order: Floats, sample: Sample) -> Limit:
    auc = roc_auc_score(sample.labels, order, sample_weight=sample.weights)
    rising = np.argsort(order, kind="stable")
    falling = rising[::-1]
    labels, weights = sample.labels, sample.weights
    return Limit(
        order=name,
        auc=float(auc),
        approved=share_within(labels[rising], weights[rising], APPROVE_ERROR_MAX),
        rejected=share_within(1 - labels[falling], weights[falling], REJECT_ERROR_MAX),
    )


def share_within(wrong: Floats, weights: Floats, error_max: float) -> float:
    """Return the weight of the longest beginning of which at most `error_max` is wrong."""
    mass = np.cumsum(weights)
    within = np.cumsum(weights * wrong) <= error_max * mass
    return float(mass[within].max(initial=0.0) / mass[-1])
