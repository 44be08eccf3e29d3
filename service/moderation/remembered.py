"""What was looked up lately, for a short time and in bounded memory."""

from datetime import datetime, timedelta
from typing import Generic, TypeVar

Key = TypeVar("Key")
Value = TypeVar("Value")


class Remembered(Generic[Key, Value]):
    """Values by key, each for `seconds` after it was found; at `most` so many."""

    def __init__(self, seconds: float, most: int) -> None:
        self._for = timedelta(seconds=seconds)
        self._most = most
        self._found: dict[Key, tuple[Value, datetime]] = {}

    def get(self, key: Key, now: datetime) -> Value | None:
        """The value, if it was found lately enough."""
        known = self._found.get(key)
        # "<=" as well: a clock that was set back must not make an entry last.
        return known[0] if known and known[1] <= now < known[1] + self._for else None

    def keep(self, key: Key, value: Value, found_at: datetime) -> None:
        """Remember what was found at that time."""
        if len(self._found) >= self._most:
            self._found.clear()
        self._found[key] = (value, found_at)

    def forget(self) -> None:
        """Something has changed: all is to be looked up again."""
        self._found.clear()
