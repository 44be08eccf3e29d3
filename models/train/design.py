"""Design matrices: features of many documents, and the weights of their n-grams."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import sparse

from models.batch import Batch
from models.document import Document
from models.features import BUCKETS, TOKEN_FIRST
from models.reader import Reader
from models.spam import TOKEN_SCALE
from models.text import SIGNALS

Floats = npt.NDArray[np.float32]
Bytes = npt.NDArray[np.uint8]
Tick = Callable[[int], None]

BATCH_ROWS = 64
IDF_STEPS = 8
"""Steps of one in which n-grams are weighed: the heads are fitted to these weights, which fit into
bytes."""


@dataclass(frozen=True, slots=True)
class Design:
    """Features of some documents.

    `counts` holds 1 + ln(count) of n-grams, shape (rows, BUCKETS); `tokens` the token block;
    `dense` signals then meta; `texts` the neutral texts.
    """

    texts: list[str]
    counts: sparse.csr_matrix
    tokens: sparse.csr_matrix
    dense: Floats

    def __len__(self) -> int:
        return len(self.texts)

    @property
    def meta(self) -> Floats:
        """Return what is known of each document besides its words, shape (rows, len(META))."""
        return self.dense[:, len(SIGNALS) :]


def _nothing(_: int) -> None:
    return None


def read_design(reader: Reader, documents: Sequence[Document], tick: Tick = _nothing) -> Design:
    """Return the features of documents; `tick` is told how many more were read."""
    batches: list[Batch] = []
    for start in range(0, len(documents), BATCH_ROWS):
        part = documents[start : start + BATCH_ROWS]
        batches.append(reader.transform(part))
        tick(len(part))
    return design_of(batches)


def design_of(batches: Sequence[Batch]) -> Design:
    """Return the design of documents that were read already."""
    texts = [text for batch in batches for text in batch.texts]
    counts = _stacked(
        [
            (1 + np.log(one.counts.counts), one.counts.buckets, np.diff(one.counts.ends, prepend=0))
            for one in batches
        ]
    )
    tokens = _stacked(
        [
            (
                np.full(len(one.token_rows), TOKEN_SCALE, np.float32),
                one.token_buckets,
                np.bincount(one.token_rows, minlength=len(one)),
            )
            for one in batches
        ]
    )
    dense = np.concatenate([np.concatenate([b.signals, b.meta], axis=1) for b in batches])
    return Design(texts, counts, tokens, dense)


def joined(designs: Sequence[Design]) -> Design:
    """Return one design of the rows of several, in their order."""
    return Design(
        [text for one in designs for text in one.texts],
        sparse.vstack([one.counts for one in designs], format="csr"),
        sparse.vstack([one.tokens for one in designs], format="csr"),
        np.concatenate([one.dense for one in designs]),
    )


def _stacked(
    parts: Sequence[tuple[Floats, npt.NDArray[Any], npt.NDArray[np.int64]]],
) -> sparse.csr_matrix:
    data = np.concatenate([values for values, _, _ in parts]).astype(np.float32)
    columns = np.concatenate([buckets for _, buckets, _ in parts]).astype(np.int32)
    lengths = np.concatenate([lengths for _, _, lengths in parts])
    indptr = np.concatenate([[0], np.cumsum(lengths)])
    return sparse.csr_matrix((data, columns, indptr), shape=(len(lengths), BUCKETS))


def document_frequencies(designs: Sequence[Design]) -> tuple[npt.NDArray[np.int64], int]:
    """Return in how many rows each text bucket occurs, and the number of rows."""
    counts = [np.bincount(d.counts.indices, minlength=BUCKETS)[:TOKEN_FIRST] for d in designs]
    return np.sum(counts, axis=0), sum(map(len, designs))


def inverse_frequencies(designs: Sequence[Design], own: Sequence[Design] = ()) -> Bytes:
    """Return ln((1 + n) / (1 + df)) + 1 a text bucket in IDF_STEPS; 0 for those of no row.

    `own` are rows of our own: they count only for buckets that no others have, so that more of them
    change nothing of what the others teach.
    """
    frequency, rows = document_frequencies(designs)
    ours = document_frequencies(own)[0] if own else 0
    frequency = np.where(frequency > 0, frequency, ours)
    idf = np.rint(IDF_STEPS * (np.log((1 + rows) / (1 + frequency)) + 1))
    return np.asarray(np.where(frequency > 0, idf, 0), dtype=np.uint8)


def matrix(design: Design, idf: Bytes, about: bool) -> sparse.csr_matrix:
    """Return unit-length text rows beside signals and, if `about`, tokens and meta.

    Shape (rows, BUCKETS + dense columns). Without `about` the columns about author and links
    are zero: toxicity must not depend on who writes.
    """
    text = _unit_rows(design.counts, idf)
    dense = design.dense.copy()
    if about:
        text = text + design.tokens
    else:
        dense[:, len(SIGNALS) :] = 0
    return sparse.hstack([text, sparse.csr_matrix(dense)], format="csr", dtype=np.float32)


def _unit_rows(counts: sparse.csr_matrix, idf: Bytes) -> sparse.csr_matrix:
    data = counts.data * idf[counts.indices]
    rows = np.repeat(np.arange(counts.shape[0]), np.diff(counts.indptr))
    norms = np.sqrt(np.bincount(rows, weights=data**2, minlength=counts.shape[0]))
    data = (data / np.maximum(norms, 1e-9)[rows]).astype(np.float32)
    return sparse.csr_matrix((data, counts.indices, counts.indptr), shape=counts.shape)
