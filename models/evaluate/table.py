"""The rows of the table: what is measured, the floor, and how they print."""

import math
from collections.abc import Sequence
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


def markdown(rows: Sequence[Measured]) -> str:
    """Return the table as Markdown."""
    lines = [
        "| measured | textbook | ours | floor | reach for | verdict | n | note |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for row in rows:
        sign = "≥" if row.better == "higher" else "≤"
        cells = (
            row.name,
            number(row.textbook),
            f"**{number(row.ours)}**",
            f"{sign} {number(row.floor)}",
            f"{sign} {number(row.reach)}",
            row.verdict,
            f"{row.rows:,}" if row.rows else "",
            row.note,
        )
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines)
