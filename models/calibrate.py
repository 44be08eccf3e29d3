"""Turns logits into probabilities that hold under a stated natural mix."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from sklearn.linear_model import LogisticRegression

Floats = npt.NDArray[np.float64]

LOGIT_MAX = 12.0
UNREGULARISED = 1e6


def sigmoid(logits: npt.ArrayLike) -> Floats:
    """Return probabilities; any finite logit gives a finite result."""
    clipped = np.clip(np.asarray(logits, dtype=np.float64), -LOGIT_MAX * 3, LOGIT_MAX * 3)
    return np.asarray(1 / (1 + np.exp(-clipped)))


def prior_weights(labels: npt.ArrayLike, prior: float) -> Floats:
    """Return row weights under which positives make up `prior`; they sum to the row count."""
    truth = np.asarray(labels) > 0.5
    share = min(max(float(truth.mean()), 1e-9), 1 - 1e-9)
    return np.where(truth, prior / share, (1 - prior) / (1 - share))


@dataclass(frozen=True, slots=True)
class Platt:
    """Platt 1999: probability = sigmoid(slope * logit + offset)."""

    slope: float
    offset: float

    def __call__(self, logits: npt.ArrayLike) -> Floats:
        """Return calibrated probabilities."""
        return sigmoid(self.slope * np.asarray(logits, dtype=np.float64) + self.offset)


def fit_platt(logits: npt.ArrayLike, labels: npt.ArrayLike, weights: npt.ArrayLike) -> Platt:
    """Return the Platt scaling of weighted validation rows."""
    column = np.asarray(logits, dtype=np.float64).reshape(-1, 1)
    model = LogisticRegression(C=UNREGULARISED, max_iter=1000)
    model.fit(column, np.asarray(labels) > 0.5, sample_weight=weights)
    return Platt(float(model.coef_[0, 0]), float(model.intercept_[0]))


def calibration_error(
    probabilities: npt.ArrayLike, labels: npt.ArrayLike, weights: npt.ArrayLike, bins: int = 15
) -> float:
    """Return the expected calibration error over bins of equal width (Guo et al. 2017)."""
    scores = np.asarray(probabilities, dtype=np.float64)
    truth, mass = np.asarray(labels, dtype=np.float64), np.asarray(weights, dtype=np.float64)
    index = np.minimum((scores * bins).astype(int), bins - 1)
    gap = np.bincount(index, weights=mass * (truth - scores), minlength=bins)
    return float(np.abs(gap).sum() / mass.sum())
