"""The sites of API keys seen lately, so that a request costs no look into the database.

A key that was rotated or expired elsewhere is still taken for up to KEY_CACHE_S; changes made in
this process count at once. Unknown keys are never kept.
"""

from service.domain.site import Site
from service.moderation.remembered import Remembered

KEY_CACHE_S = 1.0
KEYS_MAX = 10_000


class KnownKeys(Remembered[str, Site]):
    """By SHA-256 of the key: its site."""

    def __init__(self) -> None:
        super().__init__(KEY_CACHE_S, KEYS_MAX)
