"""From heads to the seven scores that the service publishes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

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
    "toxicity": {"toxic": 2.0, "imp": 1.5, "civil": 1.0, "rated": 0.5},
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
SHARPNESS: Mapping[str, float] = {"toxicity": 1.5}
"""How far the surest heads decide a mix: at 0, as for scores that are not named, it is the mean of
their z-scores, at infinity the largest of them."""
LOGIT_CLIP = 8.0
POWER_MAX = 40.0
"""Powers of e are kept within this, so that a mix is finite whatever its scale."""


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
    """Mixes head logits and calibrates them.

    Of the heads' z-scores under `mean` and `deviation` (heads), a mean under `weights` (heads x
    outputs, a column sums to 1); of an output with a `sharpness` (outputs) above 0, one that the
    surest heads decide: the logarithm of the mean of exp(sharpness z), divided by it. Then `slopes`
    and `offsets` (outputs).
    """

    labels: tuple[str, ...]
    mean: Floats
    deviation: Floats
    weights: Floats
    sharpness: Floats
    slopes: Floats
    offsets: Floats

    @classmethod
    def of(
        cls,
        heads: Sequence[str],
        scale: Scale,
        mixes: Mapping[str, Mapping[str, float]],
        sharpness: Mapping[str, float] = SHARPNESS,
    ) -> "OutputLayer":
        """Return the uncalibrated layer."""
        weights = np.zeros((len(heads), len(mixes)))
        for column, mix in enumerate(mixes.values()):
            for head, weight in mix.items():
                weights[heads.index(head), column] = weight / sum(mix.values())
        sharp = np.array([sharpness.get(label, 0.0) for label in mixes])
        ones, zeros = np.ones(len(mixes)), np.zeros(len(mixes))
        return cls(tuple(mixes), scale.mean, scale.deviation, weights, sharp, ones, zeros)

    def calibrated(self, platts: Sequence[Platt]) -> "OutputLayer":
        """Return the layer with its Platt scalings folded in."""
        slopes = np.array([platt.slope for platt in platts])
        return self.moved(slopes, np.array([platt.offset for platt in platts]))

    def moved(self, slopes: npt.ArrayLike, offsets: npt.ArrayLike) -> "OutputLayer":
        """Return the layer whose outputs are slopes times this one's, plus offsets."""
        factors = np.asarray(slopes, dtype=np.float64)
        moved = self.offsets * factors + np.asarray(offsets, dtype=np.float64)
        return replace(self, slopes=self.slopes * factors, offsets=moved)

    def __call__(self, logits: npt.ArrayLike) -> Floats:
        """Return output logits, shape (rows, outputs), of head logits, shape (rows, heads)."""
        scores = self._scores(logits)
        means = scores @ self.weights
        for column in np.flatnonzero(self.sharpness).tolist():
            powers = self._powers(scores, column) @ self.weights[:, column]
            means[:, column] = np.log(powers) / self.sharpness[column]
        return np.asarray(means * self.slopes + self.offsets)

    def slope_at(self, logits: npt.ArrayLike, column: int) -> Floats:
        """Return how fast an output rises with each head's logit, at the logits of one text."""
        each = self._powers(self._scores(logits), column) * self.weights[:, column]
        return np.asarray(each / each.sum() * self.slopes[column] / self.deviation)

    def _scores(self, logits: npt.ArrayLike) -> Floats:
        clipped = np.clip(np.asarray(logits, dtype=np.float64), -LOGIT_CLIP, LOGIT_CLIP)
        return np.asarray((clipped - self.mean) / self.deviation)

    def _powers(self, scores: Floats, column: int) -> Floats:
        powers = np.clip(self.sharpness[column] * scores, -POWER_MAX, POWER_MAX)
        return np.asarray(np.exp(powers))
