"""The small network: static token embeddings under two convolutions, in numpy.

Trained by models/train/student.py. Embeddings are int8 with one scale a row. The first convolution,
over three neighbours, is linear before its ReLU, so only the distinct tokens of a batch are
multiplied and their three products are gathered and added; those of common words are kept. The
second reads the first one's channels, made narrow, at every other place of nine.
"""

from collections.abc import Mapping, Sequence
from itertools import chain

import numpy as np
import numpy.typing as npt
from sklearn.base import BaseEstimator

from models.wordpiece import WordPiece

Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int64]

TOKENS_MAX = 256
"""Tokens of a text that the network reads; the linear heads read further."""

PLACES = (-4, -2, 0, 2, 4)
"""What the second convolution reads, from each token's place."""
COMMON = (1996, 3020)
"""Ids of the tokens whose products are kept: BERT's vocabulary lists whole words from the most
frequent on, here the first 1,024. They take 2.4 MB and much of the multiplying."""


def in_bytes(rows: Floats) -> tuple[npt.NDArray[np.int8], npt.NDArray[np.float16]]:
    """Return rows in steps of a scale that each has of its own, and the scales."""
    scale = (np.maximum(np.abs(rows).max(1), 1e-6) / 127).astype(np.float16)
    steps = rows / np.maximum(scale.astype(np.float32), 1e-7)[:, None]
    return np.clip(np.rint(steps), -127, 127).astype(np.int8), scale


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
        self._kernel = self.convolution_.astype(np.float32)
        # The bias goes with the token in the middle, which every place has.
        self._bias = np.zeros(self._kernel.shape[1], dtype=np.float32)
        width = len(self.convolution_bias_)
        self._bias[width : 2 * width] = self.convolution_bias_
        common = self._vectors(np.arange(COMMON[0], min(COMMON[1], len(self.embedding_))))
        parts = np.split(common @ self._kernel + self._bias, 3, axis=1)
        self._common = [np.ascontiguousarray(part) for part in parts]
        return self

    def __getstate__(self) -> dict[str, object]:
        state: dict[str, object] = dict(super().__getstate__())
        return {name: value for name, value in state.items() if name not in _BUILT}

    def decision_function(self, texts: Sequence[str]) -> Floats:
        """Return logits of neutral texts, shape (texts, heads)."""
        rows = [self.wordpiece(text, TOKENS_MAX) for text in texts]
        return self.token_logits(rows)

    def token_logits(self, rows: Sequence[Sequence[int]]) -> Floats:
        """Return logits of token ids, shape (rows, heads); no row may be empty."""
        lengths = [len(row) for row in rows]
        ids = np.fromiter(chain.from_iterable(rows), np.int64, sum(lengths))
        distinct, place = self._distinct(ids)
        vectors = self._vectors(distinct)
        parts = self._products(distinct, vectors)
        weights = np.exp(self.token_weight_.take(distinct).astype(np.float32))
        pooled = np.empty((len(rows), len(self.hidden_)), dtype=np.float32)
        start = 0
        for row, length in enumerate(lengths):
            self._pool(place[start : start + length], vectors, parts, weights, pooled[row])
            start += length
        hidden = np.maximum(pooled @ self.hidden_ + self.hidden_bias_, 0)
        return np.asarray(hidden @ self.out_ + self.out_bias_, dtype=np.float32)

    def _distinct(self, ids: Ints) -> tuple[Ints, Ints]:
        """Return the distinct ids, sorted, and where each id is among them."""
        # As np.unique does, without sorting: there are few ids that may occur.
        place = np.zeros(len(self.embedding_), dtype=np.int64)
        place[ids] = 1
        distinct = np.flatnonzero(place)
        place[distinct] = np.arange(len(distinct))
        return distinct, place.take(ids)

    def _vectors(self, ids: Ints) -> Floats:
        vectors = self.embedding_.take(ids, axis=0).astype(np.float32)
        vectors *= self.embedding_scale_.take(ids).astype(np.float32)[:, None]
        return vectors

    def _products(self, ids: Ints, vectors: Floats) -> list[Floats]:
        """Return what each of some tokens, sorted, adds left, at and right of its place."""
        first, last = ids.searchsorted(COMMON)
        common = ids[first:last] - COMMON[0]
        rare = np.concatenate([vectors[:first], vectors[last:]]) @ self._kernel + self._bias
        parts: list[Floats] = []
        for kept, product in zip(self._common, np.split(rare, 3, axis=1), strict=True):
            part = np.empty((len(ids), product.shape[1]), dtype=np.float32)
            part[:first] = product[:first]
            kept.take(common, axis=0, out=part[first:last], mode="clip")
            part[last:] = product[first:]
            parts.append(part)
        return parts

    def _pool(
        self, at: Ints, vectors: Floats, parts: Sequence[Floats], weights: Floats, out: Floats
    ) -> None:
        """Write maxima and means of a text's channels, and its weighted mean vector, to `out`."""
        channels = _convolved(at, parts)
        further = self._further(channels)
        # A product is faster than a mean down the rows.
        each = np.full(len(at), 1 / len(at), dtype=np.float32)
        start = 0
        for numbers in (channels, further):
            middle, end = start + numbers.shape[1], start + 2 * numbers.shape[1]
            np.maximum.reduce(numbers, axis=0, out=out[start:middle])
            np.matmul(each, numbers, out=out[middle:end])
            start = end
        share = weights.take(at)
        np.matmul(share / share.sum(), vectors.take(at, axis=0), out=out[start:])

    def _further(self, channels: Floats) -> Floats:
        """Return the second convolution's channels of a text, shape (tokens, further channels)."""
        length, reach = len(channels), PLACES[-1]
        width = len(self.narrow_bias_)
        padded = np.zeros((length + 2 * reach, width), dtype=np.float32)
        narrow = padded[reach : reach + length]
        np.matmul(channels, self.narrow_, out=narrow)
        narrow += self.narrow_bias_
        np.maximum(narrow, 0, out=narrow)
        seen = [padded[reach + place : reach + place + length] for place in PLACES]
        further: Floats = np.concatenate(seen, axis=1) @ self.further_
        further += self.further_bias_
        np.maximum(further, 0, out=further)
        return further


def _convolved(at: Ints, parts: Sequence[Floats]) -> Floats:
    """Return the first convolution's channels of a text, shape (tokens, channels)."""
    left, centre, right = parts
    channels = centre.take(at, axis=0)
    channels[1:] += left.take(at[:-1], axis=0)
    channels[:-1] += right.take(at[1:], axis=0)
    return np.maximum(channels, 0, out=channels)


_BUILT = ("wordpiece", "_kernel", "_bias", "_common")
