"""Facts about the review page in a browser: with its script, by keyboard, and without a script."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Browser, Page, Route, expect

from service.domain.comment import Article
from service.domain.decision import Outcome
from service.domain.site import Site
from service.moderation.desk import Desk
from service.moderation.erase import erase
from service.moderation.review import review
from service.moderation.sign_in import sign_in
from service.moderation.submit import NewText, revise
from service.ui.review.session import SESSION_COOKIE
from tests.factories import a_submission
from tests.integration.ui.conftest import serving
from tests.integration.ui.queue_builders import because, hold, rule
from tests.integration.ui.review_client import PASSWORD


@pytest.fixture
def address(app: Flask) -> Iterator[str]:
    """Where the service answers."""
    with serving(app) as address:
        yield address


def signed_in_page(browser: Browser, address: str, **options: bool) -> Page:
    page = browser.new_context(**options).new_page()  # type: ignore[arg-type]  # all are flags
    page.goto(f"{address}/review/")
    page.fill("#login", "ann")
    page.fill("#password", PASSWORD)
    page.click("button[type=submit]")
    page.wait_for_url("**/review/")
    return page


@pytest.fixture
def page(
    browser: Browser, address: str, desk: Desk, site: Site, ann: FlaskClient
) -> Iterator[Page]:
    """The queue with the comments of A, B and C; its script complains of nothing."""
    for name in "ABC":
        hold(desk, site, a_submission(f"I am {name}."))
    session = ann.get_cookie(SESSION_COOKIE, path="/review")
    assert session is not None
    context = browser.new_context()
    url = f"{address}/review/"
    context.add_cookies([{"name": SESSION_COOKIE, "value": session.value, "url": url}])
    page = context.new_page()
    page.complaints = []  # type: ignore[attr-defined]  # collected for the test's last line
    page.on("console", lambda message: page.complaints.append(message.text))  # type: ignore[attr-defined]  # as above
    page.goto(url)
    yield page
    assert page.complaints == []  # type: ignore[attr-defined]  # as above
    context.close()


def held_total(page: Page) -> str:
    return page.locator("[data-held-total]").inner_text()


def focused_text(page: Page) -> str:
    return page.locator("[data-card]:focus blockquote").inner_text()


def card_id(page: Page, number: int) -> UUID:
    """The id of the comment on this card."""
    element_id = page.locator(f"[data-card] >> nth={number}").get_attribute("id")
    assert element_id is not None
    return UUID(element_id.removeprefix("held-"))


def test_j_and_k_move_from_card_to_card(page: Page) -> None:
    texts = []
    for key in "jjjk":
        page.keyboard.press(key)
        texts.append(focused_text(page))
    assert texts == ["I am A.", "I am B.", "I am C.", "I am B."]


def test_a_approves_and_moves_on(page: Page, desk: Desk) -> None:
    page.keyboard.press("j")
    page.keyboard.press("a")
    expect(page.locator(".receipt--approve")).to_contain_text("Approved.")
    assert focused_text(page) == "I am B."
    assert held_total(page) == "2"


def test_a_total_that_is_told_roughly_is_not_counted_down(
    page: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("service.storage.reviews.Reviews.count", lambda *_: 4_997)
    page.reload()
    page.keyboard.press("j")
    page.keyboard.press("a")
    expect(page.locator(".receipt--approve")).to_be_visible()
    assert held_total(page) == "About 5,000"
    assert page.title().startswith("About 5,000 held")


def test_scores_are_told_once_to_those_who_hear_the_page(page: Page) -> None:
    assert page.locator("meter").count() == page.locator("meter[aria-hidden=true]").count() > 0


def test_r_rejects_and_the_last_one_brings_the_rest_of_the_queue(page: Page) -> None:
    page.keyboard.press("j")
    for left in ("2", "1"):
        page.keyboard.press("r")
        expect(page.locator("[data-held-total]")).to_have_text(left)
    page.keyboard.press("r")
    expect(page.locator(".empty")).to_contain_text("Nothing waits for you.")


def test_k_shows_the_beginning_of_a_card_taller_than_the_window(page: Page) -> None:
    page.set_viewport_size({"width": 1000, "height": 150})
    for key in "jjk":
        page.keyboard.press(key)
    top = page.locator("[data-card]:focus").evaluate("card => card.getBoundingClientRect().top")
    assert 0 <= top < 150


def test_after_a_conflict_the_last_decision_leads_on_to_the_queue(
    page: Page, desk: Desk, site: Site
) -> None:
    ben = sign_in(desk, "ben", PASSWORD, "192.0.2.1").moderator
    review(desk, ben, card_id(page, 1), 1, Outcome.REJECT)
    page.keyboard.press("j")
    for left in ("2", "1", "0"):
        page.keyboard.press("a")
        expect(page.locator("[data-held-total]")).to_have_text(left)
    page.complaints.clear()  # type: ignore[attr-defined]  # the browser tells of the 409
    expect(page.locator(".receipt--problem")).to_be_visible()
    expect(page.locator("a:has-text('Load the queue')")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator(".empty")).to_contain_text("Nothing waits for you.")


@pytest.mark.parametrize("width", [320, 360, 768])
def test_no_page_is_wider_than_its_window(
    browser: Browser, address: str, desk: Desk, site: Site, width: int
) -> None:
    long_name = "The very long name of the section " * 3 + "x" * 100
    hold(desk, site, a_submission(article=Article("quay", section=long_name)))
    page = signed_in_page(browser, address)
    page.set_viewport_size({"width": width, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.context.close()


def test_on_a_phone_the_top_is_one_row(page: Page) -> None:
    page.set_viewport_size({"width": 360, "height": 740})
    assert page.locator(".top").evaluate("top => top.offsetHeight") < 70


def test_u_takes_the_last_decision_back_and_shows_the_comment_again(page: Page) -> None:
    for key in "jar":
        page.keyboard.press(key)
        if key in "ar":
            expect(page.locator(f".receipt >> nth={'ar'.index(key)}")).to_be_visible()
    page.keyboard.press("u")
    expect(page.locator("[data-held-total]")).to_have_text("2")
    assert focused_text(page) == "I am B."
    expect(page.locator("[data-announce]")).to_have_text("Taken back.")
    page.keyboard.press("u")
    expect(page.locator("[data-held-total]")).to_have_text("3")
    assert focused_text(page) == "I am A."
    page.keyboard.press("r")
    expect(page.locator(".receipt--reject")).to_be_visible()
    assert focused_text(page) == "I am B."


def test_the_last_decision_of_a_page_can_be_undone_too(page: Page) -> None:
    page.keyboard.press("j")
    for left in ("2", "1"):
        page.keyboard.press("a")
        expect(page.locator("[data-held-total]")).to_have_text(left)
    page.keyboard.press("r")
    expect(page.locator(".message--good")).to_contain_text("Rejected.")
    expect(page.locator("[data-keys]")).to_be_visible()  # the new page's script has run
    page.keyboard.press("u")
    expect(page.locator(".message--good")).to_contain_text("Taken back.")
    expect(page.locator("[data-card]")).to_contain_text("I am C.")


def test_what_cannot_be_undone_any_more_is_offered_no_longer(
    page: Page, desk: Desk, site: Site
) -> None:
    comment_id = card_id(page, 0)
    page.keyboard.press("j")
    page.keyboard.press("a")
    expect(page.locator(".receipt--approve")).to_be_visible()
    erase(desk, site, comment_id)
    page.keyboard.press("u")
    expect(page.locator(".receipt--problem")).to_have_text("This comment has been erased.")
    expect(page.locator("button:has-text('Undo')")).to_have_count(0)
    page.complaints.clear()  # type: ignore[attr-defined]  # the browser tells of the 409


def test_nothing_is_undone_before_it_is_known_what_was_decided(page: Page) -> None:
    page.keyboard.press("j")
    page.keyboard.press("a")
    expect(page.locator(".receipt--approve")).to_be_visible()
    answers_late(page)
    page.keyboard.press("a")
    page.keyboard.press("u")
    expect(page.locator(".receipt--approve")).to_have_count(2)
    assert held_total(page) == "1"


def test_letters_in_the_reason_decide_nothing(page: Page) -> None:
    page.click("summary:has-text('Add a reason') >> nth=0")
    page.locator("[name=note] >> nth=0").press_sequentially("a rough jerk")
    assert page.locator("[data-card]").count() == 3


@pytest.mark.parametrize("with_script", [True, False])
def test_enter_in_the_reason_decides_nothing(
    browser: Browser, address: str, desk: Desk, site: Site, with_script: bool
) -> None:
    hold(desk, site, a_submission())
    page = signed_in_page(browser, address, java_script_enabled=with_script)
    page.click("summary:has-text('Add a reason')")
    page.locator("[name=note]").press_sequentially("Rude.")
    page.keyboard.press("Enter")
    page.locator("[name=note]").press_sequentially("Sorry.")
    assert page.locator("[name=note]").input_value() == "Rude.\nSorry."
    page.context.close()


def answers_late(page: Page, delay_ms: int = 400) -> None:
    """Let each decision's answer come late."""

    def wait_and_go_on(route: Route) -> None:
        answer = route.fetch()
        page.wait_for_timeout(delay_ms)
        route.fulfill(response=answer)

    page.route("**/decision", wait_and_go_on)


def test_a_late_receipt_leaves_the_focus_where_one_has_gone(page: Page) -> None:
    answers_late(page)
    page.click("summary:has-text('Add a reason') >> nth=2")
    page.locator("button:has-text('Approve') >> nth=0").click()
    page.locator("[name=note] >> nth=2").focus()
    expect(page.locator(".receipt")).to_have_count(1)
    page.keyboard.type("a rude remark")
    assert page.locator("[name=note] >> nth=1").input_value() == "a rude remark"
    assert page.locator("[data-card]").count() == 2


def test_keys_that_are_off_do_nothing_and_stay_off(page: Page) -> None:
    page.uncheck("[data-keys-switch]")
    page.reload()
    page.keyboard.press("j")
    assert page.locator("[data-card]:focus").count() == 0


def test_nothing_happens_before_a_card_is_chosen(page: Page) -> None:
    page.keyboard.press("a")
    assert page.locator("[data-card]").count() == 3


def test_a_colleague_who_was_faster_is_named_in_place(
    browser: Browser, address: str, desk: Desk, site: Site
) -> None:
    comment_id = hold(desk, site, a_submission())
    hold(desk, site, a_submission())
    page = signed_in_page(browser, address)
    ben = sign_in(desk, "ben", PASSWORD, "192.0.2.1").moderator
    review(desk, ben, comment_id, 1, Outcome.REJECT)
    page.locator("button:has-text('Approve') >> nth=0").click()
    expect(page.locator(".receipt--problem")).to_have_text(
        "This comment was already rejected by ben. "
        "Ann: “I walked along the quay this morning and it was lovely.”"
    )
    assert page.locator("[data-card]").count() == 1
    page.context.close()


def test_an_edited_comment_that_is_held_again_is_shown_in_place(
    page: Page, desk: Desk, site: Site
) -> None:
    page.click("summary:has-text('Add a reason') >> nth=0")
    page.locator("[name=note] >> nth=0").fill("Rude.")
    comment_id = card_id(page, 0)
    revise(desk, site, comment_id, NewText("I am A, edited."))
    rule(desk, site, comment_id, Outcome.HOLD)
    page.locator("button:has-text('Reject') >> nth=0").click()
    expect(page.locator(".card .receipt--problem")).to_contain_text("read the new text")
    assert focused_text(page) == "I am A, edited."
    assert held_total(page) == "3"
    assert page.locator("[name=note] >> nth=0").input_value() == "Rude."
    page.complaints.clear()  # type: ignore[attr-defined]  # the browser tells of the 409
    page.locator("button:has-text('Reject') >> nth=0").click()
    expect(page.locator(".receipt--reject")).to_be_visible()
    assert held_total(page) == "2"


def test_an_ended_session_leads_to_the_login(page: Page) -> None:
    page.context.clear_cookies()
    page.locator("button:has-text('Approve') >> nth=0").click()
    page.wait_for_url("**/review/login")


def test_a_long_comment_opens_at_its_first_marked_passage(
    browser: Browser, address: str, desk: Desk, site: Site
) -> None:
    plain = "A sentence about the bridge. " * 150
    hold(
        desk,
        site,
        a_submission(f"{plain}You fool."),
        because("Insult.", (len(plain), len(plain) + 9)),
    )
    hold(desk, site, a_submission(f"You fool. {plain}"), because("Insult.", (0, 9)))
    page = signed_in_page(browser, address)
    bodies = page.locator("[data-body]")
    seen = [
        body.evaluate(
            """body => {
                const [mark, box] = [body.querySelector("mark"), body].map(
                    one => one.getBoundingClientRect()
                );
                return [mark.top >= box.top && mark.bottom <= box.bottom, body.scrollTop > 0];
            }"""
        )
        for body in bodies.all()
    ]
    assert seen == [[True, True], [True, False]]
    page.context.close()


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (None, "No answer came"),
        ({"status": 502, "content_type": "text/html", "body": "<h1>Bad Gateway</h1>"}, "No answer"),
        ({"status": 200, "content_type": "text/html", "body": ""}, "No answer came"),
        ({"status": 503, "json": {"detail": "The database is away."}}, "The database is away."),
        ({"status": 500, "json": ["what"]}, "No answer came"),
    ],
)
def test_without_a_receipt_nothing_is_claimed(
    page: Page, answer: dict[str, Any] | None, words: str
) -> None:
    page.route("**/decision", lambda route: route.fulfill(**answer) if answer else route.abort())
    page.locator("button:has-text('Approve') >> nth=0").click()
    problem = page.locator(".receipt--problem")
    expect(problem).to_contain_text(words)
    expect(problem.locator("a")).to_have_count(1 if words.startswith("No answer") else 0)
    assert page.locator("[data-card]").count() == 3
    assert held_total(page) == "3"
    page.complaints.clear()  # type: ignore[attr-defined]  # the browser tells of the lost request


def test_all_of_it_works_without_a_script(
    browser: Browser, address: str, desk: Desk, site: Site
) -> None:
    hold(desk, site, a_submission())
    page = signed_in_page(browser, address, java_script_enabled=False)
    page.click("button:has-text('Reject')")
    expect(page.locator(".message--good")).to_contain_text("Rejected.")
    page.click("button:has-text('Undo')")
    expect(page.locator(".message--good")).to_contain_text("Taken back.")
    expect(page.locator("[data-card]")).to_have_count(1)
    page.click("button:has-text('Sign out')")
    expect(page.locator(".message--good")).to_have_text("You are signed out.")
    page.context.close()


def test_the_documentation_comes_to_life_under_its_policy(browser: Browser, address: str) -> None:
    page = browser.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.goto(f"{address}/docs")
    expect(page.locator(".btn.authorize")).to_have_css("color", "rgb(20, 104, 63)")
    expect(page.locator(".opblock-post .opblock-summary-method >> nth=0")).to_have_css(
        "background-color", "rgb(20, 104, 63)"
    )
    page.click(".opblock-summary >> nth=0")
    expect(page.locator(".opblock.is-open")).to_contain_text("Idempotency-Key")
    assert complaints == []
    page.context.close()
