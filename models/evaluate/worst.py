"""The worst mistakes: which rows, and what drove the score. Texts are not shown."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from models.calibrate import sigmoid
from models.document import Document
from models.predict import Scorer
from models.train.folds import digest_of
from models.train.rows import Row

Floats = npt.NDArray[np.float64]

MISTAKES_EACH = 10
WORDS_MAX = 3


def worst_mistakes(scorer: Scorer, rows: Sequence[Row], truth: Floats, logits: Floats) -> list[str]:
    """Return a line for each of the surest mistakes of toxicity, both ways."""
    wrong_high = np.argsort(np.where(truth < 0.5, -logits, np.inf), kind="stable")
    wrong_low = np.argsort(np.where(truth > 0.5, logits, np.inf), kind="stable")
    picks = [*wrong_high[:MISTAKES_EACH], *wrong_low[:MISTAKES_EACH]]
    return [_line(scorer, rows[at], float(truth[at]), float(logits[at])) for at in picks]


def _line(scorer: Scorer, row: Row, truth: float, logit: float) -> str:
    explanation = scorer.explain(Document(row.text), ["toxicity"])[0]
    lexicon = scorer.pipeline["read"].normaliser.lexicon
    parts = [row.text[span.start : span.end].lower() for span in explanation.spans]
    words = [word for part in parts for word in part.split() if word in lexicon][:WORDS_MAX]
    called = "toxic" if truth > 0.5 else "plain"
    driven = ", ".join(f"'{word}'" for word in words) or "no single word"
    name = f"{row.source} {digest_of(row.text)[:10]}"
    return f"{name}: labelled {called}, scored {float(sigmoid(logit)):.3f}; driven by {driven}"
