"""Abuse among plain sentences: how much of it a long comment hides."""

import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from models.document import Document
from models.evaluate.decisions import outcome
from models.policy import Policy
from models.predict import Scorer
from models.train.rows import Row

SEED = 3
PAIRS = 300
ABUSE_CHARS_MAX = 120
LENGTHS = ((600, 1200), (1200, 2500))
"""Characters of the plain comments, from and below."""
PLACES = ("first", "among", "last")
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+")


@dataclass(frozen=True, slots=True)
class Hidden:
    """How many long comments with a short abusive one in them are held, by its place."""

    chars: tuple[int, int]
    held: dict[str, int]
    count: int


def hidden_abuse(
    scorer: Scorer, rows: Sequence[Row], done: Sequence[str], policy: Policy
) -> list[Hidden]:
    """Put short abusive comments, held alone, into long plain ones, approved alone; seeded.

    `done` is the outcome of each row alone.
    """
    rng = random.Random(SEED)  # noqa: S311 - not for secrets
    abuse = [
        row.text.strip()
        for row, what in zip(rows, done, strict=True)
        if row.labels["any"] > 0 and what != "approve" and len(row.text) <= ABUSE_CHARS_MAX
    ]
    plain = [
        row.text.strip()
        for row, what in zip(rows, done, strict=True)
        if not row.labels["any"] and what == "approve"
    ]
    return [
        _held(scorer, policy, chars, list(_pairs(abuse, fitting, rng)), rng)
        for chars in LENGTHS
        if (fitting := [text for text in plain if chars[0] <= len(text) < chars[1]]) and abuse
    ]


def _pairs(
    abuse: Sequence[str], plain: Sequence[str], rng: random.Random
) -> Iterator[tuple[str, str]]:
    for _ in range(PAIRS):
        yield rng.choice(abuse), rng.choice(plain)


def _held(
    scorer: Scorer,
    policy: Policy,
    chars: tuple[int, int],
    pairs: Sequence[tuple[str, str]],
    rng: random.Random,
) -> Hidden:
    held = dict.fromkeys(PLACES, 0)
    for place in PLACES:
        texts = [within(abuse, plain, place, rng) for abuse, plain in pairs]
        for judgement in scorer.score([Document(text) for text in texts]):
            held[place] += outcome(judgement, policy) != "approve"
    return Hidden(chars, held, len(pairs))


def within(short: str, plain: str, place: str, rng: random.Random) -> str:
    """Return a plain text with a short one as its first or last sentence, or among the others."""
    sentences = _SENTENCE_END.split(plain)
    at = {"first": 0, "last": len(sentences)}.get(place, rng.randint(1, max(1, len(sentences) - 1)))
    ended = short if short[-1:] in ".!?" else f"{short}."
    return " ".join([*sentences[:at], ended, *sentences[at:]])
