"""Submit: store a comment, then hand it over; answer now, or wait for the decision.

The comment commits first. Only then does its id go to Redis; if that fails, or the process dies in
between, the sweeper and the workers find it in the database.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from uuid_utils.compat import uuid7

from service.domain.comment import Comment, Status, Submission
from service.domain.decision import Decision
from service.domain.errors import Conflict, IdempotencyConflict
from service.domain.site import Site
from service.moderation.desk import Desk
from service.moderation.intake import (
    Newcomer,
    RequestKey,
    Standing,
    standing_of,
    take_in,
    take_in_all,
)
from service.waiting import News, Waiters


@dataclass(frozen=True, slots=True)
class NewText:
    """The text that an edit puts in place of the one before; `body_format` None: as before."""

    body: str
    body_format: str | None = None


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a caller waits for the decision, and who wakes it."""

    waiters: Waiters
    seconds: float


def submit(
    desk: Desk,
    site: Site,
    submission: Submission,
    request: RequestKey | None = None,
    patience: Patience | None = None,
) -> Standing:
    """Store one comment and hand it over.

    The same request key gives the same comment, as it stands now; with another request behind it
    IdempotencyConflict is raised and nothing is stored.
    """
    comment_id: UUID = uuid7()
    if patience is None:
        return take_in(desk, Newcomer(comment_id, site.id, submission, request))
    with patience.waiters.expect(comment_id) as news:
        newcomer = Newcomer(comment_id, site.id, submission, request, waits=news is not None)
        standing = take_in(desk, newcomer)
        if standing.replayed:
            return _wait_for_replayed(desk, site, standing, patience)
        return _after(desk, site, standing, news, patience.seconds)


def submit_many(
    desk: Desk, site: Site, submissions: Sequence[tuple[Submission, RequestKey | None]]
) -> list[Standing | IdempotencyConflict]:
    """Store many comments in one transaction; each has its own result, in order."""
    newcomers = [
        Newcomer(uuid7(), site.id, submission, request) for submission, request in submissions
    ]
    take_in_all(desk, newcomers)
    return [_result(newcomer) for newcomer in newcomers]


def revise(
    desk: Desk,
    site: Site,
    comment_id: UUID,
    text: NewText,
    patience: Patience | None = None,
) -> Standing:
    """Replace a comment's text: a new revision, decided anew; the same text changes nothing."""
    if patience is None:
        return _revise(desk, site, comment_id, text)
    with patience.waiters.expect(comment_id) as news:
        standing = _revise(desk, site, comment_id, text)
        return _after(desk, site, standing, news, patience.seconds)


def look_up(desk: Desk, site: Site, comment_id: UUID) -> Standing:
    """A comment of this site as it stands now; raises NotFound."""
    with desk.storage.read() as work:
        return standing_of(work, site.id, comment_id)


def _result(newcomer: Newcomer) -> Standing | IdempotencyConflict:
    if isinstance(newcomer.result, IdempotencyConflict):
        return newcomer.result
    return newcomer.standing()


def _revise(desk: Desk, site: Site, comment_id: UUID, text: NewText) -> Standing:
    with desk.storage.write() as work:
        work.comments.head(comment_id)  # locks it against a decision on the old text
        standing = standing_of(work, site.id, comment_id)
        comment = standing.comment
        if comment.erased_at:
            raise Conflict("This comment was erased; submit a new one.", code="erased")
        before = comment.submission
        body_format = text.body_format or before.body_format
        submission = replace(before, body=text.body, body_format=body_format)
        if before == submission:
            return standing
        revision = work.comments.revise(comment, submission, desk.now())
        work.reviews.close([comment_id], "edit", desk.now())
    desk.handover.offer([comment_id])
    revised = Comment(
        comment_id, site.id, submission, revision, Status.PENDING, comment.received_at
    )
    return Standing(revised)


def _wait_for_replayed(desk: Desk, site: Site, standing: Standing, patience: Patience) -> Standing:
    comment_id = standing.comment.id
    with patience.waiters.expect(comment_id) as news:
        now = look_up(desk, site, comment_id)
        if now.decision is None and news is not None and news.wait(patience.seconds):
            now = look_up(desk, site, comment_id)
    return replace(now, replayed=True)


def _after(
    desk: Desk, site: Site, standing: Standing, news: News | None, seconds: float
) -> Standing:
    if standing.decision or news is None:
        return standing
    comment, ends = standing.comment, time.monotonic() + seconds
    while news.wait(ends - time.monotonic()):
        decision = Decision.from_json(news.said)
        if decision.revision < comment.revision:
            news.forget()  # of the text before, announced late
            continue
        if decision.revision > comment.revision:
            return look_up(desk, site, comment.id)
        decided = replace(
            comment, status=Status.DECIDED, decision_id=decision.id, sequence=decision.sequence
        )
        return Standing(decided, decision)
    # One flush serves comment and decision; without a decision the comment needs its own. The news
    # may have been lost on the way, so the database has the last word.
    desk.storage.sync()
    return look_up(desk, site, comment.id)
