"""Comments decided and accepted a second, against the textbook build and against a bare route.

python -m benchmarks.sustained [--rounds 5] [--seconds 60]

All builds are up during the whole run and are loaded by turns, so that every round sees the same
machine. Decided: a closed loop of callers who wait (`Prefer: wait`), and only answers with a
decision count. Accepted: a closed loop of callers who do not wait; the worker goes on working
meanwhile, as it would. The textbook build gets fewer callers than would fill its queue, since more
would only make it answer "pending". The bare route is measured with the durability that the issue
asks for (FULL) and, to show what the flush hides, without it (NORMAL).
"""

import json
import sys
import time
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import replace

import click
import urllib3

from benchmarks import builds
from benchmarks.load import Plan, Result, run
from benchmarks.report import Row

WAIT = {"Prefer": "wait=10"}
SUSTAINED_S = 60.0
"""As long as a rate must last to be called sustained."""
CALLERS = 64
TEXTBOOK_CALLERS = {"simple": 16, "forking": 6}
CAUGHT_UP_WITHIN_S = 300.0
ACCEPT_SHARE = 0.25


def waiting(target: builds.Target, seconds: float, callers: int = CALLERS) -> Result:
    """A closed loop of callers who wait for the decision."""
    headers = {**target.headers, **WAIT}
    return run(Plan(target.url, seconds, callers, headers=headers))


def accepting(target: builds.Target, seconds: float, callers: int = CALLERS) -> Result:
    """A closed loop of callers who do not wait."""
    return run(Plan(target.url, seconds, callers, headers=target.headers))


def catch_up(target: builds.Target) -> float:
    """Wait until a comment is decided at once again; the seconds that took."""
    begin = time.monotonic()
    pool = urllib3.PoolManager()
    body = json.dumps({"body": "Is anybody there?", "article": {"id": "bridge"}})
    headers = {**target.headers, "Content-Type": "application/json", "Prefer": "wait=1"}
    while time.monotonic() - begin < CAUGHT_UP_WITHIN_S:
        sent = time.monotonic()
        answer = pool.request("POST", target.url, body=body, headers=headers, retries=False)
        if answer.status == 200 and time.monotonic() - sent < 0.5:
            return sent - begin
        time.sleep(0.2)
    raise AssertionError("It did not catch up.")


def one_round(targets: Mapping[str, builds.Target], seconds: float) -> dict[str, float]:
    """Every figure once."""
    product = targets["product"]
    short = max(2.0, seconds * ACCEPT_SHARE)
    figures = {"decided": waiting(product, seconds).decided_per_s}
    for kind, callers in TEXTBOOK_CALLERS.items():
        figures[kind] = waiting(targets[kind], seconds, callers).decided_per_s
    figures["bare FULL"] = accepting(targets["FULL"], short).accepted_per_s
    figures["accepted"] = accepting(product, short).accepted_per_s
    figures["bare NORMAL"] = accepting(targets["NORMAL"], short).accepted_per_s
    catch_up(product)
    return figures


def measure(rounds: int, seconds: float) -> list[dict[str, float]]:
    """The figures of every round."""
    with ExitStack() as stack:
        targets = {
            "product": stack.enter_context(builds.product()),
            "simple": stack.enter_context(builds.textbook("simple")),
            "forking": stack.enter_context(builds.textbook("forking")),
            "FULL": stack.enter_context(builds.bare_route()),
            "NORMAL": stack.enter_context(builds.bare_route("NORMAL")),
        }
        found = []
        for number in range(rounds):
            found.append(one_round(targets, seconds))
            rounded = {name: round(value, 1) for name, value in found[-1].items()}
            print(f"round {number + 1}: {rounded}", file=sys.stderr, flush=True)
        return found


def rows(figures: list[dict[str, float]]) -> list[Row]:
    """The rows of the table."""

    def column(name: str) -> list[float]:
        return [figure[name] for figure in figures]

    decided = Row(
        "decided, callers waiting, against the textbook's `SimpleWorker`", "/s",
        column("decided"), column("simple"), (8, 15),
    )  # fmt: skip
    bare = "bare route, one durable insert"
    return [
        decided,
        replace(
            decided, measure="the same, against its forking worker",
            baselines=column("forking"), limits=(40, 80),
        ),
        replace(
            decided, measure=f"the same, against the {bare}",
            baselines=column("bare FULL"), limits=(0.25, 0.5),
        ),
        replace(
            decided, measure="the same, against that route without the flush",
            baselines=column("bare NORMAL"), limits=(0.25, 0.5), note="not asked for",
        ),
        Row(f"accepted (202), against the {bare}", "/s", column("accepted"),
            column("bare FULL"), (0.4, 0.7)),
        Row("the same, against that route without the flush", "/s", column("accepted"),
            column("bare NORMAL"), (0.4, 0.7), note="not asked for"),
    ]  # fmt: skip


@click.command()
@click.option("--rounds", default=5)
@click.option("--seconds", default=SUSTAINED_S)
def main(rounds: int, seconds: float) -> None:
    """Print the rows."""
    for row in rows(measure(rounds, seconds)):
        print(row.line())


if __name__ == "__main__":
    main()
