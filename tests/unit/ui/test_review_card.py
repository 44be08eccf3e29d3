"""Facts about what a card says."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from service.domain.comment import Author, Comment, Status
from service.ui.review.card import about, duration, mention, web_address
from tests.factories import a_submission


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
    ("name", "body", "words"),
    [
        ("Ada", " One\n\ntwo. ", "Ada: “One two.”"),
        (None, "x" * 60, f"Somebody without a name: “{'x' * 60}”"),
        ("Ada " * 20, "word " * 20, f"{('Ada ' * 10)[:39]}…: “{('word ' * 12)[:59]}…”"),
    ],
)
def test_a_comment_is_mentioned_by_its_author_and_first_words(
    name: str | None, body: str, words: str
) -> None:
    written = a_submission(body, author=Author(name=name))
    comment = Comment(UUID(int=1), UUID(int=2), written, 1, Status.DECIDED, datetime.now(UTC))
    assert mention(comment) == words


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
