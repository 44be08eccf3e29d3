"""The second reading of the test part: what it says of decisions, and what it may hold."""

from pathlib import Path

import numpy as np
import pytest

from models.errors import ModelError
from models.evaluate import reading as module
from models.evaluate.reading import FILE, second_reading
from models.evaluate.run import test_comments as comments_of_test
from models.outputs import LABELS
from models.policy import Policy
from models.train.judge import Judged
from models.train.ratings import key_of, ratings
from models.train.rows import Row

POLICY: Policy = {"toxicity": {"hold": 0.5, "reject": None}}
PLAIN = {"toxic": 0.0, "any": 0.0}
TOXIC = {"toxic": 1.0, "any": 1.0}
NEWS = [
    Row("news, plain", "civil_care", {"civil": 0.0, "any": 0.0}),
    Row("news, toxic", "civil_care", {"civil": 1.0, "any": 1.0}),
]
"""Half of the natural mix, of which 8 % are toxic."""
READ_NEWS = {"news, plain": "0", "news, toxic": "9"}


def judged(*toxic: bool) -> Judged:
    """What a model says that is sure of each comment."""
    logits = np.full((len(toxic), len(LABELS)), -9.0)
    logits[:, LABELS.index("toxicity")] = np.where(toxic, 9.0, -9.0)
    return Judged(logits, np.zeros(len(toxic), dtype=bool))


@pytest.fixture
def codes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """Codes by text, written when `read` asks for them."""
    monkeypatch.setattr(module, "FILE", tmp_path / "reading.tsv")
    return {}


def write(codes: dict[str, str]) -> None:
    lines = (f"{key_of(text)}\t{code}\n" for text, code in codes.items())
    module.FILE.write_text("".join(lines), encoding="utf-8")


def test_labels_and_reading_are_told_apart(codes: dict[str, str]) -> None:
    rows = [Row("a", "jigsaw", PLAIN), Row("b", "jigsaw", PLAIN), Row("c", "jigsaw", TOXIC), *NEWS]
    write(codes | READ_NEWS | {"a": "0", "b": "7i", "c": "2"})
    approved, held = second_reading(rows, judged(False, False, True, False, True), POLICY)
    assert (approved.outcome, approved.count) == ("approve", 3)
    # Of Wikipedia's plain comments, .904 of its mass, one of two is toxic as we read it.
    assert approved.read == pytest.approx(0.452 / (0.904 + 0.92))
    assert (approved.labelled, approved.both) == (0.0, 0.0)
    assert approved.bound > approved.read
    assert (held.outcome, held.labelled) == ("hold", pytest.approx(1.0))
    assert held.read == held.both == pytest.approx(0.08 / (0.096 + 0.08))


def test_the_sample_stands_for_all_rows_of_its_kind(codes: dict[str, str]) -> None:
    """One of two labelled comments was read, and one of eight others: they weigh as all do."""
    rows = [Row(f"plain {n}", "jigsaw", PLAIN) for n in range(8)]
    rows += [Row(f"toxic {n}", "jigsaw", TOXIC) for n in range(2)]
    write(codes | READ_NEWS | {"plain 3": "0", "toxic 1": "9"})
    (approved,) = second_reading([*rows, *NEWS], judged(*[False] * 12), POLICY)
    assert approved.count == 4
    assert approved.labelled == pytest.approx((0.096 + 0.08) / 2)  # the natural rates
    assert approved.read == approved.both == approved.labelled


def test_comments_of_which_none_was_read_give_nothing(codes: dict[str, str]) -> None:
    rows = [Row("a", "jigsaw", PLAIN), Row("c", "jigsaw", TOXIC), *NEWS]
    write(codes | READ_NEWS | {"a": "0"})
    assert not second_reading(rows, judged(False, True, False, True), POLICY)


def test_a_line_that_is_no_reading_is_named(codes: dict[str, str]) -> None:
    write(codes)
    module.FILE.write_text("nothing\n", encoding="utf-8")
    with pytest.raises(ModelError, match=r"reading\.tsv, rating 1"):
        second_reading(NEWS, judged(False, True), POLICY)


def test_nothing_that_was_read_again_teaches() -> None:
    read = ratings(FILE)
    assert len(read) > 3_000
    assert not read.keys() & ratings().keys()


def test_only_the_test_part_was_read_again(shared_data: Path) -> None:
    test = {key_of(row.text) for row in comments_of_test(shared_data)}
    assert ratings(FILE).keys() <= test
