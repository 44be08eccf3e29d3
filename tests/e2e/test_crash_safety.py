"""Kill -9 of any process amid submissions loses nothing and doubles nothing."""

from collections.abc import Callable, Iterator

import pytest

from benchmarks.crash_safety import VICTIMS, crash_round, crashing_product
from tests.processes import wait_for
from tests.product import Product

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


@pytest.mark.parametrize("victim", VICTIMS)
def test_nothing_is_lost_or_doubled_when_a_process_is_killed(
    crashing: Product, victim: str
) -> None:
    outcome = crash_round(crashing, victim, COMMENTS)

    assert outcome.accepted == COMMENTS
    assert outcome.lost_nothing, outcome


@pytest.mark.parametrize("victim", OURS)
def test_nothing_is_lost_or_doubled_on_postgresql_with_two_of_each(
    crashing_in_production: Product, victim: str
) -> None:
    outcome = crash_round(crashing_in_production, victim, COMMENTS)

    assert outcome.accepted == COMMENTS
    assert outcome.lost_nothing, outcome


@pytest.mark.parametrize("victim", VICTIMS)
def test_killed_process_is_started_again(crashing: Product, victim: str) -> None:
    killed = crashing.process_id(victim)

    crashing.kill(victim)

    wait_for(lambda: crashing.process_id(victim) not in (None, killed), f"{victim} runs again")
