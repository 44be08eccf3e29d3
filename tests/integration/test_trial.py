"""A policy tried on what a site received, before it is put in force."""

from dataclasses import replace
from uuid import uuid4

import pytest

from service.domain.comment import Author
from service.domain.decision import Outcome
from service.domain.errors import NotFound
from service.domain.policy import Policy, Threshold
from service.domain.site import Moderator, Site
from service.moderation import bans, trial
from service.moderation.desk import Desk
from service.moderation.erase import erase
from service.moderation.review import review, take_back
from service.moderation.submit import NewText, revise
from service.moderation.trial import Fate, Trial, try_policy
from tests.factories import DOUBT, PLAIN, a_comment, a_site, drain
from tests.fakes import FakeClock

LENIENT = replace(Policy(), thresholds={"spam": Threshold(0.7)})
APPROVED, HELD, REJECTED = Outcome.APPROVE, Outcome.HOLD, Outcome.REJECT


@pytest.fixture
def site(desk: Desk) -> Site:
    return a_site(desk)


def tried(desk: Desk, site: Site, policy: Policy = LENIENT, days: float = 30) -> Trial:
    return try_policy(desk, site.id, policy, days)


def test_what_would_change_is_set_beside_what_people_decided(desk: Desk, site: Site) -> None:
    a_comment(desk, site, PLAIN)
    a_comment(desk, site, DOUBT)
    good, bad = (a_comment(desk, site, f"{DOUBT} {number}") for number in range(2))
    drain(desk)
    moderator = Moderator(site.id, "kim")
    review(desk, moderator, good, 1, APPROVED)
    review(desk, moderator, bad, 1, REJECTED)
    assert tried(desk, site).fates == {
        Fate(APPROVED, APPROVED, None): 1,
        Fate(HELD, APPROVED, None): 1,
        Fate(HELD, APPROVED, APPROVED): 1,
        Fate(HELD, APPROVED, REJECTED): 1,
    }


def test_nothing_is_changed(desk: Desk, site: Site) -> None:
    a_comment(desk, site, DOUBT)
    drain(desk)
    assert tried(desk, site) == tried(desk, site)
    assert tried(desk, site, site.policy).fates == {Fate(HELD, HELD, None): 1}


def test_what_was_taken_back_is_decided_by_nobody(desk: Desk, site: Site) -> None:
    comment = a_comment(desk, site, DOUBT)
    drain(desk)
    moderator = Moderator(site.id, "kim")
    decision = review(desk, moderator, comment, 1, REJECTED)
    take_back(desk, moderator, comment, decision.sequence)
    assert tried(desk, site).fates == {Fate(HELD, APPROVED, None): 1}


def test_what_has_no_score_as_it_stands_is_left_out(desk: Desk, site: Site) -> None:
    edited, erased = (a_comment(desk, site, f"{DOUBT} {number}") for number in range(2))
    drain(desk)
    erase(desk, site, erased)
    revise(desk, site, edited, NewText("Something else."))
    a_comment(desk, site, PLAIN)
    assert tried(desk, site).count() == 0


def test_only_the_last_days_count(desk: Desk, site: Site, clock: FakeClock) -> None:
    a_comment(desk, site, DOUBT)
    clock.pass_by(days=2)
    a_comment(desk, site, PLAIN)
    drain(desk)
    assert tried(desk, site, days=1).fates == {Fate(APPROVED, APPROVED, None): 1}
    assert tried(desk, site, days=3).count() == 2


def test_all_pages_count(desk: Desk, site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trial, "PAGE_COMMENTS", 2)
    for number in range(5):
        a_comment(desk, site, f"{PLAIN} {number}")
    drain(desk)
    assert tried(desk, site).count() == 5


def test_another_sites_comments_do_not_count(desk: Desk, site: Site) -> None:
    a_comment(desk, a_site(desk), DOUBT)
    drain(desk)
    assert tried(desk, site).count() == 0


def test_rules_and_flags_hold_as_before(desk: Desk, site: Site) -> None:
    bans.ban(desk, site.id, "id", "reader-1")
    a_comment(desk, site, PLAIN, author=Author(id="reader-1"))
    a_comment(desk, site, "ALIEN words")
    a_comment(desk, site, "see a.example/1 b.example/2 http://c.example http://d.example www.e.com")
    drain(desk)
    assert tried(desk, site).fates == {
        Fate(REJECTED, REJECTED, None): 1,
        Fate(HELD, HELD, None): 2,
    }


def test_an_unknown_site_is_not_found(desk: Desk) -> None:
    with pytest.raises(NotFound):
        try_policy(desk, uuid4(), LENIENT, 30)
