"""How many comments wait for a person: exact while there are few, at most 5 s old above that.

Counting 50,000 entries takes longer than the rest of the queue page together, on every look.
"""

from collections.abc import Callable
from datetime import datetime

from service.moderation.remembered import Remembered

TOTAL_CACHE_S = 5.0
EXACT_MAX = 1_000
PEOPLE_MAX = 1_000


class HeldTotals:
    """By who looks: the last count over EXACT_MAX."""

    def __init__(self) -> None:
        self._counts: Remembered[object, int] = Remembered(TOTAL_CACHE_S, PEOPLE_MAX)

    def get(self, who: object, now: datetime, count: Callable[[], int]) -> int:
        """The number, counted anew unless a large one was counted lately."""
        known = self._counts.get(who, now)
        if known is not None:
            return known
        total = count()
        if total > EXACT_MAX:
            self._counts.keep(who, total, now)
        return total
