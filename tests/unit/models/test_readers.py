"""Comments of our own that train: each line says what it is, and none is one of the test cases."""

import re
from collections import Counter
from pathlib import Path

import pytest

from models.errors import ModelError
from models.evaluate.cases import article_cases, functional_cases, reader_cases
from models.train import readers as module
from models.train.folds import fold_of
from models.train.readers import labels_of, readers
from models.train.spam_rows import WRITTEN, written

KEPT_FOR_TESTS = re.compile(r"north korea|pyongyang|russia|ukrain|fighter jet", re.I)


def squeezed(text: str) -> str:
    return re.sub(r"\W+", " ", text.lower()).strip()


def test_comments_are_many_and_of_both_kinds() -> None:
    kinds = Counter(row.labels.get("toxic", 0.0) > 0 for row in readers())
    assert sum(kinds.values()) > 10_000
    assert min(kinds.values()) > 3_000


def test_no_comment_that_trains_is_one_of_the_test_cases_or_on_their_matter() -> None:
    cases = {squeezed(case.text) for case in (*functional_cases(), *article_cases())}
    texts = [row.text for row in readers()] + [row.document.body for row in written()]
    assert not [text for text in texts if squeezed(text) in cases]
    assert not [text for text in texts if KEPT_FOR_TESTS.search(text)]


def test_no_comment_comes_twice() -> None:
    for texts in ([row.text for row in readers()], [row.document.body for row in written()]):
        assert not [text for text, count in Counter(map(squeezed, texts)).items() if count > 1]


HEADS = ("toxic", "insult", "identity_hate", "threat", "obscene")


@pytest.mark.parametrize(
    ("codes", "labels"),
    [
        (".", [0.0, 0.0, 0.0, 0.0, 0.0]),
        ("o", [None, 0.0, 0.0, 0.0, 1.0]),
        ("xi", [0.7, 0.7, 0.0, 0.0, 0.0]),
        ("xio", [1.0, 1.0, 0.0, 0.0, 1.0]),
        ("xhs", [1.0, 0.0, 1.0, 0.0, 0.0]),
        ("xt", [1.0, 0.0, 0.0, 1.0, 0.0]),
    ],
)
def test_codes_stand_for_labels(codes: str, labels: list[float | None]) -> None:
    assert [labels_of(codes).get(head) for head in HEADS] == labels


@pytest.mark.parametrize("line", ["xi no tab here", "xq\tan unknown code", "\tno code", "x\t "])
def test_a_line_that_is_no_comment_is_named(
    line: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "FILE", tmp_path / "readers.txt")
    module.FILE.write_text(f".\tA plain one\\nof two lines\n{line}\n", encoding="utf-8")
    comments = readers()
    assert next(comments).text == "A plain one\nof two lines"
    with pytest.raises(ModelError, match=r"readers\.txt, comment 2"):
        next(comments)


def test_what_measures_is_of_the_test_fifth_and_of_every_kind() -> None:
    cases = reader_cases()
    assert {fold_of(case.text) for case in cases} == {"test"}
    kinds = {"plain", "plain, swearing", "insult", "hate", "threat"}
    assert {case.verdict for case in cases} == kinds


def test_written_comments_train_spam_and_measure_nothing() -> None:
    rows = list(written())
    assert not [row for row in rows if row.is_comment or row.site != WRITTEN]
    shares = Counter((row.spam, row.medium) for row in rows)
    assert min(shares.values()) > 100
    fields = {(row.document.author_name is None, row.document.author_url is None) for row in rows}
    assert fields == {(True, True), (False, True), (False, False)}
    assert "" in {row.document.author_url for row in rows}
