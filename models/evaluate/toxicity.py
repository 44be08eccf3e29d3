"""Toxicity rows of the table, on test rows and on sources that never train."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from models.document import Document
from models.evaluate.disguise import GUESSED, UNDONE, disguised
from models.evaluate.identity import power_means
from models.evaluate.measures import (
    auc,
    false_positives_at_recall,
    recall_at_false_positives,
    sample,
)
from models.evaluate.table import Measured
from models.outputs import LABELS, SHIPPED_HEADS
from models.predict import Scorer
from models.train.folds import fold_of
from models.train.rows import records

Floats = npt.NDArray[np.float64]
Textbook = Callable[[Sequence[str]], Floats]

SIX = {
    "toxicity": "toxic",
    "severe_toxicity": "severe_toxic",
    "profanity": "obscene",
    "threat": "threat",
    "insult": "insult",
    "identity_attack": "identity_hate",
}
FLAG_RATE = 0.02
CLEAN_NEWS_TOXICITY_MAX = 1.5


@dataclass(frozen=True, slots=True)
class Texts:
    """Texts of one source with their records."""

    records: list[dict[str, str]]

    @property
    def texts(self) -> list[str]:
        """Return the raw texts."""
        return [record["text"] for record in self.records]

    def labels(self, column: str) -> Floats:
        """Return a column as 0/1 (a share counts from one half)."""
        return np.array([float(float(record[column] or 0) >= 0.5) for record in self.records])

    def picked(self, size: int, seed: int = 0) -> "Texts":
        """Return the project's sample of these texts."""
        return Texts([self.records[index] for index in sample(len(self.records), size, seed)])

    def __len__(self) -> int:
        return len(self.records)


def test_rows(folder: Path, name: str) -> Texts:
    """Return the test fifth of a source."""
    rows = records(folder, name)
    return Texts([record for record in rows if fold_of(record["text"]) == "test"])


def all_rows(folder: Path, name: str) -> Texts:
    """Return a source that never trains, whole."""
    return Texts(list(records(folder, name)))


class Judge:
    """Scores texts with the model under test: calibrated logits by label, head logits by head."""

    def __init__(self, scorer: Scorer) -> None:
        self.scorer = scorer
        self._reader = scorer.pipeline.named_steps["read"]
        self._classifier = scorer.pipeline.named_steps["classify"]

    def both(self, texts: Iterable[str]) -> tuple[dict[str, Floats], dict[str, Floats]]:
        """Return the logits of scores and of toxicity heads for texts without metadata."""
        return self.documents([Document(text) for text in texts])

    def documents(
        self, documents: Sequence[Document]
    ) -> tuple[dict[str, Floats], dict[str, Floats]]:
        """Return the logits of scores and of toxicity heads for documents."""
        scores: list[Floats] = []
        heads: list[Floats] = []
        for start in range(0, len(documents), 64):
            batch = self._reader.transform(documents[start : start + 64])
            logits = self._classifier.head_logits(batch)
            heads.append(logits)
            scores.append(self._classifier.mixed(logits, batch))
        by_score = np.concatenate(scores)
        by_head = np.concatenate(heads)
        return (
            {label: by_score[:, column] for column, label in enumerate(LABELS)},
            {head: by_head[:, column] for column, head in enumerate(SHIPPED_HEADS)},
        )

    def toxicity(self, texts: Iterable[str]) -> Floats:
        """Return the logit of the published toxicity score."""
        return self.both(texts)[0]["toxicity"]


def wikipedia_rows(
    folder: Path, judge: Judge, textbook: Textbook
) -> tuple[list[Measured], tuple[float, float]]:
    """Return the rows on Jigsaw's comments, and the thresholds at 2 % (ours, textbook's)."""
    rows = test_rows(folder, "jigsaw_wikipedia").picked(4000)
    scores, heads = judge.both(rows.texts)
    book = textbook(rows.texts)
    truth = rows.labels("toxic")
    own = [auc(rows.labels(column), heads[column]) for column in SIX.values()]
    published = [auc(rows.labels(column), scores[score]) for score, column in SIX.items()]
    plain = [auc(rows.labels(column), book[:, at]) for at, column in enumerate(SIX.values())]
    rates = [false_positives_at_recall(truth, one) for one in (heads["toxic"], scores["toxicity"])]
    table = [
        Measured(
            "Jigsaw, mean ROC-AUC of six labels",
            float(np.mean(plain)),
            float(np.mean(own)),
            0.980,
            0.986,
            rows=len(rows),
            note=f"heads; published scores {np.mean(published):.4f}",
        ),
        Measured(
            "toxicity: false positives at 95 % recall",
            false_positives_at_recall(truth, book[:, 0]),
            rates[0],
            0.090,
            0.050,
            "lower",
            len(rows),
            f"head; published score {rates[1]:.3f}",
        ),
    ]
    clean = truth == 0
    level = 1 - FLAG_RATE
    thresholds = (
        float(np.quantile(scores["toxicity"][clean], level)),
        float(np.quantile(book[clean, 0], level)),
    )
    return table, thresholds


def insult_row(folder: Path, judge: Judge, textbook: Textbook) -> Measured:
    """Return the row on insults to other readers."""
    rows = test_rows(folder, "impermium_insults")
    scores, heads = judge.both(rows.texts)
    truth = rows.labels("insult")
    note = (
        f"own head; published insult {auc(truth, scores['insult']):.3f}, "
        f"toxicity {auc(truth, scores['toxicity']):.3f}"
    )
    book = auc(truth, textbook(rows.texts)[:, 0])
    name = "insults under news (impermium)"
    return Measured(name, book, auc(truth, heads["imp"]), 0.925, 0.955, rows=len(rows), note=note)


def civil_row(folder: Path, judge: Judge, textbook: Textbook) -> Measured:
    """Return the row on Civil Comments: the mean over sources that hold both classes."""
    rows = test_rows(folder, "civil_comments")
    scores, heads = judge.both(rows.texts)
    truth, book = rows.labels("toxic"), textbook(rows.texts)[:, 0]
    sources = np.array([record["source"] for record in rows.records])
    names = ("care", "autolabel", "sociosim")

    def mean(values: Floats) -> float:
        return float(np.mean([auc(truth[sources == s], values[sources == s]) for s in names]))

    each = ", ".join(
        f"{s} {auc(truth[sources == s], scores['toxicity'][sources == s]):.3f}" for s in names
    )
    note = f"published toxicity ({each}); own head {mean(heads['civil']):.3f}"
    name = "Civil Comments, a fifth held out: toxic, mean of sources"
    ours = mean(scores["toxicity"])
    return Measured(name, mean(book), ours, 0.92, 0.95, rows=len(rows), note=note)


def unseen_rows(folder: Path, judge: Judge, textbook: Textbook) -> list[Measured]:
    """Return the rows on sources that never train: hostile news and Perspective's own set."""
    news = all_rows(folder, "unhealthy_news")
    hostile = news.labels("hostile")
    cat = all_rows(folder, "cat_wikipedia")
    positive = [record for record in cat.records if record["toxic"] == "1"]
    negative = Texts([record for record in cat.records if record["toxic"] != "1"]).picked(5000)
    both = Texts(positive + negative.records)
    toxic = both.labels("toxic")
    perspective = np.array([float(record["perspective_toxicity"] or 0) for record in both.records])
    return [
        Measured(
            "hostile news comments (unhealthy_news, never trained on)",
            auc(hostile, textbook(news.texts)[:, 0]),
            auc(hostile, judge.toxicity(news.texts)),
            0.835,
            0.880,
            rows=len(news),
            note="published toxicity",
        ),
        Measured(
            "cat_wikipedia, never trained on",
            auc(toxic, textbook(both.texts)[:, 0]),
            auc(toxic, judge.toxicity(both.texts)),
            0.830,
            0.870,
            rows=len(both),
            note=f"published toxicity; Perspective on the same rows {auc(toxic, perspective):.3f}",
        ),
    ]


def news_rows(
    folder: Path, judge: Judge, textbook: Textbook, thresholds: tuple[float, float]
) -> list[Measured]:
    """Return the rows on plain news comments: what is found above them, what of them is hit."""
    spans = test_rows(folder, "civil_toxic_spans")
    news = all_rows(folder, "news_globe_and_mail")
    quiet = [r for r in news.records if r["toxicity"] and float(r["toxicity"]) <= 1.5]
    clean = Texts(quiet).picked(2000)
    some = news.picked(3000)
    ours, book = judge.toxicity(some.texts), textbook(some.texts)[:, 0]
    return [
        Measured(
            "toxic news comments found at 1 % false positives on plain news",
            recall_at_false_positives(
                textbook(spans.texts)[:, 0], textbook(clean.texts)[:, 0], 0.01
            ),
            recall_at_false_positives(
                judge.toxicity(spans.texts), judge.toxicity(clean.texts), 0.01
            ),
            0.65,
            0.80,
            rows=len(spans) + len(clean),
            note="published toxicity",
        ),
        Measured(
            "plain news comments flagged at the threshold of 2 % on Jigsaw",
            float((book > thresholds[1]).mean()),
            float((ours > thresholds[0]).mean()),
            0.04,
            0.02,
            "lower",
            len(some),
            "published toxicity",
        ),
    ]


def identity_row(folder: Path, judge: Judge, textbook: Textbook) -> Measured:
    """Return the row on identity terms in template sentences."""
    rows = all_rows(folder, "identity_madlibs").picked(8000)
    truth = rows.labels("toxic")
    scores = judge.toxicity(rows.texts)
    ours = power_means(rows.texts, truth, scores)
    book = power_means(rows.texts, truth, textbook(rows.texts)[:, 0])
    note = f"published toxicity; BNSP {ours['bnsp']:.3f}, AUC {auc(truth, scores):.3f}"
    name = "identity terms in plain sentences: BPSN power mean"
    return Measured(name, book["bpsn"], ours["bpsn"], 0.90, 0.985, rows=len(rows), note=note)


def disguise_rows(folder: Path, judge: Judge, textbook: Textbook) -> list[Measured]:
    """Return the rows on disguised words: AUC lost, mean over tricks."""
    rows = test_rows(folder, "jigsaw_wikipedia").picked(4000).picked(600, 1)
    truth = rows.labels("toxic")
    ours, book = auc(truth, judge.toxicity(rows.texts)), auc(truth, textbook(rows.texts)[:, 0])
    lost: dict[str, tuple[float, float]] = {}
    for name, texts in disguised(rows.texts):
        ours_lost = ours - auc(truth, judge.toxicity(texts))
        lost[name] = (ours_lost, book - auc(truth, textbook(texts)[:, 0]))

    def row(title: str, names: Sequence[str], floor: float, reach: float) -> Measured:
        each = ", ".join(f"{name} {lost[name][0]:.3f}" for name in names)
        own = float(np.mean([lost[name][0] for name in names]))
        theirs = float(np.mean([lost[name][1] for name in names]))
        return Measured(title, theirs, own, floor, reach, "lower", len(rows), each)

    return [
        row(
            "AUC lost to leet, zero-width, spaced, homoglyph, dotted letters", UNDONE, 0.005, 0.002
        ),
        row("AUC lost to starred, swapped, repeated letters", GUESSED, 0.035, 0.015),
    ]
