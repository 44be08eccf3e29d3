"""Start of `commentdesk up` until it is ready, the second time, against two imports.

python -m benchmarks.startup [--rounds 5]

The first start makes the database and the demo's account and is not counted. The baseline, by
turns: a Python that imports Flask and scikit-learn and ends, which any build of this must do.
"""

import subprocess
import tempfile
import time
from pathlib import Path

import click

from benchmarks.builds import installed_python
from benchmarks.report import Row
from tests import processes
from tests.product import running

IMPORTS = "import flask, sklearn.linear_model, sklearn.pipeline"


def until_ready_s(data: Path, port: int) -> float:
    """Seconds from the start until the terminal says that it runs."""
    begin = time.monotonic()
    with running(data, port=port, python=installed_python()):
        return time.monotonic() - begin


def import_s() -> float:
    """Seconds that Python takes to import both."""
    begin = time.monotonic()
    subprocess.run([installed_python(), "-c", IMPORTS], check=True)
    return time.monotonic() - begin


def measure(rounds: int) -> list[tuple[float, float]]:
    """(seconds until ready, seconds of the imports), by turns."""
    with tempfile.TemporaryDirectory(prefix="startup-") as folder:
        # The same port, as when somebody starts it again: another makes the demo's account change.
        data, port = Path(folder) / "data", processes.free_port()
        until_ready_s(data, port)
        import_s()
        return [(until_ready_s(data, port), import_s()) for _ in range(rounds)]


def rows(found: list[tuple[float, float]]) -> list[Row]:
    """The row of the table."""
    starts, imports = zip(*found, strict=True)
    return [
        Row("second start of `commentdesk up` until ready; baseline importing Flask and "
            "scikit-learn", "s", starts, imports, (2, 1.3), less=True),
    ]  # fmt: skip


@click.command()
@click.option("--rounds", default=5)
def main(rounds: int) -> None:
    """Print the row."""
    for row in rows(measure(rounds)):
        print(row.line())


if __name__ == "__main__":
    main()
