"""Kills each process amid submissions and counts what was lost or doubled: nothing may be.

python -m benchmarks.crash_safety [--comments 2000] [--kill worker --kill web …]

Starts the product in a temporary folder with its embedded servers. For each process in turn: a new
site, comments submitted with an Idempotency-Key by eight threads that try again until they are
accepted, and kill -9 at one and at two thirds of the way. Then every accepted comment must have
exactly one current decision, none decided twice by the same, and the callback of the decision in
force must have arrived, signed. With COMMENTDESK_DATABASE_URL and COMMENTDESK_REDIS_URL in the
environment it runs on those, with a second worker and a second sweeper beside the supervised ones.
"""

import os
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, fields
from functools import partial
from pathlib import Path
from typing import Any
from uuid import uuid4

import click
import urllib3

from tests import processes
from tests.processes import wait_for
from tests.product import Api, Product, running
from tests.receiver import Received, receiving

VICTIMS = ("worker", "web", "sweeper", "redis")
SERVERS = ("COMMENTDESK_DATABASE_URL", "COMMENTDESK_REDIS_URL")
SENDERS = 8
RESENT_ONE_IN = 10
ACCEPTED_WITHIN_S = 60.0
SETTLED_WITHIN_S = 180.0
# Quick tries, so that callbacks that a killed process held are sent again soon.
SETTINGS = {
    "COMMENTDESK_RATE_LIMIT_PER_KEY": "off",
    "COMMENTDESK_CALLBACK_TIMEOUT_S": "1",
    "COMMENTDESK_CALLBACK_SCHEDULE_S": "0,0.5,1,1,1,2,2,2,5,5",
}


@dataclass
class Sent:
    """What the senders have seen: the id that each key was accepted with, and their failures."""

    ids: dict[str, str] = field(default_factory=dict)
    retries: int = 0
    changed_ids: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def accept(self, key: str, comment_id: str) -> None:
        """A key was answered with an id; the same key must always give the same one."""
        with self.lock:
            self.changed_ids += self.ids.setdefault(key, comment_id) != comment_id

    def holds(self, comments: int) -> bool:
        """Whether that many have been accepted."""
        return len(self.ids) >= comments


@dataclass(frozen=True)
class Outcome:
    """What became of one round, in comments.

    `fallback`: decided by the clock, since no worker was there in time, and then by a worker:
    allowed, but not wanted. All that follow it must be 0.
    """

    victim: str
    accepted: int
    retries: int
    seconds: float
    fallback: int
    missing: int
    doubled: int
    undecided: int
    decided_twice: int
    not_in_order: int
    callback_missing: int
    forged: int

    @property
    def lost_nothing(self) -> bool:
        """Whether every promise held."""
        wrong = (self.missing, self.doubled, self.undecided, self.decided_twice)
        return not any((*wrong, self.not_in_order, self.callback_missing, self.forged))


@contextmanager
def crashing_product(folder: Path, **servers: str) -> Iterator[Product]:
    """The product with the settings of this benchmark, on its own servers or on given ones."""
    settings = {**SETTINGS, **servers}
    with running(folder, "--no-demo", settings=settings) as product, ExitStack() as more:
        for command in ("worker", "sweep") if servers else ():
            more.enter_context(_second(product, command))
        yield product


@contextmanager
def _second(product: Product, command: str) -> Iterator[None]:
    line = [sys.executable, "-m", "service", "--data", str(product.data), command]
    log = product.data / f"second-{command}.log"
    child = processes.start(line, log, product.environment)
    try:
        yield
    finally:
        processes.stop(child)


def crash_round(product: Product, victim: str, comments: int) -> Outcome:
    """Submit that many comments to a new site, kill `victim` twice meanwhile, and count."""
    begin = time.monotonic()
    with receiving() as (address, received):
        site = product.command("site", "create", f"Crash of {victim}", "--json")
        received.secret = site["webhook_secret"]
        product.command("site", "set-webhook", site["site_id"], address, "--allow-private")
        api, sent = product.api(site["api_key"]), Sent()
        _submit_amid_kills(product, api, sent, victim, comments)
        _settle(api, sent, received)
        return _count(api, sent, received, victim, time.monotonic() - begin)


def _submit_amid_kills(product: Product, api: Api, sent: Sent, victim: str, comments: int) -> None:
    keys = [uuid4().hex for _ in range(comments)]
    with ThreadPoolExecutor(SENDERS) as senders:
        work = [senders.submit(_submit, api, sent, number, key) for number, key in enumerate(keys)]
        for share in (1, 2):
            wait_for(partial(sent.holds, share * comments // 3), "a third", ACCEPTED_WITHIN_S)
            product.kill(victim)
        for one in work:
            one.result()


def _submit(api: Api, sent: Sent, number: int, key: str) -> None:
    for _ in range(2 if number % RESENT_ONE_IN == 0 else 1):
        sent.accept(key, _accepted(api, sent, number, key))


def _accepted(api: Api, sent: Sent, number: int, key: str) -> str:
    body = {"body": f"Comment number {number}, thank you.", "article": {"id": "crash"}}
    deadline = time.monotonic() + ACCEPTED_WITHIN_S
    while time.monotonic() < deadline:
        try:
            answer = api.call("POST", "/v1/comments", body, {"Idempotency-Key": key})
            if answer.status in (200, 202):
                return str(answer.body["id"])
        except urllib3.exceptions.HTTPError:
            pass
        with sent.lock:
            sent.retries += 1
        time.sleep(0.1)
    raise AssertionError(f"Comment {number} was not accepted in {ACCEPTED_WITHIN_S} s.")


def _settle(api: Api, sent: Sent, received: Received) -> None:
    """Wait until nothing is owed any more, or until it is clear that something never comes."""

    def settled() -> bool:
        arrived = received.sequences()
        current = _current(api)
        return all(current.get(id_, 0) in arrived.get(id_, ()) for id_ in sent.ids.values())

    deadline = time.monotonic() + SETTLED_WITHIN_S
    while time.monotonic() < deadline and not settled():
        time.sleep(1)


def _current(api: Api) -> dict[str, int]:
    """The sequence of the decision in force, by comment."""
    decided = (comment for comment in _stored(api) if comment["decision"])
    return {comment["id"]: comment["decision"]["sequence"] for comment in decided}


def _stored(api: Api) -> list[Any]:
    # A server that was killed just now is back in a moment.
    return wait_for(lambda: _listed(api), "the list of comments", ACCEPTED_WITHIN_S)


def _listed(api: Api) -> list[Any] | None:
    try:
        return list(api.every_comment())
    except (urllib3.exceptions.HTTPError, KeyError):
        return None


def _count(api: Api, sent: Sent, received: Received, victim: str, seconds: float) -> Outcome:
    stored = [comment["id"] for comment in _stored(api)]
    accepted, current, arrived = set(sent.ids.values()), _current(api), received.sequences()
    histories = {id_: _history(api, id_) for id_ in accepted}
    return Outcome(
        victim=victim,
        accepted=len(accepted),
        retries=sent.retries,
        seconds=seconds,
        fallback=sum(any(by == "fallback" for by in _by(each)) for each in histories.values()),
        missing=len(accepted - set(stored)),
        doubled=len(stored) - len(sent.ids) + sent.changed_ids,
        undecided=len(accepted - set(current)),
        decided_twice=sum(len(_by(each)) > len(set(_by(each))) for each in histories.values()),
        not_in_order=sum(
            [decision["sequence"] for decision in each] != list(range(1, current.get(id_, 0) + 1))
            for id_, each in histories.items()
        ),
        callback_missing=sum(current.get(id_) not in arrived.get(id_, ()) for id_ in accepted),
        forged=received.forged,
    )


def _history(api: Api, comment_id: str) -> list[Any]:
    found: list[Any] = api.call("GET", f"/v1/comments/{comment_id}/decisions").body["decisions"]
    return found


def _by(history: Sequence[Any]) -> list[str]:
    """Who decided; each comment here has one revision."""
    return [decision["decided_by"] for decision in history]


def _row(cells: Sequence[object]) -> str:
    return "| " + " | ".join(str(cell) for cell in cells) + " |"


@click.command()
@click.option("--comments", default=2000, show_default=True, help="Comments of each round.")
@click.option("--kill", "victims", type=click.Choice(VICTIMS), multiple=True, help="Default: all.")
def main(comments: int, victims: tuple[str, ...]) -> None:
    """Kill each process amid submissions and count what was lost."""
    names = [field.name.replace("_", " ") for field in fields(Outcome)[1:]]
    click.echo(_row(("killed twice", *names)) + "\n" + _row(["---"] * (len(names) + 1)))
    held = True
    servers = {name: os.environ[name] for name in SERVERS if name in os.environ}
    with (
        tempfile.TemporaryDirectory() as folder,
        crashing_product(Path(folder) / "data", **servers) as product,
    ):
        for victim in victims or (VICTIMS if not servers else VICTIMS[:-1]):
            outcome = crash_round(product, victim, comments)
            values = {**vars(outcome), "seconds": f"{outcome.seconds:.0f}"}
            click.echo(_row((victim, *(values[name.replace(" ", "_")] for name in names))))
            held = held and outcome.lost_nothing
    sys.exit(0 if held else 1)


if __name__ == "__main__":
    main()
