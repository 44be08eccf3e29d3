"""A soak: half an hour at half capacity; memory, queue and file handles must not grow.

python -m benchmarks.soak [--minutes 30] [--rate 0] [--output soak.csv]

Every half minute: PSS of all processes, offers that wait in Redis, comments that wait in the
database, open file handles. Growth is judged between the first third after warm-up and the last.
The rate, if not given, is half of what a short closed loop of waiting callers sustains.
"""

import csv
import threading
import time
from collections.abc import Sequence
from dataclasses import asdict, fields
from pathlib import Path

import click

from benchmarks import builds
from benchmarks.growth import Look, growth
from benchmarks.load import Plan, Result, run
from benchmarks.memory import family, pss_mb
from benchmarks.sustained import WAIT, catch_up, waiting
from service.installation import running
from service.queue import Handover, connect
from service.settings import Settings
from service.storage.engine import Storage

LOOK_EVERY_S = 30.0


def look(pid: int, second: float, storage: Storage, handover: Handover) -> Look:
    """How things stand now."""
    pids = list(family(pid))
    with storage.read() as work:
        waits = work.comments.waiting_count()
    handles = sum(map(open_handles, pids))
    return Look(round(second), round(sum(map(pss_mb, pids)), 1), handover.backlog(), waits, handles)


def open_handles(pid: int) -> int:
    """How many file handles a process has; 0 when it has ended."""
    try:
        return len(list(Path(f"/proc/{pid}/fd").iterdir()))
    except FileNotFoundError:
        return 0


def measure(minutes: float, rate: float, output: Path | None) -> tuple[Result, list[Look], float]:
    """Load the product and watch it."""
    with builds.product() as target:
        assert target.product
        rate = rate or waiting(target, 15).decided_per_s / 2
        catch_up(target)
        product, looks, begin = target.product, [], time.monotonic()
        found = running(product.data)
        assert found
        storage = Storage(Settings(data=product.data).resolved_database_url)
        handover = Handover(connect(found.redis_url))
        over = threading.Event()

        def watch() -> None:
            while not over.is_set():
                second = time.monotonic() - begin
                pid = product.child.process.pid
                looks.append(look(pid, second, storage, handover))
                if output:
                    _write(output, looks)
                over.wait(LOOK_EVERY_S)

        watcher = threading.Thread(target=watch)
        watcher.start()
        headers = {**target.headers, **WAIT}
        result = run(Plan(target.url, minutes * 60, 128, rate, headers))
        over.set()
        watcher.join()
        storage.close()
        return result, looks, rate


def lines(minutes: float, result: Result, looks: Sequence[Look], rate: float) -> list[str]:
    """What came of it, in words."""
    answers = f"answers {result.statuses}, no answer {result.failed}"
    found = [f"{minutes:g} min at {rate:.0f}/s: {answers}; ms {result.percentiles_ms}."]
    for name, (early, late, grew) in growth(looks).items():
        found.append(f"{name}: early {early:.0f}, late {late:.0f}, {'GREW' if grew else 'steady'}.")
    return found


def _write(output: Path, looks: Sequence[Look]) -> None:
    with output.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, [field.name for field in fields(Look)])
        writer.writeheader()
        writer.writerows(asdict(one) for one in looks)


@click.command()
@click.option("--minutes", default=30.0)
@click.option("--rate", default=0.0)
@click.option("--output", type=click.Path(path_type=Path))
def main(minutes: float, rate: float, output: Path | None) -> None:
    """Print what grew."""
    print("\n".join(lines(minutes, *measure(minutes, rate, output))))


if __name__ == "__main__":
    main()
