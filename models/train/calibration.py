"""Calibration and default thresholds, on validation rows only."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from models.calibrate import Platt, fit_platt, sigmoid
from models.outputs import LABELS, MIXES, SHIPPED_HEADS, OutputLayer, fit_scale
from models.policy import Policy, Thresholds, choose_holds, choose_reject, with_margin
from models.spam_rule import ROUTES, TODAY, mixed_spam, routes
from models.train.choose_policy import rounded, side_thresholds
from models.train.design import Design
from models.train.folds import fold_of
from models.train.judge import Judged
from models.train.rows import Row
from models.train.spam_rows import MADE, TODAY_SITE, SpamRow
from models.train.truth import natural_truth, truth_of

Floats = npt.NDArray[np.float64]
Singles = npt.NDArray[np.float32]

MAIN = ("toxicity", "spam")
"""The scores whose thresholds keep the promises; the others only help."""
ROUTE_ROWS_MIN = 20
"""Rows of spam, and of plain comments, from which on a route of spam is calibrated by itself."""
SPAM_PRIOR = 0.05
"""Share of spam in the natural mix that scores and thresholds are made for."""
TODAY_PRIOR = 0.005
"""Share of comments that sell what the labelled spam knows nothing of; a guess."""


def toxicity_layer(logits: Singles, rows: Sequence[Row]) -> OutputLayer:
    """Return the calibrated output layer, from head logits of validation rows."""
    plain = [index for index, row in enumerate(rows) if row.labels.get("any") == 0.0]
    layer = OutputLayer.of(SHIPPED_HEADS, fit_scale(logits[plain]), MIXES)
    outputs = layer(logits)
    platts: list[Platt] = []
    for column, score in enumerate(layer.labels):
        truth = natural_truth(rows, score)
        platts.append(fit_platt(outputs[truth.index, column], truth.labels, truth.weights))
    return layer.calibrated(platts)


@dataclass(frozen=True, slots=True)
class SpamTruth:
    """Spam rows judged by heads that never saw their site, with their natural weights."""

    heads: Singles
    route: npt.NDArray[np.int64]
    labels: Floats
    weights: Floats


def spam_truth(
    heads: Singles, design: Design, rows: Sequence[SpamRow], test: bool = False
) -> SpamTruth:
    """Return logits and truth of rows that stand for comments (not mail or SMS)."""
    use = np.array([row.is_comment for row in rows])
    use &= np.array([is_test(row) == test for row in rows])
    route = routes(design.meta)
    labels = np.array([float(row.spam) for row in rows])
    weights = np.array([row.weight for row in rows])
    return SpamTruth(heads[use], route[use], labels[use], weights[use])


def spam_platts(truth: SpamTruth) -> list[Platt]:
    """Return the Platt scaling of each route under the natural rate of spam.

    A route with fewer than ROUTE_ROWS_MIN rows of spam or of plain comments takes that of all rows.
    """
    everywhere = np.ones(len(truth.labels), dtype=bool)
    platts: list[Platt] = []
    for route in range(len(ROUTES)):
        inside = truth.route == route
        spam = int((truth.labels[inside] > 0.5).sum())
        enough = min(spam, int(inside.sum()) - spam) >= ROUTE_ROWS_MIN
        platts.append(_spam_platt(truth, inside if enough else everywhere))
    return platts


def _spam_platt(truth: SpamTruth, use: npt.NDArray[np.bool_]) -> Platt:
    labels = truth.labels[use]
    weights = truth.weights[use] * prior_weights_of(labels, truth.weights[use])
    return fit_platt(mixed_spam(truth.heads[use], truth.route[use]), labels, weights)


def today_platt(heads: Singles, rows: Sequence[SpamRow]) -> Platt:
    """Return the Platt scaling of the head of what is sold now, at TODAY_PRIOR.

    By spam of our own and plain comments of the toxicity sources, each judged by a head that had
    not read it.
    """
    spam = np.array([row.spam and row.site == TODAY_SITE for row in rows])
    plain = np.array([row.medium == "news" and row.site not in MADE for row in rows])
    logits = heads[spam | plain, TODAY]
    labels = spam[spam | plain].astype(np.float64)
    return fit_platt(logits, labels, prior_weights_of(labels, np.ones(len(labels)), TODAY_PRIOR))


def prior_weights_of(labels: Floats, weights: Floats, prior: float = SPAM_PRIOR) -> Floats:
    """Return factors that bring weighted rows to a share of spam."""
    share = float((weights * labels).sum() / weights.sum())
    return np.where(labels > 0.5, prior / share, (1 - prior) / (1 - share))


@dataclass(frozen=True, slots=True)
class Mix:
    """Comments in their natural mix: probabilities (rows, LABELS), flags, what is bad, weights."""

    scores: Floats
    flagged: npt.NDArray[np.bool_]
    """Held whatever their scores are."""
    bad: Floats
    spam: Floats
    weights: Floats

    def column(self, label: str) -> Floats:
        """Return one score of all comments."""
        return self.scores[:, LABELS.index(label)]


def mix_spam(rows: Sequence[SpamRow], test: bool) -> npt.NDArray[np.int64]:
    """Return which rows stand for spam in the natural mix: those of blogs, to choose or to test."""
    wanted = [row.spam and row.medium == "blog" and row.is_comment for row in rows]
    return np.array(
        [at for at, use in enumerate(wanted) if use and is_test(rows[at]) == test], dtype=np.int64
    )


def is_test(row: SpamRow) -> bool:
    """Tell whether a spam row only measures; a campaign falls on one side."""
    return fold_of(row.group or row.document.body) == "test"


def natural_mix(
    comments: Judged, rows: Sequence[Row], spam: Judged, spam_rows: Sequence[SpamRow]
) -> Mix:
    """Return 95 parts comments at their natural rate of toxicity and five parts spam.

    `comments` is what is said of `rows`, `spam` of `spam_rows`, which are those of `mix_spam`, each
    site weighing the same.
    """
    parts = [truth_of(rows, "toxicity", name) for name in ("jigsaw", "civil")]
    known = [part for part in parts if part is not None]
    index = np.concatenate([part.index for part in known])
    weights = np.concatenate([part.weights for part in known])
    weights = weights / weights.sum() * (1 - SPAM_PRIOR)
    sites = np.array([row.site for row in spam_rows])
    sizes = {site: int((sites == site).sum()) for site in set(sites)}
    spam_weights = np.array([1 / sizes[site] for site in sites])
    spam_weights = spam_weights / spam_weights.sum() * SPAM_PRIOR
    bad = np.concatenate([np.concatenate([part.labels for part in known]), np.ones(len(sites))])
    spammy = np.concatenate([np.zeros(len(index)), np.ones(len(sites))])
    scores = sigmoid(np.concatenate([comments.logits[index], spam.logits]))
    flagged = np.concatenate([comments.flagged[index], spam.flagged])
    return Mix(scores, flagged, bad, spammy, np.concatenate([weights, spam_weights]))


def default_policy(mix: Mix) -> Policy:
    """Return hold and reject thresholds for each score."""
    truths = {label: _own_truth(mix, label) for label in LABELS}
    found = {
        label: side_thresholds(label, mix.column(label), *truths[label])
        for label in LABELS
        if label not in MAIN
    }
    holds = main_holds(mix, {label: one.hold for label, one in found.items()})
    for label, hold in holds.items():
        reject = choose_reject(trusted(mix, label), *truths[label])
        found[label] = Thresholds(hold, max(hold, reject))
    # Each by itself: what both kinds reject is then wrong at most as often as either.
    spam = {label: one for label, one in found.items() if label == "spam"}
    abuse = {label: one for label, one in found.items() if label != "spam"}
    scores = {label: trusted(mix, label) for label in LABELS}
    kept = [with_margin(part, scores, mix.bad, mix.weights) for part in (spam, abuse)]
    return rounded(kept[0] | kept[1])


def main_holds(mix: Mix, side: Mapping[str, float]) -> dict[str, float]:
    """Return the hold thresholds of MAIN, where the side scores hold from `side` on."""
    below = [mix.column(label) < hold for label, hold in side.items()]
    calm = ~mix.flagged & np.all(below, axis=0)
    first, second = map(mix.column, MAIN)
    found = choose_holds(first, second, mix.bad, mix.weights, calm)
    return dict(zip(MAIN, found, strict=True))


def trusted(mix: Mix, label: str) -> Floats:
    """Return a score as far as it may reject: of what is flagged it says nothing."""
    return np.where(mix.flagged, 0.0, mix.column(label))


def _own_truth(mix: Mix, label: str) -> tuple[Floats, Floats]:
    """Return labels and weights for one main score: the other's bad comments do not count."""
    if label == "spam":
        return mix.spam, np.where(mix.bad > mix.spam, 0, mix.weights)
    return mix.bad, np.where(mix.spam > 0, 0, mix.weights)
