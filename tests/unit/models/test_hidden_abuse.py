"""Abuse put into long comments, measured with a scorer that reads so many characters alone."""

from collections.abc import Sequence

import pytest

from models.document import Document
from models.evaluate.decisions import outcome
from models.evaluate.hidden import PAIRS, PLACES, Hidden, hidden_abuse
from models.judgement import Judgement
from models.policy import Policy
from models.train.rows import Row

POLICY: Policy = {"toxicity": {"hold": 0.5, "reject": None}}
PLAIN = "The bus is late again. " * 30


class Reader:
    """Finds idiots among the first characters of a text."""

    def __init__(self, chars: int) -> None:
        self.chars = chars

    def score(self, documents: Sequence[Document]) -> list[Judgement]:
        found = (float("idiot" in one.body[: self.chars]) for one in documents)
        return [Judgement({"toxicity": score}, ()) for score in found]


ROWS = [
    Row("You idiot", "jigsaw", {"any": 1.0}),
    Row("What nonsense, and nobody is called anything", "jigsaw", {"any": 1.0}),
    Row("idiot " * 30, "jigsaw", {"any": 1.0}),
    Row(PLAIN, "jigsaw", {"any": 0.0}),
    Row("No idiot. " + PLAIN, "jigsaw", {"any": 0.0}),
    Row("Short and plain.", "jigsaw", {"any": 0.0}),
]


def measured(reader: Reader, rows: Sequence[Row]) -> list[Hidden]:
    done = [outcome(one, POLICY) for one in reader.score([Document(row.text) for row in rows])]
    return hidden_abuse(reader, rows, done, POLICY)  # type: ignore[arg-type]  # a scorer's part


@pytest.mark.parametrize(("chars", "last"), [(10_000, PAIRS), (len(PLAIN), 0)])
def test_what_is_not_read_is_not_held(chars: int, last: int) -> None:
    (found,) = measured(Reader(chars), ROWS)
    assert found.count == PAIRS
    assert tuple(found.held) == PLACES
    assert found.held["first"] == PAIRS
    assert found.held["last"] == last


def test_without_long_plain_comments_there_is_nothing_to_say() -> None:
    rows = [row for row in ROWS if len(row.text) < 600]
    assert measured(Reader(100), rows) == []
