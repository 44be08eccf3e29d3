"""The small network: static token embeddings under a convolution of width three, in numpy.

Distilled from a fine-tuned MiniLM (see models/train/student.py). Embeddings are int8 with one
scale a row; the convolution is linear before its ReLU, so only the distinct tokens of a batch
are multiplied and their three products are gathered and added.
"""

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt
from sklearn.base import BaseEstimator

from models.wordpiece import WordPiece

Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int64]

TOKENS_MAX = 256
"""Tokens of a text that the network reads; the linear heads read further."""


class TokenNetwork(BaseEstimator):  # type: ignore[misc]  # scikit-learn has no types
    """A convolutional network over tokens with one logit a head.

    Fitted attributes: `vocabulary_` (tokens, a line each), `heads_`, `embedding_` (int8, tokens x
    width) with `embedding_scale_`, `token_weight_` (float16, a token each), `convolution_`
    (float16, width x 3 channels: left, centre, right), `convolution_bias_`, `hidden_`,
    `hidden_bias_`, `out_`, `out_bias_`.
    """

    def take(
        self, vocabulary: Sequence[str], heads: Sequence[str], arrays: Mapping[str, Floats]
    ) -> "TokenNetwork":
        """Keep trained arrays in their compact form."""
        embedding = arrays["embedding"]
        scale = np.maximum(np.abs(embedding).max(1), 1e-6) / 127
        self.vocabulary_ = "\n".join(vocabulary)
        self.heads_ = list(heads)
        self.embedding_scale_ = scale.astype(np.float16)
        steps = embedding / np.maximum(self.embedding_scale_.astype(np.float32), 1e-7)[:, None]
        self.embedding_ = np.clip(np.rint(steps), -127, 127).astype(np.int8)
        self.token_weight_ = arrays["token_weight"].astype(np.float16)
        self.convolution_ = arrays["convolution"].astype(np.float16)
        self.convolution_bias_ = arrays["convolution_bias"].astype(np.float32)
        for name in ("hidden", "hidden_bias", "out", "out_bias"):
            setattr(self, f"{name}_", arrays[name].astype(np.float32))
        return self.ready()

    def ready(self) -> "TokenNetwork":
        """Build what is derived from the fitted arrays; called once after loading."""
        self._wordpiece = WordPiece(self.vocabulary_.split("\n"))
        self._kernel = self.convolution_.astype(np.float32)
        return self

    def __getstate__(self) -> dict[str, object]:
        state: dict[str, object] = dict(super().__getstate__())
        return {name: value for name, value in state.items() if name not in _BUILT}

    def decision_function(self, texts: Sequence[str]) -> Floats:
        """Return logits of neutral texts, shape (texts, heads)."""
        rows = [self._wordpiece(text, TOKENS_MAX) for text in texts]
        return self.token_logits(rows)

    def token_logits(self, rows: Sequence[Sequence[int]]) -> Floats:
        """Return logits of token ids, shape (rows, heads); no row may be empty."""
        lengths = np.fromiter(map(len, rows), dtype=np.int64, count=len(rows))
        ids = np.fromiter((one for row in rows for one in row), np.int64, count=int(lengths.sum()))
        firsts = np.cumsum(lengths) - lengths
        distinct, place = self._distinct(ids)
        vectors = self.embedding_[distinct].astype(np.float32)
        vectors *= self.embedding_scale_[distinct].astype(np.float32)[:, None]
        channels = self._convolved(vectors, place, firsts)
        counts = lengths[:, None].astype(np.float32)
        pooled = np.concatenate(
            [
                np.maximum.reduceat(channels, firsts, axis=0),
                np.add.reduceat(channels, firsts, axis=0) / counts,
                self._weighted_mean(vectors, ids, place, firsts),
            ],
            axis=1,
        )
        hidden = np.maximum(pooled @ self.hidden_ + self.hidden_bias_, 0)
        return np.asarray(hidden @ self.out_ + self.out_bias_, dtype=np.float32)

    def _distinct(self, ids: Ints) -> tuple[Ints, Ints]:
        seen = np.zeros(len(self.embedding_), dtype=bool)
        seen[ids] = True
        distinct = np.flatnonzero(seen)
        place = np.zeros(len(seen), dtype=np.int64)
        place[distinct] = np.arange(len(distinct))
        return distinct, place[ids]

    def _convolved(self, vectors: Floats, place: Ints, firsts: Ints) -> Floats:
        width = len(self.convolution_bias_)
        products = np.zeros((len(vectors) + 1, 3 * width), dtype=np.float32)
        np.matmul(vectors, self._kernel, out=products[:-1])
        nothing = len(vectors)
        left = np.concatenate([[nothing], place[:-1]])
        left[firsts] = nothing
        right = np.concatenate([place[1:], [nothing]])
        right[firsts[1:] - 1] = nothing
        total = products[:, width : 2 * width][place]
        total += products[:, :width][left]
        total += products[:, 2 * width :][right]
        total += self.convolution_bias_
        return np.maximum(total, 0, out=total)

    def _weighted_mean(self, vectors: Floats, ids: Ints, place: Ints, firsts: Ints) -> Floats:
        weight = np.exp(self.token_weight_[ids].astype(np.float32))
        total = np.add.reduceat(vectors[place] * weight[:, None], firsts, axis=0)
        return np.asarray(total / np.add.reduceat(weight, firsts)[:, None], dtype=np.float32)


_BUILT = ("_wordpiece", "_kernel")
