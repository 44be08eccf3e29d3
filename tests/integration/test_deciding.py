"""From a submission to its decision: nothing is lost, nothing is decided twice."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy.exc import DataError, OperationalError

from models.judgement import Judgement
from service.domain.comment import Author, Form
from service.domain.decision import Outcome, Verdict
from service.domain.policy import Policy
from service.domain.site import Site
from service.moderation import bans, sweep
from service.moderation.decide import GRACE_S, Case, claim, claim_waiting, record, take_up
from service.moderation.desk import Desk
from service.moderation.erase import erase
from service.moderation.listing import history
from service.moderation.submit import NewText, look_up, revise
from service.queue import connect
from tests.factories import DOUBT, PLAIN, SPAM, a_bench, a_comment, a_site, drain
from tests.fakes import FakeClock, FakeScorer
from worker import jobs
from worker.scoring import verdicts_on
from worker.wiring import Bench

pytestmark = pytest.mark.usefixtures("spam_is_rejected")


def verdicts(bench: Bench, cases: list[Case]) -> list[tuple[Case, Verdict]]:
    """What the worker would record, in one list."""
    groups = verdicts_on(bench.scorer, cases, attempts_max=3)
    return [pair for group in groups for pair in group]


def outcome_of(desk: Desk, site: object, comment_id: UUID) -> Outcome | None:
    decision = look_up(desk, site, comment_id).decision  # type: ignore[arg-type]  # a Site
    return decision.verdict.outcome if decision else None


@pytest.mark.parametrize(
    ("body", "outcome"), [(PLAIN, "approve"), (DOUBT, "hold"), (SPAM, "reject")]
)
def test_a_comment_gets_the_outcome_of_its_score(desk: Desk, body: str, outcome: str) -> None:
    site = a_site(desk)
    comment_id = a_comment(desk, site, body)
    drain(desk)
    assert outcome_of(desk, site, comment_id) == outcome


def test_a_decision_is_stamped_with_versions_scores_and_reasons(desk: Desk) -> None:
    site = a_site(desk)
    comment_id = a_comment(desk, site, SPAM)
    drain(desk)
    decision = look_up(desk, site, comment_id).decision
    assert decision is not None
    verdict = decision.verdict
    assert (verdict.model_version, verdict.policy_version, decision.revision) == ("fake-1", 1, 1)
    assert verdict.scores["spam"] == pytest.approx(0.999)
    assert [(reason.code, reason.spans[0].start) for reason in verdict.reasons] == [("spam", 0)]


def test_many_comments_are_scored_in_few_batches(desk: Desk) -> None:
    site = a_site(desk)
    for _ in range(100):
        a_comment(desk, site)
    bench = drain(desk)
    assert bench.scorer.batches == [64, 36]  # type: ignore[attr-defined]  # the fake counts


def test_a_second_drain_decides_nothing_again(desk: Desk) -> None:
    site = a_site(desk)
    comment_id = a_comment(desk, site)
    drain(desk)
    desk.handover.offer([comment_id])
    drain(desk)
    assert len(history(desk, site, comment_id)) == 1


def test_two_workers_never_have_the_same_comment(desk: Desk, clock: FakeClock) -> None:
    site = a_site(desk)
    ids = [a_comment(desk, site) for _ in range(10)]
    first = claim(desk, uuid4(), ids)
    assert len(first) == 10
    assert claim(desk, uuid4(), ids) == []
    clock.pass_by(seconds=GRACE_S)
    assert claim_waiting(desk, uuid4()) == []


def a_tried_comment(desk: Desk, site: Site, clock: FakeClock) -> UUID:
    """A comment whose worker has died; the lease has ended."""
    comment_id = a_comment(desk, site)
    claim(desk, uuid4(), [comment_id])
    clock.pass_by(seconds=desk.settings.lease_s + 1)
    return comment_id


def test_an_offer_taken_up_twice_is_decided_once(desk: Desk) -> None:
    site = a_site(desk)
    comment_id = a_comment(desk, site)
    bench = a_bench(desk)
    one, other = (take_up(desk, uuid4(), [comment_id]) for _ in range(2))
    assert len(record(desk, verdicts(bench, one))) == 1
    assert record(desk, verdicts(bench, other)) == []
    assert len(history(desk, site, comment_id)) == 1


def test_an_offer_of_what_was_tried_before_is_taken_with_a_lease(
    desk: Desk, clock: FakeClock
) -> None:
    site = a_site(desk)
    comment_id = a_tried_comment(desk, site, clock)
    [case] = take_up(desk, uuid4(), [comment_id])
    assert case.claim.attempts == 2
    assert take_up(desk, uuid4(), [comment_id]) == []


def test_a_comment_whose_worker_died_is_taken_by_another_when_the_lease_ends(
    desk: Desk, clock: FakeClock
) -> None:
    site = a_site(desk)
    comment_id = a_tried_comment(desk, site, clock)
    drain(desk)
    assert outcome_of(desk, site, comment_id) is Outcome.APPROVE


def test_a_verdict_that_comes_after_the_lease_was_lost_is_dropped(
    desk: Desk, clock: FakeClock
) -> None:
    site = a_site(desk)
    comment_id = a_comment(desk, site)
    bench = a_bench(desk)
    late = claim(desk, bench.owner, [comment_id])
    clock.pass_by(seconds=desk.settings.lease_s + 1)
    drain(desk)
    assert record(desk, verdicts(bench, late)) == []
    assert len(history(desk, site, comment_id)) == 1


def test_an_edit_is_decided_anew_and_an_old_verdict_never_covers_it(desk: Desk) -> None:
    site = a_site(desk)
    comment_id = a_comment(desk, site, PLAIN)
    bench = a_bench(desk)
    old = claim(desk, bench.owner, [comment_id])
    revise(desk, site, comment_id, NewText(SPAM))
    assert record(desk, verdicts(bench, old)) == []
    drain(desk)
    decision = look_up(desk, site, comment_id).decision
    assert decision is not None
    assert (decision.revision, decision.verdict.outcome) == (2, Outcome.REJECT)


def test_a_comment_that_was_edited_meanwhile_takes_no_neighbours_with_it(desk: Desk) -> None:
    site = a_site(desk)
    edited, other = a_comment(desk, site), a_comment(desk, site)
    bench = a_bench(desk)
    cases = take_up(desk, bench.owner, [edited, other])
    revise(desk, site, edited, NewText(SPAM))
    assert [one.comment_id for one in record(desk, verdicts(bench, cases))] == [other]


def test_the_same_text_again_is_no_edit(desk: Desk) -> None:
    site = a_site(desk)
    comment_id = a_comment(desk, site)
    drain(desk)
    assert revise(desk, site, comment_id, NewText(PLAIN)).comment.revision == 1


def test_what_redis_forgot_is_found_in_the_database(desk: Desk, clock: FakeClock) -> None:
    site = a_site(desk)
    comment_id = a_comment(desk, site)
    desk.handover.redis.flushdb()
    clock.pass_by(seconds=GRACE_S)
    drain(desk)
    assert outcome_of(desk, site, comment_id) is Outcome.APPROVE


def test_the_sweeper_wakes_a_worker_for_what_was_not_queued(desk: Desk, clock: FakeClock) -> None:
    a_comment(desk, a_site(desk))
    desk.handover.redis.flushdb()
    clock.pass_by(seconds=2)
    assert sweep.wake_if_needed(desk)
    assert desk.handover.queue.count == 1


def test_the_sweeper_wakes_nobody_when_nothing_waits(desk: Desk, clock: FakeClock) -> None:
    a_comment(desk, a_site(desk))
    drain(desk)
    clock.pass_by(seconds=2)
    assert not sweep.wake_if_needed(desk)


def test_a_comment_is_held_when_no_worker_decides_in_time(desk: Desk, clock: FakeClock) -> None:
    site = a_site(desk)
    comment_id = a_comment(desk, site)
    clock.pass_by(seconds=desk.settings.decide_within_s + 1)
    assert sweep.settle_overdue(desk) == 1
    decision = look_up(desk, site, comment_id).decision
    assert decision is not None
    assert (decision.verdict.outcome, decision.verdict.decided_by) == (Outcome.HOLD, "fallback")
    assert decision.verdict.reasons[0].code == "scoring_unavailable"


def test_a_site_may_choose_to_pass_what_cannot_be_scored_in_time_and_it_is_scored_later(
    desk: Desk, clock: FakeClock
) -> None:
    site = a_site(desk, when_unscored=Outcome.APPROVE)
    comment_id = a_comment(desk, site, SPAM)
    clock.pass_by(seconds=desk.settings.decide_within_s + 1)
    sweep.settle_overdue(desk)
    assert outcome_of(desk, site, comment_id) is Outcome.APPROVE
    drain(desk)
    assert [d.verdict.outcome for d in history(desk, site, comment_id)] == ["approve", "reject"]


def test_a_text_that_breaks_the_scorer_is_held_and_its_neighbours_are_decided(desk: Desk) -> None:
    site = a_site(desk)
    bad, good = a_comment(desk, site, "CRASH here"), a_comment(desk, site)
    drain(desk)
    assert (outcome_of(desk, site, bad), outcome_of(desk, site, good)) == ("hold", "approve")
    [decision] = history(desk, site, bad)
    assert decision.verdict.reasons[0].code == "scoring_failed"


def test_a_text_that_kills_its_workers_is_held_after_some_tries(
    desk: Desk, clock: FakeClock
) -> None:
    site = a_site(desk)
    comment_id = a_comment(desk, site)
    for _ in range(desk.settings.score_attempts_max):
        claim(desk, uuid4(), [comment_id])
        clock.pass_by(seconds=desk.settings.lease_s + 1)
    bench = drain(desk)
    assert bench.scorer.batches == []  # type: ignore[attr-defined]  # the fake counts
    assert outcome_of(desk, site, comment_id) is Outcome.HOLD


def test_a_comment_tried_before_is_scored_alone(desk: Desk, clock: FakeClock) -> None:
    site = a_site(desk)
    a_tried_comment(desk, site, clock)
    for _ in range(2):
        a_comment(desk, site)
    bench = drain(desk)
    assert sorted(bench.scorer.batches) == [1, 2]  # type: ignore[attr-defined]  # the fake counts


def test_a_filled_honeypot_is_rejected(desk: Desk) -> None:
    site = a_site(desk)
    comment_id = a_comment(desk, site, form=Form(honeypot="http://robot.example"))
    drain(desk)
    assert outcome_of(desk, site, comment_id) is Outcome.REJECT


@pytest.mark.parametrize(("kind", "value"), [("email", "ANN@example.org"), ("ip", "192.0.2.7")])
def test_a_banned_author_is_rejected_until_the_ban_is_lifted(
    desk: Desk, kind: str, value: str
) -> None:
    site = a_site(desk)
    bans.ban(desk, site.id, kind, value)
    banned = a_comment(desk, site)
    drain(desk)
    bans.unban(desk, site.id, kind, value)
    free = a_comment(desk, site)
    drain(desk)
    assert (outcome_of(desk, site, banned), outcome_of(desk, site, free)) == ("reject", "approve")


def test_a_ban_of_one_site_is_none_of_another(desk: Desk) -> None:
    strict, lax = a_site(desk), a_site(desk)
    bans.ban(desk, strict.id, "email", "ann@example.org")
    comment_id = a_comment(desk, lax)
    drain(desk)
    assert outcome_of(desk, lax, comment_id) is Outcome.APPROVE


def test_a_text_that_breaks_the_scorer_is_held_even_where_the_unscored_pass(desk: Desk) -> None:
    site = a_site(desk, when_unscored=Outcome.APPROVE)
    comment_id = a_comment(desk, site, "CRASH here")
    drain(desk)
    assert outcome_of(desk, site, comment_id) is Outcome.HOLD


def test_what_passes_unscored_still_obeys_the_rules_that_need_no_score(
    desk: Desk, clock: FakeClock
) -> None:
    site = a_site(desk, when_unscored=Outcome.APPROVE)
    bans.ban(desk, site.id, "email", "ann@example.org")
    banned = a_comment(desk, site)
    robot = a_comment(desk, site, author=Author(), form=Form(honeypot="x"))
    plain = a_comment(desk, site, author=Author())
    clock.pass_by(seconds=desk.settings.decide_within_s + 1)
    sweep.settle_overdue(desk)
    found = [outcome_of(desk, site, id_) for id_ in (banned, robot, plain)]
    assert found == ["reject", "reject", "approve"]


def test_many_sweepers_decide_each_late_comment_once(desk: Desk, clock: FakeClock) -> None:
    site = a_site(desk)
    ids = [a_comment(desk, site) for _ in range(60)]
    clock.pass_by(seconds=desk.settings.decide_within_s + 1)
    with ThreadPoolExecutor(4) as sweepers:
        settled = sum(sweepers.map(lambda _: sweep.settle_overdue(desk), range(4)))
    assert settled == len(ids)
    assert {len(history(desk, site, id_)) for id_ in ids} == {1}


def test_a_late_look_never_overrides_a_verdict_that_was_faster(
    desk: Desk, clock: FakeClock
) -> None:
    site = a_site(desk)
    comment_id = a_comment(desk, site)
    clock.pass_by(seconds=desk.settings.decide_within_s + 1)
    drain(desk)
    assert sweep.settle_overdue(desk) == 0
    assert outcome_of(desk, site, comment_id) is Outcome.APPROVE


def test_a_dead_workers_comment_is_scored_by_another_before_it_counts_as_late(
    desk: Desk, clock: FakeClock
) -> None:
    site = a_site(desk)
    comment_id = a_tried_comment(desk, site, clock)
    sweep.settle_overdue(desk)
    drain(desk)
    assert [d.verdict.decided_by for d in history(desk, site, comment_id)] == ["policy"]


def test_verdicts_that_could_not_be_recorded_cost_no_try(
    desk: Desk, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = a_site(desk)
    comment_id = a_comment(desk, site)

    def away(*_: object) -> None:
        raise OperationalError("INSERT", None, Exception("away"))

    for _ in range(desk.settings.score_attempts_max + 1):
        with monkeypatch.context() as outage:
            outage.setattr(jobs, "record", away)
            drain(desk)
        clock.pass_by(seconds=GRACE_S)
    drain(desk)
    assert outcome_of(desk, site, comment_id) is Outcome.APPROVE


def test_one_verdict_that_the_database_refuses_takes_no_neighbours_with_it(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = a_site(desk)
    good, bad = a_comment(desk, site), a_comment(desk, site, SPAM)

    def refuse(desk: Desk, verdicts: Any) -> Any:
        if any(verdict.outcome is Outcome.REJECT for _, verdict in verdicts):
            raise DataError("INSERT", None, Exception("no"))
        return record(desk, verdicts)

    monkeypatch.setattr(jobs, "record", refuse)
    drain(desk)
    assert (outcome_of(desk, site, good), outcome_of(desk, site, bad)) == ("approve", "hold")


def test_a_model_that_lacks_a_score_approves_nothing(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = a_site(desk)
    comment_id = a_comment(desk, site)
    monkeypatch.setattr(FakeScorer, "_one", lambda *_: Judgement({"spam": float("nan")}, ()))
    drain(desk)
    assert outcome_of(desk, site, comment_id) is Outcome.HOLD


def test_a_pending_comment_that_is_erased_is_decided_so_that_nobody_waits_for_it(
    desk: Desk,
) -> None:
    site = a_site(desk)
    comment_id = a_comment(desk, site)
    erase(desk, site, comment_id)
    drain(desk)
    [decision] = history(desk, site, comment_id)
    assert (decision.verdict.outcome, decision.verdict.decided_by) == ("reject", "erasure")


def test_an_unfamiliar_language_is_held(desk: Desk) -> None:
    site = a_site(desk)
    comment_id = a_comment(desk, site, "ALIEN words")
    drain(desk)
    decision = look_up(desk, site, comment_id).decision
    assert decision is not None
    assert decision.verdict.outcome is Outcome.HOLD
    assert decision.verdict.reasons[0].code == "unfamiliar_language"


def test_each_site_has_its_own_policy(desk: Desk) -> None:
    lax = a_site(desk, policy=Policy(thresholds={}))
    comment_id = a_comment(desk, lax, SPAM)
    drain(desk)
    decision = look_up(desk, lax, comment_id).decision
    assert decision is not None
    assert (decision.verdict.outcome, decision.verdict.policy_version) == (Outcome.APPROVE, 2)


def test_an_erased_comment_is_decided_no_more(desk: Desk) -> None:
    site = a_site(desk)
    comment_id = a_comment(desk, site, SPAM)
    bench = a_bench(desk)
    cases = claim(desk, bench.owner, [comment_id])
    erase(desk, site, comment_id)
    assert record(desk, verdicts(bench, cases)) == []


def test_a_held_comment_that_is_erased_amid_its_late_scoring_is_decided_no_more(
    desk: Desk, clock: FakeClock
) -> None:
    site = a_site(desk)
    comment_id = a_comment(desk, site)
    clock.pass_by(seconds=desk.settings.decide_within_s + 1)
    sweep.settle_overdue(desk)
    bench = a_bench(desk)
    cases = take_up(desk, bench.owner, [comment_id])
    erase(desk, site, comment_id)
    assert len(cases) == 1
    assert record(desk, verdicts(bench, cases)) == []
    assert len(history(desk, site, comment_id)) == 1


def test_a_drain_job_survives_a_redis_that_vanishes(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = a_site(desk)
    comment_id = a_comment(desk, site)
    a_bench(desk)
    away = connect("unix:///nonexistent/redis.sock")
    with monkeypatch.context() as vanished:
        vanished.setattr(desk.handover, "redis", away)
        assert jobs.drain() == 0
    drain(desk)
    assert outcome_of(desk, site, comment_id) is Outcome.APPROVE
