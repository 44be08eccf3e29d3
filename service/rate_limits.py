"""Rate limits, counted in the memory of each process: they need no Redis and cost microseconds."""

import time
from dataclasses import dataclass
from functools import lru_cache
from math import ceil
from typing import Protocol

import limits
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter


@dataclass(frozen=True, slots=True)
class Usage:
    """How a request stands against its limit; `reset_s` seconds until there is room again."""

    allowed: bool
    limit: int
    window_s: int
    remaining: int
    reset_s: int


UNLIMITED = Usage(allowed=True, limit=0, window_s=0, remaining=0, reset_s=0)


class Limiter(Protocol):
    """Counts requests by name."""

    def hit(self, name: str) -> Usage:
        """Count one request of `name`."""


class _Window:
    def __init__(self, rate: str) -> None:
        self._item = limits.parse(rate)
        self._strategy = FixedWindowRateLimiter(MemoryStorage())

    def hit(self, name: str) -> Usage:
        allowed = self._strategy.hit(self._item, name)
        stats = self._strategy.get_window_stats(self._item, name)
        reset_s = max(1, ceil(stats.reset_time - time.time()))
        window_s = self._item.get_expiry()
        return Usage(allowed, self._item.amount, window_s, stats.remaining, reset_s)


class _Unlimited:
    def hit(self, name: str) -> Usage:
        return UNLIMITED


@lru_cache
def limiter(rate: str) -> Limiter:
    """This process's counter for a rate such as 100/second; `off` counts nothing."""
    return _Unlimited() if rate == "off" else _Window(rate)
