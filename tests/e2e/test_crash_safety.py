"""Kill -9 of any process amid submissions loses nothing and doubles nothing."""

import os
import signal
from collections.abc import Callable, Iterator

import pytest
import urllib3

from benchmarks.crash_safety import VICTIMS, crash_round, crashing_product
from tests.processes import wait_for
from tests.product import Product, child_processes

COMMENTS = 60
OURS = ("worker", "web", "sweeper")

pytestmark = pytest.mark.timeout(300)


@pytest.fixture(scope="module")
def crashing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """A product on its embedded servers, whose processes are killed."""
    with crashing_product(tmp_path_factory.mktemp("crashing") / "data") as product:
        yield product


@pytest.fixture(scope="module")
def crashing_in_production(
    tmp_path_factory: pytest.TempPathFactory,
    redis_server_url: str,
    postgres_database: Callable[[], str],
) -> Iterator[Product]:
    """The same on PostgreSQL and Redis, with a second worker and a second sweeper."""
    with crashing_product(
        tmp_path_factory.mktemp("production") / "data",
        COMMENTDESK_REDIS_URL=f"{redis_server_url}?db=7",
        COMMENTDESK_DATABASE_URL=postgres_database(),
    ) as product:
        yield product


@pytest.mark.parametrize(
    ("product", "victim"),
    [
        *(("crashing", victim) for victim in VICTIMS),
        *(("crashing_in_production", victim) for victim in OURS),
    ],
)
def test_nothing_is_lost_or_doubled_when_a_process_is_killed(
    product: str, victim: str, request: pytest.FixtureRequest
) -> None:
    outcome = crash_round(request.getfixturevalue(product), victim, COMMENTS)

    assert outcome.accepted == COMMENTS
    assert outcome.lost_nothing, outcome


@pytest.mark.parametrize("victim", VICTIMS)
def test_killed_process_is_started_again(crashing: Product, victim: str) -> None:
    killed = crashing.process_id(victim)

    crashing.kill(victim)

    wait_for(lambda: crashing.process_id(victim) not in (None, killed), f"{victim} runs again")


def test_web_server_survives_the_end_of_the_process_that_answers(crashing: Product) -> None:
    web = wait_for(lambda: crashing.process_id("web"), "web runs")
    answering = wait_for(lambda: child_processes(web), "web has a process that answers")

    for pid in answering:
        os.kill(pid, signal.SIGKILL)

    wait_for(lambda: set(child_processes(web)) - set(answering), "another one is started")
    wait_for(lambda: answers(crashing), "it answers again")
    assert crashing.process_id("web") == web


def answers(product: Product) -> bool:
    try:
        return urllib3.request("GET", f"{product.url}/healthz", retries=False).status == 200
    except urllib3.exceptions.HTTPError:
        return False
