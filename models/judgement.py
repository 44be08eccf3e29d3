"""What the scorer says of a document: probabilities, and why."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Span:
    """Characters `start` to `end` of the body as given, and by how much they raised the logit.

    `weight` is exact: it is the logit of the score less the logit of the same document with
    these characters removed, linear part and network together; of spam before what is sold now is
    capped. Of the spans of a flag it is 0: nothing is measured there.
    """

    start: int
    end: int
    weight: float


@dataclass(frozen=True, slots=True)
class Judgement:
    """Calibrated probabilities a label, and what the model says against itself."""

    scores: Mapping[str, float]
    flags: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a score is what it is: a sentence for a moderator, and spans of the body."""

    label: str
    text: str
    spans: tuple[Span, ...]
