"""Spam put into long comments, measured with a classifier that knows a casino where it looks."""

from types import SimpleNamespace

import numpy as np
import numpy.typing as npt
import pytest

from models.batch import Batch
from models.document import Document
from models.evaluate.hidden import PAIRS, PLACES
from models.evaluate.hidden_spam import Advertising, hidden_spam
from models.lexicon import Lexicon
from models.links import LISTS
from models.reader import Reader
from models.train.calibration import is_test
from models.train.spam_rows import SpamRow

HOLD = 0.5
PLAIN = "The bus is late again. " * 30
HOSTS = {name: np.array([], dtype=np.uint64) for name in LISTS}
READER = Reader().take(Lexicon.of({"bus": 5}, ()), HOSTS)
Floats = npt.NDArray[np.float64]


class Classifier:
    """Finds a casino in texts of up to 300 characters, and around links if it is asked to."""

    def __init__(self, reads_passages: bool) -> None:
        self.reads_passages = reads_passages
        self.linear_ = SimpleNamespace(decision_function=lambda batch: np.zeros((len(batch), 1)))

    def routes(self, batch: Batch) -> npt.NDArray[np.int64]:
        return np.zeros(len(batch), dtype=np.int64)

    def spam(self, heads: Floats, batch: Batch, route: npt.NDArray[np.int64]) -> Floats:
        found = np.array(["casino" in text and len(text) <= 300 for text in batch.texts])
        if self.reads_passages and batch.contacts is not None:
            around = zip(batch.contacts.rows, batch.contacts.batch.texts, strict=True)
            for row, text in around:
                found[row] |= "casino" in text
        return np.where(found, 5.0, -5.0)


def a_row(text: str, spam: bool) -> SpamRow:
    """A row of the test part."""
    groups = (f"{text[:9]}{at}" for at in range(100))
    rows = (SpamRow(Document(text), spam, "a-blog", "blog", group=group) for group in groups)
    return next(row for row in rows if is_test(row))


SPAM = a_row("The best casino is at http://bets.example/", spam=True)
ROWS = [
    SPAM,
    a_row("The best casino, and no address", spam=True),
    a_row("Nothing of the kind at http://bets.example/", spam=True),
    a_row(PLAIN, spam=False),
    a_row(f"{PLAIN} A casino is no place for me, says http://news.example/today", spam=False),
]


def measured(reads_passages: bool, rows: list[SpamRow]) -> Advertising:
    classifier = Classifier(reads_passages)
    lab = SimpleNamespace(whole=rows, reader=READER, classifier_with=lambda _: classifier)
    parts = [(np.ones(len(rows), dtype=bool), [])]
    return hidden_spam(lab, parts, HOLD)  # type: ignore[arg-type]  # a lab's part


@pytest.mark.parametrize(("reads_passages", "held"), [(True, PAIRS), (False, 0)])
def test_what_is_held_is_told_from_what_is_not(reads_passages: bool, held: int) -> None:
    (found,) = measured(reads_passages, ROWS).hidden
    assert found.count == PAIRS
    assert found.held == dict.fromkeys(PLACES, held)


@pytest.mark.parametrize(("reads_passages", "held"), [(True, 1), (False, 0)])
def test_plain_comments_held_for_a_passage_are_counted(reads_passages: bool, held: int) -> None:
    found = measured(reads_passages, ROWS)
    assert (found.plain, found.plain_held) == (2, held)


def test_without_spam_that_is_held_alone_there_is_nothing_to_say() -> None:
    rows = [row for row in ROWS if row is not SPAM]
    assert measured(True, rows).hidden == []
