"""Makes a model from the data folder: reads, fits, calibrates, in a fixed order with fixed seeds."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from sklearn.pipeline import Pipeline

from models.calibrate import Platt, fit_platt, prior_weights
from models.classifier import CommentClassifier
from models.document import Document
from models.linear import LinearHeads, fit_head
from models.outputs import MIXES, OutputLayer, fit_scale
from models.reader import Reader
from models.train.design import Design, inverse_frequencies, matrix, read_design
from models.train.folds import fold_of
from models.train.lists import host_arrays
from models.train.rows import Row
from models.train.spam_rows import SpamRow, capped, spam_rows, with_dropped_fields
from models.train.toxicity_rows import HEADS, english_rows
from models.train.truth import natural_truth
from models.train.words import make_lexicon

Floats = npt.NDArray[np.float32]
Say = Callable[[str], None]

STRENGTH = 4.0
SPAM_HEADS = ("spam_all", "spam_blog", "spam_chat")
SPAM_STRENGTHS = (4.0, 10.0, 10.0)
SPAM_PRIOR = 0.10
"""Share of spam in the natural mix that the spam score is calibrated for."""
KEPT_SHARES = {"davidson": 0.35, "edos": 0.7}
"""Sources that are much and alike are thinned."""


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows of one run. `folds` and `spam_folds` say "train" or "validation" for each."""

    toxicity: list[Row]
    folds: npt.NDArray[np.str_]
    spam: list[SpamRow]
    spam_folds: npt.NDArray[np.str_]


def gather(data_folder: Path, seed: int = 0) -> Rows:
    """Return all rows that may train or choose; test rows are left out here."""
    rng = np.random.default_rng(seed)
    rows = [row for row in english_rows(data_folder) if rng.random() < _kept(row)]
    folds = [fold_of(row.origin or row.text) for row in rows]
    kept = [index for index, fold in enumerate(folds) if fold != "test"]
    spam = list(with_dropped_fields(capped(spam_rows(data_folder))))
    spam_folds = ["validation" if _chooses(row) else "train" for row in spam]
    return Rows(
        [rows[index] for index in kept],
        np.array([folds[index] for index in kept]),
        spam,
        np.array(spam_folds),
    )


def _kept(row: Row) -> float:
    return KEPT_SHARES.get(row.source, 1.0)


def _chooses(row: SpamRow) -> bool:
    return fold_of(row.group or row.document.body) == "validation"


def lexicon_pairs(rows: Rows) -> list[tuple[str, bool | None]]:
    """Return the texts for the lexicon; only Wikipedia's label may call a word abusive."""
    train = [row for row, fold in zip(rows.toxicity, rows.folds, strict=True) if fold == "train"]
    pairs: list[tuple[str, bool | None]] = [(row.text, _wiki_label(row)) for row in train]
    return pairs + [(row.document.body, None) for row in rows.spam if not row.spam]


def _wiki_label(row: Row) -> bool | None:
    known = row.source in ("jigsaw", "jigsaw_more")
    return row.labels["toxic"] > 0.5 if known else None


def label_matrix(rows: Sequence[Row]) -> Floats:
    """Return labels, shape (rows, HEADS), NaN where a source lacks one."""
    labels = np.full((len(rows), len(HEADS)), np.nan, dtype=np.float32)
    for index, row in enumerate(rows):
        for head, value in row.labels.items():
            labels[index, HEADS.index(head)] = value
    return labels


def fit_toxicity(design: Design, rows: Rows, idf: Floats, say: Say) -> list[tuple[Floats, float]]:
    """Return coefficients and intercept of each toxicity head."""
    train = np.flatnonzero(rows.folds == "train")
    features = matrix(design, idf, about=False)[train]
    labels = label_matrix(rows.toxicity)[train]
    weights = np.array([row.weight for row in rows.toxicity], dtype=np.float32)[train]
    fitted: list[tuple[Floats, float]] = []
    for column, head in enumerate(HEADS):
        say(f"fits {head}")
        fitted.append(fit_head(features, labels[:, column], weights, STRENGTH))
    return fitted


def spam_weights(rows: Sequence[SpamRow], head: str) -> Floats:
    """Return the weight of each row for a spam head; 0 leaves it out."""
    return np.array([_spam_weight(row, head) for row in rows], dtype=np.float32)


def _spam_weight(row: SpamRow, head: str) -> float:
    if head == "spam_blog":
        return row.weight if row.medium in ("blog", "news") else 0.0
    if head == "spam_chat":
        return {"chat": row.weight, "news": 0.2}.get(row.medium, 0.0)
    return row.weight


def fit_spam(
    design: Design, rows: Sequence[SpamRow], use: npt.NDArray[np.bool_], idf: Floats
) -> list[tuple[Floats, float]]:
    """Return coefficients and intercept of each spam head, trained on the rows in `use`."""
    features = matrix(design, idf, about=True)
    truth = np.array([row.spam for row in rows], dtype=np.float32)
    fitted: list[tuple[Floats, float]] = []
    for head, strength in zip(SPAM_HEADS, SPAM_STRENGTHS, strict=True):
        weights = spam_weights(rows, head)
        chosen = np.flatnonzero(use & (weights > 0))
        fitted.append(fit_head(features[chosen], truth[chosen], weights[chosen], strength))
    return fitted


def toxicity_platts(layer: OutputLayer, logits: Floats, rows: Sequence[Row]) -> list[Platt]:
    """Return the Platt scaling of each toxicity output under the natural mix."""
    outputs = layer(logits)
    platts: list[Platt] = []
    for column, score in enumerate(layer.labels):
        truth = natural_truth(rows, score)
        platts.append(fit_platt(outputs[truth.index, column], truth.labels, truth.weights))
    return platts


def build(data_folder: Path, say: Say) -> Pipeline:
    """Return the trained pipeline."""
    say("reads the data")
    rows = gather(data_folder)
    reader = Reader().take(make_lexicon(lexicon_pairs(rows)), host_arrays(data_folder))
    say(f"makes features of {len(rows.toxicity) + len(rows.spam)} comments")
    toxicity = read_design(reader, [Document(row.text) for row in rows.toxicity])
    spam = read_design(reader, [row.document for row in rows.spam])
    idf = inverse_frequencies([toxicity, spam])
    fitted = fit_toxicity(toxicity, rows, idf, say)
    say("fits spam")
    fitted += fit_spam(spam, rows.spam, rows.spam_folds == "train", idf)
    linear = LinearHeads(STRENGTH).compact([*HEADS, *SPAM_HEADS], idf, fitted)
    say("calibrates")
    classifier = CommentClassifier()
    classifier.linear_ = linear
    _calibrate(classifier, rows, toxicity, spam, fitted, idf)
    return Pipeline([("read", reader), ("classify", classifier)])


def design_logits(
    design: Design, idf: Floats, fitted: Sequence[tuple[Floats, float]], about: bool
) -> Floats:
    """Return the logits of fitted heads, shape (rows, heads)."""
    weights = np.stack([column for column, _ in fitted], axis=1)
    intercepts = np.array([each for _, each in fitted], dtype=np.float32)
    return np.asarray(matrix(design, idf, about) @ weights + intercepts, dtype=np.float32)


def _calibrate(
    classifier: CommentClassifier,
    rows: Rows,
    toxicity: Design,
    spam: Design,
    fitted: Sequence[tuple[Floats, float]],
    idf: Floats,
) -> None:
    heads = fitted[: len(HEADS)]
    chosen = np.flatnonzero(rows.folds == "validation")
    chosen_rows = [rows.toxicity[index] for index in chosen]
    logits = design_logits(toxicity, idf, heads, about=False)[chosen]
    plain = [i for i, row in enumerate(chosen_rows) if row.labels.get("any") == 0.0]
    layer = OutputLayer.of(HEADS, fit_scale(logits[plain]), MIXES)
    layer = layer.calibrated(toxicity_platts(layer, logits, chosen_rows))
    classifier.toxicity_matrix_, classifier.toxicity_offset_ = layer.matrix, layer.offset
    mix = np.array([0.5, 0.3, 0.2])
    chosen = np.flatnonzero(rows.spam_folds == "validation")
    truth = np.array([rows.spam[index].spam for index in chosen], dtype=float)
    spam_logits = design_logits(spam, idf, fitted[len(HEADS) :], about=True)[chosen] @ mix
    platt = fit_platt(spam_logits, truth, prior_weights(truth, SPAM_PRIOR))
    classifier.spam_mix_ = mix * platt.slope
    classifier.spam_offset_ = platt.offset
