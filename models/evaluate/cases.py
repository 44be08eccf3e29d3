"""Hand-written test comments: functions in the manner of HateCheck, and one article's readers."""

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent / "case_texts"
_SLOT = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, slots=True)
class Case:
    """A comment with what it is ("plain", "abuse" or "spam") and what it tests."""

    function: str
    verdict: str
    text: str


def _lines(name: str) -> list[str]:
    text = (FOLDER / name).read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line.strip() and not line.startswith("# ")]


@cache
def _slots() -> dict[str, list[str]]:
    pairs = (line.split(": ", 1) for line in _lines("slots.txt"))
    return {name: values.split(" | ") for name, values in pairs}


def _filled(template: str) -> list[str]:
    slot = _SLOT.search(template)
    if not slot:
        return [template]
    texts = [template.replace(slot[0], value) for value in _slots()[slot[1]]]
    return [text[:1].upper() + text[1:] for text in texts]


def functional_cases() -> list[Case]:
    """Return all functional cases, templates filled."""
    cases: list[Case] = []
    function = verdict = ""
    for line in _lines("functions.txt"):
        if line.startswith("== "):
            function, verdict, _ = line[3:].split(" | ", 2)
        else:
            cases += [Case(function, verdict, text) for text in _filled(line)]
    return cases


def article_cases() -> list[Case]:
    """Return the comments under an article on North Korea, Russia and fighter jets."""
    pairs = (line.split(" | ", 1) for line in _lines("fighter_jets.txt"))
    return [Case("fighter_jets", verdict, text) for verdict, text in pairs]
