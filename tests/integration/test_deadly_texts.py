"""A text that kills workers takes nobody with it."""

from collections.abc import Sequence

import pytest

from models.document import Document
from models.judgement import Judgement
from service.domain.decision import Outcome
from service.moderation import sweep
from service.moderation.desk import Desk
from service.moderation.listing import history
from tests.factories import PLAIN, a_comment, a_site
from tests.fakes import FakeClock, FakeScorer
from worker import jobs, wiring
from worker.wiring import Bench


class Killed(BaseException):
    """The end of a worker's process, in the middle of its work."""


class DeadlyScorer(FakeScorer):
    """Ends the process at KILL in a text."""

    def score(self, documents: Sequence[Document]) -> list[Judgement]:
        """One judgement a document."""
        if any("KILL" in document.body for document in documents):
            raise Killed
        return super().score(documents)


def one_worker_after_another(desk: Desk, clock: FakeClock, workers: int) -> None:
    for _ in range(workers):
        wiring.use(Bench(desk, DeadlyScorer()))  # type: ignore[arg-type]  # a fake of its port
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(jobs, "DRAIN_S", 2.0)
            try:
                jobs.drain()
            except Killed:
                clock.pass_by(seconds=desk.settings.resolved_lease_s + 1)
                sweep.settle_overdue(desk)


def test_only_the_deadly_text_is_held_for_it(desk: Desk, clock: FakeClock) -> None:
    site = a_site(desk)
    texts = ["KILL" if number == 2 else f"{PLAIN} {number}" for number in range(8)]
    ids = [a_comment(desk, site, text) for text in texts]
    desk.handover.redis.flushdb()
    clock.pass_by(seconds=2)
    one_worker_after_another(desk, clock, workers=desk.settings.score_attempts_max + 1)
    ends = [history(desk, site, id_)[-1].verdict for id_ in ids]
    assert [(end.outcome, end.reasons[0].code) for end in ends] == [
        (Outcome.HOLD, "scoring_failed") if text == "KILL" else (Outcome.APPROVE, "nothing_found")
        for text in texts
    ]
