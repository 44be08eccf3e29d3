"""A backlog after an outage: how fast one and two workers drain it, nothing decided twice.

python -m benchmarks.backlog [--comments 100000] [--workers 1 --workers 2]

The comments are stored through the product's own intake while no worker runs. Then the workers
start as processes of their own, with their model loaded before the clock starts at the first
decision. The baseline is scoring alone: the same comments through the same model in one process, in
the worker's batches, with nothing stored. "With reasons" adds the policy and the explanations that
a decision carries, which is what a worker really computes.
"""

import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import click
from sqlalchemy import func, select
from uuid_utils.compat import uuid7

from benchmarks import builds
from benchmarks.comments import comments
from benchmarks.report import Row
from models.predict import Scorer
from service.api.loading import load
from service.api.schemas import CommentIn
from service.domain.comment import Submission
from service.domain.policy import Policy
from service.moderation.desk import Desk, open_desk
from service.moderation.intake import Newcomer, take_in_all
from service.moderation.sites import create_site
from service.moderation.sweep import wake_if_needed
from service.settings import Settings
from service.storage import schema
from service.storage import tables as t
from tests import processes
from worker.scoring import document_of, verdict_of

BATCH = 64
STORED_AT_ONCE = 500
TEXTS = 4_000
SCORED = 2_048
DRAINED_WITHIN_S = 1_800.0


@dataclass(frozen=True)
class Drained:
    """What became of one backlog; rates in comments a second."""

    workers: int
    comments: int
    rate: float
    scoring_rate: float
    reasons_rate: float
    twice: int


def submissions() -> list[Submission]:
    """The texts that the backlog repeats."""
    schema_in = CommentIn()
    return [load(schema_in, comment) for comment in comments(TEXTS)]


def scoring_rates(texts: list[Submission]) -> tuple[float, float]:
    """(scoring alone, scoring with policy), comments a second."""
    scorer, policy = Scorer.load(), Policy()
    documents = [document_of(text) for text in texts[:SCORED]]
    scorer.score(documents[:BATCH])
    begin = time.perf_counter()
    batches = [scorer.score(documents[at : at + BATCH]) for at in range(0, len(documents), BATCH)]
    scored = time.perf_counter()
    judgements = [judgement for batch in batches for judgement in batch]
    for text, judgement in zip(texts, judgements, strict=False):
        verdict_of(policy, text, judgement, scorer.version, banned=False)
    done = time.perf_counter()
    return len(documents) / (scored - begin), len(documents) / (done - begin)


def fill(desk: Desk, count: int, texts: list[Submission]) -> None:
    """Store `count` comments that nobody scores yet."""
    site = create_site(desk, "Benchmark").site
    for at in range(0, count, STORED_AT_ONCE):
        some = range(at, min(at + STORED_AT_ONCE, count))
        take_in_all(desk, [Newcomer(uuid7(), site.id, texts[n % len(texts)]) for n in some])


def drain(count: int, workers: int, texts: list[Submission]) -> Drained:
    """Fill a fresh installation, start the workers, wait for the end."""
    with installation() as desk, ExitStack() as stack:
        fill(desk, count, texts)
        for number in range(workers):
            stack.enter_context(worker(desk.settings, number))
        processes.wait_for(lambda: left(desk) < count, "the first decision", 120)
        begin, had = time.monotonic(), left(desk)
        processes.wait_for(lambda: drained(desk), "the last decision", DRAINED_WITHIN_S, 0.2)
        rate = had / (time.monotonic() - begin)
        twice = doubled(desk)
    return Drained(workers, count, rate, *scoring_rates(texts), twice)


def drained(desk: Desk) -> bool:
    """Whether all are decided; if not, wake a worker as the sweeper would, for none runs here."""
    wake_if_needed(desk)
    return left(desk) == 0


def left(desk: Desk) -> int:
    """How many wait for a score."""
    with desk.storage.read() as work:
        return work.comments.waiting_count()


def doubled(desk: Desk) -> int:
    """Decisions beyond one a comment; with comments that have none counted as well."""
    with desk.storage.read() as work:
        decided = work.connection.scalar(select(func.count()).select_from(t.decisions)) or 0
        stored = work.connection.scalar(select(func.count()).select_from(t.comments)) or 0
    return abs(decided - stored)


@contextmanager
def installation() -> Iterator[Desk]:
    """An installation with the embedded Redis and no other process."""
    with tempfile.TemporaryDirectory(prefix="backlog-") as name:
        folder = Path(name)
        server = subprocess.Popen(
            builds.redis_command(folder), stdout=subprocess.DEVNULL, start_new_session=True
        )
        socket = folder / "redis.sock"
        processes.wait_for(socket.exists, "Redis listens")
        desk = open_desk(Settings(data=folder, redis_url=f"unix://{socket}"))
        try:
            schema.upgrade(desk.storage)
            yield desk
        finally:
            desk.storage.close()
            server.terminate()
            server.wait()


@contextmanager
def worker(settings: Settings, number: int) -> Iterator[None]:
    """One worker process."""
    environment = processes.plain_environment(
        COMMENTDESK_DATA=str(settings.data),
        COMMENTDESK_REDIS_URL=settings.redis_url,
        OMP_NUM_THREADS="1",
    )
    command = [builds.installed_python(), "-m", "service", "worker"]
    child = processes.start(command, settings.data / f"worker-{number}.log", environment)
    try:
        yield
    finally:
        processes.stop(child, timeout_s=30)


def rows(found: list[Drained]) -> list[Row]:
    """The rows of the table."""
    return [
        row
        for one in found
        for row in (
            Row(f"backlog of {one.comments:,} drained by {one.workers} worker(s), "
                "against scoring alone", "/s", [one.rate], [one.scoring_rate], (0.5, 0.8)),
            Row("the same against scoring with reasons", "/s", [one.rate], [one.reasons_rate],
                (0.5, 0.8)),
            Row("the same: comments decided twice or not at all", "", [one.twice], [0],
                (0, 0), less=True, absolute=True),
        )
    ]  # fmt: skip


def measure(count: int, workers: tuple[int, ...]) -> list[Drained]:
    """One backlog for each number of workers."""
    texts = submissions()
    return [drain(count, number, texts) for number in workers]


@click.command()
@click.option("--comments", "count", default=100_000)
@click.option("--workers", multiple=True, default=(1, 2))
def main(count: int, workers: tuple[int, ...]) -> None:
    """Print the rows."""
    for row in rows(measure(count, workers)):
        print(row.line())


if __name__ == "__main__":
    main()
