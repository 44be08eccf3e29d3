"""Facts about what a card says."""

from datetime import timedelta

import pytest

from service.ui.review.card import about, duration, web_address


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (-5, "less than a minute"),
        (59, "less than a minute"),
        (60, "1 minute"),
        (3599, "59 minutes"),
        (3600, "1 hour"),
        (86_399, "23 hours"),
        (172_800, "2 days"),
    ],
)
def test_a_wait_is_told_in_the_largest_whole_unit(seconds: int, words: str) -> None:
    assert duration(timedelta(seconds=seconds)) == words


@pytest.mark.parametrize(
    ("total", "words"),
    [
        (0, "0"),
        (1000, "1000"),
        (1001, "About 1,000"),
        (4997, "About 5,000"),
        (51_234, "About 51,200"),
    ],
)
def test_a_large_total_is_told_in_hundreds(total: int, words: str) -> None:
    assert about(total) == words


@pytest.mark.parametrize(
    ("address", "may_be_followed"),
    [
        ("https://news.example/a", True),
        ("http://news.example/a", True),
        ("javascript:alert(1)", False),
        ("data:text/html,x", False),
        (None, False),
    ],
)
def test_only_web_addresses_of_articles_can_be_followed(
    address: str | None, may_be_followed: bool
) -> None:
    assert web_address(address) is may_be_followed
