"""The rows of one training run, with their folds."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from models.train.contrast import contrast
from models.train.copies import with_copies
from models.train.folds import fold_of
from models.train.foreign_rows import foreign_rows
from models.train.ratings import SOURCE as RATED
from models.train.ratings import rated, rated_alone
from models.train.readers import SOURCE as READERS
from models.train.readers import readers
from models.train.rows import Row
from models.train.spam_rows import SpamRow, capped, spam_rows, with_dropped_fields
from models.train.swaps import swapped
from models.train.toxicity_rows import HEADS, english_rows

Floats = npt.NDArray[np.float32]
Folds = npt.NDArray[np.str_]

KEPT_SHARES = {"davidson": 0.35, "edos": 0.7, "jigsaw_more": 0.6}
"""Sources that are much and alike are thinned."""


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows that train or choose; test rows are left out. Folds are "train" or "validation"."""

    toxicity: list[Row]
    folds: Folds
    foreign: list[Row]
    foreign_folds: Folds
    spam: list[SpamRow]


def gather(data_folder: Path, seed: int = 0) -> Rows:
    """Return all rows that may train or choose, in a fixed order."""
    rng = np.random.default_rng(seed)
    rows = english_rows(data_folder)
    more = [*swapped(rows, seed), *contrast(rows, seed)]
    rows += more
    rows = [row for row in rows if rng.random() < _kept(row)] + list(readers())
    rows = [*rated(rows), *rated_alone(data_folder)]
    rows = [row for row in rows if fold_of(row.whole) != "test"]
    foreign = foreign_rows(data_folder)
    spam = list(with_dropped_fields(capped(with_copies(spam_rows(data_folder)))))
    return Rows(rows, _folds(rows), foreign, _folds(foreign), spam)


def row_counts(rows: Rows) -> dict[str, int]:
    """Return how many rows each source gives, spam by site."""
    sources = [row.source for row in (*rows.toxicity, *rows.foreign)]
    return dict(sorted(Counter([*sources, *(row.site for row in rows.spam)]).items()))


def _kept(row: Row) -> float:
    return KEPT_SHARES.get(row.source, 1.0)


def _folds(rows: Sequence[Row]) -> Folds:
    return np.array([fold_of(row.whole) for row in rows])


def lexicon_pairs(rows: Rows) -> list[tuple[str, bool | None]]:
    """Return the texts for the lexicon; only Wikipedia's label may call a word abusive."""
    train = [row for row, fold in zip(rows.toxicity, rows.folds, strict=True) if fold == "train"]
    return [(row.text, _wiki_label(row)) for row in train if row.source not in (READERS, RATED)]


def _wiki_label(row: Row) -> bool | None:
    known = row.source in ("jigsaw", "jigsaw_more")
    return row.labels["toxic"] > 0.5 if known else None


def label_matrix(rows: Sequence[Row], heads: Sequence[str] = HEADS) -> Floats:
    """Return labels, shape (rows, heads), NaN where a source lacks one."""
    labels = np.full((len(rows), len(heads)), np.nan, dtype=np.float32)
    for index, row in enumerate(rows):
        for head, value in row.labels.items():
            if head in heads:
                labels[index, heads.index(head)] = value
    return labels
