"""Facts about the short way through a schema: it and marshmallow never disagree."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.api import quick as module
from service.api.loading import load
from service.api.quick import quick
from service.api.schemas import CommentIn
from service.domain.errors import Invalid

READ = quick(CommentIn())

TEXT = st.one_of(
    st.text(max_size=8),
    st.sampled_from(["", " ", "\x00", "\ud800", "x" * 501, "x" * 256, "en", "de-AT", "html"]),
    st.just("x" * 65_526),
    st.none(),
    st.integers(),
    st.booleans(),
    st.lists(st.text(), max_size=1),
)
NAMES = ["id", "url", "title", "name", "email", "ip", "body", "honeypot", "published_at", "other"]
PART = st.one_of(st.dictionaries(st.sampled_from(NAMES), TEXT, max_size=5), TEXT)
COMMENT = st.fixed_dictionaries(
    {},
    optional={
        "body": TEXT, "article": st.one_of(st.just({"id": "quay"}), PART), "author": PART,
        "parent": PART, "form": PART, "language": TEXT, "body_format": TEXT,
        "external_id": TEXT, "submitted_at": TEXT, "surprise": TEXT,
    },
)  # fmt: skip


def outcome(read: Callable[[Any], Any], data: Any) -> Any:
    """What reading comes to: the object, or the fields that are wrong."""
    try:
        return read(data)
    except Invalid as error:
        return error.fields


@given(st.one_of(COMMENT, PART))
def test_it_comes_to_what_marshmallow_comes_to(data: Any) -> None:
    assert outcome(READ, data) == outcome(lambda it: load(CommentIn(), it), data)


def test_a_plain_comment_needs_no_marshmallow(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: Any) -> None:
        raise AssertionError

    monkeypatch.setattr(module, "load", refuse)
    comment = READ({"body": "Hello", "article": {"id": "quay"}, "author": {"name": "Ann"}})
    assert (comment.body, comment.author.name, comment.parent.id) == ("Hello", "Ann", None)


@pytest.mark.parametrize("read", [READ, lambda data: load(CommentIn(), data)])
def test_null_stands_for_left_out(read: Callable[[Any], Any]) -> None:
    data = {"body": "Hello", "article": {"id": "quay"}}
    nulls = dict.fromkeys(
        ["author", "parent", "form", "language", "body_format", "external_id", "submitted_at"]
    )
    assert read({**data, **nulls}) == read(data)


@pytest.mark.parametrize("name", ["body", "article", "surprise"])
def test_null_is_no_way_around_what_is_required_or_unknown(name: str) -> None:
    data = {"body": "Hello", "article": {"id": "quay"}, name: None}
    with pytest.raises(Invalid):
        READ(data)


def test_a_full_comment_comes_through_whole() -> None:
    data = {
        "body": "Hello", "body_format": "html", "language": "de-AT", "external_id": "7",
        "article": {"id": "quay", "published_at": "2026-11-24T12:00:00Z"},
        "author": {"email": "", "ip": "192.0.2.7"}, "parent": {"id": "6", "body": "Hi"},
        "form": {"seconds_to_submit": 3.5}, "submitted_at": "2026-11-24T12:00:00Z",
    }  # fmt: skip
    assert READ(data) == load(CommentIn(), data)
