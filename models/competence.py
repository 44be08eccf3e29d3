"""Says when a comment is outside what the model has learnt."""

from models.features import TEXT_CHARS_MAX
from models.languages import has_other_passage
from models.rare_abuse import rare_abuse
from models.text import Normal

FAMILIAR = frozenset(("en",))
"""Languages whose scores keep the promised error rates; others are scored, flagged and held."""


def flags(language: str, normal: Normal) -> tuple[str, ...]:
    """Return the flags of a neutral text in a language that `language_of` told.

    Those of `doubts`; "unfamiliar_slur" and "unfamiliar_abuse": a slur, a wish, a threat or a swear
    word that the model has hardly met, found by a list.
    """
    return (*doubts(language, normal), *rare_abuse(normal.text))


def doubts(language: str, normal: Normal) -> tuple[str, ...]:
    """Return the flags of a text that no list of words finds.

    "unfamiliar_language": not English, or with a passage that is not; "unfamiliar_text": too short
    to tell, with hardly a word that the model knows, or with marks stacked on a sign, which readers
    see and the neutral form lacks; "unfamiliar_length": longer than what is read.
    """
    is_long = normal.cut or len(normal.cased) > TEXT_CHARS_MAX
    found = ["unfamiliar_length"] if is_long else []
    if not language or normal.stacked:
        found.append("unfamiliar_text")
    elif language not in FAMILIAR or has_other_passage(normal.text):
        found.append("unfamiliar_language")
    return tuple(found)
