"""From heads to the seven scores that the service publishes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from models.calibrate import Platt

Floats = npt.NDArray[np.float64]

LABELS = (
    "spam",
    "toxicity",
    "severe_toxicity",
    "insult",
    "identity_attack",
    "profanity",
    "threat",
)
MIXES: Mapping[str, Mapping[str, float]] = {
    "toxicity": {"toxic": 1.0, "imp": 1.5, "civil": 1.0, "rated": 0.5},
    "severe_toxicity": {"severe_toxic": 1.0},
    "insult": {"insult": 1.0, "civil_insult": 1.0, "imp": 0.5},
    "identity_attack": {"identity_hate": 1.0, "civil_identity": 1.0, "storm": 0.3},
    "profanity": {"obscene": 1.0, "civil_obscene": 0.5},
    "threat": {"threat": 1.0, "civil_threat": 0.5},
}
"""Which heads speak for a score. Their logits are first brought to one scale (z-scores over
plain validation comments), so that the mix needs no labels and cannot learn the source."""
SHIPPED_HEADS = tuple(dict.fromkeys(head for mix in MIXES.values() for head in mix))
"""The heads that some score hears; the others only help to train the network."""
LOGIT_CLIP = 8.0


@dataclass(frozen=True, slots=True)
class Scale:
    """Mean and deviation of each head's logit over plain comments."""

    mean: Floats
    deviation: Floats


def fit_scale(plain_logits: npt.ArrayLike) -> Scale:
    """Return the scale of heads from their logits on plain comments, shape (rows, heads)."""
    logits = np.clip(np.asarray(plain_logits, dtype=np.float64), -LOGIT_CLIP, LOGIT_CLIP)
    return Scale(logits.mean(0), np.maximum(logits.std(0), 1e-3))


@dataclass(frozen=True, slots=True)
class OutputLayer:
    """Mixes head logits and calibrates them; `matrix` has shape (heads, outputs)."""

    labels: tuple[str, ...]
    matrix: Floats
    offset: Floats

    @classmethod
    def of(
        cls, heads: Sequence[str], scale: Scale, mixes: Mapping[str, Mapping[str, float]]
    ) -> "OutputLayer":
        """Return the uncalibrated layer: a weighted mean of z-scores for each output."""
        matrix = np.zeros((len(heads), len(mixes)))
        for column, mix in enumerate(mixes.values()):
            for head, weight in mix.items():
                matrix[heads.index(head), column] = weight / sum(mix.values())
        matrix /= scale.deviation[:, None]
        return cls(tuple(mixes), matrix, -(scale.mean @ matrix))

    def calibrated(self, platts: Sequence[Platt]) -> "OutputLayer":
        """Return the layer with its Platt scalings folded in."""
        slopes = np.array([platt.slope for platt in platts])
        offsets = np.array([platt.offset for platt in platts])
        return OutputLayer(self.labels, self.matrix * slopes, self.offset * slopes + offsets)

    def __call__(self, logits: npt.ArrayLike) -> Floats:
        """Return output logits, shape (rows, outputs)."""
        clipped = np.clip(np.asarray(logits, dtype=np.float64), -LOGIT_CLIP, LOGIT_CLIP)
        return np.asarray(clipped @ self.matrix + self.offset)
