"""`make bench`: every row of the table, and benchmarks/results.md.

python -m benchmarks.table [--only SECTION …] [--rounds 5] [--seconds 60] [--backlog 100000]

Each section is a script of its own in this folder, whose docstring says what is measured against
what and why that is fair. What a section finds is kept in results.json at once, with the time and
the load of the machine, so that a long run that breaks off, or one section that is run again, loses
nothing; results.md is written from it. All on a quiet machine: an hour and three quarters.
"""

import json
import os
import statistics
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from benchmarks import (
    backlog,
    builds,
    comments,
    judging,
    latency,
    lists,
    memory,
    overload,
    report,
    soak,
    startup,
    sustained,
)
from benchmarks.report import Row
from models.registry import newest

HERE = Path(__file__).resolve().parent
KEPT, PAGE, PLOT = HERE / "results.json", HERE / "results.md", HERE / "knee.svg"


@dataclass(frozen=True)
class Options:
    """How much is measured."""

    rounds: int
    seconds: float
    backlog: int
    comments: int


def _sustained(options: Options) -> tuple[list[Row], list[str]]:
    found = sustained.measure(options.rounds, options.seconds)
    server = f"The textbook build ran on {builds.textbook_server()}."
    return sustained.rows(found), [server]


def _latency(options: Options) -> tuple[list[Row], list[str]]:
    seconds = options.seconds / 3
    with builds.product() as target:
        rate = latency.sustained_rate(target, options.seconds)
        rows = latency.rows(list(latency.measure(target, options.rounds, seconds, rate)))
        points = latency.knee(target, rate, seconds / 2)
        latency.plot(points, PLOT)
    return rows, [f"Half the sustained rate was {rate / 2:.0f}/s; the knee is in `knee.svg`."]


def _judging(options: Options) -> tuple[list[Row], list[str]]:
    return judging.rows(judging.measure(options.rounds)), []


def _lists(options: Options) -> tuple[list[Row], list[str]]:
    pages = lists.run(options.comments, 40, ("sqlite", "postgresql"))
    rows = [
        Row(f"{page.database}: {page.name}, {options.comments:,} comments; baseline 1,000", "ms",
            [page.large_ms], [page.small_ms], (1.3, 1.1), less=True)
        for page in pages
    ]  # fmt: skip
    same = all(page.constant for page in pages)
    most = max(page.queries[1] for page in pages)
    more = "no more" if same else "**more**"
    line = f"Queries a page: {most} at the most, {more} with many comments than with 1,000."
    return rows, [line]


def _memory(_options: Options) -> tuple[list[Row], list[str]]:
    found = memory.measure(2000)
    parts = ", ".join(f"{name} {mib:.0f}" for name, mib in found.items())
    return memory.rows(found), [f"MiB by process: {parts}."]


def _startup(options: Options) -> tuple[list[Row], list[str]]:
    return startup.rows(startup.measure(options.rounds)), []


def _backlog(options: Options) -> tuple[list[Row], list[str]]:
    return backlog.rows(backlog.measure(options.backlog, (1, 2))), []


def _overload(options: Options) -> tuple[list[Row], list[str]]:
    return [], [overload.measure(options.seconds / 2).line()]


def _soak(_options: Options) -> tuple[list[Row], list[str]]:
    minutes = 30.0
    return [], soak.lines(minutes, *soak.measure(minutes, 0.0, None))


SECTIONS: dict[str, Callable[[Options], tuple[list[Row], list[str]]]] = {
    "judging": _judging,
    "sustained": _sustained,
    "latency": _latency,
    "memory": _memory,
    "startup": _startup,
    "lists": _lists,
    "overload": _overload,
    "backlog": _backlog,
    "soak": _soak,
}


def keep(name: str, rows: list[Row], lines: list[str]) -> None:
    """Add a section's findings to results.json."""
    kept = _kept()
    load = ", ".join(f"{value:.1f}" for value in os.getloadavg())
    kept["sections"][name] = {
        "when": f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC",
        "model": newest().name,
        "load": load,
        "rows": [asdict(row) for row in rows],
        "lines": lines,
    }
    kept["machine"] = report.machine()
    kept["comments"] = comments.source()
    KEPT.write_text(json.dumps(kept, indent=1) + "\n", encoding="utf-8")
    PAGE.write_text(report.page(kept, list(SECTIONS)), encoding="utf-8")


def _kept() -> dict[str, Any]:
    if KEPT.exists():
        kept: dict[str, Any] = json.loads(KEPT.read_text(encoding="utf-8"))
        return kept
    return {"sections": {}}


@click.command()
@click.option("--only", multiple=True, type=click.Choice(list(SECTIONS)))
@click.option("--rounds", default=5)
@click.option(
    "--seconds",
    default=sustained.SUSTAINED_S,
    help="Length of one sustained run; others follow it.",
)
@click.option("--backlog", "waiting", default=100_000)
@click.option("--comments", "many", default=1_000_000)
def main(only: tuple[str, ...], rounds: int, seconds: float, waiting: int, many: int) -> None:
    """Measure, keep, and print the table."""
    options = Options(rounds, seconds, waiting, many)
    for name in only or SECTIONS:
        print(f"== {name}", flush=True)
        rows, lines = SECTIONS[name](options)
        keep(name, rows, lines)
        print(report.HEADER)
        print("\n".join([row.line() for row in rows] + lines), flush=True)
    values = [row for section in _kept()["sections"].values() for row in section["rows"]]
    verdicts = statistics.multimode(Row(**row).verdict for row in values)
    print(f"Written: {PAGE.name}, {len(values)} rows, most of them: {verdicts[0]}.")


if __name__ == "__main__":
    main()
