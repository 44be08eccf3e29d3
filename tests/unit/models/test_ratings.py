"""Our own ratings: codes, hashes, whom they reach, and that no test row is among them."""

from collections import Counter
from pathlib import Path

import pytest

from models.errors import ModelError
from models.train import ratings as module
from models.train.folds import fold_of
from models.train.ratings import RATED_HEADS, key_of, labels_of, rated, rated_alone, ratings
from models.train.rows import Row, records
from models.train.toxicity_rows import english_rows


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(module, "FILE", tmp_path / "ratings.tsv")
    return module.FILE


def test_ratings_are_many_and_of_every_degree() -> None:
    degrees = Counter(code[0] for code in ratings().values())
    assert sum(degrees.values()) > 60_000
    assert set(degrees) == set("0123456789")


@pytest.mark.parametrize(
    ("code", "labels"),
    [("0", [0, 0, 0, 0]), ("9h", [1, 0, 1, 0]), ("6it", [6 / 9, 1, 0, 1])],
)
def test_codes_stand_for_labels(code: str, labels: list[float]) -> None:
    assert [labels_of(code)[head] for head in RATED_HEADS] == labels


def test_a_rated_row_keeps_its_own_labels_and_others_stay_as_they_are(file: Path) -> None:
    file.write_text(f"{key_of('You fool')}\t6i\n", encoding="utf-8")
    rows = [Row("You fool", "jigsaw", {"toxic": 1.0}), Row("Thanks", "jigsaw", {"toxic": 0.0})]
    both = rated(rows)
    assert both[0].labels == {"toxic": 1.0} | labels_of("6i")
    assert both[1] is rows[1]


@pytest.mark.parametrize("line", ["abc\t3", f"{'a' * 16}\tx", f"{'a' * 16}\t3z", "a" * 16])
def test_a_line_that_is_no_rating_is_named(line: str, file: Path) -> None:
    file.write_text(f"# remark\n{'b' * 16}\t0\n{line}\n", encoding="utf-8")
    with pytest.raises(ModelError, match=r"ratings\.tsv, rating 2"):
        ratings()


def test_comments_that_nobody_else_labelled_come_with_their_rating_alone(
    file: Path, data_folder: Path
) -> None:
    file.write_text("", encoding="utf-8")
    assert not list(rated_alone(data_folder))
    text = next(records(data_folder / "spam", "youtube_unlabelled"))["text"]
    file.write_text(f"{key_of(text)}\t2\n", encoding="utf-8")
    assert list(rated_alone(data_folder)) == [Row(text, "rated", labels_of("2"))]


def test_no_comment_of_the_test_part_is_rated(shared_data: Path) -> None:
    known = ratings()
    rows = english_rows(shared_data)
    test = [row for row in rows if fold_of(row.whole) == "test"]
    assert len(test) > 10_000
    assert not [row for row in test if key_of(row.text) in known]
