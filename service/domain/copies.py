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
_ENTITY = re.compile(r"&(?:#\d{1,7}|#x[\da-f]{1,6}|\w{2,31});?", re.IGNORECASE)
_MARKUP = re.compile(
    r"<[^<>]{1,400}>|\[/?url[^\[\]]{0,400}\]|\]\([^\s()]{1,400}\)"
    r"|(?:https?://|www\.)[^\s<>\[\]()]+|\b\w{1,63}(?:\.\w{2,24}){1,5}(?:/[^\s<>\[\]()]*)?",
    re.IGNORECASE,
)
"""Tags, BBCode and Markdown around links, links, and names of hosts without a scheme."""
_NO_LETTERS = re.compile(r"[\W\d_]+")
_MAY_HAVE_MARKUP = re.compile(r"[<\]]|://|www\.|\w\.\w", re.IGNORECASE)
_ASCII_NO_LETTERS = bytes(code for code in range(128) if not chr(code).isalpha())


def letters_of(body: str) -> str:
    """What copies of a text share: its letters, without case, markup, links and digits."""
    bare = _ENTITY.sub(lambda found: html.unescape(found[0]), body) if "&" in body else body
    if _MAY_HAVE_MARKUP.search(bare):
        bare = _MARKUP.sub(" ", bare)
    if bare.isascii():
        return bare.lower().encode().translate(None, _ASCII_NO_LETTERS).decode()
    # Without marks on letters: a row of ten thousand takes Unicode's normaliser a second.
    letters = unicodedata.normalize("NFKC", _NO_LETTERS.sub("", bare))
    return _NO_LETTERS.sub("", letters.casefold())


def text_mark(body: str) -> int | None:
    """A number of 64 bits that all copies of a text share; None if it is too short to tell."""
    letters = letters_of(body)
    if len(letters) < COPY_LETTERS_MIN:
        return None
    digest = hashlib.blake2b(letters.encode("utf-8", "replace"), digest_size=8).digest()
    return int.from_bytes(digest, "big", signed=True)
