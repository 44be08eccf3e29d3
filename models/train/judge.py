"""Calibrated logits of many documents, with spam heads of one's choice."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from models.asides import Asides
from models.classifier import CommentClassifier
from models.competence import doubts, flags
from models.document import Document
from models.reader import Reader
from models.spam_rule import SPAM_HEADS

Floats = npt.NDArray[np.float64]
Singles = npt.NDArray[np.float32]

BATCH_ROWS = 64


@dataclass(frozen=True, slots=True)
class Judged:
    """Calibrated logits of documents, shape (documents, seven), and which the model flagged."""

    logits: Floats
    flagged: npt.NDArray[np.bool_]


def judged(
    reader: Reader,
    classifier: CommentClassifier,
    documents: Sequence[Document],
    spam_heads: Singles | None = None,
    *,
    listed: bool = True,
) -> Judged:
    """Return what a classifier says of documents.

    `spam_heads` (documents, spam heads) replaces what the shipped ones say, so that comments can be
    judged by heads that never saw their site; then by the whole alone, since those that ship did.
    Unless `listed`, what a list of words finds is not flagged: the lists were made by the training
    and validation rows, so that no threshold may count on them there.
    """
    parts: list[Floats] = []
    flagged: list[bool] = []
    found = flags if listed else doubts
    for start in range(0, len(documents), BATCH_ROWS):
        batch = reader.transform(documents[start : start + BATCH_ROWS])
        heads = classifier.head_logits(batch)
        if spam_heads is not None:
            heads[:, -len(SPAM_HEADS) :] = spam_heads[start : start + len(batch)]
            batch = replace(batch, contacts=None)
        parts.append(classifier.mixed(heads, batch))
        flagged += map(bool, map(found, batch.languages, batch.normals))
    asides = Asides(reader.normaliser, classifier.network_toxicity)
    for at in asides.abusive([document.body for document in documents]):
        flagged[at] = True
    return Judged(np.concatenate(parts), np.array(flagged))
