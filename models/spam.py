"""What is known about a comment besides its words: links, author, address, typing."""

import math
import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import repeat

import numpy as np
import numpy.typing as npt

from models.contacts import phones
from models.document import Document
from models.links import HostLists, Link, discount, kind, parse
from models.text import ENDINGS, Normal

Floats = npt.NDArray[np.float32]

META = (
    "links",
    "links_not_safe",
    "link_short",
    "link_listed",
    "link_share",
    "link_twice",
    "link_last",
    "email",
    "phone",
    "money",
    "length",
    "capitals",
    "exclaims",
    "disguise",
    "foreign_letters",
    "emoji",
    "digits",
    "author_known",
    "author_words",
    "author_digits",
    "author_lower",
    "author_host",
    "author_keyword",
    "author_in_text",
    "url_known",
    "url_given",
    "url_safe",
    "url_short_or_listed",
    "url_path",
    "url_hyphens",
    "url_is_author",
    "url_in_text",
    "email_known",
    "email_throwaway",
    "email_digits",
    "email_is_url",
    "markup_link",
    "second_person",
    "own_site",
    "copies",
)
"""Names of the numbers in `meta`, in order; all lie between 0 and about 1."""
META_SCALE = 0.5
TOKEN_SCALE = 0.35
NAMES_REMEMBERED = 2_000
"""Authors' names of which a worker remembers what `meta` says."""
# These begin with a sign or a digit and look behind it: what begins with an edge, or with one of
# two kinds, is tried at every place of a text.
_PRICE = re.compile(r"[$£€]\s?\d")
_SUM = re.compile(r"\d\s?(?:usd|eur|btc|eth|dollars|euros)\b")
_YOU = re.compile(r"you(?<!\wyou)(?:r|rs)?\b")
_OWN = re.compile(
    r"(?:my(?<!\wmy)|our(?<!\wour)|visit(?<!\wvisit)|check(?<!\wcheck))\b.{0,20}"
    r"\b(?:site|blog|web|website|page|channel|video|link)\b"
)
_OWN_WORDS = ("site", "blog", "web", "page", "channel", "video", "link")
_WORDS = re.compile(r"[^\W\d_]+")
_ASCII = re.compile(r"[\x00-\x7f]+")
_HOST = re.compile(rf"\w\w\.(?:{ENDINGS})\b|https?:|www\.", re.I)
_CAPITALS = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_DIGITS = b"0123456789"
_KEYWORDS = re.compile(
    r"(?i:casino|rental|cheap|service|online|repair|escort|viagra|pharma|betting|poker|agency|"
    r"market(?!a)|hosting|design|essay|insurance|credit|crypto|bitcoin|hotel|travel|clinic|dental|"
    r"lawyer|course|training|replica|review|removal|cleaning|plumb(?:er|ing)|delivery|download|"
    r"company|solution|software|freelanc|bet(?<=[iox]bet)\b)"
    # Short ones are in people's names: they count as words, and as humps of a joined one.
    r"|(?:(?<![^\W\d_])|(?<=[a-z])(?=[A-Z]))"
    r"(?i:seo|best|free|buy(?:ing|ers?)?|(?:loan|sale|shop|store|tour|slot|bet|roof)s?|shopping|"
    r"touris[mt]|roof(?:ing|ers?))"
    r"(?:(?<=[a-z])(?=[A-Z])|(?![^\W\d_]))"
)


def document_links(normal: Normal) -> list[Link]:
    """Return the links in the text, taken apart."""
    return [parse(typed) for typed in normal.links[:50]]


def tokens(document: Document, links: Sequence[Link], lists: HostLists) -> Iterator[str]:
    """Yield tokens about links, author and address for the hashed block."""
    for link in links:
        yield f"kind:{kind(link, lists)}"
        yield f"ending:{link.ending}"
        yield from (f"link:{word}" for word in link.words)
    if document.author_name:
        yield from _author_tokens(document.author_name)
    if document.author_url:
        yield from _url_tokens(parse(document.author_url), lists)
    if document.author_email:
        yield f"mail:{document.author_email.rpartition('@')[2].lower()}"


def _author_tokens(name: str) -> Iterator[str]:
    words = [word.lower() for word in _WORDS.findall(name)][:10]
    yield from (f"author:{word}" for word in words)
    yield f"author_words:{min(len(words), 4)}"


def _url_tokens(link: Link, lists: HostLists) -> Iterator[str]:
    yield f"url_kind:{kind(link, lists)}"
    yield f"url_ending:{link.ending}"
    yield from (f"url:{word}" for word in link.words)
    name = link.host.replace("-", "").replace(".", "")
    yield from (f"url3:{name[at : at + 4]}" for at in range(min(len(name) - 3, 24)))


def length_number(chars: int) -> float:
    """Return the number by which `meta` tells a length, before META_SCALE."""
    return math.log(chars + 1) / 8


def _letter_numbers(text: str) -> dict[str, float]:
    size = len(text) + 1
    plain = text.encode("ascii", "ignore")
    others = "" if len(plain) == len(text) else _ASCII.sub("", text)
    foreign = sum("\u024f" < char < "\u2000" for char in others)
    emoji = sum(char >= "\U0001f000" or "\u2600" <= char < "\u27c0" for char in others)
    return {
        "capitals": (len(plain) - len(plain.translate(None, _CAPITALS))) / size,
        "exclaims": min(plain.count(b"!"), 8) / 8,
        "foreign_letters": foreign / size,
        "emoji": min(emoji, 8) / 8,
        "digits": (len(plain) - len(plain.translate(None, _DIGITS))) / size,
        "length": length_number(len(text)),
    }


def _link_numbers(normal: Normal, links: Sequence[Link], lists: HostLists) -> dict[str, float]:
    if not links:
        return {}
    kinds = [kind(link, lists) for link in links]
    sites = {link.site for link in links}
    marked = sum(normal.signals.get(name, 0) for name in ("html_link", "bb_link", "md_link"))
    return {
        "links": min(len(links), 6) / 6,
        "links_not_safe": min(sum(one != "safe" for one in kinds), 5) / 5,
        "link_short": float("short" in kinds),
        "link_listed": float("listed" in kinds),
        "link_share": min(1.0, sum(map(len, normal.links)) / (len(normal.cased) + 1)),
        "link_twice": float(len(sites) < len(links)),
        "link_last": float(f" {normal.cased}".rstrip(" .!").endswith(" url")),
        "markup_link": min(marked, 3) / 3,
    }


def _squeezed(text: str) -> str:
    return re.sub(r"[\W_]+", "", text.lower())


def _author_numbers(document: Document, low: str) -> dict[str, float]:
    name = document.author_name
    if name is None:
        return {}
    in_text = len(name) > 5 and name.lower() in low
    return {**_name_numbers(name), "author_in_text": float(in_text)}


@lru_cache(maxsize=NAMES_REMEMBERED)
def _name_numbers(name: str) -> dict[str, float]:
    return {
        "author_known": 1.0,
        "author_words": min(len(_WORDS.findall(name)), 5) / 5,
        "author_digits": float(any(map(str.isdigit, name))),
        "author_lower": float(name.islower()),
        "author_host": float(bool(_HOST.search(name))),
        "author_keyword": float(bool(_KEYWORDS.search(name))),
    }


def _url_numbers(document: Document, links: Sequence[Link], lists: HostLists) -> dict[str, float]:
    url = document.author_url
    if url is None:
        return {}
    if not url.strip():
        return {"url_known": 1.0}
    link = parse(url)
    what = kind(link, lists)
    name = _squeezed(document.author_name or "")
    host = _squeezed(link.site.rpartition(".")[0] or link.site)
    same = bool(name and host) and (name in host or host in name)
    return {
        "url_known": 1.0,
        "url_given": 1.0,
        "url_safe": float(what == "safe"),
        "url_short_or_listed": float(what in ("short", "listed")),
        "url_path": float(link.has_path),
        "url_hyphens": min(link.host.count("-"), 3) / 3,
        "url_is_author": float(same),
        "url_in_text": float(bool(link.site) and any(link.site == one.site for one in links)),
    }


def _email_numbers(document: Document, lists: HostLists) -> dict[str, float]:
    address = document.author_email
    if address is None:
        return {}
    local, _, domain = address.lower().rpartition("@")
    link = parse(domain)
    url = parse(document.author_url or "")
    return {
        "email_known": 1.0,
        "email_throwaway": float(lists.has("disposable", link)),
        "email_digits": sum(map(str.isdigit, local)) / (len(local) + 1),
        "email_is_url": float(bool(url.site) and url.site == link.site),
    }


def _text_numbers(normal: Normal) -> dict[str, float]:
    low = normal.text
    signals = normal.signals
    disguise = sum(signals.get(name, 0) for name in ("hidden", "fancy", "lookalike", "marks"))
    # Substrings are found faster than patterns fail.
    has_own = any(map(low.__contains__, _OWN_WORDS))
    has_digit = any(map(low.__contains__, "0123456789"))
    return {
        "email": float("email" in signals),
        "phone": float(has_digit and any(phones(low))),
        "money": float(has_digit and bool(_PRICE.search(low) or _SUM.search(low))),
        "disguise": min(disguise, 10) / 10,
        "second_person": min(len(_YOU.findall(low)), 6) / 6 if "you" in low else 0.0,
        "own_site": float(has_own and bool(_OWN.search(low))),
    }


def meta(
    documents: Sequence[Document],
    normals: Sequence[Normal],
    links: Sequence[Sequence[Link]],
    lists: HostLists,
) -> Floats:
    """Return the numbers named by META, shape (documents, len(META)), times META_SCALE."""
    rows: list[list[float]] = []
    for document, normal, found in zip(documents, normals, links, strict=True):
        numbers = _text_numbers(normal) | _letter_numbers(normal.cased)
        numbers |= _link_numbers(normal, found, lists)
        numbers |= _author_numbers(document, normal.text)
        numbers |= _url_numbers(document, found, lists)
        numbers |= _email_numbers(document, lists)
        copies = document.copies or 0
        numbers["copies"] = copies / (copies + 1)
        rows.append(list(map(numbers.get, META, repeat(0.0))))
    return np.array(rows, dtype=np.float32).reshape(-1, len(META)) * np.float32(META_SCALE)


def cited(
    documents: Sequence[Document], links: Sequence[Sequence[Link]], lists: HostLists
) -> Floats:
    """Return the discount of each document's links, shape (documents,).

    Where there are any, its author's is one of them.
    """
    rows: list[float] = []
    for document, found in zip(documents, links, strict=True):
        own = [parse(document.author_url)] if found and document.author_url else []
        rows.append(discount([*found, *own], lists))
    return np.array(rows, dtype=np.float32)
