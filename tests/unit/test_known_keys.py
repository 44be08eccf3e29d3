"""Facts about keys that were looked up lately."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from service.domain.policy import Policy
from service.domain.site import Site
from service.moderation.known_keys import KEY_CACHE_S, KEYS_MAX, KnownKeys

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
SITE = Site(UUID(int=1), "News", Policy())


def keys() -> KnownKeys:
    """One key, looked up at noon."""
    known = KnownKeys()
    known.keep("hash", SITE, NOON)
    return known


def test_a_key_is_known_for_a_second() -> None:
    assert keys().get("hash", NOON + timedelta(seconds=KEY_CACHE_S / 2)) is SITE


def test_after_a_second_it_is_looked_up_again() -> None:
    assert keys().get("hash", NOON + timedelta(seconds=KEY_CACHE_S)) is None


def test_a_clock_that_was_set_back_makes_no_key_last() -> None:
    assert keys().get("hash", NOON - timedelta(hours=1)) is None


def test_a_change_forgets_all() -> None:
    known = keys()
    known.forget()
    assert known.get("hash", NOON) is None


def test_the_memory_for_keys_is_bounded() -> None:
    known = KnownKeys()
    for number in range(KEYS_MAX + 1):
        known.keep(str(number), SITE, NOON)
    assert known.get("0", NOON) is None
    assert known.get(str(KEYS_MAX), NOON) is SITE
