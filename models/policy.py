"""Chooses hold and reject thresholds that keep promised error rates on validation rows."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.stats import beta

Floats = npt.NDArray[np.float64]

APPROVE_ERROR_MAX = 0.01
REJECT_ERROR_MAX = 0.02
AIM = 0.75
"""Thresholds aim at this share of the promise on validation rows, so that the upper bound on the
larger test part keeps it."""
REJECT_MARGIN = 1.0
"""Logits added to a reject threshold: few plain validation rows score that high, so the threshold
found on them is lucky, and a wrong rejection is the worst mistake."""
GRID = 40
"""Candidates for a threshold, evenly spaced among the scores of plain comments."""


def upper_bound(errors: float, count: float, confidence: float = 0.95) -> float:
    """Return the one-sided upper confidence bound of an error rate (Clopper and Pearson 1934)."""
    if count <= 0 or errors >= count:
        return 1.0
    return float(beta.ppf(confidence, errors + 1, count - errors))


def effective_count(weights: npt.ArrayLike) -> float:
    """Return how many unweighted rows the weighted ones are worth (Kish 1965)."""
    mass = np.asarray(weights, dtype=np.float64)
    return float(mass.sum() ** 2 / np.maximum((mass**2).sum(), 1e-12))


def error_rate(wrong: Floats, weights: Floats) -> float:
    """Return the weighted share of wrong rows; 0 of nothing."""
    return float((weights * wrong).sum() / max(float(weights.sum()), 1e-12))


@dataclass(frozen=True, slots=True)
class Thresholds:
    """A score from `hold` on is held, from `reject` on rejected."""

    hold: float
    reject: float


def _candidates(scores: Floats, bad: Floats) -> Floats:
    """Return thresholds that would let pass from half to all but a hundredth of plain comments."""
    return np.quantile(scores[bad < 0.5], np.linspace(0.5, 0.99, GRID))


def choose_holds(
    first: Floats, second: Floats, bad: Floats, weights: Floats
) -> tuple[float, float]:
    """Return the hold thresholds of two scores under which most pass and the promise is kept.

    A comment passes below both. The promise: at most APPROVE_ERROR_MAX of what passes is
    bad. Returns the strictest candidates where none keeps it.
    """
    grid = [_candidates(scores, bad) for scores in (first, second)]
    limit = AIM * APPROVE_ERROR_MAX
    best, most = (float(grid[0][0]), float(grid[1][0])), 0.0
    for low in grid[0]:
        for other in grid[1]:
            passed = (first < low) & (second < other)
            share = float(weights[passed].sum())
            if share > most and error_rate(bad[passed], weights[passed]) <= limit:
                best, most = (float(low), float(other)), share
    return best


def choose_reject(scores: Floats, bad: Floats, weights: Floats) -> float:
    """Return the lowest threshold above which at most REJECT_ERROR_MAX are plain."""
    levels = np.unique(np.quantile(scores[bad > 0.5], np.linspace(0, 0.99, 4 * GRID)))
    for level in levels:
        above = scores >= level
        if error_rate(1 - bad[above], weights[above]) <= AIM * REJECT_ERROR_MAX:
            return _raised(float(level))
    return _raised(float(levels[-1]))


def _raised(level: float) -> float:
    odds = level / max(1 - level, 1e-9) * float(np.exp(REJECT_MARGIN))
    return odds / (1 + odds)
