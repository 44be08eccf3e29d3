"""Submit: store a comment, then hand it over; answer now, or wait for the decision.

The comment commits first. Only then does its id go to Redis; if that fails, or the process dies in
between, the sweeper and the workers find it in the database.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from threading import Event
from uuid import UUID

from sqlalchemy.exc import IntegrityError
from uuid_utils.compat import uuid7

from service.domain.comment import Comment, Status, Submission
from service.domain.decision import Decision
from service.domain.errors import Conflict, IdempotencyConflict, NotFound
from service.domain.site import Site
from service.moderation.desk import Desk
from service.storage.unit_of_work import UnitOfWork
from service.waiting import Waiters


@dataclass(frozen=True, slots=True)
class RequestKey:
    """An Idempotency-Key and the SHA-256 of the request it came with."""

    key: str
    request_hash: str


@dataclass(frozen=True, slots=True)
class Standing:
    """A comment and the decision in force on its newest revision, if there is one."""

    comment: Comment
    decision: Decision | None = None
    replayed: bool = False


@dataclass(frozen=True, slots=True)
class NewText:
    """The text that an edit puts in place of the one before."""

    body: str
    body_format: str = "text"


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
        return _accept(desk, site, comment_id, submission, request)
    with patience.waiters.expect(comment_id) as news:
        standing = _accept(desk, site, comment_id, submission, request)
        if standing.replayed:
            return standing
        return _after(desk, site, standing, news, patience.seconds)


def submit_many(
    desk: Desk, site: Site, submissions: Sequence[tuple[Submission, RequestKey | None]]
) -> list[Standing | IdempotencyConflict]:
    """Store many comments in one transaction; each has its own result, in order."""
    with desk.storage.write() as work:
        results = [_store_or_refuse(desk, work, site, *item) for item in submissions]
    fresh = [r.comment.id for r in results if isinstance(r, Standing) and not r.replayed]
    if fresh:
        desk.handover.offer(fresh)
    return results


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


def standing_of(work: UnitOfWork, site_id: UUID, comment_id: UUID) -> Standing:
    """The same inside a unit of work."""
    comment = work.comments.get(site_id, comment_id)
    if comment is None:
        raise NotFound("This site has no comment with this id.")
    decision = work.decisions.get(comment.decision_id) if comment.decision_id else None
    return Standing(comment, decision)


def _accept(
    desk: Desk, site: Site, comment_id: UUID, submission: Submission, request: RequestKey | None
) -> Standing:
    try:
        with desk.storage.write() as work:
            known = _known(work, site, request)
            if known:
                return known
            standing = _store(desk, work, site, comment_id, submission, request)
    except IntegrityError:
        # Another request with the same key committed between our look and our insert.
        with desk.storage.read() as work:
            known = _known(work, site, request)
        if known is None:
            raise
        return known
    desk.handover.offer([comment_id])
    return standing


def _store(
    desk: Desk,
    work: UnitOfWork,
    site: Site,
    comment_id: UUID,
    submission: Submission,
    request: RequestKey | None,
) -> Standing:
    now = desk.now()
    work.comments.add(comment_id, site.id, submission, now)
    if request:
        work.idempotency.add(site.id, request.key, request.request_hash, comment_id, now)
    return Standing(Comment(comment_id, site.id, submission, 1, Status.PENDING, now))


def _store_or_refuse(
    desk: Desk, work: UnitOfWork, site: Site, submission: Submission, request: RequestKey | None
) -> Standing | IdempotencyConflict:
    try:
        return _known(work, site, request) or _store(desk, work, site, uuid7(), submission, request)
    except IdempotencyConflict as error:
        return error


def _known(work: UnitOfWork, site: Site, request: RequestKey | None) -> Standing | None:
    if request is None:
        return None
    known = work.idempotency.get(site.id, request.key)
    if known is None:
        return None
    if known.request_hash != request.request_hash:
        raise IdempotencyConflict(
            "This Idempotency-Key was used with another body; use a new key for a new comment."
        )
    standing = standing_of(work, site.id, known.comment_id)
    return Standing(standing.comment, standing.decision, replayed=True)


def _revise(desk: Desk, site: Site, comment_id: UUID, text: NewText) -> Standing:
    with desk.storage.write() as work:
        work.comments.head(comment_id)  # locks it against a decision on the old text
        standing = standing_of(work, site.id, comment_id)
        comment = standing.comment
        if comment.erased_at:
            raise Conflict("This comment was erased; submit a new one.", code="erased")
        submission = replace(comment.submission, body=text.body, body_format=text.body_format)
        if comment.submission == submission:
            return standing
        revision = work.comments.revise(comment, submission, desk.now())
        work.reviews.close([comment_id], "edit", desk.now())
    desk.handover.offer([comment_id])
    revised = Comment(
        comment_id, site.id, submission, revision, Status.PENDING, comment.received_at
    )
    return Standing(revised)


def _after(
    desk: Desk, site: Site, standing: Standing, news: Event | None, seconds: float
) -> Standing:
    if standing.decision or news is None or not news.wait(seconds):
        return standing
    return look_up(desk, site, standing.comment.id)
