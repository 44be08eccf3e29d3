"""The small network: static token embeddings under two convolutions, in numpy.

Trained by models/train/student.py. Embeddings are int8 with one scale a row. The first convolution,
over three neighbours, is linear before its ReLU, so only the distinct tokens of a batch are
multiplied and their three products are gathered and added; those of common words are kept. The
second reads the first one's channels, made narrow, at every other place of nine. What is pooled
over a long text dilutes each sentence of it, so that its passages are judged as well.
"""

from collections.abc import Mapping, Sequence
from itertools import chain, pairwise
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from sklearn.base import BaseEstimator

from models.features import TEXT_CHARS_MAX
from models.wordpiece import WordPiece

Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int64]

TOKENS_MAX = 256
"""Tokens that are read at once. A longer text is judged as a whole by so many, its first."""
PASSAGES_FROM = 96
"""A text of more tokens is judged by its passages, too."""
PASSAGE_TOKENS = (3, 64)
"""Tokens that a passage has at least, then ending with its sentence, and at most."""
PASSAGE_DISCOUNT = 1.3
"""Logits by which a passage says less than a whole text: a long one has many."""
PASSAGE_MOST = 0.0
"""The most that a passage says, a logit: out of context it makes a text doubtful, and no more."""

PLACES = (-4, -2, 0, 2, 4)
"""What the second convolution reads, from each token's place."""
_SEEN = np.add.outer(np.arange(TOKENS_MAX), np.array(PLACES) - PLACES[0]).ravel()
"""Rows that the second convolution reads, a token's after another's, PLACES[-1] before the first:
taking them by number is three times as fast as joining ranges."""
COMMON = (1996, 3020)
"""Ids of the tokens whose products are kept: BERT's vocabulary lists whole words from the most
frequent on, here the first 1,024. They take 2.4 MB and much of the multiplying."""


def in_bytes(rows: Floats) -> tuple[npt.NDArray[np.int8], npt.NDArray[np.float16]]:
    """Return rows in steps of a scale that each has of its own, and the scales."""
    scale = (np.maximum(np.abs(rows).max(1), 1e-6) / 127).astype(np.float16)
    steps = rows / np.maximum(scale.astype(np.float32), 1e-7)[:, None]
    return np.clip(np.rint(steps), -127, 127).astype(np.int8), scale


class Piece(NamedTuple):
    """Tokens read at once: how many, whether they are judged whole, and where passages start."""

    length: int
    whole: bool
    starts: list[int]


class TokenNetwork(BaseEstimator):  # type: ignore[misc]  # scikit-learn has no types
    """A convolutional network over tokens with one logit a head.

    Fitted attributes: `vocabulary_` (tokens, a line each), `heads_`, `embedding_` (int8, tokens x
    width) with `embedding_scale_`, `token_weight_` (float16, a token each), `convolution_`
    (float16, width x 3 channels: left, centre, right), `convolution_bias_`; `narrow_` (channels x
    narrow), `narrow_bias_`; `further_` (PLACES times narrow x further channels), `further_bias_`;
    `hidden_`, `hidden_bias_`, `out_`, `out_bias_`.
    """

    def take(
        self, vocabulary: Sequence[str], heads: Sequence[str], arrays: Mapping[str, Floats]
    ) -> "TokenNetwork":
        """Keep trained arrays in their compact form."""
        self.vocabulary_ = "\n".join(vocabulary)
        self.heads_ = list(heads)
        self.embedding_, self.embedding_scale_ = in_bytes(arrays["embedding"])
        self.token_weight_ = arrays["token_weight"].astype(np.float16)
        self.convolution_ = arrays["convolution"].astype(np.float16)
        self.convolution_bias_ = arrays["convolution_bias"].astype(np.float32)
        self.narrow_ = arrays["narrow"].astype(np.float32)
        self.narrow_bias_ = arrays["narrow_bias"].astype(np.float32)
        self.further_ = arrays["further"].astype(np.float32)
        self.further_bias_ = arrays["further_bias"].astype(np.float32)
        self.hidden_ = arrays["hidden"].astype(np.float32)
        self.hidden_bias_ = arrays["hidden_bias"].astype(np.float32)
        self.out_ = arrays["out"].astype(np.float32)
        self.out_bias_ = arrays["out_bias"].astype(np.float32)
        return self.ready()

    def only(self, heads: Sequence[str]) -> "TokenNetwork":
        """Keep these heads alone, in this order."""
        columns = [self.heads_.index(head) for head in heads]
        self.out_ = np.ascontiguousarray(self.out_[:, columns])
        self.out_bias_ = self.out_bias_[columns]
        self.heads_ = list(heads)
        return self

    def ready(self) -> "TokenNetwork":
        """Build what is derived from the fitted arrays; called once after loading."""
        self.wordpiece = WordPiece(self.vocabulary_.split("\n"))
        self._ends = {self.wordpiece.ids[sign] for sign in ".!?" if sign in self.wordpiece.ids}
        self._kernel = self.convolution_.astype(np.float32)
        # The bias goes with the token in the middle, which every place has.
        self._bias = np.zeros(self._kernel.shape[1], dtype=np.float32)
        width = len(self.convolution_bias_)
        self._bias[width : 2 * width] = self.convolution_bias_
        common = self._vectors(np.arange(COMMON[0], min(COMMON[1], len(self.embedding_))))
        self._common = common @ self._kernel + self._bias
        # As many rows as a text may have: numpy takes two to three times as long where one row, or
        # one number, is for all of them.
        self._zeros = np.zeros(TOKENS_MAX * max(width, len(self.further_bias_)), dtype=np.float32)
        self._narrow_bias = np.tile(self.narrow_bias_, (TOKENS_MAX, 1))
        self._further_bias = np.tile(self.further_bias_, (TOKENS_MAX, 1))
        return self

    def __getstate__(self) -> dict[str, object]:
        state: dict[str, object] = dict(super().__getstate__())
        return {name: value for name, value in state.items() if name not in _BUILT}

    def decision_function(self, texts: Sequence[str]) -> Floats:
        """Return logits of neutral texts, shape (texts, heads)."""
        rows = [self.wordpiece(text[:TEXT_CHARS_MAX], TEXT_CHARS_MAX) for text in texts]
        return self.token_logits(rows)

    def token_logits(self, rows: Sequence[Sequence[int]]) -> Floats:
        """Return logits of token ids, shape (rows, heads), of one token or more in each row.

        Of a long row, each head says the highest of what it says of the whole and of a passage.
        """
        pieces = [_pieces(row, self._ends) for row in rows]
        ids = np.fromiter(chain.from_iterable(rows), np.int64, sum(map(len, rows)))
        distinct, rare, place = self._distinct(ids)
        vectors = self._vectors(distinct)
        parts = self._products(distinct, rare, vectors)
        weights = np.exp(self.token_weight_.take(distinct).astype(np.float32))
        counts = [sum(piece.whole + len(piece.starts) for piece in own) for own in pieces]
        pooled = np.empty((sum(counts), len(self.hidden_)), dtype=np.float32)
        token, first = 0, 0
        for piece in chain.from_iterable(pieces):
            last = first + piece.whole + len(piece.starts)
            at = place[token : token + piece.length]
            self._pool(at, piece, vectors, parts, weights, pooled[first:last])
            token, first = token + piece.length, last
        hidden = np.maximum(pooled @ self.hidden_ + self.hidden_bias_, 0)
        logits = np.asarray(hidden @ self.out_ + self.out_bias_, dtype=np.float32)
        return _highest(logits, np.array(counts))

    def _distinct(self, ids: Ints) -> tuple[Ints, int, Ints]:
        """Return the distinct ids, common ones last, how many are rare, and where each id is."""
        # As np.unique does, without sorting: there are few ids that may occur.
        occurs = np.zeros(len(self.embedding_), dtype=bool)
        occurs[ids] = True
        ordered = np.flatnonzero(occurs)
        first, last = ordered.searchsorted(COMMON)
        distinct = np.concatenate([ordered[:first], ordered[last:], ordered[first:last]])
        place = np.empty(len(occurs), dtype=np.int64)
        place[distinct] = np.arange(len(distinct))
        return distinct, len(distinct) - int(last - first), place.take(ids)

    def _vectors(self, ids: Ints) -> Floats:
        vectors = self.embedding_.take(ids, axis=0).astype(np.float32)
        vectors *= self.embedding_scale_.take(ids).astype(np.float32)[:, None]
        return vectors

    def _products(self, ids: Ints, rare: int, vectors: Floats) -> list[Floats]:
        """Return what each of some tokens adds left, at and right of its place.

        The three are one array, in which a token's row is followed by two others of its own: row
        3 * n of each is of token n.
        """
        products = np.empty((len(ids), self._kernel.shape[1]), dtype=np.float32)
        np.matmul(vectors[:rare], self._kernel, out=products[:rare])
        products[:rare] += self._bias
        self._common.take(ids[rare:] - COMMON[0], axis=0, out=products[rare:], mode="clip")
        rows = products.reshape(3 * len(ids), products.shape[1] // 3)
        return [rows, rows[1:], rows[2:]]

    def _pool(
        self,
        at: Ints,
        piece: Piece,
        vectors: Floats,
        parts: Sequence[Floats],
        weights: Floats,
        out: Floats,
    ) -> None:
        """Write what is pooled over a piece, if it is judged whole, and over each passage to `out`.

        That is maxima and means of its channels, and a weighted mean of its vectors. `at` says
        which distinct token each place has.
        """
        channels = _convolved(3 * at, parts)
        self._rectify(channels)
        read = (channels, self._further(channels))
        shares, tokens = weights.take(at), vectors.take(at, axis=0)
        if piece.whole:
            _pool_whole(read, shares, tokens, out[0])
        if piece.starts:
            _pool_passages(read, shares, tokens, piece.starts, out[int(piece.whole) :])

    def _further(self, channels: Floats) -> Floats:
        """Return the second convolution's channels of a text, shape (tokens, further channels)."""
        length, reach = len(channels), PLACES[-1]
        width = len(self.narrow_bias_)
        padded = np.zeros((length + 2 * reach, width), dtype=np.float32)
        narrow = padded[reach : reach + length]
        np.matmul(channels, self.narrow_, out=narrow)
        narrow += self._narrow_bias[:length]
        self._rectify(narrow)
        seen = padded.take(_SEEN[: length * len(PLACES)], axis=0, mode="clip")
        further: Floats = seen.reshape(length, -1) @ self.further_
        further += self._further_bias[:length]
        self._rectify(further)
        return further

    def _rectify(self, numbers: Floats) -> None:
        """Make what is below 0 in the rows of a text 0 (ReLU)."""
        np.maximum(numbers, self._zeros[: numbers.size].reshape(numbers.shape), out=numbers)


def _convolved(at: Ints, parts: Sequence[Floats]) -> Floats:
    """Return the first convolution's channels of a text before their ReLU, (tokens, channels)."""
    left, centre, right = parts
    channels = centre.take(at, axis=0)
    channels[1:] += left.take(at[:-1], axis=0)
    channels[:-1] += right.take(at[1:], axis=0)
    return channels


def _pool_whole(read: Sequence[Floats], shares: Floats, tokens: Floats, out: Floats) -> None:
    # A product is faster than a mean down the rows.
    each = np.full(len(tokens), 1 / len(tokens), dtype=np.float32)
    start = 0
    for numbers in read:
        middle, end = start + numbers.shape[1], start + 2 * numbers.shape[1]
        np.maximum.reduce(numbers, axis=0, out=out[start:middle])
        np.matmul(each, numbers, out=out[middle:end])
        start = end
    np.matmul(shares / shares.sum(), tokens, out=out[start:])


def _pool_passages(
    read: Sequence[Floats], shares: Floats, tokens: Floats, starts: list[int], out: Floats
) -> None:
    ranges = list(pairwise([*starts, len(tokens)]))
    mean = np.zeros((len(ranges), len(tokens)), dtype=np.float32)
    for row, (start, end) in zip(mean, ranges, strict=True):
        row[start:end] = 1 / (end - start)
    first = 0
    for numbers in read:
        middle, last = first + numbers.shape[1], first + 2 * numbers.shape[1]
        for row, (start, end) in zip(out, ranges, strict=True):
            np.maximum.reduce(numbers[start:end], axis=0, out=row[first:middle])
        np.matmul(mean, numbers, out=out[:, middle:last])
        first = last
    mean *= shares
    mean /= mean.sum(1, keepdims=True)
    np.matmul(mean, tokens, out=out[:, first:])


def _pieces(row: Sequence[int], ends: set[int]) -> list[Piece]:
    """Return what is read of a row at once; `ends` are the tokens that end a sentence."""
    if len(row) <= PASSAGES_FROM:
        return [Piece(len(row), True, [])]
    parts = [row[start : start + TOKENS_MAX] for start in range(0, len(row), TOKENS_MAX)]
    return [Piece(len(part), not at, _starts(part, ends)) for at, part in enumerate(parts)]


def _starts(tokens: Sequence[int], ends: set[int]) -> list[int]:
    """Return where the passages of some tokens start."""
    fewest, most = PASSAGE_TOKENS
    starts = [0]
    for end in [*(at for at, token in enumerate(tokens, start=1) if token in ends), len(tokens)]:
        while end - starts[-1] > most:
            starts.append(starts[-1] + most)
        if end - starts[-1] >= fewest:
            starts.append(end)
    if starts[-1] == len(tokens) or len(starts) > 1:
        starts.pop()  # nothing is left, or too little: it goes with the passage before
    return starts


def of_passages(logits: Floats) -> Floats:
    """Return what logits of passages count for beside those of a whole text."""
    said = logits - np.float32(PASSAGE_DISCOUNT)
    return np.asarray(np.minimum(said, np.float32(PASSAGE_MOST)))


def _highest(logits: Floats, counts: Ints) -> Floats:
    """Return each row's highest logits; of so many of a row the first are of the whole."""
    if len(logits) == len(counts):
        return logits
    wholes = np.cumsum(counts) - counts
    said = of_passages(logits)
    said[wholes] = logits[wholes]
    return np.asarray(np.maximum.reduceat(said, wholes, axis=0))


_BUILT = (
    "wordpiece",
    "_ends",
    "_kernel",
    "_bias",
    "_common",
    "_zeros",
    "_narrow_bias",
    "_further_bias",
)
