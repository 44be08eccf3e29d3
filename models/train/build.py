"""Makes a model from the data folder: reads, fits, calibrates, always in the same order."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from sklearn.pipeline import Pipeline

from models.calibrate import fit_platt, prior_weights
from models.classifier import HEAD_CLIP, CommentClassifier
from models.document import Document
from models.evaluate.decisions import Automatic
from models.evaluate.measures import auc
from models.evaluate.natural import decided_alone
from models.linear import Fitted, LinearHeads
from models.network import TokenNetwork
from models.outputs import MIXES, OutputLayer
from models.outputs import SHIPPED_HEADS as HEADS
from models.policy import Policy
from models.progress import Say
from models.reader import Reader
from models.spam_rule import SPAM_HEADS
from models.train.calibration import (
    Mix,
    default_policy,
    mix_spam,
    natural_mix,
    spam_platts,
    spam_truth,
    today_platt,
    toxicity_layer,
)
from models.train.crawl import Crawl, read_crawl
from models.train.design import Design, inverse_frequencies, joined, matrix, read_design
from models.train.foreign_rows import LANGUAGE_HEADS
from models.train.gather import Rows, gather, label_matrix, lexicon_pairs, row_counts
from models.train.judge import judged
from models.train.lists import host_arrays
from models.train.pool import unlabelled
from models.train.rates import Holds, holds_at_rates
from models.train.readers import SOURCE as READERS
from models.train.rows import Row
from models.train.spam_fit import FOLDS, fit_spam, unseen_heads, unseen_logits
from models.train.spam_rows import TODAY_SITE
from models.train.toxicity_fit import POOL_STEP, fit_languages, fit_toxicity
from models.train.truth import natural_truth
from models.train.words import make_lexicon

Floats = npt.NDArray[np.float32]
Bytes = npt.NDArray[np.uint8]
BLENDS = (0.4, 0.5, 0.6, 0.7, 0.8, 0.9)
"""Shares of the network in the toxicity heads to choose from."""
FALSE_POSITIVES_MAX = 0.2
"""Blends are compared where thresholds may lie, not where most of what is plain would be held."""
LANGUAGE_PRIOR = 0.10
"""Share of offensive comments that the foreign heads are calibrated for; a guess."""


@dataclass(frozen=True, slots=True)
class Ranking:
    """How well a score ranks validation rows, and how many there are."""

    auc: float
    rows: int


@dataclass(frozen=True, slots=True)
class Built:
    """A trained pipeline with its default policy."""

    pipeline: Pipeline
    policy: Policy
    rows: dict[str, int]
    """How many rows trained or chose, a source each."""
    validation: dict[str, Ranking]
    """Each toxicity score on the rows that chose blends and calibration."""
    decided: Automatic
    """What the policy decides alone in the natural mix of the rows that chose it."""
    holds: list[Holds]
    """Thresholds for sites with less or more abuse and spam."""


@dataclass(frozen=True, slots=True)
class Designs:
    """Features of all rows, and the weight of each bucket."""

    toxicity: Design
    pool: Design
    """Texts that nobody labelled, but the teachers."""
    foreign: Design
    spam: Design
    crawl: Crawl
    idf: Bytes


STAGES = 8 + FOLDS + len(HEADS)
"""What `build` says that it begins."""


def build(data_folder: Path, network: TokenNetwork, say: Say) -> Built:
    """Return the pipeline trained on a data folder around a trained network."""
    say("reads the data")
    rows = gather(data_folder)
    reader = Reader().take(make_lexicon(lexicon_pairs(rows)), host_arrays(data_folder))
    designs = read_all(data_folder, reader, rows, say)
    classifier = CommentClassifier()
    classifier.network_ = network.only(HEADS)
    classifier.languages_ = list(LANGUAGE_HEADS)
    about = matrix(designs.spam, designs.idf, about=True)
    unseen = unseen_logits(about, unseen_heads(about, rows.spam, designs.crawl, say))
    say("fits spam on all sites")
    everyone = np.ones(len(rows.spam), dtype=bool)
    spam = fit_spam(about, rows.spam, everyone, designs.crawl)
    toxicity = fit_toxicity(designs.toxicity, designs.pool, designs.idf, rows, say)
    languages = fit_languages(designs.foreign, designs.idf, rows)
    classifier.linear_ = LinearHeads().compact(
        [*HEADS, *LANGUAGE_HEADS, *SPAM_HEADS], designs.idf, [*toxicity, *languages, *spam]
    )
    say("calibrates")
    _calibrate_languages(classifier, designs, rows, languages)
    validation = _calibrate(classifier, designs, rows, toxicity, unseen)
    kept = [row for row, fold in zip(rows.toxicity, rows.folds, strict=True) if fold != "train"]
    mix = _mix(reader, classifier, kept, rows, unseen)
    policy = default_policy(mix)
    pipeline = Pipeline([("read", reader), ("classify", classifier)])
    return Built(
        pipeline=pipeline,
        policy=policy,
        rows=row_counts(rows),
        validation=validation,
        decided=decided_alone(mix, policy),
        holds=holds_at_rates(mix, policy),
    )


def read_all(data_folder: Path, reader: Reader, rows: Rows, say: Say) -> Designs:
    """Return the features of all rows, and of the texts that only the teachers labelled."""
    say(f"reads {len(rows.toxicity):,} comments for toxicity")
    toxicity = read_design(reader, [Document(row.text) for row in rows.toxicity])
    say("reads texts that nobody labelled")
    texts = _pool_texts(data_folder, reader, rows, toxicity.texts)
    pool = read_design(reader, [Document(text) for text in texts])
    say(f"reads {len(rows.foreign):,} comments in other languages")
    foreign = read_design(reader, [Document(row.text) for row in rows.foreign])
    say(f"reads {len(rows.spam):,} comments for spam")
    # Our rows on what is sold now are the last.
    known = [row.document for row in rows.spam if row.site != TODAY_SITE]
    today = [row.document for row in rows.spam[len(known) :]]
    designs = [read_design(reader, documents) for documents in (known, today)]
    idf = inverse_frequencies([toxicity, foreign, designs[0]], designs[1:])
    spam = joined(designs)
    crawl = read_crawl(data_folder, reader, idf)
    return Designs(toxicity, pool, foreign, spam, crawl, idf)


def _pool_texts(data_folder: Path, reader: Reader, rows: Rows, texts: list[str]) -> list[str]:
    """Return the texts of the teachers' pool that the linear heads read, too."""
    train = [at for at in np.flatnonzero(rows.folds == "train") if texts[at]]
    learnt = [rows.toxicity[at] for at in train]
    pool = unlabelled(data_folder, reader.normaliser, learnt, [texts[at] for at in train])
    return pool[::POOL_STEP]


def _logits(design: Design, idf: Bytes, fitted: list[Fitted], use: npt.NDArray[np.int64]) -> Floats:
    weights = np.stack([column for column, _ in fitted], axis=1)
    intercepts = np.array([each for _, each in fitted], dtype=np.float32)
    features = matrix(design, idf, about=False)[use]
    return np.asarray(features @ weights + intercepts, dtype=np.float32)


def choose_blend(linear: Floats, network: Floats, labels: Floats) -> float:
    """Return the network's share with which the heads of toxicity rank validation rows best.

    One share for all heads: the rows of each are too few to tell shares apart.
    """
    columns = [HEADS.index(head) for head in MIXES["toxicity"]]

    def quality(share: float) -> float:
        blended = share * network + (1 - share) * linear
        areas = [_area(blended[:, column], labels[:, column]) for column in columns]
        return float(np.nanmean(areas))

    return max(BLENDS, key=quality)


def _area(logits: Floats, labels: Floats) -> float:
    known = ~np.isnan(labels)
    return auc(labels[known] >= 0.5, logits[known], FALSE_POSITIVES_MAX)


def _calibrate(
    classifier: CommentClassifier, designs: Designs, rows: Rows, heads: list[Fitted], unseen: Floats
) -> dict[str, Ranking]:
    """Calibrate toxicity on validation rows, and spam on sites that its heads never saw.

    Returns how each toxicity score ranks those rows.
    """
    chosen = np.flatnonzero(rows.folds == "validation")
    kept = [rows.toxicity[index] for index in chosen]
    linear = np.clip(_logits(designs.toxicity, designs.idf, heads, chosen), -HEAD_CLIP, HEAD_CLIP)
    texts = [designs.toxicity.texts[index] for index in chosen]
    network = np.clip(network_logits(classifier.network_, texts), -HEAD_CLIP, HEAD_CLIP)
    theirs = [at for at, row in enumerate(kept) if row.source != READERS]
    labels = label_matrix(kept, HEADS)
    # Not on comments of our own, which only the network knows.
    classifier.blend_ = choose_blend(linear[theirs], network[theirs], labels[theirs])
    blended = classifier.blend_ * network + (1 - classifier.blend_) * linear
    classifier.layer_ = layer = toxicity_layer(blended, kept)
    platts = spam_platts(spam_truth(unseen, designs.spam, rows.spam))
    classifier.spam_slope_ = np.array([platt.slope for platt in platts])
    classifier.spam_offset_ = np.array([platt.offset for platt in platts])
    today = today_platt(unseen, rows.spam)
    classifier.today_slope_, classifier.today_offset_ = today.slope, today.offset
    return {score: one for score, one in _rankings(layer, blended, kept) if not np.isnan(one.auc)}


def _rankings(
    layer: OutputLayer, logits: Floats, rows: Sequence[Row]
) -> Iterator[tuple[str, Ranking]]:
    outputs = layer(logits)
    for column, score in enumerate(layer.labels):
        truth = natural_truth(rows, score)
        value = auc(truth.labels > 0.5, outputs[truth.index, column])
        yield score, Ranking(round(value, 4), len(truth.labels))


def network_logits(network: TokenNetwork, texts: Sequence[str], size: int = 64) -> Floats:
    """Return the logits of neutral texts, shape (texts, heads), read in batches."""
    parts = [network.decision_function(texts[at : at + size]) for at in range(0, len(texts), size)]
    return np.concatenate(parts)


def _calibrate_languages(
    classifier: CommentClassifier, designs: Designs, rows: Rows, fitted: list[Fitted]
) -> None:
    chosen = np.flatnonzero(rows.foreign_folds == "validation")
    logits = _logits(designs.foreign, designs.idf, fitted, chosen)
    labels = label_matrix([rows.foreign[index] for index in chosen], LANGUAGE_HEADS)
    platts = []
    for column in range(len(LANGUAGE_HEADS)):
        known = ~np.isnan(labels[:, column])
        truth = labels[known, column]
        platts.append(fit_platt(logits[known, column], truth, prior_weights(truth, LANGUAGE_PRIOR)))
    classifier.language_slope_ = np.array([platt.slope for platt in platts])
    classifier.language_offset_ = np.array([platt.offset for platt in platts])


def _mix(
    reader: Reader,
    classifier: CommentClassifier,
    kept: Sequence[Row],
    rows: Rows,
    unseen: Floats,
) -> Mix:
    """Return validation comments and spam of unseen sites in their natural mix, scored."""
    comments = judged(reader, classifier, [Document(row.text) for row in kept], listed=False)
    index = mix_spam(rows.spam, test=False)
    documents = [rows.spam[at].document for at in index]
    spam = judged(reader, classifier, documents, unseen[index], listed=False)
    return natural_mix(comments, kept, spam, [rows.spam[at] for at in index])
