"""A batch of documents, read once for all parts of the model."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from models.contacts import around_contacts
from models.document import Document
from models.features import Counts, text_counts, token_grams
from models.languages import language_of
from models.links import HostLists
from models.spam import cited, document_links, meta, tokens
from models.text import SIGNALS, Normal, Normaliser

Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int64]

SIGNAL_COUNT_MAX = 4
SIGNAL_SCALE = 0.5


@dataclass(frozen=True, slots=True)
class Batch:
    """Texts in neutral form, their n-gram counts, tokens and numbers about each comment."""

    texts: list[str]
    normals: list[Normal]
    counts: Counts
    token_rows: Ints
    token_buckets: Ints
    signals: Floats
    meta: Floats
    languages: list[str]
    """As `language_of` tells them."""
    cited: Floats
    """By how many logits their links make them look less like spam."""
    contacts: "Contacts | None" = None

    def __len__(self) -> int:
        return len(self.texts)

    def rows(self, start: int, stop: int) -> "Batch":
        """Return the rows from `start` to before `stop`, without their contacts."""
        ends = self.counts.ends
        first = int(ends[start - 1]) if start else 0
        entries = slice(first, int(ends[stop - 1]))
        tokens = slice(*self.token_rows.searchsorted((start, stop)).tolist())
        return Batch(
            self.texts[start:stop],
            self.normals[start:stop],
            Counts(
                ends[start:stop] - first, self.counts.buckets[entries], self.counts.counts[entries]
            ),
            self.token_rows[tokens] - start,
            self.token_buckets[tokens],
            self.signals[start:stop],
            self.meta[start:stop],
            self.languages[start:stop],
            self.cited[start:stop],
        )

    def reworded(self, rows: Ints, texts: list[str]) -> "Batch":
        """Return some rows with other neutral texts, for what does not read links and authors."""
        chosen = rows.tolist()
        nothing = np.zeros(0, dtype=np.int64)
        return Batch(
            texts,
            [self.normals[row] for row in chosen],
            text_counts(texts),
            nothing,
            nothing,
            self.signals[rows],
            self.meta[rows],
            [self.languages[row] for row in chosen],
            self.cited[rows],
        )


@dataclass(frozen=True, slots=True)
class Contacts:
    """Passages around links and addresses, and of which rows of a batch they are, in order."""

    batch: Batch
    rows: Ints


def signal_numbers(normals: Sequence[Normal]) -> Floats:
    """Return what the normaliser undid, shape (texts, len(SIGNALS)), between 0 and 0.5."""
    result = np.zeros((len(normals), len(SIGNALS)), dtype=np.float32)
    index = {name: at for at, name in enumerate(SIGNALS)}
    for row, normal in enumerate(normals):
        for name, count in normal.signals.items():
            if name in index:
                result[row, index[name]] = min(count, SIGNAL_COUNT_MAX)
    return result * np.float32(SIGNAL_SCALE / SIGNAL_COUNT_MAX)


def read_batch(documents: Sequence[Document], normaliser: Normaliser, lists: HostLists) -> Batch:
    """Return everything the heads read of some documents."""
    normals = [normaliser.normalise(document.body) for document in documents]
    passages = [(row, one) for row, normal in enumerate(normals) for one in around_contacts(normal)]
    if not passages:
        return _read(documents, normals, normaliser, lists)
    rows, parts = zip(*passages, strict=True)
    # At once: a reading of a few short texts takes as long as one of many.
    together = [*documents, *(documents[row] for row in rows)]
    read = _read(together, [*normals, *parts], normaliser, lists)
    around = Contacts(read.rows(len(documents), len(together)), np.array(rows))
    return replace(read.rows(0, len(documents)), contacts=around)


def _read(
    documents: Sequence[Document],
    normals: Sequence[Normal],
    normaliser: Normaliser,
    lists: HostLists,
) -> Batch:
    texts = [normal.text for normal in normals]
    links = [document_links(normal) for normal in normals]
    token_rows, token_buckets = token_grams(
        [tokens(one, found, lists) for one, found in zip(documents, links, strict=True)]
    )
    return Batch(
        texts,
        list(normals),
        text_counts(texts),
        token_rows,
        token_buckets,
        signal_numbers(normals),
        meta(documents, normals, links, lists),
        [language_of(normaliser.lexicon, text) for text in texts],
        cited(documents, links, lists),
    )
