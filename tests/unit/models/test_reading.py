"""The second reading of the test part: what it says of decisions, and what it may hold."""

from pathlib import Path

import numpy as np
import pytest

from models.errors import ModelError
from models.evaluate import reading as module
from models.evaluate.limit import Limit, limits, share_within
from models.evaluate.reading import FILE, Read, Sample, sample_of, second_reading
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


def read_again(rows: list[Row], *toxic: bool) -> list[Read]:
    """What our reading says of decisions on rows of which it knows each kind."""
    sample = sample_of(rows)
    assert sample is not None
    return second_reading(sample, judged(*toxic), POLICY)


def write(codes: dict[str, str]) -> None:
    lines = (f"{key_of(text)}\t{code}\n" for text, code in codes.items())
    module.FILE.write_text("".join(lines), encoding="utf-8")


def test_labels_and_reading_are_told_apart(codes: dict[str, str]) -> None:
    rows = [Row("a", "jigsaw", PLAIN), Row("b", "jigsaw", PLAIN), Row("c", "jigsaw", TOXIC), *NEWS]
    write(codes | READ_NEWS | {"a": "0", "b": "7i", "c": "2"})
    approved, held = read_again(rows, False, False, True, False, True)
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
    (approved,) = read_again([*rows, *NEWS], *[False] * 12)
    assert approved.count == 4
    assert approved.labelled == pytest.approx((0.096 + 0.08) / 2)  # the natural rates
    assert approved.read == approved.both == approved.labelled


def test_comments_of_which_none_was_read_give_nothing(codes: dict[str, str]) -> None:
    rows = [Row("a", "jigsaw", PLAIN), Row("c", "jigsaw", TOXIC), *NEWS]
    write(codes | READ_NEWS | {"a": "0"})
    assert sample_of(rows) is None


def test_a_line_that_is_no_reading_is_named(codes: dict[str, str]) -> None:
    write(codes)
    module.FILE.write_text("nothing\n", encoding="utf-8")
    with pytest.raises(ModelError, match=r"reading\.tsv, rating 1"):
        sample_of(NEWS)


@pytest.mark.parametrize(
    ("wrong", "error_max", "share"),
    [
        ([0, 0, 0, 0], 0.01, 1.0),
        ([0, 0, 0, 1], 0.01, 0.75),
        ([0, 1, 0, 0], 0.25, 1.0),  # a later part may be within again
        ([1, 0, 0, 0], 0.01, 0.0),
    ],
)
def test_the_longest_beginning_within_the_promise_counts(
    wrong: list[float], error_max: float, share: float
) -> None:
    assert share_within(np.array(wrong, dtype=float), np.ones(4), error_max) == share


def test_what_is_wrong_counts_by_its_weight() -> None:
    wrong, weights = np.array([0.0, 1.0, 0.0]), np.array([97.0, 1.0, 2.0])
    assert share_within(wrong, weights, 0.01) == 1.0
    assert share_within(wrong, np.array([97.0, 2.0, 1.0]), 0.01) == 0.97


def a_sample(labels: list[float], grades: list[float]) -> Sample:
    each = np.ones(len(labels))
    return Sample(np.arange(len(labels)), np.array(labels), np.array(grades), each)


def test_the_limits_tell_who_foretells_the_labels() -> None:
    """The model is sure and right of each comment; our reading takes a plain one for the worst."""
    labels = [0.0, 0.0, 0.0, 1.0, 1.0]
    sample = a_sample(labels, [0.0, 1.0, 9.0, 5.0, 6.0])
    model, reading, both = limits(sample, judged(*[label > 0 for label in labels]))
    assert model == Limit("the model's toxicity", 1.0, 0.6, 0.4)
    assert (reading.approved, reading.rejected) == (0.4, 0.0)
    assert reading.auc == pytest.approx(4 / 6)
    assert (both.approved, both.rejected) == (0.6, 0.4)


def test_comments_of_one_grade_are_ordered_by_the_model() -> None:
    sample = a_sample([0.0, 1.0, 0.0], [0.0, 3.0, 3.0])
    _, reading, _ = limits(sample, judged(False, True, False))
    assert (reading.approved, reading.rejected) == (pytest.approx(2 / 3), pytest.approx(1 / 3))


def test_nothing_that_was_read_again_teaches() -> None:
    read = ratings(FILE)
    assert len(read) > 3_000
    assert not read.keys() & ratings().keys()


def test_only_the_test_part_was_read_again(shared_data: Path) -> None:
    test = {key_of(row.text) for row in comments_of_test(shared_data)}
    assert ratings(FILE).keys() <= test
