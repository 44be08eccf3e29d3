"""Passages of a long comment around a link or an address, which are judged for spam as well.

A whole comment's words and numbers dilute what is appended to it: a paragraph copied from somewhere
makes an advertisement look like talk.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import replace
from itertools import chain

from models.features import TEXT_CHARS_MAX
from models.text import Normal

CHARS_FROM = 200
"""Neutral characters from which on passages are judged, too."""
PASSAGES_MAX = 32
"""Passages of a text that are judged, its first and its last: nobody needs so many."""
CHARS_MIN = 60
"""A passage is the sentence around a contact; one of fewer characters is judged once with those
before it and once with those after."""
CHARS_MAX = 400
"""Of a longer passage so many characters are read, half of them at either side of the contact."""
SHARE_MAX = 0.8
"""A passage that is more of the text says nothing new."""
DISCOUNT = 1.6
"""Logits by which a passage says less than a whole text: a long one has many."""
_PHONE = re.compile(r"\d(?<![\w.]\d)(?!\d{0,2}(?:\.\d{1,3}){3}(?!\.?\d))[\d \-().]{8,18}\d(?!\w)")
"""What is shaped like a phone number; not an internet address (IPv4)."""
_YEAR = r"(?:1\d|20)\d\d"
_DATE = rf"(?:{_YEAR}(?:-[01]\d-[0-3]\d)?|\d\d?(?:\.\d\d?\.|-\d\d?-){_YEAR})"
_NUMBER = re.compile(
    rf"{_DATE}(?:[ \-().]{{1,3}}{_DATE})*(?:[ \-().]{{1,3}}\d\d?)?"
    # Grouped by threes; three groups of three are phone numbers in half of Europe.
    r"|[1-9](?<!\+.)(?:(?: \d{3}){3,4}|\d?\d?(?: 000){2,4})"
    # Decimals; ten places may be a phone number after its country.
    r"|\d\.(?!\d{10}$)\d{8,}"
    r"|97[89](?:[ -]?\d){10}"
)
"""Years and dates, large numbers, decimals and new ISBNs; old ones are told by the word before."""
_ISBN_CHARS = 8
"""Characters before a number in which "isbn" says what it is."""
_URL = re.compile(r"url(?<!\wurl)\b")
_EMAIL = re.compile(r"emailaddr(?<!\wemailaddr)\b")
_END = re.compile(r"[.!?](?= )")
_LINK_SIGNALS = ("url", "html_link", "bb_link", "md_link")

Range = tuple[int, int]


def around_contacts(normal: Normal) -> list[Normal]:
    """Return the passages of a text around its links, addresses and phone numbers."""
    whole = normal.text
    text = whole[:TEXT_CHARS_MAX]
    if len(text) < CHARS_FROM:
        return []
    found = sorted(match.span() for match in contacts(text))
    if not found:
        return []
    ends = [match.end() for match in _END.finditer(text)]
    starts, stops = [0, *(end + 1 for end in ends)], [*ends, len(text)]
    each = (_passages(contact, starts, stops) for contact in found)
    ranges = list(dict.fromkeys(chain.from_iterable(each)))
    if len(ranges) > PASSAGES_MAX:
        ranges = ranges[: PASSAGES_MAX // 2] + ranges[-PASSAGES_MAX // 2 :]
    places = [match.start() for match in _URL.finditer(whole)]
    short = (one for one in ranges if one[1] - one[0] <= SHARE_MAX * len(text))
    return [_cut(normal, one, _links_within(normal, places, one)) for one in short]


def contacts(text: str) -> Iterator[re.Match[str]]:
    """Yield the links, addresses and phone numbers of a neutral text."""
    # Substrings are found faster than patterns fail.
    if "url" in text:
        yield from _URL.finditer(text)
    if "emailaddr" in text:
        yield from _EMAIL.finditer(text)
    if any(map(text.__contains__, "0123456789")):
        yield from phones(text)


def phones(text: str) -> Iterator[re.Match[str]]:
    """Yield the phone numbers of a neutral text; dates and other numbers are shaped like them."""
    for match in _PHONE.finditer(text):
        start, end = match.span()
        is_isbn = "isbn" in text[max(0, start - _ISBN_CHARS) : start]
        if not (is_isbn or _NUMBER.fullmatch(text, start, end)):
            yield match


def _passages(contact: Range, starts: list[int], stops: list[int]) -> Iterator[Range]:
    """Yield the sentences around a contact; `starts` and `stops` are those of all sentences."""
    first = earlier = bisect_right(starts, contact[0]) - 1
    last = later = bisect_right(starts, contact[1] - 1) - 1
    while earlier and stops[last] - starts[earlier] < CHARS_MIN:
        earlier -= 1
    while later + 1 < len(stops) and stops[later] - starts[first] < CHARS_MIN:
        later += 1
    yield _clipped((starts[earlier], stops[last]), contact)
    if stops[later] - starts[first] >= CHARS_MIN:
        yield _clipped((starts[first], stops[later]), contact)


def _clipped(passage: Range, contact: Range) -> Range:
    if passage[1] - passage[0] <= CHARS_MAX:
        return passage
    half = CHARS_MAX // 2
    return max(passage[0], contact[0] - half), min(passage[1], contact[1] + half)


def _cut(normal: Normal, passage: Range, links: tuple[str, ...]) -> Normal:
    """Return a part of a neutral text with its own links; other signals are the whole text's."""
    cased = normal.cased[slice(*passage)]
    signals = dict(normal.signals)
    for name in _LINK_SIGNALS:
        signals[name] = min(signals.get(name, 0), len(links))
    signals["email"] = cased.lower().count("emailaddr")
    told = {name: count for name, count in signals.items() if count}
    return replace(normal, cased=cased, signals=told, links=links)


def _links_within(normal: Normal, places: list[int], passage: Range) -> tuple[str, ...]:
    """Return the links of a passage, or all where somebody wrote "url" as a word.

    `places` are where the word stands in the neutral text.
    """
    if len(places) != len(normal.links):
        return normal.links
    return normal.links[slice(*(bisect_left(places, end) for end in passage))]
