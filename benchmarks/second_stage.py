"""What a second stage costs: the same comments scored with and without it, by turns.

python -m benchmarks.second_stage FOLDER [--rounds 5]

One core, comments of real lengths in the mix of a news site (8 % toxic, 5 % spam) that neither has
met before: in the worker's batches, then one by one, and the explanation of what would be
shown of those that are held or rejected. FOLDER holds the second stage.
"""

import statistics
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import click

from benchmarks.backlog import submissions
from benchmarks.judging import BATCH, COMMENTS, WARMED_UP, rate, shown
from models.document import Document
from models.predict import Scorer
from worker.scoring import document_of

ALONE = 64


def spent(work: Callable[..., object], tasks: Sequence[tuple[Any, ...]]) -> list[float]:
    """Milliseconds of processor time that each task takes; a task is what `work` is given."""
    found: list[float] = []
    for task in tasks:
        begin = time.process_time()
        work(*task)
        found.append((time.process_time() - begin) * 1000)
    return found


def measured(scorer: Scorer, documents: list[Document]) -> tuple[float, float, float, float]:
    """Comments a second in batches; ms of lone ones, median and p95; ms of an explanation."""
    fast = rate(lambda a, b: scorer.score(documents[a:b]), COMMENTS)
    lone = sorted(spent(scorer.score, [([one],) for one in documents[COMMENTS:]]))
    explained = spent(scorer.explain, shown(scorer, documents))
    late = lone[int(len(lone) * 0.95)]
    return fast, statistics.median(lone), late, statistics.fmean(explained)


@click.command()
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--rounds", default=5)
def main(folder: Path, rounds: int) -> None:
    """Print what each takes, and the median of their ratios."""
    scorers = {"first stage alone": Scorer.load(), "with the second": Scorer.load(second=folder)}
    documents = [document_of(text) for text in submissions()]
    size = COMMENTS + ALONE
    rounds_max = (len(documents) - WARMED_UP) // size
    if rounds > rounds_max:
        raise click.UsageError(f"There are new comments for {rounds_max} rounds; ask for no more.")
    for scorer in scorers.values():
        scorer.score(documents[:WARMED_UP])
    found: dict[str, list[tuple[float, ...]]] = {name: [] for name in scorers}
    for at in range(WARMED_UP, WARMED_UP + rounds * size, size):
        for name, scorer in scorers.items():
            found[name].append(measured(scorer, documents[at : at + size]))
    print(f"{rounds} rounds of {COMMENTS} comments in batches of {BATCH} and {ALONE} alone")
    for name, rows in found.items():
        fast, lone, late, explained = map(statistics.median, zip(*rows, strict=True))
        print(
            f"{name}: {fast:,.0f} comments/s; alone p50 {lone:.2f}, p95 {late:.2f} ms; "
            f"an explanation {explained:.1f} ms"
        )
    first, second = found.values()
    ratios = [a[0] / b[0] for a, b in zip(first, second, strict=True)]
    print(f"times as long in batches: {statistics.median(ratios):.2f} "
          f"({min(ratios):.2f} to {max(ratios):.2f})")  # fmt: skip


if __name__ == "__main__":
    main()
