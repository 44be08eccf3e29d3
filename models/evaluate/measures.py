"""Measures that the tables use; each takes scores and 0/1 labels as arrays."""

import numpy as np
import numpy.typing as npt
from sklearn.metrics import roc_auc_score, roc_curve

Floats = npt.NDArray[np.float64]
POWER = -5.0


def sample(count: int, size: int, seed: int = 0) -> npt.NDArray[np.int64]:
    """Return the row numbers that pandas' `.sample(size, random_state=seed)` takes."""
    legacy = np.random.RandomState(seed)
    return np.asarray(legacy.choice(count, min(size, count), replace=False))


def auc(
    labels: npt.ArrayLike, scores: npt.ArrayLike, false_positives_max: float | None = None
) -> float:
    """Return the area under the ROC curve; NaN where one class is missing.

    With `false_positives_max` only of its part up to that rate, brought to the scale of the whole
    (McClish 1989).
    """
    truth = np.asarray(labels) > 0.5
    if truth.all() or not truth.any():
        return float("nan")
    return float(roc_auc_score(truth, np.asarray(scores), max_fpr=false_positives_max))


def false_positives_at_recall(
    labels: npt.ArrayLike, scores: npt.ArrayLike, recall: float = 0.95
) -> float:
    """Return the smallest false positive rate at which `recall` is reached."""
    false, true, _ = roc_curve(np.asarray(labels) > 0.5, np.asarray(scores))
    return float(false[np.argmax(true >= recall)])


def recall_at_false_positives(
    positives: npt.ArrayLike, negatives: npt.ArrayLike, rate: float
) -> float:
    """Return the share of positives above the score that `rate` of the negatives exceed."""
    threshold = np.quantile(np.asarray(negatives), 1 - rate)
    return float((np.asarray(positives) > threshold).mean())


def power_mean(values: npt.ArrayLike, power: float = POWER) -> float:
    """Return the generalised mean, which the worst values dominate (Borkan et al. 2019).

    NaN of nothing.
    """
    numbers = np.maximum(np.asarray(values, dtype=np.float64), 1e-6)
    if not len(numbers):
        return float("nan")
    return float(np.mean(numbers**power) ** (1 / power))


def bias_aucs(
    labels: npt.ArrayLike, scores: npt.ArrayLike, inside: npt.ArrayLike
) -> dict[str, float]:
    """Return subgroup, BPSN and BNSP AUC for the rows `inside` a group (Borkan et al. 2019)."""
    truth, values = np.asarray(labels) > 0.5, np.asarray(scores)
    group = np.asarray(inside, dtype=bool)
    masks = {
        "subgroup": group,
        "bpsn": (group & ~truth) | (~group & truth),
        "bnsp": (group & truth) | (~group & ~truth),
    }
    return {name: auc(truth[mask], values[mask]) for name, mask in masks.items()}
