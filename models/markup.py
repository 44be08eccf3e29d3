"""Markup reduced to the words that readers see, the links behind them, and what else it says."""

import html
import re
from collections.abc import Iterable, Iterator

from models.marks import HIDDEN_SIGNS
from models.trace import Piece, Rewrite


def _unescaped(match: re.Match[str]) -> Iterable[Piece]:
    return (html.unescape(match[0]),)


def _has_amp(text: str) -> bool:
    return "&" in text


def _has_tag(text: str) -> bool:
    return "<" in text


def _has_bracket(text: str) -> bool:
    return "[" in text


def _has_tag_or_bracket(text: str) -> bool:
    return "<" in text or "[" in text


# Possessive throughout: an unquoted value holds "/" and "=" as well, so that without it each of n
# attributes could be cut in two ways, and what is no tag after all took 2 to the n steps.
_VALUE = r"""(?:"[^"<>]{0,400}"|'[^'<>]{0,400}'|[^\s"'<>]{1,400}+)"""
_ATTRIBUTES = rf"(?:[\s/]{{1,20}}+[\w:-]{{1,40}}+\s{{0,9}}=\s{{0,9}}{_VALUE})*+[\s/]{{0,20}}"
_TAGS = """
    a abbr acronym address article aside audio b bdi bdo big blockquote body br button caption
    center cite code col dd del details dfn div dl dt em embed figcaption figure font footer
    form gallery h1 h2 h3 h4 h5 h6 head header hr html i iframe img input ins kbd label li link
    main mark math meta nav nowiki noscript object ol option p param picture pre q ref
    references s samp script section select small source span strike strong style sub summary
    sup svg table tbody td textarea tfoot th thead time title tr tt u ul var video wbr
"""
_NAMES = "|".join(_TAGS.split())
_is_tag = re.compile(
    rf"<(?:/\s{{0,9}}(?:{_NAMES})\s{{0,9}}|(?:{_NAMES}){_ATTRIBUTES})>", re.I
).fullmatch
_WITHIN_WORDS = """
    a abbr acronym b bdi bdo big cite code del dfn em font i ins kbd mark s samp small span strike
    strong sub sup tt u var wbr
"""
"""Tags that do not part a word in two."""
_INLINE = frozenset(_WITHIN_WORDS.split())
_SPLITS = (
    rf"</?(?:{'|'.join(sorted(_INLINE))})\b[^<>]{{0,400}}+>|<!--.{{0,400}}?-->|\[/?[bius]\]"
    rf"|[{HIDDEN_SIGNS}]"
)
_CONTACT = re.compile(r"://|\w@\w|\w\.[a-z]{2}", re.I)


def _left_of_tag(match: re.Match[str]) -> Iterable[Piece]:
    """Return what is between the brackets if it is no tag and has an address.

    A page of plain text shows it; "<https://x.example>" is a link in Markdown.
    """
    if _CONTACT.search(match[0]) and not _is_tag(match[0]):
        return (" ", match.lastindex or 0, " ")
    return (" ",)


ENTITY = Rewrite(
    "entity", re.compile(r"&(?:#\d{1,7}|#[xX][\da-fA-F]{1,6}|\w{2,31});?"), _unescaped, _has_amp
)
MARKUP = (
    Rewrite(
        "html_link",
        re.compile(
            r"<(?:a\b[^<>]{0,400}?href|(?:audio|embed|iframe|img|script|source|video)\b[^<>]{0,400}?"
            r"\ssrc(?=\s*=\s*[\"']?(?:https?:)?//))\s*=\s*[\"']?(?://)?"
            r"([^\"'\s<>]{1,400}+)[^<>]{0,400}+>",
            re.I,
        ),
        lambda _: (" ", 1, " "),
        _has_tag,
    ),
    Rewrite(
        "tagsplit",
        # Begins with its sign, which is found faster than what is before it; that is a letter that
        # readers see, so that each run of tags and hidden characters is walked through once.
        re.compile(
            rf"(?=[<\[{HIDDEN_SIGNS}])(?<=[^\W{HIDDEN_SIGNS}])[{HIDDEN_SIGNS}]*+(?=[<\[])"
            rf"(?:{_SPLITS})++(?=\w)",
            re.I,
        ),
        # What may be an address is left for the next step to read.
        lambda match: (0,) if _CONTACT.search(match[0]) else (),
        _has_tag_or_bracket,
    ),
    Rewrite(
        "tag",
        re.compile(r"<(?:[/!]?([a-zA-Z][^<>]{0,400}+)|!--(.{0,400}?)--)>"),
        _left_of_tag,
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
        re.compile(r"!?\[([^\]\n]{0,400})\]\(\s{0,9}<?([^)\s>]{1,500}+)>?([^)\n]{0,100}+)\)"),
        lambda _: (1, " ", 2, " ", 3, " "),
        _has_bracket,
    ),
)

_SHOWN = ("title", "alt")
"""Attributes of which readers see any value, on pointing or in place of a picture."""
_PLAIN_WORDS = re.compile(r"[a-z'] [a-z']", re.I)
_ADDRESS = re.compile(r"(?:https?:|www\.|/)\S*")
_RELATIONS = re.compile(r"(?:(?:nofollow|noopener|noreferrer|ugc|external|sponsored)\s*)+", re.I)


def _value(attribute: re.Match[str]) -> str:
    return attribute[attribute.lastindex or 0]


def _is_shown(attribute: re.Match[str]) -> bool:
    """Tell whether an attribute says something to readers: no address, no list of relations."""
    value = _value(attribute)
    if _ADDRESS.fullmatch(value) or _RELATIONS.fullmatch(value):
        return False
    return attribute[1].lower() in _SHOWN or bool(_PLAIN_WORDS.search(value))


_ATTRIBUTE = re.compile(
    r"""(?<![\w:?&;%-])([\w:-]{1,40}+)\s{0,9}=\s{0,9}"""
    r"""(?:"([^"]{1,400})"|'([^']{1,400})'|([^\s"'<>]{1,400}))"""
)
_BETWEEN = re.compile(r"<[/!]?([a-z][^<>]{0,400})>|<!--(.{0,400}?)-->", re.I | re.S)
_BB_VALUE = re.compile(r"\[(?:url|link|img|quote|code|color|size|list)\s?=([^\]]{0,100})\]", re.I)


_TAG = re.compile(r"<(?:[/!]?([a-zA-Z]\w*)[^<>]{0,400}|!--.{0,400}?--)>")
_begins_with = re.compile(r"[^\s\"'<>]*").match
_ends_with = re.compile(r"[^\s\"'<>=]*$").search


def without_tags(text: str, start: int, end: int) -> str:
    """Return what readers see of a part of HTML; of a tag that it cuts, the word that it cuts."""
    pieces: list[str] = []
    at = start
    for tag in _TAG.finditer(text):
        if start < tag.end() and tag.start() < end:
            pieces += [text[at : max(at, tag.start())], _left_of(tag, start, end)]
            at = tag.end()
    return "".join([*pieces, text[at:end]]).strip()


def _left_of(tag: re.Match[str], start: int, end: int) -> str:
    if tag.start() >= start and tag.end() <= end:
        # A comment has no name, and shows nothing.
        return "" if not tag[1] or tag[1].lower() in _INLINE else " "
    if tag.start() < start and end < tag.end():
        return tag.string[start:end]
    if tag.start() < start:
        word = _begins_with(tag.string[start : tag.end()])
        return f"{word[0]} " if word else ""
    word = _ends_with(tag.string[tag.start() : end])
    return word[0] if word else ""


def in_markup(text: str) -> str:
    """Return the words in a text's markup that its neutral form lacks, "" if there are none.

    A page that shows a comment as plain text shows all of them, one that shows it as HTML shows
    titles on pointing. What is certainly markup, a tag of HTML's with values of one word, has none.
    """
    if "<" not in text and "&" not in text and not ("[" in text and "=" in text):
        return ""
    plain = html.unescape(html.unescape(text))
    if "<" not in plain and "[" not in plain:
        return ""
    sources = (text,) if plain == text else (text, plain)
    values = (value for source in sources for value in _values(source))
    return " ".join(dict.fromkeys([*values, *_between(plain)]))


def _values(text: str) -> Iterator[str]:
    if "=" in text:
        found = filter(_is_shown, _ATTRIBUTE.finditer(text))
        yield from map(_value, found)


def _between(text: str) -> Iterator[str]:
    for match in _BETWEEN.finditer(text):
        if not _is_tag(match[0]):
            yield match[1] or match[2]
    yield from (match[1] for match in _BB_VALUE.finditer(text) if _PLAIN_WORDS.search(match[1]))
