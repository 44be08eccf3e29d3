"""Rates such as 100/second, as settings write them."""

import re
from dataclasses import dataclass

UNITS_S = {"second": 1, "minute": 60, "hour": 3600, "day": 86_400}
_RATE = re.compile(r"\s*(\d{1,9})\s*(?:/|per)\s*(\d{1,6})?\s*(second|minute|hour|day)s?\s*")


@dataclass(frozen=True, slots=True)
class Rate:
    """At most `limit` in `window_s` seconds."""

    limit: int
    window_s: int


def parse(text: str) -> Rate:
    """The rate that a text such as `100/second`, `10 per 5 minutes` means; raises ValueError."""
    match = _RATE.fullmatch(text.lower())
    limit, count = (int(match[1]), int(match[2] or 1)) if match else (0, 0)
    if match is None or not limit or not count:
        raise ValueError("A rate is a number per time, such as 100/second or 10/5 minutes.")
    return Rate(limit, count * UNITS_S[match[3]])
