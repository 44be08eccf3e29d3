"""Logistic regressions over hashed features, one a head, scored by look-up of int8 weights."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from scipy import sparse
from sklearn.base import BaseEstimator
from sklearn.linear_model import LogisticRegression

from models.batch import Batch
from models.features import BUCKETS, TOKEN_FIRST, Counts
from models.spam import TOKEN_SCALE

Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int64]

TOLERANCE = 0.1
"""Of liblinear's dual solver: four times as fast as the primal one and as good here."""
INT8_MAX = 127


def fit_head(
    matrix: sparse.csr_matrix, labels: Floats, weights: Floats, strength: float
) -> tuple[Floats, float]:
    """Return coefficients and intercept for labels in 0..1 (a share counts on both sides)."""
    known = np.flatnonzero(~np.isnan(labels))
    yes = known[labels[known] > 0]
    no = known[labels[known] < 1]
    rows = np.concatenate([yes, no])
    target = np.concatenate([np.ones(len(yes)), np.zeros(len(no))])
    share = np.concatenate([labels[yes], 1 - labels[no]]) * weights[rows]
    model = LogisticRegression(
        C=strength, solver="liblinear", dual=True, tol=TOLERANCE, random_state=0
    )
    model.fit(matrix[rows], target, sample_weight=share)
    return model.coef_[0].astype(np.float32), float(model.intercept_[0])


class LinearHeads(BaseEstimator):  # type: ignore[misc]  # scikit-learn has no types
    """Several logistic regressions that share one pass over the features of a batch.

    Fitted attributes: `heads_`, `text_` (int8, text buckets x heads) with a `scale_` a head,
    `token_` and `dense_` (float32; dense columns are signals, then meta), `intercept_`, `idf_`.
    """

    def __init__(self, strength: float = 4.0) -> None:
        self.strength = strength

    def compact(
        self, heads: Sequence[str], idf: Floats, fitted: Sequence[tuple[Floats, float]]
    ) -> "LinearHeads":
        """Take the fitted coefficients and intercept of each head in their compact form."""
        weights = np.stack([coefficients for coefficients, _ in fitted], axis=1)
        text = weights[:TOKEN_FIRST]
        self.heads_ = list(heads)
        self.idf_ = idf.astype(np.float32)
        self.scale_ = np.maximum(np.abs(text).max(0), 1e-9).astype(np.float32) / INT8_MAX
        self.text_ = np.rint(text / self.scale_).astype(np.int8)
        self.token_ = np.ascontiguousarray(weights[TOKEN_FIRST:BUCKETS])
        self.dense_ = np.ascontiguousarray(weights[BUCKETS:])
        self.intercept_ = np.array([each for _, each in fitted], dtype=np.float32)
        return self

    def values(self, counts: Counts, rows: int) -> Floats:
        """Return the weight of each n-gram in its unit-length row."""
        values = (1 + np.log(counts.counts)) * self.idf_.take(counts.buckets)
        norms = np.sqrt(np.bincount(counts.rows, weights=values * values, minlength=rows))
        return np.asarray(values / np.maximum(norms, 1e-9).take(counts.rows), dtype=np.float32)

    def decision_function(self, batch: Batch) -> Floats:
        """Return logits, shape (documents, heads)."""
        counts = batch.counts
        values = self.values(counts, len(batch))
        ends = np.cumsum(np.bincount(counts.rows, minlength=len(batch))).tolist()
        result = np.zeros((len(batch), len(self.heads_)), dtype=np.float32)
        # Row by row: the weights of a whole batch would leave the processor's cache.
        for row, (start, end) in enumerate(zip([0, *ends[:-1]], ends, strict=True)):
            weights = self.text_.take(counts.buckets[start:end], axis=0)
            result[row] = values[start:end] @ weights.astype(np.float32)
        result = result * self.scale_ + self.intercept_
        if len(batch.token_rows):
            extra = self.token_[batch.token_buckets - TOKEN_FIRST] * np.float32(TOKEN_SCALE)
            np.add.at(result, batch.token_rows, extra)
        dense = np.concatenate([batch.signals, batch.meta], axis=1)
        return np.asarray(result + dense @ self.dense_, dtype=np.float32)
