"""Hashed word and character n-grams of a whole batch, in numpy alone.

A prefix sum of code point times a power of an odd number gives the polynomial hash of any
n-gram by one subtraction and one product (Karp and Rabin 1987, without the recurrence).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt
from scipy import sparse

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
"""Longer neutral texts are cut: first two thirds, last third."""

_BASE = 0x9E3779B97F4A7C15
_MIX = np.uint64(0xD6E8FEB86659FD93)
_PAIR = np.uint64(0xA24BAED4963EE407)
_SPACE = 32
_CODES = 0x10000


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
    """Hashed n-grams of a batch: where each begins, how long it is, and its bucket."""

    rows: Ints
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


def _mixed(hashes: Longs, bits: int) -> Ints:
    high = hashes ^ (hashes >> np.uint64(29))
    return ((high * _MIX) >> np.uint64(64 - bits)).astype(np.int64)


def char_grams(flat: Flat) -> Grams:
    """Return the character n-grams inside words, a space at either edge (as char_wb)."""
    space = flat.codes == _SPACE
    count = len(space)
    inner = np.zeros(count + 1, dtype=np.int32)
    np.cumsum(space, out=inner[1:])
    whole = np.zeros((len(CHAR_SIZES), count), dtype=bool)
    for at, size in enumerate(CHAR_SIZES):
        left = max(0, count - size + 1)
        np.equal(inner[size - 1 : size - 1 + left], inner[1 : 1 + left], out=whole[at, :left])
    # Two spaces have nothing between them that would show.
    whole[0, :-1] &= ~(space[:-1] & space[1:])
    which, starts = np.nonzero(whole)
    sizes = np.array(CHAR_SIZES).take(which)
    rows = flat.row_of.take(np.minimum(starts + 1, count - 1)).astype(np.int64)
    hashes = flat.hashes(starts, starts + sizes)
    buckets = _mixed(hashes + sizes.astype(np.uint64), CHAR_BITS) + CHAR_FIRST
    return Grams(rows, starts, sizes, buckets)


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
        return Grams(empty, empty, empty, empty)
    hashes = flat.hashes(starts, ends)
    rows = flat.row_of[starts].astype(np.int64)
    together = np.flatnonzero(rows[1:] == rows[:-1])
    pairs = hashes[together] * _PAIR + hashes[together + 1]
    return Grams(
        np.concatenate([rows, rows[together]]),
        np.concatenate([starts, starts[together]]),
        np.concatenate([ends - starts, ends[together + 1] - starts[together]]),
        np.concatenate([_mixed(hashes, WORD_BITS), _mixed(pairs, WORD_BITS)]),
    )


@lru_cache(maxsize=200_000)
def token_bucket(token: str) -> int:
    """Return the bucket of a token about the comment, such as "author:casino"."""
    flat = Flat.of([token])
    start, end = np.array([1]), np.array([len(flat.codes) - 1])
    return int(_mixed(flat.hashes(start, end), TOKEN_BITS)[0]) + TOKEN_FIRST


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
    """How often each bucket occurs in each row: sorted by row, then bucket."""

    rows: Ints
    buckets: Ints
    counts: Floats


def text_counts(texts: Sequence[str]) -> Counts:
    """Return the n-gram counts of a batch of neutral lower-case texts."""
    flat = Flat.of([shortened(text) for text in texts])
    parts = (word_grams(flat), char_grams(flat))
    keys = np.concatenate([(part.rows << 20) | part.buckets for part in parts])
    keys = np.sort(keys.astype(np.uint32) if len(texts) < 1 << 12 else keys)
    if not len(keys):
        empty = np.zeros(0, dtype=np.int64)
        return Counts(empty, empty, np.zeros(0, dtype=np.float32))
    first = np.flatnonzero(np.concatenate([[True], keys[1:] != keys[:-1]]))
    counts = np.diff(np.concatenate([first, [len(keys)]])).astype(np.float32)
    unique = keys[first].astype(np.int64)
    return Counts(unique >> 20, unique & 0xFFFFF, counts)


def count_matrix(texts: Sequence[str], batch: int = 64) -> sparse.csr_matrix:
    """Return 1 + ln(count) as a float32 matrix of shape (texts, BUCKETS)."""
    values: list[Floats] = []
    columns: list[npt.NDArray[np.int32]] = []
    lengths: list[npt.NDArray[np.int64]] = []
    for start in range(0, len(texts), batch):
        part = texts[start : start + batch]
        counts = text_counts(part)
        values.append(1 + np.log(counts.counts))
        columns.append(counts.buckets.astype(np.int32))
        lengths.append(np.bincount(counts.rows, minlength=len(part)))
    indptr = np.concatenate([[0], np.cumsum(np.concatenate(lengths))])
    data = (np.concatenate(values), np.concatenate(columns), indptr)
    return sparse.csr_matrix(data, shape=(len(texts), BUCKETS))
