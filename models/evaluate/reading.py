"""What we say of the test part's comments ourselves, beside what their labels say.

Labels of the natural mix are a yes or a no of few people, or of a model, and some are wrong. Of
each kind of test comment (Wikipedia or news, with and without a label of abuse) a random sample, of
plain news all, was read by us, without its labels and scores, on the scale of
`models.train.ratings`. No model learns from FILE. The same people rated comments for training, so
that this flatters.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from models.calibrate import sigmoid
from models.evaluate.cases import FOLDER
from models.evaluate.decisions import outcomes
from models.policy import Policy, error_rate, upper_bound
from models.train.judge import Judged
from models.train.ratings import key_of, ratings
from models.train.rows import Row
from models.train.truth import family, natural_truth

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

FILE = FOLDER / "reading.tsv"
TOXIC_FROM = 5
"""Readers of ten who would call a comment toxic, from which on it should not be approved."""


@dataclass(frozen=True, slots=True)
class Sample:
    """The comments that were read: places among the test rows, labels and grades of toxicity.

    Weights make the sample stand for the rows in the natural mix, without spam.
    """

    index: Ints
    labels: Floats
    grades: Floats
    weights: Floats


@dataclass(frozen=True, slots=True)
class Read:
    """Shares of the comments that had an outcome; `bound` is the upper one of `read`, at 95 %."""

    outcome: str
    labelled: float
    read: float
    bound: float
    both: float
    count: int


def sample_of(rows: Sequence[Row]) -> Sample | None:
    """Return what was read of the rows, or None if of a kind of theirs none was.

    The rows of another data folder are such.
    """
    known = ratings(FILE)
    truth = natural_truth(rows, "toxicity")
    kinds = [_kind(rows[at]) for at in truth.index]
    codes = [known.get(key_of(rows[at].text), "") for at in truth.index]
    use = np.flatnonzero([bool(code) for code in codes])
    all_of, read_of = Counter(kinds), Counter(kinds[at] for at in use)
    if all_of.keys() - read_of.keys():
        return None
    return Sample(
        index=truth.index[use],
        labels=truth.labels[use],
        grades=np.array([float(codes[at][0]) for at in use]),
        weights=truth.weights[use] * [all_of[kinds[at]] / read_of[kinds[at]] for at in use],
    )


def second_reading(sample: Sample, comments: Judged, policy: Policy) -> list[Read]:
    """Return of each outcome how much is toxic by labels and by our reading."""
    read = (sample.grades >= TOXIC_FROM).astype(np.float64)
    scores = sigmoid(comments.logits[sample.index])
    done = np.array(outcomes(scores, comments.flagged[sample.index], policy))
    return [
        _read_of(
            name, sample.labels[done == name], read[done == name], sample.weights[done == name]
        )
        for name in ("approve", "hold", "reject")
        if (done == name).any()
    ]


def _kind(row: Row) -> tuple[str | None, bool]:
    return family(row.source), row.labels["any"] > 0


def _read_of(name: str, labelled: Floats, read: Floats, weights: Floats) -> Read:
    return Read(
        outcome=name,
        labelled=error_rate(labelled, weights),
        read=error_rate(read, weights),
        bound=upper_bound(read, weights),
        both=error_rate(labelled * read, weights),
        count=len(weights),
    )
