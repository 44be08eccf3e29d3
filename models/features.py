"""Hashed word and character n-grams of a whole batch, in numpy alone.

A prefix sum of code point times a power of an odd number gives the polynomial hash of any
n-gram by one subtraction and one product (Karp and Rabin 1987, without the recurrence).
"""

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]
Longs = npt.NDArray[np.uint64]
Ints = npt.NDArray[np.int64]

WORD_BITS = 18
CHAR_BITS = 18
TOKEN_BITS = 14
WORD_BUCKETS = 1 << WORD_BITS
CHAR_BUCKETS = 1 << CHAR_BITS
TOKEN_BUCKETS = 1 << TOKEN_BITS
CHAR_FIRST = WORD_BUCKETS
TOKEN_FIRST = WORD_BUCKETS + CHAR_BUCKETS
BUCKETS = TOKEN_FIRST + TOKEN_BUCKETS
"""Words and word pairs, then character n-grams, then tokens about the comment."""
CHAR_SIZES = (2, 3, 4, 5)
TEXT_CHARS_MAX = 3_000
"""Longer neutral texts are held (models/competence.py). The linear heads read their first two
thirds and last third, networks read no further. Hardly a training comment is longer."""

_BASE = 0x9E3779B97F4A7C15
_MIX = np.uint64(0xD6E8FEB86659FD93)
_PAIR = np.uint64(0xA24BAED4963EE407)
_SPACE = 32
_CODES = 0x10000
_LONG = (1 << 64) - 1


@lru_cache(maxsize=1)
def _powers(count: int) -> tuple[Longs, Longs]:
    base, inverse = _BASE, pow(_BASE, -1, 1 << 64)
    with np.errstate(over="ignore"):
        up = np.full(count, base, dtype=np.uint64)
        down = np.full(count, inverse, dtype=np.uint64)
        up[0] = down[0] = 1
        return np.multiply.accumulate(up), np.multiply.accumulate(down)


@lru_cache(maxsize=1)
def _word_codes() -> npt.NDArray[np.bool_]:
    table = np.fromiter((chr(code).isalnum() for code in range(_CODES)), dtype=bool, count=_CODES)
    table[ord("_")] = True
    return table


def shortened(text: str) -> str:
    """Return a text cut in its middle to TEXT_CHARS_MAX characters."""
    if len(text) <= TEXT_CHARS_MAX:
        return text
    head = TEXT_CHARS_MAX * 2 // 3
    return text[:head] + text[head - TEXT_CHARS_MAX :]


@dataclass(frozen=True, slots=True)
class Grams:
    """Hashed n-grams of a batch, in the order in which they begin."""

    starts: Ints
    sizes: Ints
    buckets: Ints


@dataclass(frozen=True, slots=True)
class Flat:
    """A batch as one array of code points, a space before, between and after its texts."""

    codes: npt.NDArray[np.uint32]
    firsts: Ints
    """Index of the first character of each text."""
    sums: Longs
    inverse: Longs
    row_of: npt.NDArray[np.int32]

    @classmethod
    def of(cls, texts: Sequence[str]) -> "Flat":
        """Return the flattened batch of neutral lower-case texts."""
        joined = " " + " ".join(texts) + " "
        codes = np.frombuffer(joined.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
        lengths = np.fromiter((len(text) + 1 for text in texts), dtype=np.int64, count=len(texts))
        firsts = np.cumsum(lengths) - lengths + 1
        size = 1 << max(12, (len(codes) + 1).bit_length())
        up, inverse = _powers(size)
        sums = np.zeros(len(codes) + 1, dtype=np.uint64)
        np.cumsum((codes + np.uint32(1)).astype(np.uint64) * up[: len(codes)], out=sums[1:])
        row_of = np.repeat(np.arange(len(texts), dtype=np.int32), lengths)
        return cls(codes, firsts, sums, inverse, np.concatenate([row_of[:1], row_of]))

    def hashes(self, starts: Ints, ends: Ints) -> Longs:
        """Return the hash of each range of characters."""
        return (self.sums.take(ends) - self.sums.take(starts)) * self.inverse.take(starts)


def mixed(hashes: Longs, bits: int) -> Ints:
    """Return the bucket of each hash: its best `bits` bits."""
    # In place: half the arrays, which are larger than the processor's cache.
    found = hashes >> np.uint64(29)
    found ^= hashes
    found *= _MIX
    found >>= np.uint64(64 - bits)
    return found.view(np.int64)


def char_grams(flat: Flat) -> Grams:
    """Return the character n-grams inside words, a space at either edge (as char_wb)."""
    space = flat.codes == _SPACE
    count = len(space)
    inner = np.zeros(count + 1, dtype=np.int32)
    np.cumsum(space, out=inner[1:])
    whole = np.zeros((count, len(CHAR_SIZES)), dtype=bool)
    hashes = np.empty(whole.shape, dtype=np.uint64)
    for at, size in enumerate(CHAR_SIZES):
        left = max(0, count - size + 1)
        np.equal(inner[size - 1 : size - 1 + left], inner[1 : 1 + left], out=whole[:left, at])
        # Of all places alike: gathering those that count first would take longer.
        own = flat.sums[size : size + left] - flat.sums[:left]
        own *= flat.inverse[:left]
        np.add(own, np.uint64(size), out=hashes[:left, at])
    # Two spaces have nothing between them that would show.
    whole[:-1, 0] &= ~(space[:-1] & space[1:])
    found = np.flatnonzero(whole)
    buckets = mixed(hashes.ravel().take(found), CHAR_BITS)
    buckets += CHAR_FIRST
    # Four sizes: shifting is ten times as fast as dividing.
    return Grams(found >> 2, np.array(CHAR_SIZES).take(found & 3), buckets)


def words(flat: Flat) -> tuple[Ints, Ints]:
    """Return where each word of the batch starts and ends."""
    table = _word_codes()
    inside = np.zeros(len(flat.codes) + 2, dtype=np.int8)
    codes = flat.codes
    inside[1:-1] = table[np.where(codes < _CODES, codes, _SPACE)]
    change = np.diff(inside)
    return np.flatnonzero(change == 1), np.flatnonzero(change == -1)


def word_grams(flat: Flat) -> Grams:
    """Return words and pairs of neighbouring words of the same text."""
    starts, ends = words(flat)
    if not len(starts):
        empty = np.zeros(0, dtype=np.int64)
        return Grams(empty, empty, empty)
    hashes = flat.hashes(starts, ends)
    rows = flat.row_of[starts]
    together = np.flatnonzero(rows[1:] == rows[:-1])
    pairs = hashes[together] * _PAIR + hashes[together + 1]
    begins = np.concatenate([starts, starts[together]])
    order = np.argsort(begins, kind="stable")
    sizes = np.concatenate([ends - starts, ends[together + 1] - starts[together]])
    return Grams(
        begins.take(order),
        sizes.take(order),
        mixed(np.concatenate([hashes, pairs]).take(order), WORD_BITS),
    )


@lru_cache(maxsize=200_000)
def token_bucket(token: str) -> int:
    """Return the bucket of a token about the comment, such as "author:casino"."""
    # As Flat hashes it, in plain integers: for a few characters that is ten times as fast.
    value = 0
    for char in reversed(token):
        value = (value * _BASE + ord(char) + 1) & _LONG
    value = ((value ^ (value >> 29)) * int(_MIX)) & _LONG
    return (value >> (64 - TOKEN_BITS)) + TOKEN_FIRST


def token_grams(tokens: Sequence[Iterable[str]]) -> tuple[Ints, Ints]:
    """Return row and bucket of each token, every distinct token of a row once."""
    pairs = [
        (row, bucket)
        for row, each in enumerate(tokens)
        for bucket in sorted({token_bucket(token) for token in each})
    ]
    both = np.array(pairs, dtype=np.int64).reshape(-1, 2)
    return both[:, 0], both[:, 1]


@dataclass(frozen=True, slots=True)
class Counts:
    """How often each bucket occurs in each row: row by row, each sorted by bucket.

    `ends[row]` is where a row's entries end and those of the next begin.
    """

    ends: Ints
    buckets: npt.NDArray[np.uint32]
    counts: Floats


def text_counts(texts: Sequence[str]) -> Counts:
    """Return the n-gram counts of a batch of neutral lower-case texts."""
    flat = Flat.of([shortened(text) for text in texts])
    buckets, ends = _sorted_rows((word_grams(flat), char_grams(flat)), flat.firsts - 1)
    differs = np.ones(len(buckets), dtype=bool)
    np.not_equal(buckets[1:], buckets[:-1], out=differs[1:])
    starts = np.concatenate([[0], ends[:-1]])
    differs[starts[starts < len(buckets)]] = True
    first = np.flatnonzero(differs)
    counts = np.diff(first, append=len(buckets)).astype(np.float32)
    return Counts(first.searchsorted(ends), buckets.take(first), counts)


def _sorted_rows(parts: Sequence[Grams], begins: Ints) -> tuple[npt.NDArray[np.uint32], Ints]:
    """Return the buckets of all parts, row by row, each sorted, and where each row ends.

    `begins` is where the text of each row begins, with the space before it.
    """
    bounds = [np.append(part.starts.searchsorted(begins), len(part.starts)) for part in parts]
    total = np.sum(bounds, axis=0)
    buckets = np.empty(total[-1], dtype=np.uint32)
    # One sort of a whole batch takes three times as long as many short ones.
    for row, (start, end) in enumerate(itertools.pairwise(total.tolist())):
        of_row = [
            part.buckets[at[row] : at[row + 1]] for part, at in zip(parts, bounds, strict=True)
        ]
        np.concatenate(of_row, out=buckets[start:end], casting="unsafe")
        buckets[start:end].sort()
    return buckets, total[1:]
