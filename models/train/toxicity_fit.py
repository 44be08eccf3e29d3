"""Fits the linear heads of toxicity and of other languages."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from scipy import sparse

from models.linear import Fitted, fit_head, surer
from models.outputs import SHIPPED_HEADS as HEADS
from models.progress import Say
from models.train.design import Design, matrix
from models.train.foreign_rows import LANGUAGE_HEADS
from models.train.gather import Rows, label_matrix
from models.train.kept import KEPT, kept, taught
from models.train.readers import SOURCE as READERS
from models.train.rows import Row
from models.train.toxicity_rows import HEADS as TAUGHT_HEADS

Floats = npt.NDArray[np.float32]
Bytes = npt.NDArray[np.uint8]
STRENGTH = 6.0
LANGUAGE_STRENGTH = 4.0
POOL_STEP = 2
"""One in so many of the texts that nobody labelled is read, and counts for all of them: the
whole pool would take 7 GB."""
SURE = 0.03
"""Labels so near to 0 or 1 count as that; what lies between counts on both sides, as two rows."""


def fit_toxicity(design: Design, pool: Design, idf: Bytes, rows: Rows, say: Say) -> list[Fitted]:
    """Return the fitted heads of toxicity, which learn from labels and teachers (SHIPPED_HEADS).

    Method: logistic regression on the mean of both (Hinton et al. 2015), on the training rows in
    `design` and on the texts of the pool, which nobody labelled. Comments of our own are not among
    them: what those teach is not in words.
    """
    ours = np.array([row.source == READERS for row in rows.toxicity])
    train = np.flatnonzero((rows.folds == "train") & ~ours)
    texts = [design.texts[at] for at in train] + pool.texts
    labels = _more_rows(label_matrix(rows.toxicity, HEADS)[train], len(pool), np.nan)
    labels = surer(taught(labels, _said(texts, say)), SURE)
    weights = _more_rows(_weights(rows.toxicity)[train], len(pool), POOL_STEP)
    features = matrix(design, idf, about=False)[train]
    features = sparse.vstack([features, matrix(pool, idf, about=False)], format="csr")
    fitted: list[Fitted] = []
    for column, head in enumerate(HEADS):
        say(f"fits {head}")
        fitted.append(fit_head(features, labels[:, column], weights, STRENGTH))
    return fitted


def fit_languages(design: Design, idf: Bytes, rows: Rows) -> list[Fitted]:
    """Return the fitted heads of other languages, which learn from labels (LANGUAGE_HEADS)."""
    train = np.flatnonzero(rows.foreign_folds == "train")
    features = matrix(design, idf, about=False)[train]
    labels = label_matrix(rows.foreign, LANGUAGE_HEADS)[train]
    weights = _weights(rows.foreign)[train]
    return [fit_head(features, column, weights, LANGUAGE_STRENGTH) for column in labels.T]


def _said(texts: Sequence[str], say: Say) -> Floats:
    """Return the teachers' probabilities of HEADS for texts, NaN where they read none."""
    if not KEPT.is_file():
        say("finds nothing that a teacher said: the heads learn from labels alone")
        return np.full((len(texts), len(HEADS)), np.nan, dtype=np.float32)
    said = kept(KEPT, texts)[0][:, [TAUGHT_HEADS.index(head) for head in HEADS]]
    known = int((~np.isnan(said)).any(axis=1).sum())
    say(f"finds what the teachers said of {known:,} of {len(texts):,} texts")
    return said


def _weights(rows: Sequence[Row]) -> Floats:
    return np.array([row.weight for row in rows], dtype=np.float32)


def _more_rows(values: Floats, count: int, value: float) -> Floats:
    more = np.full((count, *values.shape[1:]), value, dtype=np.float32)
    return np.concatenate([values, more])
