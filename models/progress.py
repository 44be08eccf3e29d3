"""How long commands tell what they are doing."""

import sys
import time
from types import TracebackType
from typing import Protocol, Self

import click

STEPS = 100
"""Into which the bar divides a stage."""


class Say(Protocol):
    """Says what is being done; `share`, from 0 to 1, is how much of it is done already.

    A share of 0 begins a new stage.
    """

    def __call__(self, what: str, share: float = 0.0) -> None:
        """Say it."""


class Progress:
    """A bar on a terminal; elsewhere a line for each thing said, with the seconds so far."""

    def __init__(self, stages: int) -> None:
        self.start = time.monotonic()
        self.begun = 0
        self.shown = sys.stderr.isatty()
        self.bar = click.progressbar(
            length=stages * STEPS,
            file=sys.stderr,
            hidden=not self.shown,
            update_min_steps=0,
            show_eta=False,
            item_show_func=lambda what: what and f"{self._seconds()}  {what}",
        )

    def __enter__(self) -> Self:
        self.bar.__enter__()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if error is None:
            self._move(self.bar.length or 0, "")
        self.bar.__exit__(kind, error, trace)

    def __call__(self, what: str, share: float = 0.0) -> None:
        """Begin a stage, or say how much of the present one is done."""
        self.begun += share == 0
        if not self.shown:
            click.echo(f"{self._seconds()}  {what}", err=True)
        self._move(int((self.begun - 1 + share) * STEPS), what)

    def _seconds(self) -> str:
        return f"{time.monotonic() - self.start:6.0f} s"

    def _move(self, position: int, what: str) -> None:
        self.bar.update(position - self.bar.pos, what)
