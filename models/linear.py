"""Logistic regressions over hashed features, one a head, scored by look-up of int8 weights."""

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import sparse
from sklearn.base import BaseEstimator
from sklearn.linear_model import LogisticRegression

from models.batch import Batch
from models.features import BUCKETS, TOKEN_FIRST, Counts
from models.spam import TOKEN_SCALE

Floats = npt.NDArray[np.float32]
Bytes = npt.NDArray[np.uint8]
Fitted = tuple[Floats, float]
"""Coefficients and intercept of a head."""

TOLERANCE = 0.1
"""Of liblinear's dual solver: four times as fast as the primal one and as good here."""
INT8_MAX = 127
NORM_MIN = 1e-9


def fit_head(matrix: sparse.csr_matrix, labels: Floats, weights: Floats, strength: float) -> Fitted:
    """Return coefficients and intercept for labels in 0..1 (a share counts on both sides).

    A head without rows of both kinds says nothing: all are 0. Our ratings are of comments in the
    project's data folder; another folder has none.
    """
    known = np.flatnonzero(~np.isnan(labels))
    yes = known[labels[known] > 0]
    no = known[labels[known] < 1]
    if not (len(yes) and len(no)):
        return np.zeros(matrix.shape[1], dtype=np.float32), 0.0
    rows = np.concatenate([yes, no])
    target = np.concatenate([np.ones(len(yes)), np.zeros(len(no))])
    share = np.concatenate([labels[yes], 1 - labels[no]]) * weights[rows]
    model = LogisticRegression(
        C=strength, solver="liblinear", dual=True, tol=TOLERANCE, random_state=0
    )
    model.fit(matrix[rows], target, sample_weight=share)
    return model.coef_[0].astype(np.float32), float(model.intercept_[0])


def surer(labels: npt.NDArray[np.floating[Any]], margin: float) -> Floats:
    """Return labels, those within `margin` of 0 or 1 as that: a share costs a second row."""
    return np.where(labels < margin, 0, np.where(labels > 1 - margin, 1, labels)).astype(np.float32)


class LinearHeads(BaseEstimator):  # type: ignore[misc]  # scikit-learn has no types
    """Several logistic regressions that share one pass over the features of a batch.

    Fitted attributes: `heads_`, `text_` (int8, text buckets x heads) with a `scale_` a head,
    `token_` and `dense_` (float32; dense columns are signals, then meta), `intercept_`, and `idf_`,
    the weight of each text bucket (bytes; their unit cancels out, since rows have length 1).
    """

    def compact(self, heads: Sequence[str], idf: Bytes, fitted: Sequence[Fitted]) -> "LinearHeads":
        """Take the fitted coefficients and intercept of each head in their compact form."""
        weights = np.stack([coefficients for coefficients, _ in fitted], axis=1)
        text = weights[:TOKEN_FIRST]
        self.heads_ = list(heads)
        self.idf_ = idf
        self.scale_ = np.maximum(np.abs(text).max(0), 1e-9).astype(np.float32) / INT8_MAX
        self.text_ = np.rint(text / self.scale_).astype(np.int8)
        self.token_ = np.ascontiguousarray(weights[TOKEN_FIRST:BUCKETS])
        self.dense_ = np.ascontiguousarray(weights[BUCKETS:])
        self.intercept_ = np.array([each for _, each in fitted], dtype=np.float32)
        return self

    def decision_function(self, batch: Batch) -> Floats:
        """Return logits, shape (documents, heads)."""
        result = self._text_logits(batch.counts) + self.intercept_
        if len(batch.token_rows):
            extra = self.token_[batch.token_buckets - TOKEN_FIRST] * np.float32(TOKEN_SCALE)
            np.add.at(result, batch.token_rows, extra)
        dense = np.concatenate([batch.signals, batch.meta], axis=1)
        return np.asarray(result + dense @ self.dense_, dtype=np.float32)

    def _text_logits(self, counts: Counts) -> Floats:
        """Return what the n-grams add to the logits, each row of them brought to length 1."""
        values = (1 + np.log(counts.counts)) * self.idf_.take(counts.buckets)
        result = np.zeros((len(counts.ends), len(self.heads_)), dtype=np.float32)
        start = 0
        # Row by row: the weights of a whole batch would leave the processor's cache.
        for row, end in enumerate(counts.ends.tolist()):
            own = values[start:end]
            weights = self.text_.take(counts.buckets[start:end], axis=0).astype(np.float32)
            np.matmul(own, weights, out=result[row])
            result[row] /= max(math.sqrt(own @ own), NORM_MIN)
            start = end
        return np.asarray(result * self.scale_, dtype=np.float32)
