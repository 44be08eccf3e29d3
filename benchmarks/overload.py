"""Overload: twice as many comments as can be stored, then whether the service catches up by itself.

python -m benchmarks.overload [--seconds 20]

First a closed loop finds what is accepted a second. Then an open loop sends twice that from many
connections. What is not refused must be answered in bounded time; what is refused must say when to
come again, and must not keep the service from taking what it can; and afterwards, without a
restart, a comment must be decided at once again.
"""

from dataclasses import dataclass

import click

from benchmarks import builds
from benchmarks.load import Plan, Result, run
from benchmarks.sustained import accepting, catch_up

CONNECTIONS = 600


@dataclass(frozen=True)
class Overloaded:
    """Rates in requests a second; the load's result; seconds until all was normal again."""

    capacity: float
    rate: float
    result: Result
    caught_up_s: float

    def line(self) -> str:
        """In words."""
        taken = self.result.accepted_per_s
        return (
            f"sent {self.rate:.0f}/s where {self.capacity:.0f}/s are accepted: took {taken:.0f}/s "
            f"({taken / self.capacity:.2f} of the capacity), answers {self.result.statuses}, "
            f"no answer {self.result.failed}; accepted in ms {self.result.percentiles_ms}; "
            f"normal again after {self.caught_up_s:.1f} s without a restart"
        )


def measure(seconds: float) -> Overloaded:
    """Overload the product once."""
    with builds.product() as target:
        capacity = accepting(target, seconds / 4).accepted_per_s
        catch_up(target)
        rate = 2 * capacity
        result = run(Plan(target.url, seconds, CONNECTIONS, rate, target.headers, warm_up_s=1))
        return Overloaded(capacity, rate, result, catch_up(target))


@click.command()
@click.option("--seconds", default=20.0)
def main(seconds: float) -> None:
    """Print what came of it."""
    print(measure(seconds).line())


if __name__ == "__main__":
    main()
