"""Facts about the review pages, on the real use cases and a real database."""

import re
from dataclasses import replace
from uuid import UUID, uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event

from service.app import create_app
from service.domain.comment import Article, Author, Parent
from service.domain.policy import Policy, Threshold
from service.domain.site import Site
from service.moderation.desk import Desk
from service.moderation.people import create_user
from tests.factories import a_site, a_submission
from tests.integration.ui.queue_builders import because, hold
from tests.integration.ui.review_client import (
    PASSWORD,
    current,
    decide,
    sign_in,
    token_in,
    try_password,
)


@pytest.mark.parametrize("path", ["/review/", "/review/?cursor=x"])
def test_a_stranger_is_sent_to_sign_in(stranger: FlaskClient, path: str) -> None:
    answer = stranger.get(path)
    assert (answer.status_code, answer.location) == (303, "/review/login")


def test_a_stranger_cannot_decide(stranger: FlaskClient, desk: Desk, site: Site) -> None:
    comment_id = hold(desk, site, a_submission())
    answer = stranger.post(f"/review/comments/{comment_id}/decision", data={"outcome": "approve"})
    assert answer.location == "/review/login"
    assert current(desk, comment_id)[0] == "hold"


def test_the_session_cookie_is_kept_from_scripts_and_other_pages(stranger: FlaskClient) -> None:
    answer = try_password(stranger, PASSWORD)
    [cookie] = [c for c in answer.headers.getlist("Set-Cookie") if "commentdesk_session" in c]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Path=/review" in cookie
    assert "Secure" not in cookie


def test_over_https_the_cookie_never_leaves_it(
    desk: Desk, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        type(desk.settings), "resolved_public_url", property(lambda _: "https://desk.example")
    )
    answer = app.test_client().get("/review/login")
    assert "Secure" in answer.headers["Set-Cookie"]


def test_a_wrong_password_is_told_and_the_login_kept(stranger: FlaskClient) -> None:
    answer = try_password(stranger, "wrong")
    assert answer.status_code == 401
    assert "Login and password do not fit together." in answer.text
    assert 'value="ann"' in answer.text


def test_too_many_tries_have_to_wait(desk: Desk) -> None:
    settings = replace(desk.settings, login_rate_limit="2/minute")
    client = create_app(replace(desk, settings=settings)).test_client()
    answers = [try_password(client, "wrong") for _ in range(3)]
    assert answers[-1].status_code == 429
    assert int(answers[-1].headers["Retry-After"]) > 0
    assert "Too many tries" in answers[-1].text


def test_a_login_form_from_elsewhere_is_refused(stranger: FlaskClient) -> None:
    stranger.get("/review/login")
    form = {"login": "ann", "password": PASSWORD, "csrf_token": "guessed"}
    answer = stranger.post("/review/login", data=form)
    assert answer.status_code == 403
    assert "out of date" in answer.text


def test_without_a_cookie_no_login_form_is_taken(app: Flask) -> None:
    form = {"login": "ann", "password": PASSWORD, "csrf_token": ""}
    assert app.test_client().post("/review/login", data=form).status_code == 403


def test_who_is_signed_in_needs_no_login_page(ann: FlaskClient) -> None:
    assert ann.get("/review/login").location == "/review/"


def test_signing_out_ends_the_session(ann: FlaskClient) -> None:
    form = {"csrf_token": token_in(ann.get("/review/").text)}
    answer = ann.post("/review/logout", data=form, follow_redirects=True)
    assert "You are signed out." in answer.text
    assert ann.get("/review/").status_code == 303


def test_signing_out_needs_the_form_of_this_session(ann: FlaskClient) -> None:
    assert ann.post("/review/logout", data={"csrf_token": "guessed"}).status_code == 403


def test_review_pages_are_stored_nowhere(ann: FlaskClient) -> None:
    answer = ann.get("/review/")
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert "form-action 'self'" in answer.headers["Content-Security-Policy"]


def test_pages_have_no_inline_code_or_style(ann: FlaskClient, desk: Desk, site: Site) -> None:
    hold(desk, site, a_submission())
    text = ann.get("/review/").text
    assert "<style" not in text
    assert " style=" not in text
    assert not re.search(r"<script(?![^>]* src=)", text)
    assert not re.search(r" on[a-z]+=", text)


def test_an_empty_queue_says_so(ann: FlaskClient) -> None:
    assert "Nothing waits for you." in ann.get("/review/").text


def test_a_card_shows_what_is_needed_to_decide(ann: FlaskClient, desk: Desk, site: Site) -> None:
    body = "You absolute goose, read the article."
    submission = a_submission(
        body,
        article=Article("quay", "https://news.example/quay", "The quay reopens", "City"),
        author=Author(name="Cy", email="cy@example.org", url="http://cy.example", ip="192.0.2.9"),
        parent=Parent("p", "What do you think?"),
    )
    scores = {"insult": 0.8149, "spam": 0.01, "a": 0.1, "b": 0.2, "severe_toxicity": 0.005}
    hold(desk, site, submission, because("May insult somebody.", (13, 18)), scores=scores)
    text = ann.get("/review/").text
    for part in (
        *("Cy", "cy@example.org", "http://cy.example", "192.0.2.9"),
        *('href="https://news.example/quay"', "The quay reopens", "City", site.name),
        *("What do you think?", "May insult somebody.", "absolute <mark>goose</mark>, read"),
        *("Insult", "81%", "1 more score", "Severe toxicity", "less than a minute"),
    ):
        assert part in text


def test_the_bar_of_a_score_turns_where_the_site_holds_and_rejects(
    ann: FlaskClient, desk: Desk
) -> None:
    thresholds = {"spam": Threshold(0.0326), "insult": Threshold(0.1, 0.9)}
    site = a_site(desk, policy=Policy(thresholds=thresholds))
    hold(desk, site, a_submission(), scores={"spam": 0.0551, "insult": 0.4, "threat": 0.01})
    text = " ".join(ann.get("/review/").text.split())
    for low, high, value, words in (
        (0.1, 0.9, 0.4, "40%"),
        (0.0326, 1, 0.0551, "5.5%"),
        (1, 1, 0.01, "1.0%"),
    ):
        bar = f'low="{low}" high="{high}" optimum="0" value="{value}"></meter>'
        assert f"{bar} <span>{words}</span>" in text


def test_links_in_comments_and_of_authors_lead_nowhere(
    ann: FlaskClient, desk: Desk, site: Site
) -> None:
    body = 'See <a href="http://spam.example">this</a>'
    author = Author(name="Cy", url="http://cy.example")
    hold(desk, site, a_submission(body, body_format="html", author=author))
    text = ann.get("/review/").text
    assert "[http://spam.example]" in text
    assert 'href="http://spam.example' not in text
    assert 'href="http://cy.example' not in text


@pytest.mark.parametrize(
    ("body_format", "shown"),
    [("html", ">Why &amp; &lt;how&gt;?<"), ("text", ">&lt;p&gt;Why &amp;amp; ")],
)
def test_what_is_answered_is_shown_in_the_format_of_its_answer(
    ann: FlaskClient, desk: Desk, site: Site, body_format: str, shown: str
) -> None:
    parent = Parent("p", "<p>Why &amp; <b>&lt;how&gt;</b>?</p>")
    hold(desk, site, a_submission(body_format=body_format, parent=parent))
    assert shown in ann.get("/review/").text


@pytest.mark.parametrize("body_format", ["text", "html"])
def test_a_comment_is_never_markup(
    ann: FlaskClient, desk: Desk, site: Site, body_format: str
) -> None:
    body = "<script>alert(1)</script><img src=x onerror=alert(2)>Hello"
    author = Author(name='"><script>alert(3)</script>')
    hold(desk, site, a_submission(body, body_format=body_format, author=author))
    text = ann.get("/review/").text
    assert "<script>alert" not in text
    assert "<img src=x" not in text
    assert "Hello" in text


@pytest.mark.parametrize(("outcome", "done"), [("approve", "Approved."), ("reject", "Rejected.")])
def test_a_decision_is_taken_and_said(
    ann: FlaskClient, desk: Desk, site: Site, outcome: str, done: str
) -> None:
    comment_id = hold(desk, site, a_submission())
    answer = decide(ann, comment_id, outcome)
    assert answer.status_code == 303
    assert done in ann.get(answer.location).text
    assert current(desk, comment_id)[0] == outcome


@pytest.mark.parametrize("fetch", [False, True])
def test_what_was_decided_is_named_beside_undo(
    ann: FlaskClient, desk: Desk, site: Site, fetch: bool
) -> None:
    submission = a_submission("<p>Of <b>course</b> & so on.", body_format="html")
    comment_id = hold(desk, site, replace(submission, author=Author(name="<Cy>")))
    answer = decide(ann, comment_id, "approve", fetch=fetch)
    text = answer.text if fetch else ann.get(answer.location).text
    named = "&lt;Cy&gt;: “Of course &amp; so on.”"
    assert f"<bdi>{named}</bdi>" in text
    assert f'Undo<span class="sr-only">: {named}</span>' in text


def test_a_decision_on_what_somebody_may_not_see_is_not_described(
    app: Flask, desk: Desk, site: Site
) -> None:
    create_user(desk, "cleo", PASSWORD, [a_site(desk).id])
    comment_id = hold(desk, site, a_submission("A secret."))
    page = sign_in(app, "cleo").get(f"/review/?done=approve&comment={comment_id}&sequence=2").text
    assert "secret" not in page


def test_the_reason_of_the_moderator_is_kept(ann: FlaskClient, desk: Desk, site: Site) -> None:
    comment_id = hold(desk, site, a_submission())
    decide(ann, comment_id, "reject", note="  Calls a person a goose. ")
    assert current(desk, comment_id) == ("reject", "Calls a person a goose.")


def test_lines_of_a_reason_count_as_the_browser_counts_them(
    ann: FlaskClient, desk: Desk, site: Site
) -> None:
    comment_id = hold(desk, site, a_submission())
    decide(ann, comment_id, "reject", note="a\r\n" * 249 + "bc")
    assert current(desk, comment_id) == ("reject", "a\n" * 249 + "bc")


def test_our_script_gets_a_receipt(ann: FlaskClient, desk: Desk, site: Site) -> None:
    comment_id = hold(desk, site, a_submission())
    answer = decide(ann, comment_id, "approve", fetch=True)
    assert answer.status_code == 200
    assert "Approved." in answer.text
    assert "<html" not in answer.text


@pytest.mark.parametrize(
    ("fields", "advice"),
    [
        ({"outcome": "maybe"}, "Choose approve or reject."),
        ({"revision": "first"}, "Choose approve or reject."),
        ({"outcome": "hold"}, "A review ends with approve or reject."),
        ({"note": "x" * 501}, "The note is too long: 500 characters"),
    ],
)
def test_a_form_that_says_nothing_useful_changes_nothing(
    ann: FlaskClient, desk: Desk, site: Site, fields: dict[str, str], advice: str
) -> None:
    comment_id = hold(desk, site, a_submission())
    answer = decide(ann, comment_id, **{"outcome": "approve", **fields})
    assert answer.status_code == 422
    assert advice in answer.text
    assert current(desk, comment_id)[0] == "hold"


@pytest.mark.parametrize("fetch", [False, True])
def test_a_decision_needs_the_token_of_this_session(
    app: Flask, ann: FlaskClient, desk: Desk, site: Site, fetch: bool
) -> None:
    comment_id = hold(desk, site, a_submission())
    bens = token_in(sign_in(app, "ben").get("/review/").text)
    answer = decide(ann, comment_id, "approve", fetch=fetch, csrf_token=bens)
    assert answer.status_code == 403
    assert current(desk, comment_id)[0] == "hold"


def test_what_somebody_may_not_see_is_not_there(app: Flask, desk: Desk, site: Site) -> None:
    create_user(desk, "cleo", PASSWORD, [a_site(desk).id])
    cleo = sign_in(app, "cleo")
    comment_id = hold(desk, site, a_submission())
    assert "Nothing waits for you." in cleo.get("/review/").text
    assert decide(cleo, comment_id, "approve").status_code == 404


def test_an_unknown_comment_is_told_on_the_page(ann: FlaskClient) -> None:
    answer = decide(ann, uuid4(), "approve")
    assert answer.status_code == 404
    assert "There is no such comment" in answer.text


def test_a_long_queue_comes_in_pages(ann: FlaskClient, desk: Desk, site: Site) -> None:
    for number in range(26):
        hold(desk, site, a_submission(f"Comment number {number}."))
    first = ann.get("/review/").text
    found = re.search(r'href="(/review/\?cursor=[^"]+)"', first)
    assert found is not None
    second = ann.get(found.group(1)).text
    assert first.count("data-card") == 25
    assert second.count("data-card") == 1
    assert "Comment number 25." in second
    assert "First page" in second
    assert ">26</span>" in second


def test_after_a_decision_one_is_on_the_same_page(ann: FlaskClient, desk: Desk, site: Site) -> None:
    ids = [hold(desk, site, a_submission()) for _ in range(2)]
    answer = decide(ann, ids[1], "approve", cursor=ids[0].hex)
    assert f"cursor={ids[0].hex}" in answer.location


def test_a_cursor_that_is_none_is_told(ann: FlaskClient) -> None:
    answer = ann.get("/review/?cursor=nonsense")
    assert answer.status_code == 422
    assert "The cursor is not one that a page gave you." in answer.text


@pytest.mark.parametrize(
    "path", ["/review/nothing", f"/review/comments/{UUID(int=1)}/decision", "/review/logout"]
)
def test_a_page_that_is_not_there_leads_to_the_queue(ann: FlaskClient, path: str) -> None:
    answer = ann.get(path)
    assert answer.status_code == 404
    assert 'href="/review/">Go to the queue' in answer.text


def test_a_made_up_message_is_not_shown(ann: FlaskClient) -> None:
    assert "hacked" not in ann.get("/review/?done=hacked").text


def queries_of(desk: Desk, client: FlaskClient) -> int:
    """How many statements the database runs for one view of the queue."""
    seen: list[str] = []

    def count(*call: object) -> None:
        seen.append(str(call[2]))

    event.listen(desk.storage.engine, "before_cursor_execute", count)
    client.get("/review/")
    event.remove(desk.storage.engine, "before_cursor_execute", count)
    return len(seen)


def test_a_full_page_costs_no_more_queries_than_a_short_one(
    ann: FlaskClient, desk: Desk, site: Site
) -> None:
    hold(desk, site, a_submission())
    short = queries_of(desk, ann)
    for number in range(24):
        hold(desk, site, a_submission(f"Comment number {number}."))
    assert queries_of(desk, ann) == short
