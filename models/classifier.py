"""Second step of the pipeline: features to calibrated logits of the seven scores."""

import numpy as np
import numpy.typing as npt
from sklearn.base import BaseEstimator, ClassifierMixin

from models.batch import Batch
from models.calibrate import sigmoid
from models.linear import LinearHeads
from models.outputs import LABELS, LOGIT_CLIP
from models.spam import META

Floats = npt.NDArray[np.float64]


class CommentClassifier(ClassifierMixin, BaseEstimator):  # type: ignore[misc]  # scikit-learn has no types
    """Linear heads and the network, mixed and calibrated.

    Fitted attributes: `linear_`; `toxicity_matrix_` (heads x six) and `toxicity_offset_`;
    `spam_mix_` (spam heads) and `spam_offset_`.
    """

    def head_logits(self, batch: Batch) -> npt.NDArray[np.float32]:
        """Return the logits of all heads, shape (documents, heads)."""
        return self.linear_.decision_function(batch)

    def decision_function(self, batch: Batch) -> Floats:
        """Return calibrated logits, shape (documents, seven); columns as LABELS."""
        return self.mixed(self.head_logits(batch))

    def mixed(self, heads: npt.NDArray[np.float32]) -> Floats:
        """Return the calibrated logits that follow from head logits."""
        toxicity = heads[:, : len(self.toxicity_matrix_)]
        spam = heads[:, len(self.toxicity_matrix_) :]
        clipped = np.clip(toxicity.astype(np.float64), -LOGIT_CLIP, LOGIT_CLIP)
        abuse = clipped @ self.toxicity_matrix_ + self.toxicity_offset_
        return np.column_stack([spam @ self.spam_mix_ + self.spam_offset_, abuse])

    def predict_proba(self, batch: Batch) -> Floats:
        """Return the seven probabilities, shape (documents, seven)."""
        return sigmoid(self.decision_function(batch))

    def linear_column(self, column: int) -> npt.NDArray[np.float32]:
        """Return the text weight of each bucket in one score, without its idf."""
        if column == 0:
            mix = np.concatenate([np.zeros(len(self.toxicity_matrix_)), self.spam_mix_])
        else:
            share = self.toxicity_matrix_[:, column - 1]
            mix = np.concatenate([share, np.zeros(len(self.spam_mix_))])
        weights = self.linear_.text_ @ (mix * self.linear_.scale_).astype(np.float32)
        return np.asarray(weights, dtype=np.float32)

    def spam_meta_weights(self) -> npt.NDArray[np.float32]:
        """Return what each number of META adds to the spam logit, a unit each."""
        rows = self.linear_.dense_[-len(META) :, len(self.toxicity_matrix_) :]
        return np.asarray(rows @ self.spam_mix_, dtype=np.float32)

    @property
    def classes_(self) -> tuple[str, ...]:
        """Return the names of the scores."""
        return LABELS


TRUSTED = [f"{one.__module__}.{one.__qualname__}" for one in (CommentClassifier, LinearHeads)] + [
    "models.reader.Reader"
]
"""The only types of ours that a model file may hold."""
