"""Hand-written test comments: functions in the manner of HateCheck, and one article's readers."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from models.train.folds import fold_of
from models.train.readers import readers
from models.train.templates import SLOT, lines_of_text, parts, slots

FOLDER = Path(__file__).parent / "case_texts"


@dataclass(frozen=True, slots=True)
class Case:
    """A comment with what it is ("plain", "abuse" or "spam") and what it tests."""

    function: str
    verdict: str
    text: str


@cache
def _slots() -> dict[str, list[str]]:
    return slots(FOLDER / "slots.txt")


def _filled(template: str) -> list[str]:
    slot = SLOT.search(template)
    if not slot:
        return [template]
    texts = [template.replace(slot[0], value) for value in _slots()[slot[1]]]
    return [text[:1].upper() + text[1:] for text in texts]


def functional_cases() -> list[Case]:
    """Return all functional cases, templates filled."""
    cases: list[Case] = []
    for header, templates in parts(FOLDER / "functions.txt").items():
        function, verdict, _ = header.split(" | ", 2)
        for template in templates:
            cases += [Case(function, verdict, text) for text in _filled(template)]
    return cases


def article_cases() -> list[Case]:
    """Return the comments under an article on North Korea, Russia and fighter jets."""
    pairs = (line.split(" | ", 1) for line in lines_of_text(FOLDER / "fighter_jets.txt"))
    return [Case("fighter_jets", verdict, text) for verdict, text in pairs]


def reader_cases() -> list[Case]:
    """Return the test fifth of our own readers' comments.

    They are plain, plain with swear words, insults, hate or threats.
    """
    rows = [row for row in readers() if fold_of(row.text) == "test"]
    return [Case("readers", _kind(row.labels), row.text) for row in rows]


def _kind(labels: Mapping[str, float]) -> str:
    if not labels.get("toxic"):
        return "plain, swearing" if labels["obscene"] else "plain"
    if labels["threat"]:
        return "threat"
    return "hate" if labels["identity_hate"] else "insult"
