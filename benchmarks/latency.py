"""How long a caller waits for the decision: idle, at half the sustained rate, and up to the knee.

python -m benchmarks.latency [--rounds 5] [--seconds 20] [--sustained 0] [--plot FILE.svg]

Idle: one caller after the other. Loaded: an open loop at a fixed rate, latency counted from the
moment each request was meant to start. The baseline of the idle row is what no build can avoid,
measured by turns in this process: two round trips to a Redis on a unix socket and one scoring. The
plot shows latency against rate; where it leaves the ground is the knee.
"""

import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import click
import redis

from benchmarks import builds
from benchmarks.comments import comments
from benchmarks.load import Plan, Result, percentiles, run
from benchmarks.report import Row
from benchmarks.sustained import SUSTAINED_S, WAIT, catch_up, waiting
from models.document import Document
from models.predict import Scorer
from tests import processes

IDLE_REQUESTS = 300
SHARES = (0.1, 0.25, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0, 1.1)
CONNECTIONS = 256


@dataclass(frozen=True)
class Round:
    """One round: p50 in ms idle, of the baseline, and p50 and p99 at half the sustained rate."""

    idle_p50: float
    idle_p99: float
    baseline_p50: float
    half_p50: float
    half_p99: float


def at_rate(target: builds.Target, rate: float, seconds: float) -> Result:
    """An open loop of callers who wait."""
    headers = {**target.headers, **WAIT}
    return run(Plan(target.url, seconds, CONNECTIONS, rate, headers))


def sustained_rate(target: builds.Target, seconds: float = SUSTAINED_S) -> float:
    """Comments decided a second, their callers waiting."""
    rate = waiting(target, seconds).decided_per_s
    catch_up(target)
    return rate


def measure(
    target: builds.Target, rounds: int, seconds: float, sustained: float
) -> Iterator[Round]:
    """Idle, baseline and half the sustained rate, by turns."""
    scorer = Scorer.load()
    with embedded_redis() as client:
        for _ in range(rounds):
            idle = waiting(target, seconds / 2, callers=1).percentiles_ms
            base = percentiles(list(least(client, scorer)))
            half = at_rate(target, sustained / 2, seconds).percentiles_ms
            catch_up(target)
            yield Round(idle["p50"], idle["p99"], base["p50"], half["p50"], half["p99"])


def least(client: "redis.Redis", scorer: Scorer) -> Iterator[float]:
    """Two round trips and one scoring, ms, one after the other."""
    for item in comments(IDLE_REQUESTS):
        document = Document(item["body"], item["body_format"])
        begin = time.perf_counter()
        client.set("k", "v")
        scorer.score([document])
        client.get("k")
        yield (time.perf_counter() - begin) * 1000


@contextmanager
def embedded_redis() -> Iterator["redis.Redis"]:
    """The Redis that `commentdesk up` embeds, on a unix socket."""
    with tempfile.TemporaryDirectory(prefix="latency-") as folder:
        child = subprocess.Popen(
            builds.redis_command(Path(folder)), stdout=subprocess.DEVNULL, start_new_session=True
        )
        client = redis.Redis(unix_socket_path=f"{folder}/redis.sock")
        try:
            processes.wait_for(lambda: Path(f"{folder}/redis.sock").exists(), "Redis listens")
            yield client
        finally:
            child.terminate()
            child.wait()


def knee(
    target: builds.Target, sustained: float, seconds: float
) -> list[tuple[float, dict[str, float]]]:
    """(rate, percentiles in ms) at shares of the sustained rate."""
    points = []
    for share in SHARES:
        result = at_rate(target, share * sustained, seconds)
        print(f"{share:.0%} of {sustained:.0f}/s: {result.percentiles_ms}", file=sys.stderr)
        if result.percentiles_ms:
            points.append((share * sustained, result.percentiles_ms))
        catch_up(target)
    return points


def plot(points: list[tuple[float, dict[str, float]]], file: Path) -> None:
    """Latency against rate, as SVG."""
    import matplotlib as mpl  # noqa: PLC0415  # a development tool, slow to import

    mpl.use("svg")
    mpl.rcParams["svg.hashsalt"] = "commentdesk"
    from matplotlib import pyplot as plt  # noqa: PLC0415  # after the choice of what draws

    figure, axes = plt.subplots(figsize=(7, 4))
    for name in ("p50", "p90", "p99"):
        axes.plot([rate for rate, _ in points], [p[name] for _, p in points], "o-", label=name)
    axes.set(xlabel="comments a second, open loop", ylabel="ms until the decision", yscale="log")
    axes.grid(visible=True, alpha=0.3)
    axes.legend()
    figure.tight_layout()
    figure.savefig(file, metadata={"Date": None})


def rows(rounds: list[Round]) -> list[Row]:
    """The rows of the table."""
    baselines = [one.baseline_p50 for one in rounds]
    return [
        Row("`Prefer: wait`, idle, p50; baseline two Redis round trips and one scoring", "ms",
            [one.idle_p50 for one in rounds], baselines, (5, 2.5), less=True, absolute=True),
        Row("the same at half the sustained rate, p50", "ms",
            [one.half_p50 for one in rounds], baselines, (5, 2.5), less=True, absolute=True),
        Row("the same at half the sustained rate, p99", "ms",
            [one.half_p99 for one in rounds], baselines, (50, 25), less=True, absolute=True),
    ]  # fmt: skip


@click.command()
@click.option("--rounds", default=5)
@click.option("--seconds", default=20.0)
@click.option("--sustained", default=0.0, help="Comments decided a second; 0: measure it first.")
@click.option("--plot", "file", type=click.Path(path_type=Path))
def main(rounds: int, seconds: float, sustained: float, file: Path | None) -> None:
    """Print the rows, and draw the knee."""
    with builds.product() as target:
        rate = sustained or sustained_rate(target)
        for row in rows(list(measure(target, rounds, seconds, rate))):
            print(row.line())
        if file:
            plot(knee(target, rate, seconds / 2), file)


if __name__ == "__main__":
    main()
