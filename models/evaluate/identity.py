"""Whether naming a group makes a plain comment look toxic."""

import re
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from models.evaluate.measures import bias_aucs, power_mean

TERMS = [
    "lesbian",
    "gay",
    "bisexual",
    "transgender",
    "trans",
    "queer",
    "lgbt",
    "lgbtq",
    "homosexual",
    "straight",
    "heterosexual",
    "male",
    "female",
    "man",
    "woman",
    "african",
    "american",
    "black",
    "white",
    "european",
    "hispanic",
    "latino",
    "latina",
    "mexican",
    "canadian",
    "asian",
    "indian",
    "chinese",
    "japanese",
    "christian",
    "muslim",
    "jewish",
    "buddhist",
    "catholic",
    "protestant",
    "sikh",
    "taoist",
    "old",
    "older",
    "young",
    "younger",
    "teenage",
    "millenial",
    "middle-aged",
    "elderly",
    "blind",
    "deaf",
    "paralyzed",
    "russian",
    "korean",
    "immigrant",
    "refugee",
]
ROWS_MIN = 20


def power_means(
    texts: Sequence[str], labels: npt.ArrayLike, scores: npt.ArrayLike
) -> dict[str, float]:
    """Return the power means over terms of subgroup, BPSN and BNSP AUC."""
    values = list(by_term(texts, labels, scores).values())
    names = ("subgroup", "bpsn", "bnsp")
    return {name: power_mean([value[name] for value in values]) for name in names}


def by_term(
    texts: Sequence[str], labels: npt.ArrayLike, scores: npt.ArrayLike
) -> dict[str, dict[str, float]]:
    """Return the three AUCs of each term with enough rows of both classes."""
    truth = np.asarray(labels) > 0.5
    low = [text.lower() for text in texts]
    result: dict[str, dict[str, float]] = {}
    for term in TERMS:
        pattern = re.compile(rf"\b{re.escape(term)}s?\b")
        inside = np.array([bool(pattern.search(text)) for text in low])
        if min((inside & truth).sum(), (inside & ~truth).sum()) >= ROWS_MIN:
            result[term] = bias_aucs(truth, scores, inside)
    return result
