"""Chooses hold and reject thresholds that keep promised error rates on validation rows."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.stats import beta

Floats = npt.NDArray[np.float64]

APPROVE_ERROR_MAX = 0.01
REJECT_ERROR_MAX = 0.02
MARGIN = 0.8
"""Thresholds aim at this share of the promise, since validation rows flatter them."""


def upper_bound(errors: float, count: float, confidence: float = 0.95) -> float:
    """Return the one-sided upper confidence bound of an error rate (Clopper and Pearson 1934)."""
    if count <= 0 or errors >= count:
        return 1.0
    return float(beta.ppf(confidence, errors + 1, count - errors))


@dataclass(frozen=True, slots=True)
class Thresholds:
    """A score from `hold` on is held, from `reject` on rejected."""

    hold: float
    reject: float


def choose(scores: npt.ArrayLike, labels: npt.ArrayLike, weights: npt.ArrayLike) -> Thresholds:
    """Return the widest thresholds whose weighted errors keep the promise with its margin.

    `weights` bring the rows to the natural mix; a label of 1 is what must not be approved.
    """
    order = np.argsort(np.asarray(scores), kind="stable")
    ranked = np.asarray(scores, dtype=np.float64)[order]
    truth = np.asarray(labels, dtype=np.float64)[order]
    mass = np.asarray(weights, dtype=np.float64)[order]
    wrong_below = np.cumsum(mass * truth) / np.cumsum(mass)
    below = np.flatnonzero(wrong_below <= APPROVE_ERROR_MAX * MARGIN)
    hold = ranked[min(below[-1] + 1, len(ranked) - 1)] if len(below) else ranked[0]
    wrong_above = np.cumsum((mass * (1 - truth))[::-1])[::-1] / np.cumsum(mass[::-1])[::-1]
    above = np.flatnonzero(wrong_above <= REJECT_ERROR_MAX * MARGIN)
    reject = ranked[above[0]] if len(above) else 1.0
    return Thresholds(float(hold), float(max(reject, hold)))


def effective_count(weights: npt.ArrayLike) -> float:
    """Return how many unweighted rows the weighted ones are worth (Kish 1965)."""
    mass = np.asarray(weights, dtype=np.float64)
    return float(mass.sum() ** 2 / np.maximum((mass**2).sum(), 1e-12))
