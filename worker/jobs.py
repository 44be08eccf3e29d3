"""The one job: drain what waits. It may run twice, late, or be killed at any instant."""

import time
from collections.abc import Sequence
from contextlib import suppress
from uuid import UUID

import redis
import structlog
from sqlalchemy.exc import DataError, OperationalError, SQLAlchemyError

from service.domain.decision import Verdict
from service.moderation.check import submission_of
from service.moderation.decide import Case, claim_waiting, give_back, record, take_up
from service.moderation.rendering import verdict_json
from worker.explaining import explain_owed
from worker.scoring import document_of, fault_on, verdict_of, verdicts_on, with_explanation
from worker.wiring import Bench, bench

# RQ gets its heartbeat, its maintenance and its signals between two jobs.
DRAIN_S = 10.0
LINGER_S = 1.0
# Only after so long without an offer is there time to explain: shorter gaps belong to those who
# submit, and to the web process on the same cores.
QUIET_S = 0.01

log = structlog.get_logger()


def drain() -> int:
    """Decide whatever waits, linger for more, and return after a while; how many were decided."""
    here = bench()
    ends = time.monotonic() + DRAIN_S
    try:
        here.desk.handover.clear_wake()
        decided = _settle(here, claim_waiting(here.desk, here.owner))
        while time.monotonic() < ends and not here.stopping.is_set():
            count = _turn(here)
            if count is None:
                break
            decided += count
    except (redis.RedisError, SQLAlchemyError) as error:
        # What was decided is in the database, and what was not is found there again. Raised, RQ
        # would log and keep a message that quotes the comment.
        log.warning("drain.interrupted", error=type(error).__name__)
        return 0
    return decided


def _turn(here: Bench) -> int | None:
    handover, most = here.desk.handover, here.desk.settings.drain_batch_comments
    ids, drafts = handover.take(most)
    if ids or drafts:
        if here.explained.is_long_ago:
            explain_owed(here)
        return _decide(here, ids, drafts)
    ids, drafts = handover.take_next(QUIET_S, most)
    if ids or drafts:
        return _decide(here, ids, drafts)
    # Redis may have forgotten some; the database has not.
    found = _settle(here, claim_waiting(here.desk, here.owner))
    if found or explain_owed(here):
        return found
    ids, drafts = handover.take_next(LINGER_S, most)
    return _decide(here, ids, drafts) if ids or drafts else None


def _decide(here: Bench, ids: Sequence[UUID], drafts: Sequence[UUID]) -> int:
    _answer_drafts(here, drafts)
    return _settle(here, take_up(here.desk, here.owner, ids))


def _settle(here: Bench, cases: Sequence[Case]) -> int:
    if not cases:
        return 0
    cases = _with_one_suspect(here, cases)
    here.progress.begin()
    unrecorded = {case.claim.comment.id: case for case in cases}
    decided = 0
    try:
        attempts_max = here.desk.settings.score_attempts_max
        for group in verdicts_on(here.scorer, cases, attempts_max):
            decided += _record(here, group)
            for case, _ in group:
                del unrecorded[case.claim.comment.id]
    except OperationalError:
        with suppress(SQLAlchemyError):
            give_back(here.desk, here.owner, list(unrecorded.values()))
        raise
    finally:
        here.progress.end()
    return decided


def _with_one_suspect(here: Bench, cases: Sequence[Case]) -> Sequence[Case]:
    """The cases with one at the most that was tried before; the others are given back.

    One of them may be what killed a worker: a try must not count for those that were never reached.
    """
    attempts_max = here.desk.settings.score_attempts_max
    waiting = [case for case in cases if 1 < case.claim.attempts <= attempts_max][1:]
    if not waiting:
        return cases
    give_back(here.desk, here.owner, waiting)
    return [case for case in cases if case not in waiting]


def _record(here: Bench, verdicts: Sequence[tuple[Case, Verdict]]) -> int:
    if not verdicts:
        return 0
    try:
        return len(record(here.desk, verdicts))
    except OperationalError:
        raise
    except SQLAlchemyError as error:
        log.error("record.failed", comments=len(verdicts), error=type(error).__name__)
    return sum(_record_alone(here, case, verdict) for case, verdict in verdicts)


def _record_alone(here: Bench, case: Case, verdict: Verdict) -> int:
    # One row that the database refuses must take no neighbours with it.
    try:
        return len(record(here.desk, [(case, verdict)]))
    except DataError:
        return len(record(here.desk, [(case, fault_on(case))]))


def _answer_drafts(here: Bench, draft_ids: Sequence[UUID]) -> None:
    for draft_id in draft_ids:
        here.progress.begin()
        try:
            _answer_draft(here, draft_id)
        except redis.RedisError:
            raise
        except Exception as error:  # noqa: BLE001  # one bad draft must not stop the others
            log.error("draft.failed", error=type(error).__name__)
        finally:
            here.progress.end()


def _answer_draft(here: Bench, draft_id: UUID) -> None:
    draft = here.desk.handover.take_draft(draft_id)
    if draft is None:
        return
    site_id, submission, marks = submission_of(draft)
    with here.desk.storage.read() as work:
        site = work.sites.get(site_id)
        if site is None:
            return
        banned = bool(work.sites.banned(marks) & {(site_id, mark) for mark in marks})
    [judgement] = here.scorer.score([document_of(submission)])
    verdict = verdict_of(site.policy, submission, judgement, here.scorer.version, banned=banned)
    verdict = with_explanation(here.scorer, submission, verdict)
    here.desk.handover.answer_draft(draft_id, verdict_json(verdict))
