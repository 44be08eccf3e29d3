"""Scoring alone against scikit-learn's TF-IDF, and one explanation against scoring.

python -m benchmarks.judging [--rounds 5]

One core (OMP_NUM_THREADS=1), comments of real lengths, all scores, by turns: the shipped model in
the worker's batches, and the textbook pipeline (words 1 to 2, char_wb 2 to 5, logistic regression)
in batches of the same size. Each round takes comments that neither has met before: words met
before are read faster. Then, comment by comment, the explanation of what would be shown for
the comments that are held or rejected, against scoring the same comment alone.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import click
from sklearn.pipeline import Pipeline

from benchmarks.backlog import submissions
from benchmarks.report import Row
from benchmarks.textbook import model
from models.document import Document
from models.predict import Scorer
from service.domain.decision import Outcome
from service.domain.policy import Policy, Signals, judge
from worker.scoring import document_of

BATCH = 64
COMMENTS = 512
WARMED_UP = 1024
EXPLAINED = 40


@dataclass(frozen=True)
class Round:
    """Comments a second, and ms a comment."""

    ours: float
    textbook: float
    explain_ms: float
    score_ms: float


def rate(score: Callable[[int, int], object], count: int) -> float:
    """Comments a second of processor time, scored from one position to the next."""
    begin = time.process_time()
    for at in range(0, count, BATCH):
        score(at, at + BATCH)
    return count / (time.process_time() - begin)


def shown(scorer: Scorer, documents: Sequence[Document]) -> list[tuple[Document, list[str]]]:
    """Documents that are held or rejected by a score, each with the labels to be explained."""
    found = []
    for document, judgement in zip(documents, scorer.score(documents), strict=True):
        outcome, findings = judge(Policy(), judgement.scores, Signals())
        labels = [f.reason.code for f in findings if f.reason.code in judgement.scores]
        if outcome is not Outcome.APPROVE and labels:
            found.append((document, labels))
    return found[:EXPLAINED]


def measure(rounds: int) -> list[Round]:
    """All figures, by turns; every round scores comments that neither has met."""
    scorer, textbook = Scorer.load(), model.trained()
    documents = [document_of(text) for text in submissions()]
    rounds_max = (len(documents) - WARMED_UP) // COMMENTS
    if rounds > rounds_max:
        raise click.UsageError(f"There are new comments for {rounds_max} rounds; ask for no more.")
    scorer.score(documents[:WARMED_UP])
    held = shown(scorer, documents[:WARMED_UP])
    starts = range(WARMED_UP, WARMED_UP + rounds * COMMENTS, COMMENTS)
    return [_round(scorer, textbook, documents[at : at + COMMENTS], held) for at in starts]


def _round(
    scorer: Scorer,
    textbook: Pipeline,
    documents: list[Document],
    held: list[tuple[Document, list[str]]],
) -> Round:
    texts = [document.body for document in documents]
    ours = rate(lambda a, b: scorer.score(documents[a:b]), len(documents))
    theirs = rate(lambda a, b: model.scores(textbook, texts[a:b]), len(texts))
    begin = time.process_time()
    for document, labels in held:
        scorer.explain(document, labels)
    explained = time.process_time()
    for document, _ in held:
        scorer.score([document])
    scored = time.process_time()
    count = max(1, len(held)) / 1000
    return Round(ours, theirs, (explained - begin) / count, (scored - explained) / count)


def rows(found: list[Round]) -> list[Row]:
    """The rows of the table."""
    return [
        Row("scoring alone, one core, batches of 64; baseline scikit-learn's TF-IDF", "/s",
            [one.ours for one in found], [one.textbook for one in found], (1.5, 5)),
        Row("explanation of one decision; baseline scoring it alone", "ms",
            [one.explain_ms for one in found], [one.score_ms for one in found],
            (10, 3), less=True),
    ]  # fmt: skip


@click.command()
@click.option("--rounds", default=5)
def main(rounds: int) -> None:
    """Print the rows."""
    for row in rows(measure(rounds)):
        print(row.line())


if __name__ == "__main__":
    main()
