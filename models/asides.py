"""Says whether a comment's markup is abuse: words in tags, titles and attributes.

The neutral form lacks them, since most markup says nothing. But a page that shows comments as plain
text shows them all, and one that shows HTML shows titles.
"""

from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt

from models.markup import in_markup
from models.slurs import has_rare_slur
from models.text import Normaliser, clipped

ABUSIVE_MARKUP = "abusive_markup"
"""Flag of a comment whose markup is abuse."""
TOXIC_FROM = 0.3
"""Toxicity of the words in markup, a probability, from which they are called abuse."""


WORDS_MIN = 3
"""Fewer words are judged only if one of them is rude."""


class Asides:
    """Tells abusive markup; `toxicity` returns probabilities of neutral texts."""

    def __init__(
        self,
        normaliser: Normaliser,
        toxicity: Callable[[Sequence[str]], npt.NDArray[np.float64]],
    ) -> None:
        self._normaliser = normaliser
        self._toxicity = toxicity

    def abusive(self, bodies: Sequence[str]) -> set[int]:
        """Return the places of those bodies whose markup is abuse."""
        found = {at: in_markup(clipped(body)) for at, body in enumerate(bodies)}
        texts = {at: self._normaliser.normalise(said).text for at, said in found.items() if said}
        texts = {at: text for at, text in texts.items() if self._says_something(text)}
        scores = self._toxicity(list(texts.values())).tolist()
        return {
            at
            for (at, text), score in zip(texts.items(), scores, strict=True)
            if score >= TOXIC_FROM or has_rare_slur(text)
        }

    def _says_something(self, text: str) -> bool:
        """Tell whether a text is more than names in some code, which are not judged."""
        words = text.split()
        abusive = self._normaliser.lexicon.abusive
        return (
            len(words) >= WORDS_MIN or any(word in abusive for word in words) or has_rare_slur(text)
        )
