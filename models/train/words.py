"""Makes the lexicon: words with counts, and which of them occur mostly in toxic comments."""

import re
from collections import Counter
from collections.abc import Iterable

from models.lexicon import Lexicon
from models.text import Normaliser

ROWS_MIN = 6
"""A word in fewer comments is not kept: it may be a name."""
ABUSIVE_ROWS_MIN = 8
ABUSIVE_SHARE_MIN = 0.6
_WORD = re.compile(r"[^\W\d_]+(?:'[a-z]{1,2})?")


def make_lexicon(rows: Iterable[tuple[str, bool | None]]) -> Lexicon:
    """Return the lexicon of (text, toxic or None for unknown) pairs."""
    normaliser = Normaliser(Lexicon.of({}, ()))
    counts: Counter[str] = Counter()
    judged: Counter[str] = Counter()
    toxic: Counter[str] = Counter()
    for text, label in rows:
        words = set(_WORD.findall(normaliser.normalise(text).text))
        counts.update(words)
        if label is not None:
            judged.update(words)
            toxic.update(words if label else ())
    kept = {word: count for word, count in sorted(counts.items()) if count >= ROWS_MIN}
    abusive = [
        word
        for word in kept
        if toxic[word] >= ABUSIVE_ROWS_MIN
        and toxic[word] >= ABUSIVE_SHARE_MIN * judged[word]
        and len(word) > 2
    ]
    return Lexicon.of(kept, abusive)
