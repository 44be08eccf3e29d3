"""Copies of a text, as training counts them and as the service does."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.document import Document
from models.train.copies import letters_of, with_copies
from models.train.spam_rows import SpamRow
from service.domain import copies as service_copies

PITCH = "Visit my shop for the best watches in town"


def a_row(body: str = PITCH, sender: str = "quay Ann", site: str = "harbour") -> SpamRow:
    return SpamRow(Document(body), True, site, "blog", sender=sender)


def copies_in(rows: list[SpamRow]) -> list[int | None]:
    return [row.document.copies for row in with_copies(rows)]


def test_earlier_rows_of_the_site_by_other_senders_are_copies() -> None:
    rows = [a_row(), a_row(sender="fair Ann"), a_row(), a_row(site="harbour.example")]
    assert copies_in(rows) == [0, 1, 1, 1]
    assert copies_in([a_row(), a_row(site="quay", sender="fair Ann")]) == [0, 0]


def test_short_texts_and_rows_without_a_sender_are_unknown() -> None:
    assert copies_in([a_row("I agree."), a_row(sender="")]) == [None, None]


@pytest.mark.parametrize(
    "body",
    [
        "",
        PITCH,
        "ＦＵＬＬ width &amp; <b>bold</b> <a href='https://a.example'>link</a> www.b.example/x 10%",
        "a < b and c > d, 2 &lt; 3; Straße, İstanbul, 한국어 댓글, Привет",
        "half a tag <a href=https://c.example/" + "x" * 500,
        "\ud800 lone surrogate",
    ],
)
def test_training_and_service_see_the_same_letters(body: str) -> None:
    assert letters_of(body) == service_copies.letters_of(body)


@given(st.text(alphabet=st.characters() | st.sampled_from("<>&#;./[]()w:x1"), max_size=200))
def test_letters_of_any_text_are_the_same_in_both_and_never_fail(body: str) -> None:
    assert letters_of(body) == service_copies.letters_of(body)


@pytest.mark.parametrize(
    "body",
    [
        "&#" + "1" * 5000 + ";",
        "a" + "\u0315" * 30_000 + "\u0300" * 30_000,
        "a" * 65_000,
        "a-" * 32_000,
        "a." * 32_000,
        "<" * 65_000,
        "[url" * 16_000,
        "](" * 32_000,
        "http://" * 9_000,
    ],
)
def test_no_text_takes_long_or_fails(body: str) -> None:
    begin = time.process_time()
    service_copies.text_mark(body)
    assert time.process_time() - begin < 0.5


def test_service_marks_what_training_counts() -> None:
    assert service_copies.text_mark("I agree.") is None
    mark = service_copies.text_mark(PITCH)
    assert mark == service_copies.text_mark(PITCH.upper() + " https://a.example")
    assert mark is not None
    assert -(2**63) <= mark < 2**63
