"""Hold thresholds for sites with less or more abuse and spam than the natural mix has."""

from collections.abc import Mapping
from dataclasses import replace
from typing import TypedDict

import numpy as np

from models.policy import Policy
from models.train.calibration import MAIN, Mix, main_holds

RATES = ((0.01, 0.01), (0.02, 0.02), (0.04, 0.03), (0.10, 0.10))
"""Shares of abuse and of spam among a site's comments; the natural mix has .084 and .05."""


class Holds(TypedDict):
    """From what scores on a site with such shares of abuse and spam holds, as a manifest has it."""

    abuse: float
    spam: float
    hold: dict[str, float]


def at_rates(mix: Mix, abuse: float, spam: float) -> Mix:
    """Return the same comments, weighed so that these shares of them are abuse and spam."""
    kind = np.where(mix.spam > 0, 2, (mix.bad > 0).astype(np.int64))
    mass = np.bincount(kind, mix.weights, minlength=3)
    factors = np.array([1 - abuse - spam, abuse, spam]) / mass
    return replace(mix, weights=mix.weights * factors[kind])


def holds_at_rates(mix: Mix, policy: Policy) -> list[Holds]:
    """Return the hold thresholds of the main scores at each of RATES, the others as in a policy."""
    return [_holds(at_rates(mix, *rates), policy, *rates) for rates in RATES]


def _holds(mix: Mix, policy: Policy, abuse: float, spam: float) -> Holds:
    side = {label: one["hold"] for label, one in policy.items() if label not in MAIN}
    found = main_holds(mix, side)
    return {
        "abuse": abuse,
        "spam": spam,
        "hold": {label: round(one, 4) for label, one in found.items()},
    }


def with_holds(policy: Policy, hold: Mapping[str, float]) -> Policy:
    """Return a policy with other hold thresholds of some scores, which then reject nothing."""
    return dict(policy) | {label: {"hold": one, "reject": None} for label, one in hold.items()}
