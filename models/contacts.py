"""Passages of a long comment around a link or an address, which are judged for spam as well.

A whole comment's words and numbers dilute what is appended to it: a paragraph copied from somewhere
makes an advertisement look like talk.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice

from models.text import Normal

CHARS_FROM = 200
"""Neutral characters from which on passages are judged, too."""
CONTACTS_MAX = 10
"""Contacts of each kind that are looked at: the default policy holds whatever has three links."""
CHARS_MIN = 60
"""A passage is the sentence around a contact, with those before it up to so many characters."""
CHARS_MAX = 400
"""Of a longer passage so many characters are read, half of them at either side of the contact."""
SHARE_MAX = 0.8
"""A passage that is more of the text says nothing new."""
DISCOUNT = 1.6
"""Logits by which a passage says less than a whole text: a long one has many."""
PHONE = re.compile(r"\d(?<![\w.]\d)(?!\d{0,2}(?:\.\d{1,3}){3}(?!\.?\d))[\d \-().]{8,18}\d(?!\w)")
"""A phone number; not an internet address (IPv4)."""
_URL = re.compile(r"url(?<!\wurl)\b")
_EMAIL = re.compile(r"emailaddr(?<!\wemailaddr)\b")
_END = re.compile(r"[.!?](?= )")
_LINK_SIGNALS = ("url", "html_link", "bb_link", "md_link")

Range = tuple[int, int]


def around_contacts(normal: Normal) -> list[Normal]:
    """Return the passages of a text around its links, addresses and phone numbers."""
    text = normal.text
    if len(text) < CHARS_FROM:
        return []
    ends = [match.end() for match in _END.finditer(text)]
    ranges = dict.fromkeys(_passage(match.span(), ends, len(text)) for match in contacts(text))
    return [_cut(normal, one) for one in ranges if one[1] - one[0] <= SHARE_MAX * len(text)]


def contacts(text: str) -> Iterator[re.Match[str]]:
    """Yield the first CONTACTS_MAX links, addresses and phone numbers of a neutral text each."""
    # Substrings are found faster than patterns fail.
    if "url" in text:
        yield from islice(_URL.finditer(text), CONTACTS_MAX)
    if "emailaddr" in text:
        yield from islice(_EMAIL.finditer(text), CONTACTS_MAX)
    if any(map(text.__contains__, "0123456789")):
        yield from islice(PHONE.finditer(text), CONTACTS_MAX)


def _passage(contact: Range, ends: list[int], length: int) -> Range:
    """Return the sentences around a contact of a text; `ends` are where its sentences end."""
    starts = [0, *(end + 1 for end in ends)]
    first = bisect_right(starts, contact[0]) - 1
    last = bisect_right(starts, contact[1] - 1) - 1
    stop = [*ends, length][last]
    while first and stop - starts[first] < CHARS_MIN:
        first -= 1
    return _clipped((starts[first], stop), contact)


def _clipped(passage: Range, contact: Range) -> Range:
    if passage[1] - passage[0] <= CHARS_MAX:
        return passage
    half = CHARS_MAX // 2
    return max(passage[0], contact[0] - half), min(passage[1], contact[1] + half)


def _cut(normal: Normal, passage: Range) -> Normal:
    """Return a part of a neutral text with its own links; other signals are the whole text's."""
    text, (start, end) = normal.text, passage
    links = _links_within(normal, passage)
    signals = dict(normal.signals)
    for name in _LINK_SIGNALS:
        signals[name] = min(signals.get(name, 0), len(links))
    signals["email"] = text.count("emailaddr", start, end)
    told = {name: count for name, count in signals.items() if count}
    return replace(normal, cased=normal.cased[start:end], signals=told, links=links)


def _links_within(normal: Normal, passage: Range) -> tuple[str, ...]:
    """Return the links of a passage, or all where somebody wrote "url" as a word."""
    places = [match.start() for match in _URL.finditer(normal.text)]
    if len(places) != len(normal.links):
        return normal.links
    return normal.links[slice(*(bisect_left(places, end) for end in passage))]
