"""An edit that waits for its decision, while that on the old text is still on its way."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from service.domain.decision import Outcome
from service.moderation.desk import Desk
from service.moderation.listing import history
from service.moderation.submit import NewText, Patience, revise
from service.waiting import News
from tests.factories import DOUBT, PLAIN, a_comment, a_site, drain


class TwoAnnouncements:
    """Waiters that hear of the old decision first, and then of the new one."""

    def __init__(self, desk: Desk, old: Any) -> None:
        self._desk = desk
        self._old = old

    @contextmanager
    def expect(self, awaited: UUID) -> Iterator[News]:
        """News of both, one after the other."""
        news = News()
        thread = threading.Thread(target=self._announce, args=(news, awaited))
        thread.start()
        yield news
        thread.join()

    def _announce(self, news: News, comment_id: UUID) -> None:
        news.bring(self._old)
        time.sleep(0.2)
        drain(self._desk)
        with self._desk.storage.read() as work:
            news.bring(work.decisions.history(comment_id)[-1].to_json())


def test_an_edit_waits_on_when_the_old_texts_decision_is_announced(desk: Desk) -> None:
    site = a_site(desk)
    comment_id = a_comment(desk, site, DOUBT)
    drain(desk)
    [old] = history(desk, site, comment_id)
    waiters: Any = TwoAnnouncements(desk, old.to_json())
    standing = revise(desk, site, comment_id, NewText(PLAIN), Patience(waiters, 20))
    assert standing.decision is not None
    assert (standing.decision.revision, standing.decision.verdict.outcome) == (2, Outcome.APPROVE)
