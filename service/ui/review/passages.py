"""A comment as text in pieces, with the passages marked that the reasons are about.

The text of plain comments stays as it is. HTML is read by nh3, as a browser would; what remains are
words, line breaks, and the addresses of links and pictures in brackets, since those are what spam is
about. The template escapes every piece, so nothing here is ever markup.
"""

import html
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import nh3

from service.domain.decision import Span

# Private characters that stand for the ends of a marked passage while nh3 works.
OPEN, CLOSE = "\ue000", "\ue001"
LINE_TAGS = frozenset({"p", "br", "div", "li", "blockquote", "pre", "h1", "h2", "h3", "h4", "tr"})
KEPT_TAGS = LINE_TAGS | {"a", "img"}
KEPT_ATTRIBUTES = {"a": {"href"}, "img": {"src"}}

_source_tag = re.compile(r"<[^<>]*>")
_clean_tag = re.compile(r'<(/?)([a-z0-9]+)(?: (?:href|src)="([^"]*)")?[^<>]*>')
_blank_lines = re.compile(r"\n\s*\n\s*")
_mark = re.compile(f"([{OPEN}{CLOSE}])")


@dataclass(frozen=True, slots=True)
class Passage:
    """A piece of text, and whether some reason is about it."""

    text: str
    marked: bool


def passages(body: str, body_format: str, spans: Iterable[Span]) -> tuple[Passage, ...]:
    """The pieces of a comment in order; `spans` are offsets into `body`."""
    source = _mark.sub("\ufffd", body)
    ranges = [(span.start, min(span.end, len(source))) for span in spans]
    if body_format != "html":
        return tuple(_pieces(_with_marks(source, ranges)))
    text = _text_of_html(_with_marks(source, _around_tags(source, ranges)))
    # What a browser would show as nothing is still shown to the moderator, as it was sent.
    shown = text if _mark.sub("", text).strip() else source
    return tuple(_pieces(shown))


def _with_marks(text: str, ranges: Iterable[tuple[int, int]]) -> str:
    parts, position = [], 0
    for start, end in _merged(ranges):
        parts += [text[position:start], OPEN, text[start:end], CLOSE]
        position = end
    return "".join([*parts, text[position:]])


def _merged(ranges: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    last_start, last_end = 0, 0
    for start, end in sorted(range_ for range_ in ranges if range_[0] < range_[1]):
        if start > last_end:
            yield from [(last_start, last_end)] if last_end else []
            last_start = start
        elif not last_end:
            last_start = start
        last_end = max(last_end, end)
    yield from [(last_start, last_end)] if last_end else []


def _around_tags(source: str, ranges: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """The ranges, grown so that none begins or ends inside a tag."""
    tags = [found.span() for found in _source_tag.finditer(source)]
    for start, end in ranges:
        touched = [tag for tag in tags if tag[0] < end and start < tag[1]]
        starts = [tag_start for tag_start, _ in touched]
        ends = [tag_end for _, tag_end in touched]
        yield min([start, *starts]), max([end, *ends])


def _text_of_html(source: str) -> str:
    clean = nh3.clean(source, tags=KEPT_TAGS, attributes=KEPT_ATTRIBUTES, link_rel=None)
    text = html.unescape(_clean_tag.sub(_words_for_tag, clean))
    return _blank_lines.sub("\n\n", text).strip()


def _words_for_tag(tag: re.Match[str]) -> str:
    closing, name, address = tag.groups()
    if name in LINE_TAGS:
        return "\n"
    if closing or not address:
        return ""
    return f"[{address}] "


def _pieces(text: str) -> Iterator[Passage]:
    depth = 0
    for piece in _mark.split(text):
        if piece in (OPEN, CLOSE):
            depth += 1 if piece == OPEN else -1
        elif piece:
            yield Passage(piece, depth > 0)
