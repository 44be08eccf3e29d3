"""Facts about rate limits."""

from types import SimpleNamespace

import pytest

from service import rate_limits
from service.rate_limits import limiter


@pytest.fixture
def seconds(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The monotonic time, as the limiter sees it."""
    now = [100.0]
    limiter.cache_clear()  # type: ignore[attr-defined]  # lru_cache behind a protocol
    monkeypatch.setattr(rate_limits, "time", SimpleNamespace(monotonic=lambda: now[0]))
    return now


def test_the_limit_and_what_is_left_are_told(seconds: list[float]) -> None:
    usage = limiter("3/second").hit("key")
    assert (usage.allowed, usage.limit, usage.remaining, usage.window_s) == (True, 3, 2, 1)


def test_one_more_than_the_limit_is_refused(seconds: list[float]) -> None:
    allowed = [limiter("3/second").hit("key").allowed for _ in range(4)]
    assert allowed == [True, True, True, False]


def test_every_name_has_a_count_of_its_own(seconds: list[float]) -> None:
    assert [limiter("1/second").hit(name).allowed for name in ("a", "b")] == [True, True]


def test_the_next_window_starts_from_nothing(seconds: list[float]) -> None:
    for _ in range(4):
        limiter("3/minute").hit("key")
    seconds[0] += 60
    assert limiter("3/minute").hit("key").remaining == 2


def test_who_is_refused_is_told_when_to_come_again(seconds: list[float]) -> None:
    limiter("1/minute").hit("key")
    seconds[0] += 20
    assert limiter("1/minute").hit("key").reset_s == 40
