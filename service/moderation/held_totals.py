"""How many comments wait for a person: exact while there are few, at most 5 s old above that.

Counting 50,000 entries takes longer than the rest of the queue page together, on every look.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

TOTAL_CACHE_S = 5.0
EXACT_MAX = 1_000
PEOPLE_MAX = 1_000

_FOR = timedelta(seconds=TOTAL_CACHE_S)


@dataclass(slots=True)
class HeldTotals:
    """By who looks: the last count over EXACT_MAX, and when it was made."""

    _counts: dict[object, tuple[int, datetime]] = field(default_factory=dict)

    def get(self, who: object, now: datetime, count: Callable[[], int]) -> int:
        """The number, counted anew unless a large one was counted lately."""
        known = self._counts.get(who)
        if known and known[1] <= now < known[1] + _FOR:
            return known[0]
        total = count()
        if total > EXACT_MAX:
            if len(self._counts) >= PEOPLE_MAX:
                self._counts.clear()
            self._counts[who] = (total, now)
        return total
