"""Memory of the worker and of the whole product, as PSS, after some thousand comments.

python -m benchmarks.memory [--comments 2000]

PSS counts a page that several processes share once in all, so the sum is what a machine must have.
The baseline is the model's own size, its files on disk. The load before the look fills caches,
pools and threads: memory right after the start would flatter.
"""

from collections.abc import Iterator
from pathlib import Path

import click

from benchmarks import builds
from benchmarks.load import Plan, run
from benchmarks.report import Row
from benchmarks.sustained import WAIT, catch_up
from tests.product import Product, child_processes, command_line

MODELS = Path(__file__).resolve().parent.parent / "models" / "shipped"
MIB = 1024.0


def family(pid: int) -> Iterator[int]:
    """A process and all that descend from it."""
    yield pid
    for child in child_processes(pid):
        yield from family(child)


def pss_mb(pid: int) -> float:
    """Proportional set size of one process, MiB; 0 when it has ended."""
    try:
        text = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii")
    except (FileNotFoundError, ProcessLookupError):
        return 0.0
    [line] = [line for line in text.splitlines() if line.startswith("Pss:")]
    return int(line.split()[1]) / MIB


def by_process(product: Product) -> dict[str, float]:
    """MiB of each process, by what it does."""
    found: dict[str, float] = {}
    for pid in family(product.child.process.pid):
        words = command_line(pid)
        name = "redis" if words and words[0].endswith("valkey-server") else words[-1:]
        title = name if isinstance(name, str) else (name[0] if name else "ended")
        known = ("web", "worker", "sweep", "redis")
        title = title if title in known else f"other ({title.rsplit('/', 1)[-1][:30]})"
        found[title] = found.get(title, 0.0) + pss_mb(pid)
    return found


def model_mb() -> float:
    """The newest shipped model on disk, MiB."""
    newest = max(folder for folder in MODELS.iterdir() if folder.is_dir())
    return sum(file.stat().st_size for file in newest.rglob("*")) / MIB / MIB


def measure(comments: int) -> dict[str, float]:
    """MiB by process after so many comments, and in all."""
    with builds.product() as target:
        assert target.product
        rate = 150.0
        headers = {**target.headers, **WAIT}
        run(Plan(target.url, comments / rate, 64, rate, headers))
        catch_up(target)
        found = by_process(target.product)
        return {**found, "all": sum(found.values())}


def rows(found: dict[str, float]) -> list[Row]:
    """The rows of the table."""
    model = [model_mb()]
    return [
        Row("memory (PSS) of the worker; baseline the model's files", "MiB", [found["worker"]],
            model, (200, 120), less=True, absolute=True),
        Row("memory (PSS) of all of `commentdesk up`", "MiB", [found["all"]],
            model, (350, 220), less=True, absolute=True),
    ]  # fmt: skip


@click.command()
@click.option("--comments", default=2000)
def main(comments: int) -> None:
    """Print what each process holds, and the rows."""
    found = measure(comments)
    for name, mib in found.items():
        print(f"{name:20} {mib:7.1f} MiB")
    for row in rows(found):
        print(row.line())


if __name__ == "__main__":
    main()
