"""Says whether a comment's markup is abuse: words in tags, titles and attributes.

The neutral form lacks them, since most markup says nothing. But a page that shows comments as plain
text shows them all, and one that shows HTML shows titles.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from models.markup import in_markup
from models.names import Toxicity
from models.rare_abuse import has_rare_abuse
from models.text import Normaliser, clipped

ABUSIVE_MARKUP = "abusive_markup"
"""Flag of a comment whose markup is abuse."""
TOXIC_FROM = 0.3
"""Toxicity of the words in markup, a probability, from which they are called abuse."""
WORDS_MIN = 3
"""Fewer words are judged only if one of them is rude."""


@dataclass(frozen=True, slots=True)
class Asides:
    """Tells abusive markup."""

    normaliser: Normaliser
    toxicity: Toxicity

    def abusive(self, bodies: Sequence[str]) -> set[int]:
        """Return the places of those bodies whose markup is abuse: toxic, or rare."""
        found = {at: in_markup(clipped(body)) for at, body in enumerate(bodies)}
        texts = {at: self.normaliser.normalise(said).text for at, said in found.items() if said}
        slurs = {at for at, text in texts.items() if has_rare_abuse(text)}
        doubtful = {at: text for at, text in texts.items() if self._says_something(text)}
        scores = self.toxicity(list(doubtful.values())).tolist()
        judged = zip(doubtful, scores, strict=True)
        return slurs | {at for at, score in judged if score >= TOXIC_FROM}

    def _says_something(self, text: str) -> bool:
        """Tell whether a text is more than names in some code, which are not judged."""
        words = text.split()
        abusive = self.normaliser.lexicon.abusive
        return len(words) >= WORDS_MIN or any(word in abusive for word in words)
