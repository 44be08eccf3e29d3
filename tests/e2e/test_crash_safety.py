"""Kill -9 of any process amid submissions loses nothing and doubles nothing."""

from collections.abc import Iterator

import pytest

from benchmarks.crash_safety import VICTIMS, crash_round, crashing_product
from tests.processes import wait_for
from tests.product import Product

COMMENTS = 60


@pytest.fixture(scope="module")
def crashing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """A product whose processes are killed."""
    with crashing_product(tmp_path_factory.mktemp("crashing") / "data") as product:
        yield product


@pytest.mark.timeout(240)
@pytest.mark.parametrize("victim", VICTIMS)
def test_nothing_is_lost_or_doubled_when_a_process_is_killed(
    crashing: Product, victim: str
) -> None:
    outcome = crash_round(crashing, victim, COMMENTS)

    assert outcome.accepted == COMMENTS
    assert outcome.lost_nothing, outcome


@pytest.mark.parametrize("victim", VICTIMS)
def test_killed_process_is_started_again(crashing: Product, victim: str) -> None:
    killed = crashing.process_id(victim)

    crashing.kill(victim)

    wait_for(lambda: crashing.process_id(victim) not in (None, killed), f"{victim} runs again")
