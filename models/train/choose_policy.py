"""Default thresholds from validation rows, so that promised error rates hold."""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from models.policy import Policy, Thresholds

Floats = npt.NDArray[np.float64]

SIDE_HOLD_PRECISION = 0.9
"""A side score holds from where this share of the comments above is bad."""
SIDE_REJECT_PRECISION = 0.995
SIDE_HOLD_RANGE = (0.1, 0.3)
SIDE_REJECT_RANGE = (0.9, 0.98)
"""Where the thresholds of a side score may lie: rare scores have too few rows to say more."""
HOLD_MIN = {"profanity": 0.5}
"""A swear word alone is no reason to hold: not before it is likelier than not that there is one."""
SIDE_ROWS_MIN = 20
STEP = 1e-4


def side_thresholds(label: str, scores: Floats, bad: Floats, weights: Floats) -> Thresholds:
    """Return the thresholds of a sub-score: where it alone says enough that a comment is bad."""
    hold = _precision_from(scores, bad, weights, SIDE_HOLD_PRECISION)
    reject = _precision_from(scores, bad, weights, SIDE_REJECT_PRECISION)
    return Thresholds(
        max(min(hold, SIDE_HOLD_RANGE[1]), HOLD_MIN.get(label, SIDE_HOLD_RANGE[0])),
        min(max(reject, SIDE_REJECT_RANGE[0]), SIDE_REJECT_RANGE[1]),
    )


def _precision_from(scores: Floats, bad: Floats, weights: Floats, precision: float) -> float:
    order = np.argsort(-scores, kind="stable")
    mass = weights[order]
    share = np.cumsum(mass * bad[order]) / np.cumsum(mass)
    good = np.flatnonzero(share >= precision)
    good = good[good >= SIDE_ROWS_MIN]
    return float(scores[order][good[-1]]) if len(good) else 1.0


def rounded(thresholds: Mapping[str, Thresholds]) -> Policy:
    """Return thresholds as the manifest keeps them."""
    return {
        label: {
            "hold": round(one.hold, 4),
            "reject": None if one.reject is None else round(min(one.reject + STEP, 1.0), 4),
        }
        for label, one in thresholds.items()
    }
