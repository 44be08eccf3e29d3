"""Counts, for training, how often a site had received the same text before."""

import html
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace

from models.train.spam_rows import SpamRow

LETTERS_MIN = 20
"""Letters of a text whose copies mean something: many readers write "I agree"."""
_ENTITY = re.compile(r"&(?:#\d{1,7}|#x[\da-f]{1,6}|\w{2,31});?", re.I)
_MARKUP = re.compile(
    r"<[^<>]{1,400}>|\[/?url[^\[\]]{0,400}\]|\]\([^\s()]{1,400}\)"
    r"|(?:https?://|www\.)[^\s<>\[\]()]+|\b\w{1,63}(?:\.\w{2,24}){1,5}(?:/[^\s<>\[\]()]*)?",
    re.I,
)
"""Tags, BBCode and Markdown around links, links, and names of hosts without a scheme."""
_NO_LETTERS = re.compile(r"[\W\d_]+")


def letters_of(body: str) -> str:
    """Return what copies of a text share: its letters, without case, markup, links and digits.

    The service marks comments by the same rule (service/domain/copies.py).
    """
    bare = _MARKUP.sub(" ", _ENTITY.sub(lambda found: html.unescape(found[0]), body))
    letters = unicodedata.normalize("NFKC", _NO_LETTERS.sub("", bare))
    return _NO_LETTERS.sub("", letters.casefold())


def with_copies(rows: Iterable[SpamRow]) -> Iterator[SpamRow]:
    """Give each row that has a sender the number of its copies earlier in the site's rows."""
    seen: dict[tuple[str, str], list[str]] = defaultdict(list)
    for row in rows:
        letters = letters_of(row.document.body)
        if not row.sender or len(letters) < LETTERS_MIN:
            yield row
            continue
        earlier = seen[row.owner, letters]
        copies = sum(sender != row.sender for sender in earlier)
        earlier.append(row.sender)
        yield replace(row, document=replace(row.document, copies=copies))
