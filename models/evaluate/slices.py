"""Slices of the test rows: length, source, identity term; and the worst mistakes."""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from models.evaluate.measures import auc
from models.train.rows import Row

Floats = npt.NDArray[np.float64]

LENGTHS = (0, 50, 100, 200, 400, 800, 100_000)


def by_length(rows: Sequence[Row], truth: Floats, scores: Floats) -> list[tuple[str, int, float]]:
    """Return (characters, rows, AUC) of toxicity by length of text."""
    lengths = np.array([len(row.text) for row in rows])
    result: list[tuple[str, int, float]] = []
    for low, high in pairwise(LENGTHS):
        inside = (lengths >= low) & (lengths < high)
        name = f"{low} to {high - 1}" if high < 100_000 else f"{low} and more"
        result.append((name, int(inside.sum()), auc(truth[inside], scores[inside])))
    return result


def by_source(rows: Sequence[Row], truth: Floats, scores: Floats) -> list[tuple[str, int, float]]:
    """Return (source, rows, AUC) of toxicity for sources with both classes."""
    sources = np.array([row.source for row in rows])
    result = [
        (
            str(name),
            int((sources == name).sum()),
            auc(truth[sources == name], scores[sources == name]),
        )
        for name in sorted(set(sources))
    ]
    return [entry for entry in result if not np.isnan(entry[2])]
