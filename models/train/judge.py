"""Calibrated logits of many documents, with spam heads of one's choice."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from models.classifier import CommentClassifier
from models.document import Document
from models.reader import Reader
from models.spam_rule import SPAM_HEADS

Floats = npt.NDArray[np.float64]
Singles = npt.NDArray[np.float32]

BATCH_ROWS = 64


def judged(
    reader: Reader,
    classifier: CommentClassifier,
    documents: Sequence[Document],
    spam_heads: Singles | None = None,
) -> Floats:
    """Return calibrated logits, shape (documents, seven).

    `spam_heads` (documents, spam heads) replaces what the shipped spam heads say, so that
    comments can be judged by heads that never saw their site.
    """
    parts: list[Floats] = []
    for start in range(0, len(documents), BATCH_ROWS):
        batch = reader.transform(documents[start : start + BATCH_ROWS])
        heads = classifier.head_logits(batch)
        if spam_heads is not None:
            heads[:, -len(SPAM_HEADS) :] = spam_heads[start : start + len(batch)]
        parts.append(classifier.mixed(heads, batch))
    return np.concatenate(parts)
