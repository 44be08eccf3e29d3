"""What each published score should be for a row, and how common that is in the wild."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from models.calibrate import prior_weights
from models.train.rows import Row

Floats = npt.NDArray[np.float64]

SHARE_MIN = 0.5
"""A share of raters of at least this counts as a yes (as Jigsaw's own metrics do)."""


@dataclass(frozen=True, slots=True)
class Meaning:
    """The head that holds a score's truth in one source, and its rate among all comments."""

    head: str
    prior: float


MEANINGS: Mapping[str, Mapping[str, Meaning]] = {
    "jigsaw": {
        "toxicity": Meaning("toxic", 0.096),
        "severe_toxicity": Meaning("severe_toxic", 0.010),
        "insult": Meaning("insult", 0.049),
        "identity_attack": Meaning("identity_hate", 0.0088),
        "profanity": Meaning("obscene", 0.053),
        "threat": Meaning("threat", 0.0030),
    },
    "civil": {
        "toxicity": Meaning("civil", 0.080),
        "insult": Meaning("civil_insult", 0.059),
        "identity_attack": Meaning("civil_identity", 0.0071),
        "profanity": Meaning("civil_obscene", 0.0054),
        "threat": Meaning("civil_threat", 0.0024),
    },
}
"""Rates: Jigsaw's published training set of 159,571; Civil Comments' of 1.8 million."""
CIVIL_WHOLE = (
    "civil_care",
    "civil_autolabel",
    "civil_sociosim",
    "civil_toxic_spans",
    "civil_spans",
)
"""Whole news comments; the sentences cut from them are left out of every measurement."""


def family(source: str) -> str | None:
    """Return the family whose meaning a source has: "jigsaw", "civil" or None."""
    if source in ("jigsaw", "jigsaw_more"):
        return "jigsaw"
    return "civil" if source in CIVIL_WHOLE else None


@dataclass(frozen=True, slots=True)
class Truth:
    """Rows that carry the truth of one score, with weights that restore the natural rate."""

    index: npt.NDArray[np.int64]
    labels: Floats
    weights: Floats


def truth_of(rows: Sequence[Row], score: str, name: str) -> Truth | None:
    """Return the truth of a score in one family, or None if that family does not know it."""
    meaning = MEANINGS[name].get(score)
    if meaning is None:
        return None
    pairs = [
        (index, float(row.labels[meaning.head] >= SHARE_MIN))
        for index, row in enumerate(rows)
        if family(row.source) == name and meaning.head in row.labels
    ]
    both = np.array(pairs, dtype=np.float64).reshape(-1, 2)
    weights = prior_weights(both[:, 1], meaning.prior)
    return Truth(both[:, 0].astype(np.int64), both[:, 1], weights / max(len(both), 1))


def natural_truth(rows: Sequence[Row], score: str) -> Truth:
    """Return the truth over all families that know a score, each family of equal mass."""
    parts = [truth_of(rows, score, name) for name in MEANINGS]
    known = [part for part in parts if part is not None]
    return Truth(
        np.concatenate([part.index for part in known]),
        np.concatenate([part.labels for part in known]),
        np.concatenate([part.weights for part in known]) / len(known),
    )
