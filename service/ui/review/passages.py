"""A comment as text in pieces, with the passages marked that the reasons are about.

The text of plain comments stays as it is. HTML is read by nh3, as a browser would; what remains
are words, line breaks, and in brackets the addresses of links and pictures, since those are what
spam is about, and the titles and descriptions that readers see on pointing at something. The
template escapes every piece, so nothing here is ever markup.
"""

import html
import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import nh3

from service.domain.decision import Span

Range = tuple[int, int]

# Private characters that stand for the ends of a marked passage while nh3 works.
OPEN, CLOSE = "\ue000", "\ue001"
# Another one, before the names of attributes that hold an address: nh3 drops addresses of schemes
# that no page should link to, and those are just what a moderator should see.
NO_ADDRESS = "\ue002"
LINE_TAGS = frozenset({"p", "br", "div", "li", "blockquote", "pre", "h1", "h2", "h3", "h4", "tr"})
# A browser repeats what is open (bold, a font) in every paragraph that follows: at the worst all of
# the text for each of its tags, so that 31 kB took 1.5 GiB. Beyond these it is shown as sent.
TAGS_TIMES_CHARS_MAX = 2_000_000
GROWTH_MAX = 8
"""So many times as long nh3 may make a text; escaping alone makes it six times at the most."""
KEPT_TAGS = LINE_TAGS | nh3.ALLOWED_TAGS | {"button", "font", "label", "main", "section", "tt"}
KEPT_ATTRIBUTES = {"a": {f"{NO_ADDRESS}href"}, "img": {f"{NO_ADDRESS}src", "alt"}, "*": {"title"}}

_tag_start = re.compile(r"</?[a-z]", re.I)
_source_tag = re.compile(r"<[^<>]*>")
_address_name = re.compile(r"(?<=[\s\"'/])(?=(?:href|src)\s*=)", re.I)
_clean_tag = re.compile(rf'<(/?)([a-z0-9]+)((?: {NO_ADDRESS}?[a-z]+="[^"]*")*)[^<>]*>')
_value = re.compile(r'="([^"]*)"')
_blank_lines = re.compile(r"\n\s*\n\s*")
_mark = re.compile(f"([{OPEN}{CLOSE}])")
_private = re.compile(f"[{OPEN}{CLOSE}{NO_ADDRESS}]")


@dataclass(frozen=True, slots=True)
class Passage:
    """A piece of text, and whether some reason is about it."""

    text: str
    marked: bool


def passages(body: str, body_format: str, spans: Iterable[Span]) -> tuple[Passage, ...]:
    """The pieces of a comment in order; `spans` are offsets into `body`."""
    source = _private.sub("\ufffd", body)
    ranges = [(span.start, min(span.end, len(source))) for span in spans]
    if body_format != "html":
        return tuple(_pieces(_with_marks(source, ranges)))
    tags = len(_tag_start.findall(source))
    is_read = tags * len(source) <= TAGS_TIMES_CHARS_MAX
    text = _text_of_html(_with_marks(source, _around_tags(source, ranges))) if is_read else ""
    # What a browser would show as nothing, or has too many tags to be read as one would, is still
    # shown to the moderator, as it was sent.
    shown = text if _mark.sub("", text).strip() else _with_marks(source, ranges)
    return tuple(_pieces(shown))


def _with_marks(text: str, ranges: Iterable[Range]) -> str:
    parts, position = [], 0
    for start, end in _merged(ranges):
        parts += [text[position:start], OPEN, text[start:end], CLOSE]
        position = end
    return "".join([*parts, text[position:]])


def _merged(ranges: Iterable[Range]) -> list[Range]:
    merged: list[Range] = []
    for start, end in sorted(range_ for range_ in ranges if range_[0] < range_[1]):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _around_tags(source: str, ranges: Iterable[Range]) -> Iterator[Range]:
    """The ranges, grown so that none begins or ends inside a tag."""
    tags = [found.span() for found in _source_tag.finditer(source)]
    starts = [start for start, _ in tags]

    def tag_at(offset: int) -> Range | None:
        number = bisect_right(starts, offset) - 1
        return tags[number] if number >= 0 and offset < tags[number][1] else None

    for start, end in ranges:
        first, last = tag_at(start), tag_at(end - 1)
        yield first[0] if first else start, last[1] if last else end


def _text_of_html(source: str) -> str:
    named = _address_name.sub(NO_ADDRESS, source)
    clean = nh3.clean(named, tags=KEPT_TAGS, attributes=KEPT_ATTRIBUTES, link_rel=None)
    if len(clean) > GROWTH_MAX * len(source):
        return ""
    text = html.unescape(_clean_tag.sub(_words_for_tag, clean)).replace(NO_ADDRESS, "")
    # The blank after an address is no part of what is marked.
    text = text.replace(f"] {CLOSE}", f"]{CLOSE} ")
    return _blank_lines.sub("\n\n", text).strip()


def _words_for_tag(tag: re.Match[str]) -> str:
    closing, name, attributes = tag.groups()
    if closing:
        return "\n" if name in LINE_TAGS else ""
    shown = "".join(f"[{value}] " for value in _value.findall(attributes) if value)
    return f"\n{shown}" if name in LINE_TAGS else shown


def _pieces(text: str) -> Iterator[Passage]:
    depth = 0
    for piece in _mark.split(text):
        if piece in (OPEN, CLOSE):
            depth += 1 if piece == OPEN else -1
        elif piece:
            yield Passage(piece, depth > 0)
