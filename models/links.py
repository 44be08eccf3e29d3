"""What a link says about itself: its host, its ending, the words in it, and its kind."""

import re
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

REFERENCES = frozenset((
    "gutenberg.org", "wikipedia.org", "wikimedia.org", "wikidata.org", "britannica.com",
    "arxiv.org", "doi.org", "jstor.org", "nature.com", "science.org", "springer.com",
    "sciencedirect.com", "python.org", "mozilla.org", "w3.org", "ietf.org", "debian.org",
    "openstreetmap.org", "bbc.co.uk", "bbc.com", "nytimes.com", "theguardian.com", "guardian.co.uk",
    "reuters.com", "apnews.com", "cnn.com", "washingtonpost.com", "bloomberg.com", "ft.com",
    "wsj.com", "economist.com", "npr.org", "cbc.ca", "abc.net.au", "dw.com", "spiegel.de",
    "lemonde.fr", "elpais.com", "aljazeera.com", "france24.com", "telegraph.co.uk",
    "independent.co.uk", "politico.com", "politico.eu", "time.com", "nbcnews.com", "cbsnews.com",
    "foxnews.com", "usatoday.com", "latimes.com", "theatlantic.com", "newyorker.com",
    "theglobeandmail.com", "un.org", "europa.eu", "worldbank.org", "imf.org", "oecd.org",
    "amnesty.org", "hrw.org",
))  # fmt: skip
"""Newspapers, libraries and public bodies: who links there cites."""
SAFE_HOSTS = REFERENCES | frozenset((
    "youtube.com", "youtu.be", "vimeo.com", "github.com", "github.io", "gitlab.com",
    "stackoverflow.com", "stackexchange.com", "google.com", "twitter.com", "x.com",
    "microsoft.com", "reddit.com", "linkedin.com", "imdb.com", "archive.org",
))  # fmt: skip
"""Places that people link to in talk; spammers link there less than elsewhere. In those that are no
references anybody can have a page."""
REFERENCE_DISCOUNT = 1.5
"""Logits by which a comment looks less like spam if all its links are to references."""
SAFE_DISCOUNT = 0.5
"""The same, if all are to safe hosts, but for those where strangers' pages are."""
_STRANGERS = frozenset(("google.com", "github.io"))
_SAFE_ENDINGS = frozenset(("gov", "edu", "mil", "int"))
_SAFE_BELOW_COUNTRY = frozenset(("gov", "ac", "edu"))
LISTS = ("shortener", "disposable", "listed")
KINDS_REMEMBERED = 5_000
"""Links of which a worker remembers what kind they are."""
WORD_CHARS_MIN = 3
WORDS_MAX = 12
_SPLIT = re.compile(r"[^a-z]+")
_SCHEME = re.compile(r"^(?:[a-z]{2,8}:)?/{0,2}(?:www\.)?", re.I)
_NO_HOST = (
    r"\s:,;!?()\[\]{}\"'<>|^`"
    "\u2018-\u201f\u3001\u3008-\u3011\u3014-\u301b\uff01-\uff0c\uff1a-\uff1f"
)
_HOST = re.compile(f"[{_NO_HOST}]*([^{_NO_HOST}]*)")
"""A host ends before its port, or a sentence that goes on without a space, as Chinese ones do. What
else may stand in it is not cut off: that would leave a well-known host of another's name."""
_DOTS = str.maketrans("\u3002\uff0e\uff61", "...")
"""What browsers read as dots."""
_TWO_PART = frozenset(("co", "com", "org", "net", "ac", "gov", "edu"))


@dataclass(frozen=True, slots=True)
class Link:
    """A link as typed, taken apart. `site` is its registrable domain, roughly."""

    host: str
    site: str
    ending: str
    words: tuple[str, ...]
    has_path: bool


@lru_cache(maxsize=20_000)
def parse(typed: str) -> Link:
    """Return the parts of a link or bare domain; any text gives a result."""
    bare = _SCHEME.sub("", typed.strip().lower().replace("\\", "/"), count=1)
    host, _, path = re.sub(r"[?#]", "/", bare, count=1).partition("/")
    found = _HOST.match(host.rpartition("@")[2].translate(_DOTS))
    host = found[1].rstrip(".") if found else ""
    labels = host.split(".")
    take = 3 if len(labels) > 2 and labels[-2] in _TWO_PART else 2
    names = _SPLIT.split(".".join(labels[:-1])) + _SPLIT.split(path)
    words = tuple(word for word in names if len(word) >= WORD_CHARS_MIN)[:WORDS_MAX]
    return Link(host, ".".join(labels[-take:]), labels[-1], words, len(path) > 1)


@lru_cache(maxsize=KINDS_REMEMBERED)
def host_key(host: str) -> int:
    """Return the 64-bit key under which the shipped lists keep a host (FNV-1a)."""
    key = 0xCBF29CE484222325
    for byte in host.encode("utf-8", "replace"):
        key = ((key ^ byte) * 0x100000001B3) & 0xFFFFFFFFFFFFFFFF
    return key


@dataclass(frozen=True, slots=True, eq=False)
class HostLists:
    """Public lists of hosts: shorteners, throw-away mail, known spam.

    `keys` are the sorted host keys of each of LISTS; a set of them would take ten times the memory.
    """

    keys: Mapping[str, npt.NDArray[np.uint64]]

    def has(self, name: str, link: Link) -> bool:
        """Tell whether a list holds the link's host or its site."""
        return any(self._holds(name, host_key(host)) for host in {link.host, link.site})

    def _holds(self, name: str, key: int) -> bool:
        # For one number a view is bisected in a quarter of the time that the array takes.
        keys = self.keys[name].data
        at = bisect_left(keys, key)
        return at < len(keys) and keys[at] == key


@lru_cache(maxsize=KINDS_REMEMBERED)
def kind(link: Link, lists: HostLists) -> str:
    """Return "short", "safe", "listed" or "other"; asked for several times of each link."""
    if lists.has("shortener", link):
        return "short"
    if link.site in SAFE_HOSTS or link.host in SAFE_HOSTS or _is_public_body(link):
        return "safe"
    return "listed" if lists.has("listed", link) else "other"


def _is_public_body(link: Link) -> bool:
    """Tell whether a host is of a government or a university: gov.uk, example.gov, x.ac.uk."""
    labels = link.host.split(".")
    named = len(labels) > 2 or labels == ["gov", link.ending]
    below_country = named and len(link.ending) == 2 and labels[-2] in _SAFE_BELOW_COUNTRY
    return link.ending in _SAFE_ENDINGS or below_country


def discount(links: Sequence[Link], lists: HostLists) -> float:
    """Return by how many logits links to well-known places make a comment look less like spam."""
    if not links or any(kind(link, lists) != "safe" for link in links):
        return 0.0
    if all(link.site in REFERENCES or _is_public_body(link) for link in links):
        return REFERENCE_DISCOUNT
    return 0.0 if any(link.site in _STRANGERS for link in links) else SAFE_DISCOUNT
