"""Chooses hold and reject thresholds that keep promised error rates on validation rows."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypedDict

import numpy as np
import numpy.typing as npt
from scipy.stats import gamma

Floats = npt.NDArray[np.float64]


class Bounds(TypedDict):
    """From what score on a comment is held and rejected (None: never), as a manifest keeps it."""

    hold: float
    reject: float | None


Policy = Mapping[str, Bounds]
"""The bounds of each score."""

APPROVE_ERROR_MAX = 0.01
REJECT_ERROR_MAX = 0.02
AIM = 0.71
"""Thresholds aim at this share of the promise on validation rows, so that the upper bound on the
larger test part keeps it."""
NEAR = 0.002
"""Share of all comments by which pairs of hold thresholds are as good as each other."""
REJECT_MARGINS = (0.0, 0.5, 1.0, 1.5, 2.0, 2.5, 3.0)
"""Logits that may be added to reject thresholds."""
GRID = 120
"""Candidates for a threshold, evenly spaced among the scores of plain comments."""


def upper_bound(wrong: Floats, weights: Floats, confidence: float = 0.95) -> float:
    """Return the one-sided upper confidence bound of the weighted share of wrong rows.

    What is wrong is a sum of Poisson counts of known weights (Fay and Feuer 1997), so that many
    light errors are known better than few heavy ones. Returns 1 of nothing.
    """
    whole = float(weights.sum())
    if whole <= 0:
        return 1.0
    share, each = weights * wrong / whole, float(weights.max()) / whole
    mean, variance = float(share.sum()) + each, float((share**2).sum()) + each**2
    most = float(gamma.ppf(confidence, mean**2 / variance)) * variance / mean
    return min(most, 1.0)


def effective_count(weights: npt.ArrayLike) -> float:
    """Return how many unweighted rows the weighted ones are worth (Kish 1965)."""
    mass = np.asarray(weights, dtype=np.float64)
    return float(mass.sum() ** 2 / np.maximum((mass**2).sum(), 1e-12))


def error_rate(wrong: Floats, weights: Floats) -> float:
    """Return the weighted share of wrong rows; 0 of nothing."""
    return float((weights * wrong).sum() / max(float(weights.sum()), 1e-12))


@dataclass(frozen=True, slots=True)
class Thresholds:
    """A score from `hold` on is held, from `reject` on rejected (None: never)."""

    hold: float
    reject: float | None


def _candidates(scores: Floats, bad: Floats) -> Floats:
    """Return thresholds that would let pass from half to all but a hundredth of plain comments."""
    return np.quantile(scores[bad < 0.5], np.linspace(0.5, 0.99, GRID))


def choose_holds(
    first: Floats, second: Floats, bad: Floats, weights: Floats, calm: npt.NDArray[np.bool_]
) -> tuple[float, float]:
    """Return the hold thresholds of two scores under which most pass and the promise is kept.

    A comment passes below both, if it is `calm`: held by nothing else. The promise: at most
    APPROVE_ERROR_MAX of what passes is bad. Of pairs that let as many pass, but for NEAR of all,
    the one with the highest second threshold is taken. Returns the strictest candidates where none
    keeps the promise.
    """
    grid = [_candidates(scores, bad) for scores in (first, second)]
    limit = AIM * APPROVE_ERROR_MAX
    kept: list[tuple[float, float, float]] = []
    for low in grid[0]:
        for other in grid[1]:
            passed = calm & (first < low) & (second < other)
            if error_rate(bad[passed], weights[passed]) <= limit:
                kept.append((float(weights[passed].sum()), float(low), float(other)))
    if not kept:
        return float(grid[0][0]), float(grid[1][0])
    least = max(kept)[0] - NEAR * float(weights.sum())
    # Chance tells such pairs apart; by a low threshold of spam plain comments with links are held,
    # of which the natural mix has hardly any.
    other, _, low = max((other, passed, low) for passed, low, other in kept if passed >= least)
    return low, other


def choose_reject(scores: Floats, bad: Floats, weights: Floats) -> float:
    """Return the lowest threshold above which at most REJECT_ERROR_MAX seem to be plain."""
    levels = np.unique(np.quantile(scores[bad > 0.5], np.linspace(0, 0.99, 4 * GRID)))
    for level in levels:
        above = scores >= level
        if error_rate(1 - bad[above], weights[above]) <= AIM * REJECT_ERROR_MAX:
            return float(level)
    return float(levels[-1])


def with_margin(
    thresholds: Mapping[str, Thresholds], scores: Mapping[str, Floats], bad: Floats, weights: Floats
) -> dict[str, Thresholds]:
    """Return the thresholds with one margin on all rejections, so that the promise is kept.

    Kept means: of all that any of these scores rejects, the upper bound of what is plain is at most
    REJECT_ERROR_MAX. The first such margin is taken; where the rows prove that of none, nothing is
    rejected.
    """
    for margin in REJECT_MARGINS:
        raised = {label: _raised(one, margin) for label, one in thresholds.items()}
        if wrong_bound(_rejected(raised, scores), bad, weights) <= REJECT_ERROR_MAX:
            return raised
    return {label: Thresholds(one.hold, None) for label, one in thresholds.items()}


def _rejected(
    thresholds: Mapping[str, Thresholds], scores: Mapping[str, Floats]
) -> npt.NDArray[np.bool_]:
    limits = {label: one.reject for label, one in thresholds.items() if one.reject is not None}
    return np.asarray(np.any([scores[label] >= at for label, at in limits.items()], axis=0))


def _raised(one: Thresholds, margin: float) -> Thresholds:
    """Return a threshold whose rejections begin so many logits later, if there are any."""
    if one.reject is None:
        return one
    odds = one.reject / max(1 - one.reject, 1e-9) * float(np.exp(margin))
    return Thresholds(one.hold, odds / (1 + odds))


def wrong_bound(
    rejected: npt.NDArray[np.bool_], bad: Floats, weights: Floats, confidence: float = 0.95
) -> float:
    """Return the upper bound of the share of plain rows among the rejected ones.

    Plain rows are few and weigh much, so that they are counted (Poisson), and each counts as much
    as plain rows do on average, or as those rejected do, if that is more.
    """
    wrong = rejected & (bad < 0.5)
    count, mass = int(wrong.sum()), float(weights[wrong].sum())
    each = max(float(weights[bad < 0.5].mean()), mass / max(count, 1))
    most = float(gamma.ppf(confidence, count + 1)) * each
    right = float(weights[rejected & (bad > 0.5)].sum())
    return most / (most + right)
