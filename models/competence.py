"""Says when a comment is outside what the model has learnt."""

FAMILIAR = frozenset(("en",))
"""Languages whose scores keep the promised error rates; others are scored, flagged and held."""


def flags(language: str) -> tuple[str, ...]:
    """Return the flags of a text in a language that `language_of` told.

    "unfamiliar_language": not English; "unfamiliar_text": no word that the model knows.
    """
    if not language:
        return ("unfamiliar_text",)
    return () if language in FAMILIAR else ("unfamiliar_language",)
