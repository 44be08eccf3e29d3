"""Spam rows of the table: each blog, video or era is judged by heads that never saw it.

The shipped heads know all sites, so these rows train the same heads anew without what they test.
"""

from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from scipy import sparse

from models.classifier import CommentClassifier
from models.document import Document
from models.evaluate.baseline import Textbook
from models.evaluate.measures import auc, recall_at_false_positives, sample
from models.evaluate.table import Measured
from models.evaluate.toxicity import all_rows
from models.linear import Fitted, LinearHeads
from models.progress import Say
from models.reader import Reader
from models.spam_rule import SPAM_HEADS, routes
from models.train.calibration import SPAM_PRIOR
from models.train.copies import with_copies
from models.train.crawl import Crawl, read_crawl
from models.train.design import Design, matrix, read_design
from models.train.spam_fit import fit_spam, unseen_heads, unseen_logits
from models.train.spam_rows import WRITTEN, SpamRow, capped, spam_rows, with_dropped_fields

Floats = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]
Part = tuple[Mask, list[Fitted]]
VIDEOS = ("Youtube01-Psy", "Youtube02-KatyPerry", "Youtube04-Eminem")
URL_SPAM_BLOGS = ("joehxblog", "buildtimes", "einsteinpy", "donboulton")
"""Blogs whose form has a URL field; ploeh, all plain, is left out with each of them."""
LATER_SPAM_YEAR = 2021
LATER_HAM_YEAR = 2019
TEXTBOOK_ROWS_MAX = 8_000
SHIFT_TO_HALF = float(np.log(SPAM_PRIOR / (1 - SPAM_PRIOR)))
"""Logit above which a comment is spam where every second one is."""


@dataclass(frozen=True, slots=True)
class Unseen:
    """Held rows with what we and the textbook model say of them without having seen their site."""

    truth: Floats
    ours: Floats
    textbook: Floats

    def aucs(self) -> tuple[float, float]:
        """Return the textbook's AUC and ours."""
        return auc(self.truth, self.textbook), auc(self.truth, self.ours)

    def recalls(self, rate: float) -> tuple[float, float]:
        """Return the textbook's recall and ours at a rate of false positives."""
        spam = self.truth > 0.5
        theirs = recall_at_false_positives(self.textbook[spam], self.textbook[~spam], rate)
        return theirs, recall_at_false_positives(self.ours[spam], self.ours[~spam], rate)


@dataclass(frozen=True, slots=True)
class SpamLab:
    """All spam rows with their features, and the classifier whose heads are trained anew."""

    rows: list[SpamRow]
    whole: list[SpamRow]
    """The same rows with all fields that their form had: what is judged keeps them."""
    design: Design
    features: sparse.csr_matrix
    crawl: Crawl
    reader: Reader
    classifier: CommentClassifier

    @classmethod
    def open(cls, folder: Path, reader: Reader, classifier: CommentClassifier) -> "SpamLab":
        """Read the rows as training reads them."""
        whole = list(capped(with_copies(spam_rows(folder))))
        rows = list(with_dropped_fields(whole))
        design = read_design(reader, [row.document for row in rows])
        idf = classifier.linear_.idf_
        features = matrix(design, idf, about=True)
        crawl = read_crawl(folder, reader, idf)
        return cls(rows, whole, design, features, crawl, reader, classifier)

    def sites(self, *names: str) -> Mask:
        """Return which rows come from some sites."""
        return np.array([row.site in names for row in self.rows])

    def blogs(self) -> Mask:
        """Return which rows were written on blogs, not by us."""
        return np.array([row.medium == "blog" and row.site != WRITTEN for row in self.rows])

    def without(self, held: Mask, alike: Mask) -> "Unseen":
        """Return the held rows as judged by heads that never saw them.

        The textbook model learns from at most TEXTBOOK_ROWS_MAX of the rows in `alike` that are
        not held, by their text alone.
        """
        fitted = fit_spam(self.features, self.rows, ~held, self.crawl)
        judged = [row.document for row, out in zip(self.whole, held, strict=True) if out]
        design = read_design(self.reader, judged)
        features = matrix(design, self.classifier.linear_.idf_, about=True)
        heads = np.column_stack([features @ weights + start for weights, start in fitted])
        logits = self.classifier.spam_logits(heads, routes(design.meta))
        truth = self._truth(np.flatnonzero(held))
        return Unseen(truth, logits, self._textbook(held, alike))

    def _truth(self, index: npt.NDArray[np.int64]) -> Floats:
        return np.array([float(self.rows[at].spam) for at in index])

    def _textbook(self, held: Mask, alike: Mask) -> Floats:
        index = np.flatnonzero(alike & ~held)
        index = index[sample(len(index), TEXTBOOK_ROWS_MAX)]
        bodies = [self.rows[at].document.body for at in index]
        book = Textbook().fit(bodies, self._truth(index)[:, None])
        return book([self.rows[at].document.body for at in np.flatnonzero(held)])[:, 0]

    def parts(self, say: Say) -> list[Part]:
        """Return parts of the rows, a blog or a video each, and heads that never saw them."""
        return list(unseen_heads(self.features, self.rows, self.crawl, say))

    def unseen(self, parts: Sequence[Part]) -> npt.NDArray[np.float32]:
        """Return the spam heads' logits of all rows, by heads that never saw their site."""
        return unseen_logits(self.features, parts)

    def classifier_with(self, fitted: Sequence[Fitted]) -> CommentClassifier:
        """Return the classifier with other spam heads, and no other linear ones."""
        other = copy(self.classifier)
        other.linear_ = LinearHeads().compact(SPAM_HEADS, self.classifier.linear_.idf_, fitted)
        return other


def video_rows(lab: SpamLab) -> list[Measured]:
    """Return the rows on YouTube: each video judged by heads that know the others."""
    every = lab.sites(*(f"youtube:{video}" for video in VIDEOS))
    results = [lab.without(lab.sites(f"youtube:{video}"), every) for video in VIDEOS]
    aucs = [result.aucs() for result in results]
    right = [float(((one.ours > SHIFT_TO_HALF) == (one.truth > 0.5)).mean()) for one in results]
    book = [float(((one.textbook > 0) == (one.truth > 0.5)).mean()) for one in results]
    count = sum(len(one.truth) for one in results)
    theirs, ours = np.mean(aucs, axis=0)
    title = "YouTube spam, other video: "
    note = "at even odds, since half of these comments are spam"
    return [
        Measured(title + "AUC", float(theirs), float(ours), 0.985, 0.995, rows=count),
        Measured(
            title + "accuracy",
            float(np.mean(book)),
            float(np.mean(right)),
            0.940,
            0.965,
            rows=count,
            note=note,
        ),
    ]


def later_rows(lab: SpamLab) -> list[Measured]:
    """Return the rows on blog spam of later years."""
    one = lab.without(np.array([_is_later(row) for row in lab.rows]), lab.blogs())
    theirs, ours = one.aucs()
    book, found = one.recalls(0.01)
    count = len(one.truth)
    title = "blog spam, later years: "
    return [
        Measured(title + "AUC", theirs, ours, 0.965, 0.985, rows=count),
        Measured(title + "recall at 1 % false positives", book, found, 0.75, 0.90, rows=count),
    ]


def _is_later(row: SpamRow) -> bool:
    if row.site == "haacked.com":
        return row.year >= LATER_SPAM_YEAR
    return row.site == "haacked" and row.year >= LATER_HAM_YEAR


def unseen_blog_row(lab: SpamLab) -> Measured:
    """Return the row on a blog that the heads never saw."""
    one = lab.without(lab.sites("jdieter", "jdieter.net"), lab.blogs())
    theirs, ours = one.aucs()
    name = "blog spam, a blog never seen (jdieter)"
    return Measured(name, theirs, ours, 0.970, 0.990, rows=len(one.truth))


def url_blog_rows(lab: SpamLab) -> list[Measured]:
    """Return the rows on blogs with author name and URL, each left out in turn."""
    results = [lab.without(lab.sites(blog, "ploeh"), lab.blogs()) for blog in URL_SPAM_BLOGS]
    aucs = [one.aucs() for one in results]
    recalls = [one.recalls(0.02) for one in results]
    note = "; ".join(
        f"{blog} {ours:.3f}, {found:.2f}"
        for blog, (_, ours), (_, found) in zip(URL_SPAM_BLOGS, aucs, recalls, strict=True)
    )
    theirs, ours = np.mean(aucs, axis=0)
    book, found = np.mean(recalls, axis=0)
    count = sum(len(one.truth) for one in results)
    title = "blog spam with author and URL, each blog left out in turn: "
    return [
        Measured(title + "mean AUC", float(theirs), float(ours), 0.96, 0.99, rows=count, note=note),
        Measured(
            title + "recall at 2 % false positives",
            float(book),
            float(found),
            0.80,
            0.95,
            rows=count,
            note="plain comments: the blog's own and ploeh's",
        ),
    ]


def plain_news_row(folder: Path, reader: Reader, classifier: CommentClassifier) -> Measured:
    """Return the row on plain news comments called spam, by the shipped heads."""
    texts = all_rows(folder, "news_globe_and_mail").picked(3000).texts
    called = 0
    for start in range(0, len(texts), 64):
        batch = reader.transform([Document(text) for text in texts[start : start + 64]])
        called += int((classifier.decision_function(batch)[:, 0] > 0).sum())
    name = "plain news comments called spam"
    return Measured(name, float("nan"), called / len(texts), 0.005, 0.001, "lower", len(texts))


def spam_table(lab: SpamLab, toxicity_folder: Path, reader: Reader, say: Say) -> list[Measured]:
    """Return all spam rows of the table."""
    say("spam: other videos")
    table = video_rows(lab)
    say("spam: later years and an unseen blog")
    table += [*later_rows(lab), unseen_blog_row(lab)]
    say("spam: blogs with a URL field")
    table += url_blog_rows(lab)
    return [*table, plain_news_row(toxicity_folder, reader, lab.classifier)]
