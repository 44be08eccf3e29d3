"""The words the model has met, and the repair of words that were disguised."""

import math
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

LEET = str.maketrans("@431!0$57+|", "aaeiiosstti")
LEET_CHARS = frozenset("@431!0$57+|")
WILDCARDS = frozenset("*#%_-.?@$!")
ABUSIVE_BOOST = 20.0
"""How much likelier a disguised word is an abusive one than its plain count says."""
SWAP_COUNT_MIN = 20
"""A common word is needed before two letters count as swapped: rare ones are names."""
SPLIT_WORD_CHARS_MAX = 20
COMMON_WORDS = 150
EDGES = "!'*_+#%@.-|?"
"""Signs at either end of a word that a repair sets aside."""
LEET_SHARE_MAX = 0.8
"""Of a word's signs so many may be digits and signs for letters; of three no more than two."""
_SUM = re.compile(
    r"[a-z]{1,2}\$|\$?\d+(?:'?s|st|nd|rd|th|k|m|bn|am|pm|mb|gb|kg|km|mm|cm|b|h|w|x|d|p|g|hz|mph)?\$?"
)
_RUN = re.compile(r"(.)\1{2,}")
_DOUBLE = re.compile(r"(.)\1+")


@dataclass(frozen=True, slots=True)
class Repair:
    """A word as it was meant, and the trick that hid it."""

    word: str
    trick: str


@dataclass(slots=True)
class Lexicon:
    """Known words with counts; `abusive` are those that occur mostly in toxic comments."""

    counts: Mapping[str, int]
    abusive: frozenset[str]
    common: frozenset[str] = frozenset()
    """The most frequent words: what and how people write, whatever it is about."""
    _shapes: dict[tuple[int, str], list[str]] = field(default_factory=dict, repr=False)
    _total: float = 0.0

    @classmethod
    def of(cls, counts: Mapping[str, int], abusive: Iterable[str]) -> "Lexicon":
        """Return a lexicon with its look-up by length and first letter."""
        lexicon = cls(dict(counts), frozenset(abusive))
        for word in lexicon.counts:
            lexicon._shapes.setdefault((len(word), word[:1]), []).append(word)
        ranked = sorted(lexicon.counts, key=lambda word: -lexicon.counts[word])
        lexicon.common = frozenset(word for word in ranked[:COMMON_WORDS] if len(word) > 1)
        lexicon._total = math.log(sum(lexicon.counts.values()) + 1)
        return lexicon

    def __contains__(self, word: object) -> bool:
        return word in self.counts

    def likelihood(self, word: str) -> float:
        """Return how often a word is meant when it is disguised; 0 for unknown words."""
        return self.counts.get(word, 0) * (ABUSIVE_BOOST if word in self.abusive else 1.0)

    def best(self, words: Iterable[str]) -> str | None:
        """Return the likeliest known word of some candidates."""
        known = list(filter(self.counts.__contains__, words))
        return max(known, key=self.likelihood) if known else None

    def matching(self, pattern: str) -> str | None:
        """Return the likeliest word for a pattern in which "?" stands for any letter."""
        firsts = [pattern[0]] if pattern[0] != "?" else list("abcdefghijklmnopqrstuvwxyz")
        words = (word for first in firsts for word in self._shapes.get((len(pattern), first), ()))
        # A regular expression of the whole pattern would take ten times as long to be compiled.
        start, end = pattern.partition("?")[0], pattern.rpartition("?")[2]
        near = (word for word in words if word.startswith(start) and word.endswith(end))
        return self.best(word for word in near if _fits(pattern, word))

    def split(self, joined: str) -> list[str] | None:
        """Return the known words that `joined` runs together, or None (Viterbi, unigrams)."""
        best: list[tuple[float, int]] = [(0.0, 0)]
        for end in range(1, len(joined) + 1):
            first = max(0, end - SPLIT_WORD_CHARS_MAX)
            options = [
                (best[at][0] + self._cost(joined[at:end]), at)
                for at in range(first, end)
                if math.isfinite(best[at][0])
            ]
            best.append(min(options, default=(math.inf, 0)))
        if not math.isfinite(best[-1][0]):
            return None
        words: list[str] = []
        end = len(joined)
        while end:
            words.append(joined[best[end][1] : end])
            end = best[end][1]
        return words[::-1]

    def _cost(self, word: str) -> float:
        count = self.counts.get(word)
        if count is None or (len(word) == 1 and word not in "aiu"):
            return math.inf
        return self._total - math.log(count + 1) + 1.0


def _fits(pattern: str, word: str) -> bool:
    """Tell whether a word is what a pattern of the same length, "?" for any letter, stands for."""
    return all(
        sign == char or (sign == "?" and "a" <= char <= "z")
        for sign, char in zip(pattern, word, strict=True)
    )


def deleeted(word: str) -> list[str]:
    """Return the readings of a word with digits and signs for letters; [] for plain numbers."""
    letters = sum(char.isalpha() for char in word)
    signs = sum(char in LEET_CHARS for char in word)
    if not signs or letters < (1 - LEET_SHARE_MAX) * len(word):
        return []
    plain = word.translate(LEET)
    as_l = word.replace("1", "l").replace("|", "l").replace("!", "l").translate(LEET)
    return [plain] if as_l == plain else [plain, as_l]


def swaps(word: str) -> Iterator[str]:
    """Yield the word with each two neighbouring letters exchanged."""
    for at in range(len(word) - 1):
        if word[at] != word[at + 1]:
            yield word[:at] + word[at + 1] + word[at] + word[at + 2 :]


def unrepeated(word: str) -> list[str]:
    """Return a word that holds a run of three or more with its runs cut to two and to one."""
    if not _RUN.search(word):
        return []
    two = _RUN.sub(r"\1\1", word)
    one = _RUN.sub(r"\1", word)
    return [two, one, *_single_runs(word), _DOUBLE.sub(r"\1", word)]


def _single_runs(word: str) -> Iterator[str]:
    """Yield the forms in which one run is a double letter and the others are single."""
    runs = list(_RUN.finditer(word))
    for kept in range(len(runs) if len(runs) > 1 else 0):
        form, last = "", 0
        for at, run in enumerate(runs):
            form += word[last : run.start()] + run[1] * (2 if at == kept else 1)
            last = run.end()
        yield form + word[last:]


def unaccented(word: str) -> str:
    """Return a word without its combining marks."""
    return "".join(c for c in unicodedata.normalize("NFKD", word) if not unicodedata.combining(c))


def _starred(lexicon: Lexicon, word: str, _: str) -> str | None:
    core = word.strip("!.,?")
    if WILDCARDS.isdisjoint(core):
        return None
    hidden = sum(char in WILDCARDS for char in core)
    if hidden > (len(core) + 1) // 2 or len(core) < 3 or not core[0].isalpha():
        return None
    pattern = "".join("?" if not char.isalnum() else char for char in core)
    return lexicon.matching(pattern) if pattern.replace("?", "").isalpha() else None


def _accented(lexicon: Lexicon, _: str, core: str) -> str | None:
    plain = "" if core.isascii() else unaccented(core)
    return plain if plain in lexicon.abusive else None


def _swapped(lexicon: Lexicon, word: str, core: str) -> str | None:
    if core != word or len(word) < 4 or not (word.isascii() and word.isalpha()):
        return None
    best = lexicon.best(swaps(word))
    if best is None:
        return None
    common = lexicon.counts[best] >= SWAP_COUNT_MIN or best in lexicon.abusive
    return best if common else None


def repair(lexicon: Lexicon, word: str) -> Repair | None:
    """Return what a lower-case word was meant to be, or None if it stands as it is."""
    if word in lexicon:
        return None
    if word.isascii() and word.isalpha() and not _RUN.search(word):  # most are: names
        swapped = _swapped(lexicon, word, word)
        return Repair(swapped, "swap") if swapped else None
    core = word.strip(EDGES)
    if not core.strip("$") or core in lexicon or _SUM.fullmatch(core):
        return None
    for trick, reading in _READINGS:
        if found := reading(lexicon, word, core):
            return Repair(found, trick)
    runs = _RUN.sub(r"\1\1", word)
    return Repair(runs, "repeat") if runs != word else None


def _repeated(lexicon: Lexicon, _: str, core: str) -> str | None:
    return lexicon.best(unrepeated(core))


def _leet(lexicon: Lexicon, word: str, core: str) -> str | None:
    if LEET_CHARS.isdisjoint(word):
        return None
    for form in (core, word, word.rstrip("!.,?"), word.strip("*_")):
        readings = deleeted(form)
        readings += [short for reading in readings for short in unrepeated(reading)]
        if found := lexicon.best(readings):
            return found
    return None


_READINGS = (
    ("repeat", _repeated),
    ("leet", _leet),
    ("star", _starred),
    ("accent", _accented),
    ("swap", _swapped),
)
"""Tricks in the order in which they are tried, each with how it is read."""
