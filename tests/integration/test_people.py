"""Moderators: accounts, sessions, and what they may see and decide."""

from uuid import uuid4

import pytest
from sqlalchemy import select

from service.domain.decision import Outcome
from service.domain.errors import Conflict, Invalid, NotFound, RateLimited, Unauthenticated
from service.domain.site import Moderator
from service.moderation import people, sweep
from service.moderation.decide import record, take_up
from service.moderation.desk import Desk
from service.moderation.erase import erase
from service.moderation.review import QueuePage, held_comment, held_comments, review, take_back
from service.moderation.sign_in import session_of, sign_in, sign_out
from service.moderation.submit import NewText, look_up, revise
from service.rate_limits import limiter
from service.storage.reviews import Reviews
from service.storage.tables import deliveries
from tests.factories import DOUBT, a_bench, a_comment, a_site, drain
from tests.fakes import FakeClock
from worker.scoring import verdicts_on

PASSWORD = "correct horse battery"


@pytest.fixture(autouse=True)
def fresh_limits() -> None:
    limiter.cache_clear()  # type: ignore[attr-defined]  # lru_cache behind a protocol


def a_moderator(desk: Desk, login: str = "kim", *sites: object) -> Moderator:
    ids = [site.id for site in sites]  # type: ignore[attr-defined]  # Site
    return people.create_user(desk, login, PASSWORD, ids).moderator


def test_a_moderator_signs_in_and_out(desk: Desk) -> None:
    kim = a_moderator(desk)
    session = sign_in(desk, "kim", PASSWORD, "192.0.2.1")
    found = session_of(desk, session.token)
    assert found is not None
    assert (found.moderator, found.csrf_token) == (kim, session.csrf_token)
    sign_out(desk, session.token)
    assert session_of(desk, session.token) is None


@pytest.mark.parametrize(("login", "password"), [("kim", "wrong"), ("nobody", PASSWORD), ("", "")])
def test_a_wrong_login_or_password_is_refused_alike(desk: Desk, login: str, password: str) -> None:
    a_moderator(desk)
    with pytest.raises(Unauthenticated, match="do not fit together"):
        sign_in(desk, login, password, "192.0.2.1")


@pytest.mark.parametrize("login", ["kim", "علی\u200cرضا", "Kim\u00a0Lee"])
def test_whoever_has_an_account_can_sign_in(desk: Desk, login: str) -> None:
    kim = a_moderator(desk, login)
    assert sign_in(desk, login, PASSWORD, "192.0.2.1").moderator == kim


@pytest.mark.parametrize("login", ["k\x00m", "k\tm", "k\u2028m", "k\ud800m"])
def test_a_login_that_no_form_can_send_is_no_login(desk: Desk, login: str) -> None:
    with pytest.raises(Invalid):
        a_moderator(desk, login)
    with pytest.raises(Unauthenticated):
        sign_in(desk, login, PASSWORD, "192.0.2.1")


def test_too_many_tries_from_one_address_must_wait(desk: Desk) -> None:
    a_moderator(desk)
    for _ in range(10):
        with pytest.raises(Unauthenticated):
            sign_in(desk, "kim", "wrong", "192.0.2.66")
    with pytest.raises(RateLimited):
        sign_in(desk, "kim", PASSWORD, "192.0.2.66")


def test_a_session_ends_by_itself(desk: Desk, clock: FakeClock) -> None:
    a_moderator(desk)
    session = sign_in(desk, "kim", PASSWORD, "192.0.2.1")
    clock.pass_by(hours=desk.settings.session_max_age_h)
    assert session_of(desk, session.token) is None


def test_a_new_password_or_a_closed_account_ends_all_sessions(desk: Desk) -> None:
    a_moderator(desk)
    first = sign_in(desk, "kim", PASSWORD, "192.0.2.1")
    new = people.set_password(desk, "kim")
    assert session_of(desk, first.token) is None
    second = sign_in(desk, "kim", new, "192.0.2.1")
    people.disable_user(desk, "kim")
    assert session_of(desk, second.token) is None
    with pytest.raises(Unauthenticated):
        sign_in(desk, "kim", new, "192.0.2.1")


def test_a_login_is_taken_once(desk: Desk) -> None:
    a_moderator(desk)
    with pytest.raises(Conflict):
        a_moderator(desk)
    assert [account.moderator.login for account in people.list_users(desk)] == ["kim"]


def test_a_short_password_and_an_unknown_site_are_refused(desk: Desk) -> None:
    with pytest.raises(Invalid):
        people.create_user(desk, "lee", "short")
    with pytest.raises(NotFound):
        people.create_user(desk, "lee", PASSWORD, [uuid4()])


def test_held_comments_wait_in_the_order_they_came(desk: Desk) -> None:
    site = a_site(desk)
    ids = [a_comment(desk, site, DOUBT) for _ in range(5)]
    drain(desk)
    kim = a_moderator(desk)
    first = held_comments(desk, kim, limit=3)
    second = held_comments(desk, kim, first.next_cursor, limit=3)
    assert [held.comment.id for held in (*first.items, *second.items)] == ids
    assert (first.held_total, second.next_cursor) == (5, None)
    assert first.items[0].site_name == "The Harbour News"


def test_a_moderator_of_one_site_sees_and_decides_nothing_of_another(desk: Desk) -> None:
    mine, other = a_site(desk), a_site(desk)
    kim = a_moderator(desk, "kim", mine)
    theirs = a_comment(desk, other, DOUBT)
    drain(desk)
    assert held_comments(desk, kim) == QueuePage((), None, 0)
    with pytest.raises(NotFound):
        review(desk, kim, theirs, 1, Outcome.APPROVE)


def test_a_review_supersedes_and_leaves_the_queue(desk: Desk) -> None:
    site = a_site(desk)
    comment_id = a_comment(desk, site, DOUBT)
    drain(desk)
    kim = a_moderator(desk)
    decision = review(desk, kim, comment_id, 1, Outcome.REJECT, "Off topic.")
    assert decision.sequence == 2
    found = look_up(desk, site, comment_id).decision
    assert found is not None
    assert found.verdict.decided_by == f"moderator:{kim.id}"
    assert found.verdict.reasons[0].text == "Off topic."
    assert found.verdict.scores["spam"] == pytest.approx(0.6)
    assert held_comments(desk, kim).held_total == 0


def test_the_second_of_two_moderators_is_told_who_was_faster(desk: Desk) -> None:
    comment_id = a_comment(desk, a_site(desk), DOUBT)
    drain(desk)
    kim, lee = a_moderator(desk), a_moderator(desk, "lee")
    review(desk, kim, comment_id, 1, Outcome.APPROVE)
    with pytest.raises(Conflict, match="already approved by kim"):
        review(desk, lee, comment_id, 1, Outcome.REJECT)


def test_a_text_edited_meanwhile_is_not_decided_by_its_old_version(desk: Desk) -> None:
    site = a_site(desk)
    comment_id = a_comment(desk, site, DOUBT)
    drain(desk)
    revise(desk, site, comment_id, NewText("DOUBT again"))
    drain(desk)
    with pytest.raises(Conflict, match="edited"):
        review(desk, a_moderator(desk), comment_id, 1, Outcome.APPROVE)


def test_a_text_edited_between_two_looks_does_not_wait(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    if desk.storage.syncs_later:
        pytest.skip("SQLite: all reads of one look see one state")
    site = a_site(desk)
    comment_id = a_comment(desk, site, DOUBT)
    drain(desk)

    def edited_then(*_: object) -> bool:
        revise(desk, site, comment_id, NewText("DOUBT again"))
        return True

    monkeypatch.setattr(Reviews, "is_open", edited_then)
    assert held_comment(desk, a_moderator(desk), comment_id) is None


def test_a_decision_taken_back_supersedes_it_and_waits_again(desk: Desk) -> None:
    site = a_site(desk, webhook="http://127.0.0.1:9/callbacks")
    comment_id = a_comment(desk, site, DOUBT)
    drain(desk)
    kim = a_moderator(desk)
    [before] = held_comments(desk, kim).items
    review(desk, kim, comment_id, 1, Outcome.REJECT, "Off topic.")
    decision = take_back(desk, kim, comment_id, 2)
    [held] = held_comments(desk, kim).items
    assert held.decision.id == decision.id
    assert (decision.sequence, decision.verdict.outcome) == (3, Outcome.HOLD)
    assert decision.verdict.decided_by == f"moderator:{kim.id}"
    assert decision.verdict.scores == before.decision.verdict.scores
    assert held.decision.verdict.reasons[0].text == "A moderator took the decision back."
    assert held.decision.verdict.reasons[1:] == before.decision.verdict.reasons
    with desk.storage.read() as work:
        outcomes = [one.verdict.outcome.value for one in work.decisions.history(comment_id)]
        owed = work.connection.execute(select(deliveries.c.decision_id)).all()
    assert outcomes == ["hold", "reject", "hold"]
    assert len(owed) == 3


def test_what_was_taken_back_can_be_decided_and_taken_back_again(desk: Desk) -> None:
    comment_id = a_comment(desk, a_site(desk), DOUBT)
    drain(desk)
    kim = a_moderator(desk)
    for sequence in (2, 4):
        review(desk, kim, comment_id, 1, Outcome.REJECT)
        decision = take_back(desk, kim, comment_id, sequence)
    codes = [reason.code for reason in decision.verdict.reasons]
    assert codes.count("moderator") == 1


def test_what_a_person_had_in_hand_is_not_said_to_be_scored_later(
    desk: Desk, clock: FakeClock
) -> None:
    site = a_site(desk)
    comment_id = a_comment(desk, site)
    clock.pass_by(seconds=desk.settings.decide_within_s + 1)
    sweep.settle_overdue(desk)
    kim = a_moderator(desk)
    review(desk, kim, comment_id, 1, Outcome.APPROVE)
    decision = take_back(desk, kim, comment_id, 2)
    drain(desk)
    assert [reason.code for reason in decision.verdict.reasons] == ["moderator"]
    assert look_up(desk, site, comment_id).decision == decision


def test_only_ones_own_decision_in_force_can_be_taken_back(desk: Desk) -> None:
    site = a_site(desk)
    comment_id = a_comment(desk, site, DOUBT)
    drain(desk)
    kim, lee = a_moderator(desk), a_moderator(desk, "lee")
    elsewhere = a_moderator(desk, "max", a_site(desk))
    with pytest.raises(Conflict, match="already held by the policy"):
        take_back(desk, kim, comment_id, 1)
    review(desk, kim, comment_id, 1, Outcome.APPROVE)
    with pytest.raises(NotFound):
        take_back(desk, elsewhere, comment_id, 2)
    with pytest.raises(Conflict, match="already approved by kim"):
        take_back(desk, lee, comment_id, 2)
    take_back(desk, kim, comment_id, 2)
    for sequence in (2, 3):
        with pytest.raises(Conflict, match="already held by kim"):
            take_back(desk, kim, comment_id, sequence)
    review(desk, lee, comment_id, 1, Outcome.REJECT)
    with pytest.raises(Conflict, match="already rejected by lee"):
        take_back(desk, kim, comment_id, 2)


def test_no_decision_is_taken_back_on_a_text_edited_or_erased_since(desk: Desk) -> None:
    site, kim = a_site(desk), a_moderator(desk)
    edited, erased = (a_comment(desk, site, DOUBT) for _ in range(2))
    drain(desk)
    for comment_id in (edited, erased):
        review(desk, kim, comment_id, 1, Outcome.APPROVE)
    revise(desk, site, edited, NewText("Something else."))
    with pytest.raises(Conflict, match="not decided yet"):
        take_back(desk, kim, edited, 2)
    erase(desk, site, erased)
    with pytest.raises(Conflict, match="erased"):
        take_back(desk, kim, erased, 2)


def test_a_review_never_ends_with_hold(desk: Desk) -> None:
    with pytest.raises(Invalid):
        review(desk, a_moderator(desk), a_site(desk).id, 1, Outcome.HOLD)


def test_a_foreign_cursor_is_refused(desk: Desk) -> None:
    with pytest.raises(Invalid):
        held_comments(desk, a_moderator(desk), "nonsense")


def test_what_was_held_for_lateness_keeps_its_place_when_it_is_scored(
    desk: Desk, clock: FakeClock
) -> None:
    site = a_site(desk)
    early = a_comment(desk, site, DOUBT)
    clock.pass_by(seconds=desk.settings.decide_within_s + 1)
    held_since = desk.now()
    sweep.settle_overdue(desk)
    clock.pass_by(hours=3)
    bench = a_bench(desk)
    late = a_comment(desk, site, DOUBT)
    for ids in ([late], [early]):
        for verdicts in verdicts_on(bench.scorer, take_up(desk, bench.owner, ids), attempts_max=3):
            record(desk, verdicts)
    first, second = held_comments(desk, a_moderator(desk)).items
    assert (first.comment.id, first.since) == (early, held_since)
    assert first.decision.verdict.decided_by == "policy"
    assert second.comment.id == late
