"""Whether a text hides letters behind other signs, as moderators are told; scores count more."""

import html
import re
import unicodedata

from models.marks import HIDDEN
from models.text import (
    ALL_LOOKALIKE,
    FOLD,
    LOOKALIKE,
    MARKS,
    NOT_ASCII,
    clipped,
    composed,
    in_a_box,
    is_fancy,
)

_HIDDEN_INSIDE = re.compile(rf"(?<=[A-Za-z])(?:{HIDDEN.pattern})+(?=[A-Za-z])")


def hides_letters(raw: str) -> bool:
    """Tell whether letters are disguised; accents, raised digits and emoji disguise none."""
    text = html.unescape(clipped(raw))
    if text.isascii():
        return False
    if _HIDDEN_INSIDE.search(text) or any(map(_is_fancy_letter, NOT_ASCII.findall(text))):
        return True
    if any(map(_marks_a_letter, MARKS.pattern.finditer(text))):
        return True
    folded = FOLD.plain(MARKS.plain(text)[0])
    steps = (step for step in (LOOKALIKE, ALL_LOOKALIKE) if step.guard(folded))
    return any(step.plain(folded)[0] != folded for step in steps)


def _is_fancy_letter(char: str) -> bool:
    if char in "ªº" or not is_fancy(char):
        return False
    folded = in_a_box(char) or unicodedata.normalize("NFKC", char)
    return len(folded) == 1 and folded.isalpha()  # two are a ligature, as books have them


def _marks_a_letter(match: re.Match[str]) -> bool:
    """Tell whether a letter has marks that do not make it another one."""
    whole = composed(match[1] + match[2][:3])  # a long stack takes long to be composed
    return whole[0].isalpha() and len(whole) > (1 if whole[0].isascii() else 2)
