"""Says when a comment is outside what the model has learnt."""

from models.slurs import has_rare_slur
from models.text import Normal

FAMILIAR = frozenset(("en",))
"""Languages whose scores keep the promised error rates; others are scored, flagged and held."""


def flags(language: str, normal: Normal) -> tuple[str, ...]:
    """Return the flags of a neutral text in a language that `language_of` told.

    "unfamiliar_language": not English; "unfamiliar_text": too short to tell, with hardly a word
    that the model knows, or with marks stacked on a sign, which readers see and the neutral form
    lacks; "unfamiliar_slur": a slur that it has hardly met.
    """
    slur = ("unfamiliar_slur",) if has_rare_slur(normal.text) else ()
    if not language or normal.stacked:
        return ("unfamiliar_text", *slur)
    return slur if language in FAMILIAR else ("unfamiliar_language", *slur)
