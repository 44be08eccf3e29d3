"""Facts about the demo in a browser: advice, waiting comments that change, answers in place."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import urllib3
from flask import Flask
from playwright.sync_api import Browser, Page, Route, expect
from standardwebhooks import Webhook
from werkzeug.middleware.dispatcher import DispatcherMiddleware

from service.ui.demo import DemoConfig, create_demo
from tests.integration.ui.conftest import serving
from tests.unit.ui.fake_commentdesk import PENDING, FakeCommentdesk, decided, decision, running

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"


@pytest.fixture
def commentdesk() -> Iterator[FakeCommentdesk]:
    """A commentdesk that answers `pending` until the test says otherwise."""
    with running() as fake:
        yield fake


@pytest.fixture
def address(commentdesk: FakeCommentdesk, tmp_path: Path) -> Iterator[str]:
    """Where the newspaper answers, mounted below a path as in the product."""
    demo = create_demo(DemoConfig(commentdesk.url, "key-1", SECRET, tmp_path / "demo.db"))
    host = Flask("host")
    host.wsgi_app = DispatcherMiddleware(host.wsgi_app, {"/demo": demo})  # type: ignore[method-assign]  # Flask documents this
    with serving(host) as address:
        yield f"{address}/demo"


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    """The story of the day, in a browser that complains of nothing."""
    page = browser.new_context().new_page()
    page.complaints = []  # type: ignore[attr-defined]  # collected for the test's last line
    page.on("console", lambda message: page.complaints.append(message.text))  # type: ignore[attr-defined]  # as above
    page.goto(f"{address}/")
    yield page
    assert page.complaints == []  # type: ignore[attr-defined]  # as above
    page.context.close()


def write(page: Page, text: str, then: str = "post") -> None:
    page.fill("#comment", text)
    page.fill("#author", "Ada")
    page.fill("#email", "ada@example.org")
    page.click(f"button[value={then}]")


def call_back(
    address: str, comment_id: str, outcome: str, sequence: int, *reasons: tuple[str, int, int]
) -> int:
    decided_now = decision(outcome, *reasons, sequence=sequence)
    data = {"external_id": comment_id, "decision": decided_now}
    body = json.dumps({"type": "comment.decided", "data": data})
    now = datetime.now(UTC)
    headers = {
        "webhook-id": f"msg_{sequence}",
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": Webhook(SECRET).sign(f"msg_{sequence}", now, body),
    }
    return urllib3.request(
        "POST", f"{address}/callbacks", body=body.encode(), headers=headers, retries=False
    ).status


def test_an_approved_comment_appears(page: Page, commentdesk: FakeCommentdesk) -> None:
    commentdesk.answer = decided("approve")
    write(page, "A fine piece.")
    expect(page.locator(".comment--approve:has-text('A fine piece.')")).to_be_visible()
    expect(page.locator("#comments-title")).to_have_text("4 comments")


def test_an_impatient_reader_posts_once(page: Page, commentdesk: FakeCommentdesk) -> None:
    commentdesk.answer = decided("approve")

    def wait_and_go_on(route: Route) -> None:
        page.wait_for_timeout(300)
        route.continue_()

    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url))
    page.route("**/comments", wait_and_go_on)
    page.fill("#comment", "A fine piece.")
    page.fill("#author", "Ada")
    page.fill("#email", "ada@example.org")
    page.evaluate(
        """() => {
            const button = document.querySelector("button[value=post]");
            for (const at of [0, 60, 120, 180, 240]) setTimeout(() => button.click(), at);
        }"""
    )
    expect(page.locator(".comment--approve:has-text('A fine piece.')")).to_have_count(1)
    assert sum(url.endswith("/comments") for url in sent) == 1


def test_a_doubtful_draft_gets_advice_and_can_still_be_posted(
    page: Page, commentdesk: FakeCommentdesk
) -> None:
    commentdesk.answer = decided("hold", ("May insult somebody.", 4, 9))
    write(page, "You silly goose.")
    expect(page.locator(".advice mark")).to_have_text("silly")
    expect(page.locator("button[value=post]")).to_have_text("Post as it is")
    page.click("button[value=post]")
    expect(page.locator(".comment--hold .comment__notice")).to_contain_text("May insult somebody.")
    assert [request.path for request in commentdesk.received] == ["/v1/check", "/v1/comments"]


def test_a_rephrased_draft_is_checked_again(page: Page, commentdesk: FakeCommentdesk) -> None:
    commentdesk.answer = decided("hold", ("May insult somebody.", 4, 9))
    write(page, "You silly goose.")
    expect(page.locator(".advice")).to_be_visible()
    commentdesk.answer = decided("approve")
    page.fill("#comment", "I see it differently.")
    expect(page.locator("button[value=post]")).to_have_text("Post Comment")
    page.click("button[value=post]")
    expect(page.locator(".comment--approve:has-text('differently')")).to_be_visible()


@pytest.mark.parametrize(
    ("outcome", "words", "label"),
    [("hold", "May insult somebody.", "Post as it is"), ("approve", "looks fine", "Post Comment")],
)
def test_a_draft_is_checked_in_place_and_posted_without_another_check(
    page: Page, commentdesk: FakeCommentdesk, outcome: str, words: str, label: str
) -> None:
    page.set_viewport_size({"width": 375, "height": 740})
    page.evaluate("window.sameDocument = true")
    commentdesk.answer = decided(outcome, ("May insult somebody.", 4, 9))
    write(page, "You silly goose.", then="check")
    expect(page.locator("[data-advice]")).to_be_focused()
    expect(page.locator("[data-advice]")).to_contain_text(words)
    expect(page.locator("[data-advice]")).to_be_in_viewport(ratio=0.9)
    expect(page.locator("button[value=post]")).to_have_text(label)
    assert page.evaluate("window.sameDocument")
    page.click("button[value=post]")
    expect(page.locator(f".comment--{outcome}:has-text('silly goose')")).to_be_visible()
    assert [request.path for request in commentdesk.received] == ["/v1/check", "/v1/comments"]


def test_praise_for_a_draft_goes_when_it_is_changed(
    page: Page, commentdesk: FakeCommentdesk
) -> None:
    commentdesk.answer = decided("approve")
    write(page, "A fine piece.", then="check")
    expect(page.locator(".advice")).to_contain_text("looks fine")
    page.fill("#comment", "You silly goose.")
    expect(page.locator(".advice")).to_have_count(0)


def test_a_check_that_fails_is_told(page: Page, commentdesk: FakeCommentdesk) -> None:
    commentdesk.answer = (503, {})
    write(page, "A fine piece.", then="check")
    expect(page.locator("[data-advice]")).to_contain_text("cannot be checked just now")


def test_a_check_that_the_script_cannot_make_is_sent_as_a_form(
    page: Page, commentdesk: FakeCommentdesk
) -> None:
    commentdesk.answer = decided("hold", ("May insult somebody.", 4, 9))
    page.route("**/check", lambda route: route.abort())
    write(page, "You silly goose.", then="check")
    expect(page.locator("#answer")).to_be_focused()
    expect(page.locator(".advice mark")).to_have_text("silly")
    page.unroute("**/check")
    page.click("button:has-text('Post as it is')")
    expect(page.locator(".comment--hold")).to_be_visible()
    assert [request.path for request in commentdesk.received] == ["/v1/check", "/v1/comments"]
    page.complaints.clear()  # type: ignore[attr-defined]  # the browser tells of the lost request


def test_without_moderation_the_comment_is_kept(page: Page, commentdesk: FakeCommentdesk) -> None:
    commentdesk.answer = (503, {})
    write(page, "A fine piece.")
    expect(page.locator(".comment--unsent")).to_contain_text("will be sent again by itself")


def test_a_waiting_comment_changes_without_loading_the_page_again(
    page: Page, commentdesk: FakeCommentdesk, address: str
) -> None:
    commentdesk.answer = PENDING
    write(page, "A fine piece.")
    expect(page.locator(".comment--waiting")).to_be_visible()
    page.evaluate("window.sameDocument = true")
    comment_id = commentdesk.received[-1].body["external_id"]
    for outcome, sequence in (("hold", 1), ("approve", 2)):
        assert call_back(address, comment_id, outcome, sequence) == 204
        expect(page.locator(f"#comment-{comment_id}.comment--{outcome}")).to_be_visible()
    expect(page.locator("#comments-title")).to_have_text("4 comments")
    expect(page.locator("[data-announce]")).to_have_text("Your comment has appeared.")
    assert page.evaluate("window.sameDocument")


def test_words_are_marked_when_the_callback_names_them(
    page: Page, commentdesk: FakeCommentdesk, address: str
) -> None:
    reason = ("May insult somebody.", 4, 9)
    status, body = decided("hold", reason)
    body["decision"]["reasons"][0]["spans"] = []
    commentdesk.answer = (status, body)
    write(page, "You silly goose.")
    page.click("button:has-text('Post as it is')")
    held = page.locator(".comment--hold .comment__text")
    expect(held).to_have_text("You silly goose.")
    page.evaluate("window.sameDocument = true")
    comment_id = commentdesk.received[-1].body["external_id"]
    assert call_back(address, comment_id, "hold", 1, reason) == 204
    expect(held.locator("mark")).to_have_text("silly")
    assert page.evaluate("window.sameDocument")


def test_an_answer_opens_in_place_and_can_be_cancelled(
    page: Page, commentdesk: FakeCommentdesk
) -> None:
    page.click("#comment-fj-2 [data-reply]")
    expect(page.locator("[data-answering-name]")).to_have_text("ex-groundcrew")
    page.click("[data-answer-nobody]")
    expect(page.locator("[data-answering]")).to_be_hidden()
    page.click("#comment-fj-2 [data-reply]")
    commentdesk.answer = decided("approve")
    write(page, "So would I.")
    expect(page.locator("ol ol .comment:has-text('So would I.')")).to_be_visible()


def test_all_of_it_works_without_a_script(
    browser: Browser, commentdesk: FakeCommentdesk, address: str
) -> None:
    page = browser.new_context(java_script_enabled=False).new_page()
    page.set_viewport_size({"width": 375, "height": 740})
    page.goto(f"{address}/")
    commentdesk.answer = decided("hold", ("May insult somebody.", 4, 9))
    page.fill("#comment", "You silly goose.")
    page.fill("#author", "Ada")
    page.fill("#email", "ada@example.org")
    page.click("button[value=check]")
    expect(page.locator(".advice mark")).to_have_text("silly")
    expect(page.locator("#answer:focus .advice mark")).to_be_in_viewport()
    page.click("button[value=post]")
    expect(page.locator(".comment--hold")).to_be_visible()
    page.context.close()


@pytest.mark.parametrize("width", [320, 390, 768, 1280])
def test_no_page_is_wider_than_its_window(browser: Browser, address: str, width: int) -> None:
    page = browser.new_context(viewport={"width": width, "height": 800}).new_page()
    page.goto(f"{address}/")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.context.close()
