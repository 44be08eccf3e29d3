"""A policy tried on what a site received, before it is put in force."""

from collections import Counter
from dataclasses import replace
from uuid import UUID, uuid4

import pytest

from service.domain.comment import Author, Form
from service.domain.decision import Outcome
from service.domain.errors import NotFound
from service.domain.policy import Policy, Threshold
from service.domain.site import Moderator, Site
from service.moderation import bans, sweep, trial
from service.moderation.desk import Desk
from service.moderation.erase import erase
from service.moderation.review import review, take_back
from service.moderation.sites import set_policy
from service.moderation.submit import NewText, revise
from service.moderation.trial import try_policy
from tests.factories import DOUBT, PLAIN, a_comment, a_site, drain
from tests.fakes import FakeClock

LENIENT = replace(Policy(), thresholds={"spam": Threshold(0.7)})
APPROVED, HELD, REJECTED = Outcome.APPROVE, Outcome.HOLD, Outcome.REJECT
Fates = dict[tuple[Outcome, Outcome, Outcome | None], int]


@pytest.fixture
def site(desk: Desk) -> Site:
    return a_site(desk)


def tried(desk: Desk, site: Site, policy: Policy = LENIENT, days: float = 30) -> Fates:
    """How many comments have which outcome in force, which if tried, and which by a moderator."""
    counts: Counter[tuple[Outcome, Outcome, Outcome | None]] = Counter()
    for fate, number in try_policy(desk, site.id, policy, days).fates.items():
        counts[fate.in_force, fate.tried, fate.moderator] += number
    return dict(counts)


def decide(desk: Desk, site: Site, comment: UUID, outcome: Outcome) -> int:
    return review(desk, Moderator(site.id, "kim"), comment, 1, outcome).sequence


def test_what_would_change_is_set_beside_what_moderators_decided(desk: Desk, site: Site) -> None:
    a_comment(desk, site, PLAIN)
    a_comment(desk, site, DOUBT)
    good, bad = (a_comment(desk, site, f"{DOUBT} {number}") for number in range(2))
    drain(desk)
    decide(desk, site, good, APPROVED)
    decide(desk, site, bad, REJECTED)
    assert tried(desk, site) == {
        (APPROVED, APPROVED, None): 1,
        (HELD, APPROVED, None): 1,
        (HELD, APPROVED, APPROVED): 1,
        (HELD, APPROVED, REJECTED): 1,
    }


def test_the_policy_in_force_counts_and_not_that_of_the_time(desk: Desk, site: Site) -> None:
    a_comment(desk, site, DOUBT)
    drain(desk)
    set_policy(desk, site.id, LENIENT)
    assert tried(desk, site) == {(APPROVED, APPROVED, None): 1}
    assert tried(desk, site, Policy()) == {(APPROVED, HELD, None): 1}


def test_nothing_is_changed(desk: Desk, site: Site) -> None:
    a_comment(desk, site, DOUBT)
    drain(desk)
    assert tried(desk, site) == tried(desk, site)
    assert tried(desk, site, site.policy) == {(HELD, HELD, None): 1}


def test_what_was_taken_back_is_decided_by_nobody(desk: Desk, site: Site) -> None:
    comment = a_comment(desk, site, DOUBT)
    drain(desk)
    sequence = decide(desk, site, comment, REJECTED)
    take_back(desk, Moderator(site.id, "kim"), comment, sequence)
    assert tried(desk, site) == {(HELD, APPROVED, None): 1}


def test_what_has_no_score_as_it_stands_is_left_out(desk: Desk, site: Site) -> None:
    edited, erased = (a_comment(desk, site, f"{DOUBT} {number}") for number in range(2))
    drain(desk)
    erase(desk, site, erased)
    revise(desk, site, edited, NewText("Something else."))
    a_comment(desk, site, PLAIN)
    assert tried(desk, site) == {}


def test_of_an_edited_comment_the_new_text_counts(desk: Desk, site: Site) -> None:
    comment = a_comment(desk, site, DOUBT)
    drain(desk)
    decide(desk, site, comment, REJECTED)
    revise(desk, site, comment, NewText(PLAIN))
    drain(desk)
    assert tried(desk, site) == {(APPROVED, APPROVED, None): 1}


def test_a_score_that_came_after_the_fallback_counts(
    desk: Desk, site: Site, clock: FakeClock
) -> None:
    a_comment(desk, site, PLAIN)
    clock.pass_by(seconds=desk.settings.decide_within_s + 1)
    sweep.settle_overdue(desk)
    assert tried(desk, site) == {}
    drain(desk)
    assert tried(desk, site) == {(APPROVED, APPROVED, None): 1}


def test_only_the_last_days_count(desk: Desk, site: Site, clock: FakeClock) -> None:
    a_comment(desk, site, DOUBT)
    clock.pass_by(days=2)
    a_comment(desk, site, PLAIN)
    drain(desk)
    assert tried(desk, site, days=1) == {(APPROVED, APPROVED, None): 1}
    assert len(tried(desk, site, days=3)) == 2


def test_all_pages_count(desk: Desk, site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trial, "PAGE_COMMENTS", 2)
    for number in range(5):
        a_comment(desk, site, f"{PLAIN} {number}")
    drain(desk)
    assert tried(desk, site) == {(APPROVED, APPROVED, None): 5}


def test_another_sites_comments_do_not_count(desk: Desk, site: Site) -> None:
    a_comment(desk, a_site(desk), DOUBT)
    drain(desk)
    assert tried(desk, site) == {}


def test_rules_and_flags_call_for_what_they_did(desk: Desk, site: Site) -> None:
    bans.ban(desk, site.id, "id", "reader-1")
    a_comment(desk, site, PLAIN, author=Author(id="reader-1"))
    a_comment(desk, site, PLAIN, form=Form(honeypot="filled in"))
    a_comment(desk, site, "ALIEN words")
    a_comment(desk, site, "see a.example/1 b.example/2 http://c.example http://d.example www.e.com")
    drain(desk)
    bans.unban(desk, site.id, "id", "reader-1")
    assert tried(desk, site) == {(REJECTED, REJECTED, None): 2, (HELD, HELD, None): 2}
    let_pass = replace(LENIENT, unfamiliar=APPROVED, honeypot=HELD, banned_author=HELD)
    assert tried(desk, site, let_pass) == {
        (REJECTED, HELD, None): 2,
        (HELD, APPROVED, None): 1,
        (HELD, HELD, None): 1,
    }


def test_an_unknown_site_is_not_found(desk: Desk) -> None:
    with pytest.raises(NotFound):
        try_policy(desk, uuid4(), LENIENT, 30)
