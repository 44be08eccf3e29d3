"""Which texts are copies of each other: a mark that they share."""

import hashlib
import html
import re
import unicodedata
from datetime import timedelta

COPY_LETTERS_MIN = 20
"""Letters of a text whose copies mean something: many readers write "I agree"."""
COPIES_LOOKED_AT_MAX = 5
"""How many of the newest copies are looked at, so that a flood costs no more than a few."""
COPIES_WITHIN = timedelta(days=30)
"""How long a text is remembered for this."""
_MARKUP = re.compile(r"<[^<>]{1,400}>|(?:https?://|www\.)[^\s<>]+", re.IGNORECASE)
_NO_LETTERS = re.compile(r"[\W\d_]+")
_ASCII_NO_LETTERS = bytes(code for code in range(128) if not chr(code).isalpha())


def letters_of(body: str) -> str:
    """What copies of a text share: its letters, without case, markup, links and digits."""
    bare = html.unescape(body)
    if "<" in bare or "://" in bare or "www." in bare.lower():
        bare = _MARKUP.sub(" ", bare)
    if bare.isascii():
        return bare.lower().encode().translate(None, _ASCII_NO_LETTERS).decode()
    return _NO_LETTERS.sub("", unicodedata.normalize("NFKC", bare).casefold())


def text_mark(body: str) -> int | None:
    """A number of 64 bits that all copies of a text share; None if it is too short to tell."""
    letters = letters_of(body)
    if len(letters) < COPY_LETTERS_MIN:
        return None
    digest = hashlib.blake2b(letters.encode("utf-8", "replace"), digest_size=8).digest()
    return int.from_bytes(digest, "big", signed=True)
