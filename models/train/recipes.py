"""How each teacher is made: from which encoder, from which rows, and how much its word weighs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from models.train.encoders import MINILM, MPNET, Encoder
from models.train.rows import Row

READ_TOKENS_MAX = 72
"""Of the texts that a teacher labels for the network: most are shorter, and these are many."""
CONTRAST = "contrast"
"""The source of our own contrast sentences."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """One teacher."""

    encoder: Encoder
    seed: int
    epochs: int
    tokens_max: int
    """Of the texts that it is trained on."""
    voice: float
    """The weight of its probabilities in the mean that the network learns."""
    shares: Mapping[str, float]
    """How often it is trained on a source's rows: a share of them, or all of them so many times."""
    unread: frozenset[str] = field(default_factory=frozenset)
    """Sources whose rows it does not label: it has not learnt from them, or they are many and
    have labels of their own."""
    pool_step: int = 1
    """It labels each so manieth text of the pool."""

    def lesson(self, rows: Sequence[Row]) -> list[int]:
        """Return the rows that it is trained on, some of them more than once."""
        rng = np.random.default_rng(self.seed)
        shares = np.array([self.shares.get(row.source, 1.0) for row in rows])
        times = (shares + rng.random(len(shares))).astype(int)
        return [int(at) for at in np.repeat(np.arange(len(shares)), times)]

    def reading(self, rows: Sequence[Row], texts: int) -> npt.NDArray[np.int64]:
        """Return which of the texts it labels: first those of the rows, then the pool's."""
        of_rows = [at for at, row in enumerate(rows) if row.source not in self.unread]
        return np.array([*of_rows, *range(len(rows), texts, self.pool_step)], dtype=np.int64)


_SMALL = {
    "jigsaw": 0.95,
    "civil_spans": 0.7,
    "civil_marked": 0.35,
    "civil_plain": 0.9,
    "civil_care": 2.0,
    "civil_autolabel": 2.0,
    "civil_sociosim": 2.0,
    "civil_toxic_spans": 2.0,
    "impermium": 2.0,
    "edos": 0.5,
    "stormfront": 0.55,
    "davidson": 0.6,
    "haacked": 0.4,
}
_LARGE = {
    "jigsaw": 0.6,
    "jigsaw_more": 0.6,
    "civil_spans": 0.5,
    "civil_marked": 0.3,
    "civil_plain": 0.8,
    "civil_care": 1.5,
    "civil_autolabel": 1.5,
    "civil_sociosim": 1.5,
    "civil_bias": 0.8,
    "impermium": 1.5,
    "edos": 0.35,
    "stormfront": 0.5,
    "davidson": 0.4,
    "haacked": 0.25,
    "swapped": 0.4,
    CONTRAST: 0.5,
}
# News is read most, since that is where comments are moderated and where its labels are few.
RECIPES = (
    Recipe(MINILM, 0, 2, 80, 1.0, _SMALL | {CONTRAST: 0.0}, frozenset({CONTRAST})),
    Recipe(MINILM, 1, 2, 80, 1.0, _SMALL),
    Recipe(MPNET, 2, 1, 72, 2.0, _LARGE, frozenset({"jigsaw", "jigsaw_more"}), 2),
)
