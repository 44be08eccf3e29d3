"""Handing comments over: each is kept here first, so that none is lost while the desk is away."""

import logging
import threading
import time
from datetime import UTC, datetime, timedelta

from .comments import Comments
from .moderation import Commentdesk, Decision, Reason, Refused, Unreachable

# A comment younger than this may still be on its way in the request that brought it.
ON_ITS_WAY = timedelta(seconds=5)
RETRY_INTERVAL_S = 5.0

log = logging.getLogger(__name__)


class Outbox:
    """Sends comments to moderation, at once or again later."""

    def __init__(self, comments: Comments, desk: Commentdesk) -> None:
        self._comments = comments
        self._desk = desk
        self._running = threading.Lock()
        self._next_run = 0.0

    def send(self, comment_id: str, request: str) -> bool:
        """Hand one comment over; False when it has to wait here for another try."""
        try:
            decision = self._desk.submit(request, key=comment_id)
        except Unreachable as error:
            log.warning("comment %s waits to be sent: %s", comment_id, error)
            return False
        except Refused as error:
            decision = Decision("reject", (Reason(str(error)),), sequence=1)
        if decision is None:
            self._comments.mark_waiting(comment_id)
        else:
            self._comments.record(comment_id, decision)
        return True

    def resend_soon(self) -> None:
        """Try again, in the background, what is still here; cheap to call on every page view."""
        if time.monotonic() < self._next_run or not self._running.acquire(blocking=False):
            return
        self._next_run = time.monotonic() + RETRY_INTERVAL_S
        threading.Thread(target=self._run, name="outbox", daemon=True).start()

    def _run(self) -> None:
        try:
            self.resend()
        finally:
            self._running.release()

    def resend(self) -> None:
        """Send what is still here, oldest first, and stop at the first that does not go."""
        for comment_id, request in self._comments.unsent(datetime.now(UTC) - ON_ITS_WAY):
            if not self.send(comment_id, request):
                return
