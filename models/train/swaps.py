"""Comments with another group named in them: what is said decides, not of whom it is said.

Method: counterfactual token fairness by augmentation (Garg et al. 2019), on sentences that people
wrote. No template is used.
"""

import re
from collections.abc import Iterator, Sequence

import numpy as np

from models.train.rows import Row
from models.train.toxicity_rows import SENTENCE

PEOPLES = [
    "american",
    "british",
    "canadian",
    "mexican",
    "european",
    "german",
    "french",
    "italian",
    "polish",
    "irish",
    "indian",
    "chinese",
    "japanese",
    "korean",
    "russian",
    "ukrainian",
    "turkish",
    "arab",
    "african",
    "asian",
    "hispanic",
    "latino",
]
FAITHS = [
    "christian",
    "muslim",
    "jewish",
    "catholic",
    "protestant",
    "buddhist",
    "hindu",
    "sikh",
    "atheist",
]
LIVES = [
    "gay",
    "lesbian",
    "bisexual",
    "transgender",
    "trans",
    "queer",
    "homosexual",
    "heterosexual",
    "straight",
    "deaf",
    "blind",
    "disabled",
    "elderly",
    "young",
    "old",
    "black",
    "white",
]
TERMS = (*PEOPLES, *FAITHS, *LIVES)
"""Words that may be put in."""
_ELSEWHERE = {"polish", "straight", "old", "young", "black", "white", "blind", "trans"}
"""Words that often mean something else: they are put in, but not taken out."""
_FOUND = re.compile(
    r"(?<![\w-])({})(s?)(?![\w-])".format("|".join(one for one in TERMS if one not in _ELSEWHERE)),
    re.IGNORECASE,
)
_NO_PLURAL = ("sh", "ch", "ese")
_IDENTITY_HEADS = ("identity_hate", "civil_identity")
PLAIN_CHARS_MAX = 220
TOXIC_CHARS_MAX = 300
PLAIN_ROWS = 4_000
TOXIC_ROWS = 2_000
WEIGHT = 0.5
SOURCES = ("jigsaw", "jigsaw_more", "civil_")


def swapped(rows: Sequence[Row], seed: int = 0) -> Iterator[Row]:
    """Yield copies of rows in which one group is named instead of another, in a fixed order.

    A plain comment is cut to one sentence, which is as plain; a toxic one is kept whole. Each
    copy falls on the side of the text that it comes from.
    """
    rng = np.random.default_rng(seed)
    usable = [row for row in rows if row.source.startswith(SOURCES)]
    for value, most in ((0.0, PLAIN_ROWS), (1.0, TOXIC_ROWS)):
        left = most
        pool = [row for row in usable if row.labels.get("any") == value]
        for at in rng.permutation(len(pool)):
            text = _passage(pool[at].text, bool(value))
            if text and left:
                left -= 1
                yield _copy(pool[at], text, rng)


def _passage(text: str, toxic: bool) -> str:
    """Return what to copy of a text: a sentence that names a group, the whole text, or nothing."""
    if toxic:
        return text if len(text) <= TOXIC_CHARS_MAX and _FOUND.search(text) else ""
    sentences = (match[0].strip() for match in SENTENCE.finditer(text))
    fit = (one for one in sentences if len(one) <= PLAIN_CHARS_MAX and _FOUND.search(one))
    return next(fit, "")


def _copy(row: Row, text: str, rng: np.random.Generator) -> Row:
    word = TERMS[int(rng.integers(len(TERMS)))]

    def other(match: re.Match[str]) -> str:
        named = word.capitalize() if match[1][0].isupper() else word
        return named + ("" if named.endswith(_NO_PLURAL) else match[2])

    labels = {head: value for head, value in row.labels.items() if _still_true(head, value)}
    return Row(_FOUND.sub(other, text), "swapped", labels, WEIGHT, origin=row.whole)


def _still_true(head: str, value: float) -> bool:
    """Tell whether a label holds for the copy: not which group was attacked, if any was."""
    return value == 0.0 or head not in _IDENTITY_HEADS
