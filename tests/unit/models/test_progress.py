"""What long commands show while they work."""

import io
import sys
from contextlib import suppress

import pytest

from models.progress import Progress


class _Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_elsewhere_than_on_a_terminal_each_thing_said_is_a_line(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with Progress(2) as say:
        say("reads")
        say("fits")
        say("half of it", 0.5)
    lines = capsys.readouterr().err.splitlines()
    assert [line.split(maxsplit=2)[2] for line in lines] == ["reads", "fits", "half of it"]


def test_on_a_terminal_a_bar_grows_to_its_end(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = _Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    with Progress(2) as say:
        say("reads")
        say("fits")
        say("half of it", 0.5)
    shown = terminal.getvalue()
    assert [part in shown for part in ("0%", "50%", "75%", "100%", "half of it")] == [True] * 5


def test_a_bar_that_breaks_off_does_not_claim_to_be_done(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = _Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    with suppress(ValueError), Progress(2) as say:
        say("reads")
        raise ValueError
    assert "100%" not in terminal.getvalue()
