"""Facts about the comment form."""

import json
import time
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

import service.ui.demo
from service.ui.demo.articles import load_articles
from service.ui.demo.comments import Comment
from service.ui.demo.form import CommentForm, draft_request, submit_request

ARTICLES = load_articles(Path(service.ui.demo.__file__).with_name("articles"))
STORY = ARTICLES["quay-street-vote"]
GOOD = CommentForm(author="Ada", email="ada@example.org", comment="Well said.")
ADDRESS = "https://courier.example/articles/quay-street-vote"


def stored(body: str = "Well said.", comment_id: str = "c1") -> Comment:
    moment = datetime(2026, 11, 24, 12, tzinfo=UTC)
    return Comment(comment_id, STORY.slug, None, "Ada", "", body, moment, "ada")


def test_a_whole_form_has_no_mistakes() -> None:
    assert GOOD.mistakes() == {}


@pytest.mark.parametrize(
    ("field", "value", "advice"),
    [
        ("author", "", "your name"),
        ("author", "x" * 246, "too long: 245"),
        ("email", "", "ada@example.org"),
        ("email", "@", "ada@example.org"),
        ("email", "a@" + "x" * 99, "too long: 100"),
        ("comment", "", "write something"),
        ("comment", "x" * 65_526, "too long: 65,525"),
        ("url", "example.org", "https://example.org"),
        ("url", "javascript:alert(1)", "https://example.org"),
        ("url", "http://[", "https://example.org"),
        ("url", "https://example.org/" + "x" * 200, "too long: 200"),
    ],
)
def test_a_mistake_is_told_at_its_field(field: str, value: str, advice: str) -> None:
    form = replace(GOOD, **{field: value})  # type: ignore[arg-type] - all of these are strings
    assert advice in form.mistakes()[field]


def test_line_ends_and_blanks_are_made_plain() -> None:
    form = CommentForm.read({"comment": " one\r\ntwo \r\n", "author": " Ada "})
    assert (form.comment, form.author) == ("one\ntwo", "Ada")


def test_the_seconds_since_the_page_was_opened_are_counted() -> None:
    form = CommentForm.read({"opened_at": str(time.time() - 30)})
    assert form.seconds_to_submit == pytest.approx(30, abs=1)


@pytest.mark.parametrize("opened_at", ["", "soon", "nan", "inf", "-1e9", "1e400", "99999999999"])
def test_a_clock_that_makes_no_sense_counts_as_none(opened_at: str) -> None:
    assert CommentForm.read({"opened_at": opened_at}).seconds_to_submit is None


def test_a_submission_says_all_that_the_form_knows() -> None:
    form = replace(GOOD, honeypot="buy now", seconds_to_submit=12.5)
    parent = stored("What do you think?", "p1")
    sender = {"ip": "192.0.2.7", "user_agent": None}
    data = json.loads(submit_request(form, stored(), parent, STORY, ADDRESS, sender))
    assert data == {
        "body": "Well said.",
        "external_id": "c1",
        "article": {
            "id": "quay-street-vote",
            "url": ADDRESS,
            "title": STORY.headline,
            "section": "City",
            "published_at": "2026-11-24T05:55:00+00:00",
        },
        "author": {"name": "Ada", "email": "ada@example.org", "url": "", "ip": "192.0.2.7"},
        "parent": {"id": "p1", "body": "What do you think?"},
        "submitted_at": "2026-11-24T12:00:00+00:00",
        "language": "en",
        "form": {"honeypot": "buy now", "seconds_to_submit": 12.5},
    }


def test_what_is_not_known_is_left_out() -> None:
    data = json.loads(submit_request(GOOD, stored(), None, STORY, ADDRESS, {}))
    assert "parent" not in data
    assert data["form"] == {"honeypot": ""}


def test_a_draft_tells_no_address_of_the_reader() -> None:
    assert set(draft_request(GOOD, STORY, ADDRESS)) == {"body", "article", "author"}


def test_each_story_has_what_its_page_needs() -> None:
    for story in ARTICLES.values():
        assert story.questions
        assert story.key_points
        assert story.first_comments
        assert {"text", "heading", "quote"} == {block.kind for block in story.blocks}
        assert story.minutes_to_read >= 1
