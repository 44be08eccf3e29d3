"""Says when a comment is outside what the model has learnt."""

from models.slurs import has_rare_slur
from models.text import Normal

FAMILIAR = frozenset(("en",))
"""Languages whose scores keep the promised error rates; others are scored, flagged and held."""


ABUSIVE_NAME = "abusive_name"
"""Flag of a comment whose author's name is abuse itself."""
NAME_TOXIC_FROM = 0.5
"""Toxicity of a name, a probability, from which it is called abuse. Nobody labelled names; how many
under plain comments have it is in docs/models.md."""


def is_abusive_name(toxicity: float, normal: Normal) -> bool:
    """Tell it from a neutral name and its score; a rare slur or stacked marks are enough alone."""
    return toxicity >= NAME_TOXIC_FROM or normal.stacked or has_rare_slur(normal.text)


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
