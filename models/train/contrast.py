"""Sentences that differ in little and mean the opposite: denied, quoted, of things, of oneself.

Comments as they come hardly ever deny or condemn an insult, so that a model learns its words
alone. Method: contrast sets (Kaushik et al. 2020, Gardner et al. 2020), used for training. They
are sentences of our own with words put in, which name no group of people, and frames of our own
around what people really wrote.
"""

import re
from collections.abc import Iterator, Sequence

import numpy as np

from models.train.rows import Row
from models.train.templates import SLOT, TEXTS, parts, slots

FILLS = {"plain": 14, "insult": 22, "threat": 16}
"""How often each sentence of a part is filled."""
FRAMED_ROWS = {"condemns": 900, "agrees": 700}
CONDEMNED_SHARE = 0.1
"""What a label of 1 becomes when a comment is quoted to condemn it: mostly innocent, not always.
Dirty words stay dirty words."""
READS_CONTRAST = (False, True)
"""Whether each of the network's teachers, in their order, learns from these sentences too."""
SAID_CHARS = (12, 90)
WEIGHT = 0.5
_ATTACKS = ("insult", "identity_hate", "imp", "storm", "civil_insult", "civil_identity")
_WORDS = ("obscene", "civil_obscene", "dav_off")
_KNOWN = {
    "plain": dict.fromkeys(
        ("toxic", "severe_toxic", "threat", "insult", "identity_hate", "civil", "civil_insult",
         "civil_threat", "imp"), 0.0
    ),
    "insult": dict.fromkeys(("toxic", "insult", "civil", "civil_insult", "imp"), 1.0)
    | {"threat": 0.0},
    "threat": dict.fromkeys(("toxic", "threat", "civil", "civil_threat"), 1.0),
}  # fmt: skip
_ARTICLE = re.compile(r"\b([Aa]) (?=[aeiou])")


def contrast(rows: Sequence[Row], seed: int = 0) -> Iterator[Row]:
    """Yield filled sentences, then frames around short attacks among `rows`, in a fixed order."""
    rng = np.random.default_rng(seed)
    words = slots(TEXTS / "slots.txt")
    for kind, sentences in parts(TEXTS / "contrast.txt").items():
        for sentence in sentences:
            texts = {_filled(sentence, words, rng) for _ in range(FILLS[kind])}
            yield from (Row(text, "contrast", _KNOWN[kind], WEIGHT) for text in sorted(texts))
    yield from _framed(rows, rng)


def _framed(rows: Sequence[Row], rng: np.random.Generator) -> Iterator[Row]:
    attacks = [row for row in rows if _is_short_attack(row)]
    order = iter(rng.permutation(len(attacks)).tolist())
    for part, frames in parts(TEXTS / "frames.txt").items():
        for _, at in zip(range(FRAMED_ROWS[part]), order, strict=False):
            row = attacks[at]
            frame = frames[int(rng.integers(len(frames)))]
            text = frame.replace("{said}", row.text.strip().strip('"'))
            labels = _condemned(row.labels) if part == "condemns" else row.labels
            yield Row(text, "contrast", labels, WEIGHT, origin=row.whole)


def _is_short_attack(row: Row) -> bool:
    fits = SAID_CHARS[0] <= len(row.text) <= SAID_CHARS[1] and "\n" not in row.text.strip()
    return fits and any(row.labels.get(head, 0.0) >= 0.5 for head in _ATTACKS)


def _condemned(labels: dict[str, float]) -> dict[str, float]:
    return {head: value * CONDEMNED_SHARE for head, value in labels.items() if head not in _WORDS}


def _filled(sentence: str, words: dict[str, list[str]], rng: np.random.Generator) -> str:
    def word(match: re.Match[str]) -> str:
        choice = words[match[1]]
        return choice[int(rng.integers(len(choice)))]

    text = _ARTICLE.sub(r"\1n ", SLOT.sub(word, sentence.replace("{an_", "a {")))
    return text[0].upper() + text[1:]
