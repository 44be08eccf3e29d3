"""Explanations come after the decision when there is more to decide, and never change it."""

from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from models.judgement import Explanation
from service.domain.decision import Decision, Outcome, Reason
from service.moderation import notify, people, sweep
from service.moderation.decide import claim, record
from service.moderation.desk import Desk
from service.moderation.erase import erase
from service.moderation.explain import claim_unexplained, keep_explanations
from service.moderation.review import review, take_back
from service.moderation.submit import look_up
from service.queue import connect
from service.storage.deliveries import EXPLAINED_WITHIN_S
from service.storage.tables import decisions, explanations
from tests.factories import DOUBT, PLAIN, SPAM, a_bench, a_comment, a_site, drain
from tests.fakes import FakeClock, FakeScorer
from worker import jobs
from worker.explaining import explain_owed
from worker.scoring import verdicts_on
from worker.wiring import EXPLAIN_EVERY_S, Bench

pytestmark = pytest.mark.usefixtures("spam_is_rejected")


def decide_only(desk: Desk, *ids: UUID) -> Bench:
    """Decide as a worker does that has no time to explain."""
    bench = a_bench(desk)
    for group in verdicts_on(bench.scorer, claim(desk, bench.owner, ids), attempts_max=3):
        record(desk, group)
    return bench


def decision_on(desk: Desk, site: object, comment_id: UUID) -> Decision:
    decision = look_up(desk, site, comment_id).decision  # type: ignore[arg-type]  # a Site
    assert decision is not None
    return decision


def passages(desk: Desk, site: object, comment_id: UUID) -> int:
    return sum(len(one.spans) for one in decision_on(desk, site, comment_id).verdict.reasons)


def owed(desk: Desk) -> int:
    with desk.storage.read() as work:
        return len(work.connection.execute(select(explanations)).all())


def test_all_decisions_are_recorded_before_one_is_explained(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = a_site(desk)
    ids = [a_comment(desk, site, body) for body in (DOUBT, SPAM, PLAIN)]
    seen: list[list[Outcome]] = []
    explain = FakeScorer.explain

    def watched(*args: Any) -> list[Any]:
        seen.append([decision_on(desk, site, one).verdict.outcome for one in ids])
        return explain(*args)

    monkeypatch.setattr(FakeScorer, "explain", watched)
    monkeypatch.setattr("worker.wiring.EXPLAIN_EVERY_S", 3600.0)
    drain(desk)
    assert seen == [[Outcome.HOLD, Outcome.REJECT, Outcome.APPROVE]] * 2
    assert [passages(desk, site, one) for one in ids] == [1, 1, 0]


def test_a_decision_keeps_its_own_reasons_and_the_explanation_stands_beside_them(
    desk: Desk,
) -> None:
    site = a_site(desk)
    comment_id = a_comment(desk, site, SPAM)
    decide_only(desk, comment_id)
    before = decision_on(desk, site, comment_id)
    drain(desk)
    after = decision_on(desk, site, comment_id)
    assert (before.id, before.verdict.reasons[0].spans) == (after.id, ())
    [reason] = after.verdict.reasons
    assert reason.text == before.verdict.reasons[0].text + " By its mark."
    with desk.storage.read() as work:
        [stored] = work.connection.scalars(select(decisions.c.reasons)).all()
    assert [one["spans"] for one in stored] == [[]]


def test_a_comment_that_nothing_follows_is_explained_right_after_it_is_decided(
    desk: Desk,
) -> None:
    site = a_site(desk)
    bench = a_bench(desk)
    bench.explained.begin()
    comment_id = a_comment(desk, site, SPAM)
    assert jobs._turn(bench) == 1
    assert passages(desk, site, comment_id) == 0
    assert jobs._turn(bench) == 0
    assert passages(desk, site, comment_id) == 1


def test_a_worker_that_is_never_idle_explains_now_and_then(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = a_site(desk)
    first = a_comment(desk, site, SPAM)
    bench = decide_only(desk, first)
    a_comment(desk, site)
    bench.explained.begin()
    jobs._turn(bench)
    assert passages(desk, site, first) == 0
    bench.explained.at -= EXPLAIN_EVERY_S
    a_comment(desk, site)
    jobs._turn(bench)
    assert passages(desk, site, first) == 1


def test_what_a_moderator_has_decided_is_explained_no_more(desk: Desk) -> None:
    site = a_site(desk)
    comment_id = a_comment(desk, site, DOUBT)
    decide_only(desk, comment_id)
    kim = people.create_user(desk, "kim", "correct horse").moderator
    review(desk, kim, comment_id, 1, Outcome.APPROVE)
    assert claim_unexplained(desk, 5) == []
    assert owed(desk) == 0


def test_what_is_explained_no_more_does_not_keep_others_waiting(desk: Desk) -> None:
    site = a_site(desk)
    ids = [a_comment(desk, site, DOUBT) for _ in range(5)]
    bench = decide_only(desk, *ids)
    kim = people.create_user(desk, "kim", "correct horse").moderator
    for decided in ids[:2] + ids[3:]:
        review(desk, kim, decided, 1, Outcome.APPROVE)
    assert explain_owed(bench) == 1
    assert passages(desk, site, ids[2]) == 1
    assert owed(desk) == 1


def test_what_was_decided_before_it_was_explained_is_explained_when_it_is_taken_back(
    desk: Desk,
) -> None:
    site = a_site(desk)
    comment_id = a_comment(desk, site, DOUBT)
    bench = decide_only(desk, comment_id)
    kim = people.create_user(desk, "kim", "correct horse").moderator
    review(desk, kim, comment_id, 1, Outcome.APPROVE)
    take_back(desk, kim, comment_id, 2)
    explain_owed(bench)
    reasons = decision_on(desk, site, comment_id).verdict.reasons
    assert [(one.code, len(one.spans)) for one in reasons] == [("moderator", 0), ("spam", 1)]


def test_what_is_explained_by_no_passage_says_so_once_when_it_is_taken_back(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = a_site(desk)
    comment_id = a_comment(desk, site, DOUBT)
    bench = decide_only(desk, comment_id)
    monkeypatch.setattr(
        bench.scorer,
        "explain",
        lambda _, labels: [Explanation(label, "by its address", ()) for label in labels],
    )
    explain_owed(bench)
    before = decision_on(desk, site, comment_id).verdict.reasons
    kim = people.create_user(desk, "kim", "correct horse").moderator
    review(desk, kim, comment_id, 1, Outcome.APPROVE)
    take_back(desk, kim, comment_id, 2)
    explain_owed(bench)
    assert before[0].text.endswith("By its address.")
    assert decision_on(desk, site, comment_id).verdict.reasons[1:] == before


def test_a_callback_waits_for_its_explanation_and_goes_out_with_it(desk: Desk) -> None:
    site = a_site(desk, webhook="http://127.0.0.1:9/")
    bench = decide_only(desk, a_comment(desk, site, DOUBT), a_comment(desk, site, PLAIN))
    [plain] = notify.claim_due(desk, 5)  # nothing is to be explained of what is approved
    assert '"outcome":"approve"' in _body(plain)
    explain_owed(bench)
    [held] = notify.claim_due(desk, 5)
    assert '"spans":[{"start":0' in _body(held)


def test_a_callback_waits_a_moment_for_its_explanation_and_no_longer(
    desk: Desk, clock: FakeClock
) -> None:
    decide_only(desk, a_comment(desk, a_site(desk, webhook="http://127.0.0.1:9/"), DOUBT))
    assert notify.claim_due(desk, 5) == []
    clock.pass_by(seconds=EXPLAINED_WITHIN_S)
    [held] = notify.claim_due(desk, 5)
    assert '"spans":[]' in _body(held)


def _body(parcel: notify.Parcel) -> str:
    assert parcel.outgoing is not None
    return parcel.outgoing.body


def test_two_workers_never_explain_the_same(desk: Desk) -> None:
    site = a_site(desk)
    decide_only(desk, *[a_comment(desk, site, SPAM) for _ in range(3)])
    first, second = claim_unexplained(desk, 2), claim_unexplained(desk, 2)
    assert [len(first), len(second)] == [2, 1]
    assert len({one.decision.id for one in first + second}) == 3


def test_a_dead_workers_explanation_is_made_by_another_but_not_for_ever(
    desk: Desk, clock: FakeClock
) -> None:
    site = a_site(desk)
    decide_only(desk, a_comment(desk, site, SPAM))
    for _ in range(2):
        assert len(claim_unexplained(desk, 1)) == 1
        assert claim_unexplained(desk, 1) == []
        clock.pass_by(seconds=desk.settings.resolved_lease_s + 1)
    assert claim_unexplained(desk, 1) == []
    assert not sweep.wake_if_needed(desk)


def test_an_explanation_that_fails_leaves_the_decision_as_it_is(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def explain(*_: Any) -> list[Any]:
        raise RuntimeError

    monkeypatch.setattr(FakeScorer, "explain", explain)
    site = a_site(desk)
    rejected = a_comment(desk, site, SPAM)
    decide_only(desk, rejected)
    drain(desk)
    verdict = decision_on(desk, site, rejected).verdict
    assert (verdict.outcome, verdict.reasons[0].spans) == (Outcome.REJECT, ())
    assert claim_unexplained(desk, 1) == []


def test_another_models_passages_are_not_shown_for_this_one(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = a_site(desk)
    comment_id = a_comment(desk, site, SPAM)
    decide_only(desk, comment_id)
    monkeypatch.setattr(FakeScorer, "version", "fake-2")
    drain(desk)
    assert passages(desk, site, comment_id) == 0
    assert owed(desk) == 0


def test_an_explanation_that_comes_after_the_erasure_is_not_kept(desk: Desk) -> None:
    site = a_site(desk)
    comment_id = a_comment(desk, site, SPAM)
    decide_only(desk, comment_id)
    [found] = claim_unexplained(desk, 1)
    erase(desk, site, comment_id)
    keep_explanations(desk, {found.decision.id: [Reason("spam", "secret")]})
    assert owed(desk) == 0


def test_the_sweeper_wakes_a_worker_for_what_is_to_be_explained(
    desk: Desk, clock: FakeClock
) -> None:
    site = a_site(desk)
    decide_only(desk, a_comment(desk, site, SPAM))
    connect(desk.settings.redis_url).flushdb()
    assert sweep.wake_if_needed(desk)
    drain(desk)
    assert not sweep.wake_if_needed(desk)
