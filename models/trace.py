"""Rewriting steps that can also say where each character came from."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

Piece = str | int
"""A literal, or the number of a group of the match that is kept as it stands."""


@dataclass(slots=True)
class Trace:
    """A text with, for each character, the range of the original that it stands for."""

    text: str
    starts: list[int]
    ends: list[int]

    @classmethod
    def of(cls, text: str) -> "Trace":
        """Return the identity trace of a text."""
        return cls(text, list(range(len(text))), list(range(1, len(text) + 1)))

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return the range of the original that `text[start:end]` (not empty) came from."""
        return min(self.starts[start:end]), max(self.ends[start:end])


class _Builder:
    """Collects the parts of a rewritten trace."""

    def __init__(self, source: Trace) -> None:
        self.source = source
        self.parts: list[str] = []
        self.starts: list[int] = []
        self.ends: list[int] = []

    def keep(self, start: int, end: int) -> None:
        """Copy a range as it is."""
        self.parts.append(self.source.text[start:end])
        self.starts += self.source.starts[start:end]
        self.ends += self.source.ends[start:end]

    def put(self, literal: str, start: int, end: int) -> None:
        """Write `literal` in place of a range: letter by letter if it is one word as long."""
        if len(literal) == end - start and " " not in literal:
            self.starts += self.source.starts[start:end]
            self.ends += self.source.ends[start:end]
        elif literal:
            first, last = self.source.span(start, end)
            self.starts += [first] * len(literal)
            self.ends += [last] * len(literal)
        self.parts.append(literal)

    def done(self) -> Trace:
        """Return the rewritten trace."""
        return Trace("".join(self.parts), self.starts, self.ends)


@dataclass(frozen=True, slots=True)
class Rewrite:
    """One substitution: a pattern and what its matches turn into."""

    name: str
    pattern: re.Pattern[str]
    pieces: Callable[[re.Match[str]], Iterable[Piece]]
    guard: Callable[[str], object] = bool
    """A cheap test of the text: falsy means that the pattern cannot match."""

    def plain(self, text: str) -> tuple[str, int]:
        """Return a text that passes the guard rewritten, and how often the pattern matched."""
        return self.pattern.subn(self._rendered, text)

    def _rendered(self, match: re.Match[str]) -> str:
        return "".join(
            piece if isinstance(piece, str) else match[piece] or "" for piece in self.pieces(match)
        )

    def traced(self, trace: Trace) -> Trace:
        """Return the same rewriting with its origins."""
        if not self.guard(trace.text):
            return trace
        builder = _Builder(trace)
        last = 0
        for match in self.pattern.finditer(trace.text):
            builder.keep(last, match.start())
            for piece in self.pieces(match):
                _put(builder, match, piece)
            last = match.end()
        builder.keep(last, len(trace.text))
        return builder.done()


def _put(builder: _Builder, match: re.Match[str], piece: Piece) -> None:
    if isinstance(piece, str):
        builder.put(piece, match.start(), match.end())
    elif match[piece]:
        builder.keep(*match.span(piece))


@dataclass(frozen=True, slots=True)
class Translation:
    """A character-by-character rewriting by a table for `str.translate`."""

    table: "FoldTable"

    def plain(self, text: str) -> str:
        """Return the translated text."""
        return text if text.isascii() else text.translate(self.table)

    def traced(self, trace: Trace) -> Trace:
        """Return the same translation with its origins."""
        if trace.text.isascii():
            return trace
        builder = _Builder(trace)
        for index, char in enumerate(trace.text):
            builder.put(self.table[ord(char)], index, index + 1)
        return builder.done()


class FoldTable(dict[int, str]):
    """A translation table that works out each character when it is first met."""

    def __init__(self, fold: Callable[[str], str]) -> None:
        super().__init__()
        self._fold = fold

    def __missing__(self, code: int) -> str:
        folded = self._fold(chr(code))
        self[code] = folded
        return folded
