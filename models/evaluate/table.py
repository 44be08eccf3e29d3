"""The rows of the table: what is measured, the floor, and how they print."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Measured:
    """One measure: the textbook's value, ours, the floor and what to reach for.

    `better` is "higher" or "lower"; a NaN prints as a dash; `note` says what was measured.
    """

    name: str
    textbook: float
    ours: float
    floor: float
    reach: float
    better: str = "higher"
    rows: int = 0
    note: str = ""

    @property
    def verdict(self) -> str:
        """Return "reach", "floor" or "MISSED"."""
        if self._meets(self.reach):
            return "reach"
        return "floor" if self._meets(self.floor) else "MISSED"

    def _meets(self, bound: float) -> bool:
        if math.isnan(self.ours):
            return False
        return self.ours >= bound if self.better == "higher" else self.ours <= bound


def number(value: float) -> str:
    """Return a value as the table prints it."""
    if math.isnan(value):
        return "–"
    return f"{value:,.0f}" if abs(value) >= 10 else f"{value:.4f}".rstrip("0").rstrip(".")


def markdown_table(titles: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return titles and rows of cells as a Markdown table."""
    lines = [f"| {' | '.join(cells)} |" for cells in rows]
    return "\n".join([f"| {' | '.join(titles)} |", "|---" * len(titles) + "|", *lines])


def markdown(rows: Sequence[Measured]) -> str:
    """Return the table as Markdown."""
    titles = ("measured", "textbook", "ours", "floor", "reach for", "verdict", "n", "note")
    return markdown_table(titles, map(_cells, rows))


def _cells(row: Measured) -> tuple[str, ...]:
    sign = "≥" if row.better == "higher" else "≤"
    return (
        row.name,
        number(row.textbook),
        f"**{number(row.ours)}**",
        f"{sign} {number(row.floor)}",
        f"{sign} {number(row.reach)}",
        row.verdict,
        f"{row.rows:,}" if row.rows else "",
        row.note,
    )
