"""Fits the spam heads, and judges each site by heads that never saw it."""

from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt

from models.linear import fit_head
from models.spam_rule import SPAM_HEADS
from models.train.design import Design, matrix
from models.train.spam_rows import SpamRow

Floats = npt.NDArray[np.float32]
Mask = npt.NDArray[np.bool_]
Fitted = list[tuple[Floats, float]]

STRENGTHS = {"spam_blog": 6.0, "spam_chat": 20.0, "spam_video": 40.0}
NEWS_WEIGHTS = {"spam_chat": 0.05, "spam_video": 0.003}
"""Plain news comments keep these heads from calling every remark spam that is not chat."""
VIDEO_WEIGHT = 3.0
"""Videos' comments among the rows of the chat head."""
FOLDS = 3
"""Sites are dealt into so many parts; each is judged by heads trained on the others."""


def spam_weights(rows: Sequence[SpamRow], head: str) -> Floats:
    """Return the weight of each row for a spam head; 0 leaves it out."""
    return np.array([_weight(row, head) for row in rows], dtype=np.float32)


def _weight(row: SpamRow, head: str) -> float:
    if head == "spam_blog":
        return row.weight if row.medium != "chat" else 0.0
    if row.medium == "news":
        return NEWS_WEIGHTS[head]
    if row.site.startswith("youtube:"):
        return row.weight * (VIDEO_WEIGHT if head == "spam_chat" else 1.0)
    return row.weight if head == "spam_chat" and row.medium == "chat" else 0.0


def fit_spam(
    design: Design,
    rows: Sequence[SpamRow],
    use: Mask,
    idf: Floats,
    heads: Sequence[str] = SPAM_HEADS,
) -> Fitted:
    """Return coefficients and intercept of spam heads trained on the rows in `use`."""
    features = matrix(design, idf, about=True)
    truth = np.array([row.spam for row in rows], dtype=np.float32)
    fitted: Fitted = []
    for head in heads:
        weights = spam_weights(rows, head)
        chosen = np.flatnonzero(use & (weights > 0))
        fitted.append(fit_head(features[chosen], truth[chosen], weights[chosen], STRENGTHS[head]))
    return fitted


def site_parts(rows: Sequence[SpamRow]) -> npt.NDArray[np.int64]:
    """Return in which of FOLDS parts each row lies.

    Sites of one owner stay together; plain comments, which come from everywhere, are dealt out
    one by one, so that no heads are trained without them.
    """
    names = [_owner(row.site) for row in rows]
    order = {name: at % FOLDS for at, name in enumerate(sorted(set(names)))}
    parts = [
        at % FOLDS if row.medium == "news" else order[name]
        for at, (row, name) in enumerate(zip(rows, names, strict=True))
    ]
    return np.array(parts)


def _owner(site: str) -> str:
    return site if site.startswith("youtube:") else site.split(".", maxsplit=1)[0]


def unseen_logits(
    design: Design, rows: Sequence[SpamRow], idf: Floats, say: Callable[[str], None]
) -> Floats:
    """Return logits of the spam heads for each row, by heads that never saw its site."""
    parts = site_parts(rows)
    features = matrix(design, idf, about=True)
    result = np.zeros((len(rows), len(SPAM_HEADS)), dtype=np.float32)
    for part in range(FOLDS):
        say(f"fits spam without sites of part {part + 1} of {FOLDS}")
        held = parts == part
        for column, (weights, intercept) in enumerate(fit_spam(design, rows, ~held, idf)):
            result[held, column] = features[held] @ weights + intercept
    return result
