"""A reader comments on the demo article and a moderator decides, each in a real browser."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.product import Product

PLAIN = "The council should publish the figures. Thank you for asking them about the buses."
WITH_LINK = "The figures are in the minutes of the last meeting: https://council.example/minutes"

pytestmark = pytest.mark.timeout(300)


def leave_comment(page: Page, text: str) -> Locator:
    """Fill in the form of the demo article and post it; where the comment then stands."""
    page.goto("/demo/")
    page.get_by_label("Comment", exact=True).fill(text)
    page.get_by_label("Name", exact=True).fill("Ada Reader")
    page.get_by_label("E-mail", exact=True).fill("ada@reader.example")
    page.get_by_role("button", name="Post Comment").click()
    post_as_it_is = page.get_by_role("button", name="Post as it is")
    comment = page.locator("article.comment", has_text=text)
    expect(comment.or_(post_as_it_is).first).to_be_visible()
    if not comment.count():
        post_as_it_is.click()
    expect(comment).to_be_visible()
    return comment


def sign_in(page: Page, product: Product) -> None:
    page.goto("/review/")
    page.get_by_label("Login").fill(product.account["login"])
    page.get_by_label("Password").fill(product.account["password"])
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", name=re.compile("held comment"))).to_be_visible()


@pytest.fixture
def moderator(browser: Browser, product: Product) -> Page:
    """A second window, signed in to the review pages."""
    context = browser.new_context(base_url=product.url, locale="en-GB")
    context.set_default_timeout(20_000)
    opened = context.new_page()
    sign_in(opened, product)
    return opened


@pytest.fixture
def decide(moderator: Page) -> Callable[[str, str], None]:
    """What a moderator does with the held comment of that text."""

    def press(text: str, button: str) -> None:
        moderator.goto("/review/")
        card = moderator.locator("article.card", has_text=text)
        card.get_by_role("button", name=button).click()
        expect(card).to_have_count(0)

    return press


def test_plain_comment_appears(page: Page) -> None:
    comment = leave_comment(page, PLAIN)

    expect(comment).to_have_attribute("data-state", "approve")


def test_approved_comment_is_seen_by_others(page: Page, browser: Browser, product: Product) -> None:
    text = "Thank you for the map of the trams. It shows what the new timetable changes."
    leave_comment(page, text)

    with browser.new_context(base_url=product.url) as other:
        window = other.new_page()
        window.goto("/demo/")

        expect(window.locator("article.comment", has_text=text)).to_be_visible()


@pytest.mark.usefixtures("holds_links")
def test_held_comment_waits_and_only_its_author_sees_it(
    page: Page, browser: Browser, product: Product
) -> None:
    text = f"{WITH_LINK}/waits"
    comment = leave_comment(page, text)

    expect(comment.get_by_text("Waiting for moderation")).to_be_visible()
    with browser.new_context(base_url=product.url) as other:
        window = other.new_page()
        window.goto("/demo/")
        expect(window.locator("article.comment", has_text=text)).to_have_count(0)


@pytest.mark.usefixtures("holds_links")
@pytest.mark.parametrize(("button", "state"), [("Approve", "approve"), ("Reject", "reject")])
def test_waiting_comment_changes_when_a_moderator_decides(
    page: Page, decide: Callable[[str, str], None], button: str, state: str
) -> None:
    comment = leave_comment(page, f"{WITH_LINK}/{state}")

    decide(f"{WITH_LINK}/{state}", button)

    expect(comment).to_have_attribute("data-state", state)
    page.reload()
    expect(comment).to_have_attribute("data-state", state)


def test_wrong_password_is_told_so(page: Page, product: Product) -> None:
    page.goto("/review/")
    page.get_by_label("Login").fill(product.account["login"])
    page.get_by_label("Password").fill("not-the-password")
    page.get_by_role("button", name="Sign in").click()

    expect(page.get_by_label("Password")).to_be_visible()
    expect(page.locator("main")).to_contain_text(re.compile("login|password", re.IGNORECASE))


def test_api_documentation_shows_the_submission(page: Page) -> None:
    mistakes: list[str] = []
    page.on("pageerror", lambda error: mistakes.append(str(error)))

    page.goto("/docs")

    expect(page.get_by_text("/v1/comments", exact=True).first).to_be_visible()
    assert mistakes == []
