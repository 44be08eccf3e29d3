"""Facts about the number of comments that wait."""

from datetime import UTC, datetime, timedelta

from service.moderation.held_totals import EXACT_MAX, TOTAL_CACHE_S, HeldTotals

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


def test_a_short_queue_is_counted_on_every_look() -> None:
    totals, counts = HeldTotals(), iter([7, 6])
    assert [totals.get("ann", NOON, lambda: next(counts)) for _ in range(2)] == [7, 6]


def test_a_long_queue_is_counted_once_in_five_seconds() -> None:
    totals, counts = HeldTotals(), iter([EXACT_MAX + 2, EXACT_MAX + 1])
    looks = [NOON, NOON + timedelta(seconds=1), NOON + timedelta(seconds=TOTAL_CACHE_S)]
    seen = [totals.get("ann", look, lambda: next(counts)) for look in looks]
    assert seen == [EXACT_MAX + 2, EXACT_MAX + 2, EXACT_MAX + 1]


def test_everybody_has_a_number_of_their_own() -> None:
    totals = HeldTotals()
    assert totals.get("ann", NOON, lambda: EXACT_MAX + 1) == EXACT_MAX + 1
    assert totals.get("ben", NOON, lambda: 3) == 3
