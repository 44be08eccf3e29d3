"""Markup reduced to the words that readers see, and the links behind them."""

import html
import re
from collections.abc import Iterable

from models.trace import Piece, Rewrite


def _unescaped(match: re.Match[str]) -> Iterable[Piece]:
    return (html.unescape(match[0]),)


def _has_amp(text: str) -> bool:
    return "&" in text


def _has_tag(text: str) -> bool:
    return "<" in text


def _has_bracket(text: str) -> bool:
    return "[" in text


def _shown(attribute: str) -> Rewrite:
    """Return the step that copies what an attribute shows, if one points there, behind its tag.

    Not an address, which is mostly the link's own again.
    """
    value = r"""(?:"([^"<>]{1,400})"|'([^'<>]{1,400})'|([^\s"'<>]{1,400}))"""
    return Rewrite(
        attribute,
        re.compile(
            rf"<[a-z][^<>]{{0,400}}?\s{attribute}\s*=\s*(?![\"']?\s*(?:https?:|www\.|/)){value}[^<>]{{0,400}}>",
            re.I,
        ),
        lambda _: (0, " ", 1, 2, 3, " "),
        _has_tag,
    )


ENTITY = Rewrite(
    "entity", re.compile(r"&(?:#\d{1,7}|#[xX][\da-fA-F]{1,6}|\w{2,31});?"), _unescaped, _has_amp
)
MARKUP = (
    _shown("title"),
    _shown("alt"),
    Rewrite(
        "html_link",
        re.compile(r"<a\b[^<>]{0,400}?href\s*=\s*[\"']?([^\"'\s<>]{1,400})[^<>]{0,400}>", re.I),
        lambda _: (" ", 1, " "),
        _has_tag,
    ),
    Rewrite(
        "tagsplit",
        re.compile(r"(?<=\w)</?(?:b|i|u|s|em|strong|span|font|wbr)\b[^<>]{0,400}>(?=\w)", re.I),
        lambda _: (),
        _has_tag,
    ),
    Rewrite(
        "tag",
        re.compile(r"<(?:[/!]?[a-zA-Z][^<>]{0,400}|!--.{0,400}?--)>"),
        lambda _: (" ",),
        _has_tag,
    ),
    Rewrite(
        "bb_link",
        re.compile(r"\[(?:url|link|img)\s?=?\s?[\"']?([^\]\s\"']{0,400})[\"']?\]", re.I),
        lambda _: (" ", 1, " "),
        _has_bracket,
    ),
    Rewrite(
        "bb",
        re.compile(
            r"\[/?(?:b|i|u|s|url|link|img|quote|code|color|size|list)(?:=[^\]]{0,100})?\]", re.I
        ),
        lambda _: (" ",),
        _has_bracket,
    ),
    Rewrite(
        "md_link",
        re.compile(r"!?\[([^\]\n]{0,400})\]\(\s*<?([^)\s>]{1,500})>?([^)\n]{0,100})\)"),
        lambda _: (1, " ", 2, " ", 3, " "),
        _has_bracket,
    ),
)
