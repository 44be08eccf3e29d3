"""How often a site had received the same text before: what the model is told."""

from uuid import UUID, uuid4

import pytest

from service.domain.comment import Article, Author
from service.domain.copies import COPIES_LOOKED_AT_MAX, COPIES_WITHIN
from service.domain.site import Site
from service.moderation.decide import take_up
from service.moderation.desk import Desk
from service.moderation.erase import erase
from service.moderation.explain import claim_unexplained
from service.moderation.submit import NewText, revise
from tests.factories import SPAM, a_comment, a_site, drain
from tests.fakes import FakeClock

PITCH = "Visit my shop for the best watches in town"


def copies_of(desk: Desk, comment_id: UUID) -> int | None:
    [case] = take_up(desk, uuid4(), [comment_id])
    return case.claim.copies


def sent(
    desk: Desk, site: Site, body: str = PITCH, article: str = "quay", name: str = "Ann"
) -> UUID:
    return a_comment(desk, site, body, article=Article(id=article), author=Author(name=name))


def test_a_text_is_a_copy_of_what_came_under_another_article_or_from_someone_else(
    desk: Desk,
) -> None:
    site = a_site(desk)
    first = sent(desk, site)
    elsewhere = sent(desk, site, article="fair")
    by_bob = sent(desk, site, name="Bob")
    assert [copies_of(desk, one) for one in (first, elsewhere, by_bob)] == [0, 1, 2]


def test_sending_a_form_twice_makes_no_copy(desk: Desk) -> None:
    site = a_site(desk)
    sent(desk, site)
    assert copies_of(desk, sent(desk, site)) == 0


@pytest.mark.parametrize(
    "body",
    [
        "visit my shop for the BEST watches in town!!! 100 %",
        '<a href="https://a.example/x">Visit my shop</a> for the <b>best</b> watches in town',
        "Visit my shop for the best watches in town https://b.example/y?z=1",
        "\uff36isit my shop for the best watches in town",
        "Visit my shop for the best watches in town c.example/y?z=1",
        "[url=http://d.example]Visit my shop[/url] for the best watches in town",
        "[Visit my shop](https://e.example/z) for the best watches in town",
    ],
)
def test_links_markup_case_and_digits_do_not_tell_copies_apart(desk: Desk, body: str) -> None:
    site = a_site(desk)
    sent(desk, site)
    assert copies_of(desk, sent(desk, site, body, article="fair")) == 1


def test_short_texts_have_no_copies(desk: Desk) -> None:
    site = a_site(desk)
    sent(desk, site, "I agree with you!")
    assert copies_of(desk, sent(desk, site, "I agree with you!", article="fair")) is None


def test_another_sites_comments_do_not_count(desk: Desk) -> None:
    sent(desk, a_site(desk))
    assert copies_of(desk, sent(desk, a_site(desk), article="fair")) == 0


def test_a_text_is_forgotten_after_a_month_and_when_it_is_erased(
    desk: Desk, clock: FakeClock
) -> None:
    site = a_site(desk)
    sent(desk, site)
    clock.pass_by(days=COPIES_WITHIN.days + 1)
    second = sent(desk, site, article="fair")
    assert copies_of(desk, second) == 0
    erase(desk, site, second)
    assert copies_of(desk, sent(desk, site, article="market")) == 0


def test_an_edited_text_is_compared_anew(desk: Desk) -> None:
    site = a_site(desk)
    sent(desk, site)
    other = sent(desk, site, "Nobody else has ever written this one", article="fair")
    assert copies_of(desk, other) == 0
    revise(desk, site, other, NewText(PITCH))
    assert copies_of(desk, other) == 1


def test_a_flood_is_counted_so_far_and_no_further(desk: Desk) -> None:
    site = a_site(desk)
    for number in range(COPIES_LOOKED_AT_MAX + 2):
        last = sent(desk, site, article=f"a{number}")
    assert copies_of(desk, last) == COPIES_LOOKED_AT_MAX


def test_of_the_copies_looked_at_only_recent_ones_count(desk: Desk, clock: FakeClock) -> None:
    site = a_site(desk)
    sent(desk, site)
    clock.pass_by(days=COPIES_WITHIN.days + 1)
    sent(desk, site, article="fair")
    assert copies_of(desk, sent(desk, site, article="market")) == 1


def test_an_explanation_is_told_the_same_copies_as_the_decision(desk: Desk) -> None:
    site = a_site(desk)
    sent(desk, site, SPAM)
    sent(desk, site, SPAM, article="fair")
    bench = drain(desk)
    told = [document.copies for document in bench.scorer.explained]  # type: ignore[attr-defined]  # the fake counts
    assert told == [0, 1]
    assert claim_unexplained(desk, 1) == []
