"""The sites of API keys seen lately, so that a request costs no look into the database.

A key that was rotated or expired elsewhere is still taken for up to KEY_CACHE_S; changes made in
this process count at once. Unknown keys are never kept.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from service.domain.site import Site

KEY_CACHE_S = 1.0
KEYS_MAX = 10_000

_FOR = timedelta(seconds=KEY_CACHE_S)


@dataclass(slots=True)
class KnownKeys:
    """By SHA-256 of the key: its site, and when that was looked up."""

    _sites: dict[str, tuple[Site, datetime]] = field(default_factory=dict)

    def get(self, key_hash: str, now: datetime) -> Site | None:
        """The site, if it was looked up within the last KEY_CACHE_S."""
        known = self._sites.get(key_hash)
        # "<=" as well: a clock that was set back must not make an entry last.
        return known[0] if known and known[1] <= now < known[1] + _FOR else None

    def keep(self, key_hash: str, site: Site, looked_up: datetime) -> None:
        """Remember what was found by a look at that time."""
        if len(self._sites) >= KEYS_MAX:
            self._sites.clear()
        self._sites[key_hash] = (site, looked_up)

    def forget(self) -> None:
        """Something about sites or keys has changed."""
        self._sites.clear()
