"""Facts about a held comment as marked text."""

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.domain.decision import Span
from service.ui.review.passages import (
    CLOSE,
    NO_ADDRESS,
    OPEN,
    TAGS_TIMES_CHARS_MAX,
    passages,
)


def shown(body: str, *spans: tuple[int, int], body_format: str = "html") -> str:
    """The text with [[ ]] around what is marked."""
    pieces = passages(body, body_format, [Span(start, end) for start, end in spans])
    return "".join(f"[[{piece.text}]]" if piece.marked else piece.text for piece in pieces)


def around(body: str, words: str) -> tuple[int, int]:
    """Where the words stand in the body."""
    return body.index(words), body.index(words) + len(words)


def test_plain_text_is_shown_as_it_is() -> None:
    assert shown("a <b> & \n c", body_format="text") == "a <b> & \n c"


def test_passages_that_touch_or_overlap_are_one() -> None:
    spans = [(0, 2), (1, 3), (3, 4), (6, 99)]
    assert shown("abcdefgh", *spans, body_format="text") == "[[abcd]]ef[[gh]]"


def test_an_empty_passage_marks_nothing() -> None:
    assert shown("abc", (1, 1), (2, 1), body_format="text") == "abc"


def test_offsets_count_characters_not_bytes() -> None:
    assert shown("🙂é abc", (3, 6), body_format="text") == "🙂é [[abc]]"


def test_html_becomes_words_and_lines() -> None:
    assert shown("<p>One &amp; <b>two</b></p><p>three<br>four</p>") == "One & two\n\nthree\nfour"


def test_the_address_of_a_link_is_shown() -> None:
    assert shown('See <a href="http://x.example/?a=1&amp;b=2">this</a>') == (
        "See [http://x.example/?a=1&b=2] this"
    )


def test_the_address_of_a_picture_is_shown() -> None:
    assert shown('<img src="http://x.example/p.png" onerror="alert(1)">') == (
        "[http://x.example/p.png]"
    )


@pytest.mark.parametrize(
    "address",
    ["tg://resolve?domain=x", "javascript:alert(1)", "data:text/html,x", "http://", "//x.example"],
)
@pytest.mark.parametrize("tag", ['<a href="{}">', "<a/HREF = '{}'>", "<a title=''href={}>"])
def test_the_address_of_a_link_is_shown_whatever_its_scheme(tag: str, address: str) -> None:
    assert shown(f"See {tag.format(address)}this</a>") == f"See [{address}] this"


def test_words_that_look_like_the_names_of_addresses_stay_as_they_are() -> None:
    body = "<p>Write HREF = x, 'src=y'</p><p title='a href=\"b\"'>or z</p>"
    assert shown(body) == "Write HREF = x, 'src=y'\n\n[a href=\"b\"] or z"


def test_what_shows_on_pointing_is_shown() -> None:
    body = (
        '<p title="one">Hi <span title=\'a "b"\'>x</span> <img alt="two > one" title="three"></p>'
    )
    assert shown(body) == '[one] Hi [a "b"] x [two > one] [three]'


@pytest.mark.parametrize("tag", ["font", "section", "abbr", "p"])
def test_whatever_has_a_title_shows_it(tag: str) -> None:
    assert shown(f'<{tag} title="one">two</{tag}>') == "[one] two"


def test_a_passage_in_a_title_marks_it() -> None:
    body = '<p>See <abbr title="you silly goose">this</abbr> now</p>'
    assert shown(body, around(body, "silly")) == "See [[[you silly goose]]] this now"


def test_a_passage_in_the_words_of_html_is_marked() -> None:
    body = "<p>You <b>silly</b> goose</p>"
    assert shown(body, around(body, "silly")) == "You [[silly]] goose"


def test_a_passage_inside_a_tag_marks_the_address() -> None:
    body = '<p>See <a href="http://x.example/">this</a> now</p>'
    assert shown(body, around(body, "x.example")) == "See [[[http://x.example/]]] this now"


def test_a_passage_that_spans_tags_is_marked_throughout() -> None:
    body = "<p>You <b>silly</b> goose</p>"
    assert shown(body, around(body, "illy</b> go")) == "You s[[illy go]]ose"


def test_scripts_leave_no_words() -> None:
    assert shown("Hello<script>alert(1)</script><style>p{}</style>") == "Hello"


def test_html_that_shows_nothing_is_shown_as_source() -> None:
    assert shown("<script>alert(1)</script>") == "<script>alert(1)</script>"


NAMES = " ".join(one + other for one in "abcdefghij" for other in "abcdefghijklmnopqrstuvw")


def many_tags(count: int, attributes: str) -> str:
    """A third of the tags stay open, and are repeated in the paragraphs that are the rest."""
    opened = "".join(f"<b {attributes}{number}>" for number in range(count // 3))
    return f"<p>{opened}You fool.{'<p>x' * (count - count // 3)}"


@pytest.mark.parametrize(
    ("count", "attributes"),
    [
        (5000, "a="),  # too many of them
        (120, f"title={'y' * 300}"),  # few enough, but read they make a hundred times the text
    ],
)
def test_html_with_too_many_tags_is_shown_as_source_with_its_marks(
    count: int, attributes: str
) -> None:
    body = many_tags(count, attributes)
    start, end = around(body, "fool")
    assert shown(body, (start, end)) == f"{body[:start]}[[fool]]{body[end:]}"


@pytest.mark.parametrize(
    ("count", "attributes"),
    [
        (580, "a="),
        (90, f"title={'y' * 690}"),
        (90, f"title={'&' * 690}"),
        (90, f"{NAMES} z="),
    ],
)
def test_just_below_too_many_tags_take_no_long_time(count: int, attributes: str) -> None:
    body = many_tags(count, attributes)
    assert 0.85 < len(re.findall("<", body)) * len(body) / TAGS_TIMES_CHARS_MAX < 1
    began = time.perf_counter()
    passages(body, "html", ())
    assert time.perf_counter() - began < 0.5


def test_a_long_text_of_many_paragraphs_is_read_as_html() -> None:
    assert shown("<p>Some words.</p>" * 150) == "\n\n".join(["Some words."] * 150)


def test_private_characters_of_the_author_mark_nothing() -> None:
    assert shown(f"a{OPEN}b{CLOSE}c", body_format="text") == "a\ufffdb\ufffdc"


@pytest.mark.parametrize(
    "piece",
    [
        "<",
        "<a ",
        "<a href='",
        "<p>",
        "<div><a href=x>",
        "<b title=x>",
        "&#",
        "<!--",
        "[http://",
        " href ",
        "<a href=x:",
        "\n ",
    ],
)
def test_a_hostile_text_takes_no_long_time(piece: str) -> None:
    body = piece * (65_000 // len(piece))
    spans = [Span(start, start + 5) for start in range(0, 60_000, 60)]
    begun = time.process_time()
    passages(body, "html", spans)
    assert time.process_time() - begun < 2


@given(
    st.text(alphabet="ab <>/\"'=&;!-\ue000\ue001\ue002", max_size=60),
    st.lists(st.tuples(st.integers(0, 70), st.integers(0, 70)), max_size=4),
    st.sampled_from(["text", "html"]),
)
def test_our_own_marks_never_show(body: str, spans: list[tuple[int, int]], format_: str) -> None:
    pieces = passages(body, format_, [Span(start, end) for start, end in spans])
    assert not {OPEN, CLOSE, NO_ADDRESS} & set("".join(piece.text for piece in pieces))


@given(
    st.text(max_size=60), st.lists(st.tuples(st.integers(0, 70), st.integers(0, 70)), max_size=4)
)
def test_marking_plain_text_changes_no_character(body: str, spans: list[tuple[int, int]]) -> None:
    pieces = passages(body, "text", [Span(start, end) for start, end in spans])
    expected = re.sub(f"[{OPEN}{CLOSE}{NO_ADDRESS}]", "\ufffd", body)
    assert "".join(piece.text for piece in pieces) == expected
