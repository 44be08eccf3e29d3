"""First step of the pipeline: documents to a batch of features."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from sklearn.base import BaseEstimator, TransformerMixin

from models.batch import Batch, read_batch
from models.document import Document
from models.lexicon import Lexicon
from models.links import LISTS, HostLists
from models.text import Normaliser


class Reader(TransformerMixin, BaseEstimator):  # type: ignore[misc]  # scikit-learn has no types
    """Reads documents with the lexicon and host lists that the model was trained with.

    Fitted attributes: `words_` (known words, a line each), `counts_`, `abusive_`, and the sorted
    host keys of each public list in `hosts_`.
    """

    def take(self, lexicon: Lexicon, hosts: dict[str, npt.NDArray[np.uint64]]) -> "Reader":
        """Keep a lexicon and host lists in a form that a model file can hold."""
        self.words_ = "\n".join(lexicon.counts)
        self.counts_ = np.array(list(lexicon.counts.values()), dtype=np.int32)
        self.abusive_ = "\n".join(sorted(lexicon.abusive))
        self.hosts_ = {name: hosts[name] for name in LISTS}
        return self.ready()

    def ready(self) -> "Reader":
        """Build the look-ups; called once after loading."""
        counts = dict(zip(self.words_.split("\n"), self.counts_.tolist(), strict=True))
        self._normaliser = Normaliser(Lexicon.of(counts, self.abusive_.split("\n")))
        self._lists = HostLists(self.hosts_)
        return self

    def __getstate__(self) -> dict[str, Any]:
        state: dict[str, Any] = dict(super().__getstate__())
        return {name: value for name, value in state.items() if name not in _BUILT}

    @property
    def normaliser(self) -> Normaliser:
        """Return the normaliser, built on first use."""
        if not hasattr(self, "_normaliser"):
            self.ready()
        return self._normaliser

    def fit(self, documents: Sequence[Document], labels: object = None) -> "Reader":
        """Do nothing: `take` is how a reader learns."""
        return self

    def transform(self, documents: Sequence[Document]) -> Batch:
        """Return the features of some documents."""
        return read_batch(documents, self.normaliser, self._lists)


_BUILT = ("_normaliser", "_lists")
