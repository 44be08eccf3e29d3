"""Says which authors' names are abuse themselves.

Readers see the name over a comment as well. Nobody labelled names; docs/models.md has what is found
among those under plain comments.
"""

import re
from collections.abc import Callable, Iterable, Sequence

import numpy as np
import numpy.typing as npt

from models.alternatives import any_of
from models.rare_abuse import is_rare_abuse
from models.text import Normal, Normaliser

Toxicity = Callable[[Sequence[str]], npt.NDArray[np.float64]]
"""Says how toxic neutral texts are, a probability each."""
ABUSIVE_NAME = "abusive_name"
"""Flag of a comment whose author's name is abuse."""
TOXIC_FROM = 0.6
"""Toxicity of a name, a probability, from which it is called abuse."""
RUDE_CHARS_MIN = 3
"""Letters of a word that makes a name doubtful wherever it is in it."""
_SIGNS = re.compile(r"[\W_]+")


class Names:
    """Tells abusive names."""

    def __init__(
        self,
        normaliser: Normaliser,
        toxicity: Toxicity,
    ) -> None:
        self._normaliser = normaliser
        self._toxicity = toxicity
        abusive = filter(str.isalpha, normaliser.lexicon.abusive)
        self._rude = re.compile(any_of(word for word in abusive if len(word) >= RUDE_CHARS_MIN))

    def abusive(self, names: Iterable[str]) -> set[str]:
        """Return those names that are abuse: toxic, rare or with stacked marks.

        Only a name that has a rude word in it, alone or run together with others, is judged.
        """
        normals = {name: self._normaliser.normalise(name) for name in names}
        found = {name for name, normal in normals.items() if _is_unsightly(normal)}
        doubtful = {name: one.text for name, one in normals.items() if self._has_rude(one.text)}
        scores = self._toxicity(list(doubtful.values())).tolist()
        judged = zip(doubtful, scores, strict=True)
        return found | {name for name, score in judged if score >= TOXIC_FROM}

    def _has_rude(self, name: str) -> bool:
        return bool(self._rude.search(_SIGNS.sub("", name)))


def _is_unsightly(normal: Normal) -> bool:
    return normal.stacked or is_rare_abuse(normal.text)
