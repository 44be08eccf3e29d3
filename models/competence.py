"""Says when a comment is outside what the model has learnt."""

import re

from models.lexicon import Lexicon
from models.text import Normal

KNOWN_SHARE_MIN = 0.5
"""Share of words that must be known for a text to be in a language the model has learnt."""
WORDS_MIN = 4
"""With fewer words the language cannot be told."""
_WORD = re.compile(r"[^\W\d_]+(?:'[a-z]{1,2})?")
_TYPED = frozenset(("url", "user", "emailaddr"))
_LATIN_LAST = "\u024f"


def known_share(lexicon: Lexicon, text: str) -> tuple[float, int]:
    """Return the share of known words in a neutral lower-case text, and the number of words."""
    words = [word for word in _WORD.findall(text) if word not in _TYPED]
    known = sum(word in lexicon or word.partition("'")[0] in lexicon for word in words)
    return (known / len(words) if words else 0.0), len(words)


def foreign_share(text: str) -> float:
    """Return the share of letters outside the Latin script."""
    if text.isascii():
        return 0.0
    letters = [char for char in text if char.isalpha()]
    foreign = sum(char > _LATIN_LAST and not "\u1e00" <= char <= "\u1eff" for char in letters)
    return foreign / len(letters) if letters else 0.0


def flags(lexicon: Lexicon, normal: Normal) -> tuple[str, ...]:
    """Return "unfamiliar_language" or "unfamiliar_text" where the scores should not be trusted."""
    text = normal.text
    share, words = known_share(lexicon, text)
    if foreign_share(text) > KNOWN_SHARE_MIN:
        return ("unfamiliar_language",)
    if words >= WORDS_MIN and share < KNOWN_SHARE_MIN:
        return ("unfamiliar_language",)
    return ("unfamiliar_text",) if share == 0 else ()
