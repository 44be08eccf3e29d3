"""Facts about what readers see and do on the newspaper's pages."""

import re
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from service.ui.demo.moderation import Decision
from service.ui.demo.pages import Newspaper
from tests.unit.ui.fake_commentdesk import PENDING, FakeCommentdesk, decided

SLUG = "north-korea-fighter-jets"
ARTICLE = f"/articles/{SLUG}"
FORM = {"author": "Ada", "email": "ada@example.org", "url": "", "comment": "A fine piece."}


def post(client: FlaskClient, **fields: str) -> TestResponse:
    return client.post(f"{ARTICLE}/comments", data={**FORM, **fields})


def page(client: FlaskClient, query: str = "") -> str:
    return client.get(ARTICLE + query).text


def own(client: FlaskClient) -> dict[str, Any]:
    answer: dict[str, Any] = client.get(f"{ARTICLE}/comments.json").json
    return answer


def test_the_front_is_the_story_of_the_day(ada: FlaskClient) -> None:
    assert ada.get("/", follow_redirects=True).text.count("<h1>") == 1


def test_every_story_can_be_read(ada: FlaskClient, paper: Newspaper) -> None:
    for slug, story in paper.articles.items():
        text = ada.get(f"/articles/{slug}").text
        for part in (story.headline, story.author, story.kicker, "You may also like"):
            assert part in text
        for part in ("Questions and answers", "Editors’ picks", "Leave a Comment"):
            assert part in text


def test_a_story_that_is_not_there_is_a_page_with_a_way_out(ada: FlaskClient) -> None:
    answer = ada.get("/articles/nothing")
    assert answer.status_code == 404
    assert "Read the story of the day" in answer.text


def test_pages_allow_nothing_from_elsewhere_and_no_inline_code(ada: FlaskClient) -> None:
    answer = ada.get(ARTICLE)
    assert "default-src 'self'" in answer.headers["Content-Security-Policy"]
    assert "<style" not in answer.text
    assert " style=" not in answer.text
    assert "http://" not in answer.text.replace("http://www.w3.org", "")


def test_an_approved_comment_appears_to_everybody(
    ada: FlaskClient, bob: FlaskClient, desk: FakeCommentdesk
) -> None:
    desk.answer = decided("approve")
    answer = post(ada)
    assert answer.status_code == 303
    assert "#comment-" in answer.headers["Location"]
    assert "A fine piece." in page(bob)
    assert "4</span> <span data-comment-noun>comments" in page(bob)


def ticket_in(text: str) -> str:
    found = re.search(r'name="ticket"\s+value="([^"]+)"', text)
    assert found is not None
    return found.group(1)


def test_a_form_that_is_sent_several_times_is_one_comment(
    ada: FlaskClient, bob: FlaskClient, desk: FakeCommentdesk
) -> None:
    ticket = ticket_in(page(ada))
    cookie = ada.get_cookie("courier_reader")
    answers = [post(ada, ticket=ticket) for _ in range(3)]
    assert len({answer.headers["Location"] for answer in answers}) == 1
    assert page(ada).count("A fine piece.") == 1
    assert len(desk.received) == 1
    # Whichever answer the browser takes, it is still the author's.
    assert ada.get_cookie("courier_reader") == cookie
    assert "A fine piece." not in page(bob)


def test_another_comment_in_the_same_form_is_another_comment(ada: FlaskClient) -> None:
    ticket = ticket_in(page(ada))
    for text in ("A fine piece.", "And another thing."):
        post(ada, ticket=ticket, comment=text)
    assert "A fine piece." in page(ada)
    assert "And another thing." in page(ada)


def test_a_form_that_is_shown_again_keeps_its_ticket(ada: FlaskClient) -> None:
    ticket = ticket_in(page(ada))
    assert ticket_in(post(ada, ticket=ticket, comment="").text) == ticket


def test_a_pending_comment_is_shown_to_its_author_alone(
    ada: FlaskClient, bob: FlaskClient, desk: FakeCommentdesk
) -> None:
    desk.answer = PENDING
    post(ada)
    assert "Waiting for moderation." in page(ada)
    assert "A fine piece." not in page(bob)


def test_a_held_comment_says_why(ada: FlaskClient, desk: FakeCommentdesk) -> None:
    desk.answer = decided("hold", ("May insult somebody.", 2, 6))
    post(ada)
    text = page(ada)
    assert "A moderator will read your comment first." in text
    assert "May insult somebody." in text
    assert "<mark>fine</mark>" in text


def test_a_refused_comment_says_why_and_is_shown_to_nobody_else(
    ada: FlaskClient, bob: FlaskClient, desk: FakeCommentdesk
) -> None:
    desk.answer = decided("reject", ("Reads like advertising.", 0, 1))
    post(ada)
    assert "Not published." in page(ada)
    assert "Reads like advertising." in page(ada)
    assert "A fine piece." not in page(bob)


def test_a_comment_is_kept_while_moderation_is_away(
    ada: FlaskClient, desk: FakeCommentdesk
) -> None:
    desk.answer = (503, {})
    assert post(ada).status_code == 303
    assert "Our moderation cannot be reached just now." in page(ada)


def test_a_moderators_decision_reaches_the_waiting_page(ada: FlaskClient, paper: Newspaper) -> None:
    post(ada)
    [(comment_id, before)] = own(ada)["comments"].items()
    paper.comments.record(comment_id, Decision("approve", sequence=2))
    after = own(ada)
    assert (before["state"], after["comments"][comment_id]["state"]) == ("waiting", "approve")
    assert "A fine piece." in after["comments"][comment_id]["html"]
    assert after["count"] == 4


def test_a_reader_without_comments_learns_nothing_of_others(
    ada: FlaskClient, bob: FlaskClient
) -> None:
    post(ada)
    assert own(bob)["comments"] == {}


def test_what_is_typed_is_never_markup(ada: FlaskClient, desk: FakeCommentdesk) -> None:
    desk.answer = decided("approve")
    post(ada, comment="<script>alert(1)</script>", author="<b>Ada</b>")
    text = page(ada)
    assert "<script>alert" not in text
    assert "<b>Ada" not in text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text


def test_the_comment_is_sent_with_its_article_and_sender(
    ada: FlaskClient, desk: FakeCommentdesk
) -> None:
    post(ada, remarks="I am a bot")
    sent = desk.received[0].body
    assert sent["article"]["url"] == f"http://localhost{ARTICLE}"
    assert sent["author"]["ip"] == "127.0.0.1"
    assert sent["form"]["honeypot"] == "I am a bot"


def test_overlong_extras_do_not_get_a_comment_refused(
    ada: FlaskClient, desk: FakeCommentdesk
) -> None:
    form = {**FORM, "remarks": "x" * 5000}
    ada.post(f"{ARTICLE}/comments", data=form, headers={"User-Agent": "y" * 5000})
    sent = desk.received[0].body
    assert (len(sent["form"]["honeypot"]), len(sent["author"]["user_agent"])) == (500, 1000)


def test_an_answer_names_what_it_answers(ada: FlaskClient, desk: FakeCommentdesk) -> None:
    post(ada, comment_parent="fj-2")
    assert desk.received[0].body["parent"]["id"] == "fj-2"


def test_an_answer_to_nothing_is_a_comment_of_its_own(
    ada: FlaskClient, desk: FakeCommentdesk
) -> None:
    post(ada, comment_parent="nowhere")
    assert "parent" not in desk.received[0].body


def test_the_reply_link_works_without_a_script(ada: FlaskClient) -> None:
    text = page(ada, "?reply_to=fj-2")
    assert 'name="comment_parent" value="fj-2"' in text
    assert "<strong data-answering-name>ex-groundcrew</strong>" in text


def test_a_form_with_mistakes_keeps_what_was_typed(ada: FlaskClient, desk: FakeCommentdesk) -> None:
    answer = post(ada, email="nowhere")
    assert answer.status_code == 422
    assert "Please give an e-mail address" in answer.text
    assert "A fine piece.</textarea>" in answer.text
    assert desk.received == []


def test_details_are_saved_only_when_asked_for(ada: FlaskClient) -> None:
    post(ada, author="Ada & Söhne", **{"wp-comment-cookies-consent": "yes"})
    saved = page(ada)
    post(ada, author="Ada & Söhne")
    forgotten = page(ada)
    assert 'value="Ada &amp; Söhne"' in saved
    assert 'value="Ada &amp; Söhne"' not in forgotten


def test_cookies_stay_with_the_newspaper(demo: Flask, ada: FlaskClient) -> None:
    answer = ada.post(f"{ARTICLE}/comments", data=FORM, environ_overrides={"SCRIPT_NAME": "/demo"})
    [reader] = [c for c in answer.headers.getlist("Set-Cookie") if "courier_reader" in c]
    assert "Path=/demo" in reader
    assert "HttpOnly" in reader
    assert "SameSite=Lax" in reader


def test_a_draft_that_may_be_held_gets_advice_with_its_words_marked(
    ada: FlaskClient, desk: FakeCommentdesk
) -> None:
    desk.answer = decided("hold", ("May insult somebody.", 2, 6))
    html = ada.post(f"{ARTICLE}/check", data=FORM).json["html"]
    assert "Would you rephrase it?" in html
    assert "<mark>fine</mark>" in html
    assert desk.received[0].path == "/v1/check"


@pytest.mark.parametrize("answer", [decided("approve"), (503, {}), (422, {})])
def test_without_need_or_means_there_is_no_advice(
    ada: FlaskClient, desk: FakeCommentdesk, answer: tuple[int, dict[str, Any]]
) -> None:
    desk.answer = answer
    assert ada.post(f"{ARTICLE}/check", data=FORM).json == {"html": ""}


def test_an_unfinished_draft_is_not_sent(ada: FlaskClient, desk: FakeCommentdesk) -> None:
    assert ada.post(f"{ARTICLE}/check", data={**FORM, "comment": ""}).json == {"html": ""}
    assert desk.received == []


@pytest.mark.parametrize(
    ("outcome", "advice"),
    [
        ("approve", "This looks fine."),
        ("hold", "This may be held for a moderator."),
        ("reject", "This would most likely not be published."),
    ],
)
def test_checking_works_without_a_script_and_stores_nothing(
    ada: FlaskClient, desk: FakeCommentdesk, outcome: str, advice: str
) -> None:
    desk.answer = decided(outcome)
    answer = post(ada, action="check")
    assert advice in answer.text
    assert "A fine piece.</textarea>" in answer.text
    assert own(ada)["comments"] == {}
