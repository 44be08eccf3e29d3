"""Facts about the order and the marks of comments on the page."""

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from service.ui.demo.comments import Comment
from service.ui.demo.moderation import Reason
from service.ui.demo.thread import marked_passages, threads


def comment(comment_id: str, parent: str | None = None) -> Comment:
    return Comment(comment_id, "a", parent, "Ada", "", "", datetime(2026, 1, 1, tzinfo=UTC), "")


def shape(*comments: Comment) -> list[tuple[str, list[str]]]:
    return [(t.comment.id, [reply.id for reply in t.replies]) for t in threads(comments)]


def test_answers_stand_below_what_they_answer() -> None:
    assert shape(comment("1"), comment("2"), comment("3", "1")) == [("1", ["3"]), ("2", [])]


def test_an_answer_to_an_answer_joins_the_same_thread() -> None:
    assert shape(comment("1"), comment("2", "1"), comment("3", "2")) == [("1", ["2", "3"])]


def test_an_answer_to_something_hidden_stands_on_its_own() -> None:
    assert shape(comment("2", "gone"), comment("3", "2")) == [("2", ["3"])]


def test_passages_of_several_reasons_are_marked_once() -> None:
    reasons = [Reason("a", ((0, 3),)), Reason("b", ((2, 5), (8, 99)))]
    assert list(marked_passages("abcdefghij", reasons)) == [
        ("abcde", True),
        ("fgh", False),
        ("ij", True),
    ]


@given(
    st.text(max_size=40),
    st.lists(st.tuples(st.integers(0, 50), st.integers(0, 50)), max_size=4),
)
def test_marking_never_changes_the_text(text: str, spans: list[tuple[int, int]]) -> None:
    pieces = marked_passages(text, [Reason("r", tuple(spans))])
    assert "".join(piece for piece, _ in pieces) == text
