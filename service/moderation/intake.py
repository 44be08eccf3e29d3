"""Intake: what several requests submit at one moment is stored in one transaction.

The transaction commits first. Only then do the ids go to Redis, all in one go; if that fails, or
the process dies in between, the sweeper and the workers find the comments in the database.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from uuid import UUID

from sqlalchemy.exc import OperationalError, SQLAlchemyError

from service.domain.comment import Comment, Status, Submission
from service.domain.decision import Decision
from service.domain.errors import IdempotencyConflict, NotFound
from service.moderation.desk import Desk
from service.storage.engine import Durability
from service.storage.unit_of_work import UnitOfWork


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


@dataclass(slots=True)
class Newcomer:
    """One submission on its way in. `waits`: its caller will wait for the decision."""

    id: UUID
    site_id: UUID
    submission: Submission
    request: RequestKey | None = None
    waits: bool = False
    result: Standing | Exception | None = None

    def standing(self) -> Standing:
        """What it came to; raises what kept it from being stored."""
        if isinstance(self.result, Exception):
            raise self.result
        assert self.result is not None
        return self.result


@dataclass(slots=True)
class _Group:
    """What one transaction stores, and which keys it uses."""

    fresh: list[Newcomer] = field(default_factory=list)
    keys: set[tuple[UUID, str]] = field(default_factory=set)
    again: list[Newcomer] = field(default_factory=list)


def take_in(desk: Desk, newcomer: Newcomer) -> Standing:
    """Store a submission, together with whatever else comes at this moment, and hand it over.

    It survives a power cut when this returns; if its caller waits for the decision, then when the
    decision is there (one flush for both), and `Storage.sync` must come before any other answer.
    """
    desk.storage.groups.join(newcomer, partial(_take_in_group, desk))
    return newcomer.standing()


def take_in_all(desk: Desk, newcomers: Sequence[Newcomer]) -> None:
    """The same for a batch, in one transaction of its own; each has its own result."""
    _take_in_group(desk, newcomers)()


def standing_of(work: UnitOfWork, site_id: UUID, comment_id: UUID) -> Standing:
    """A comment of this site as it stands now, inside a unit of work; raises NotFound."""
    comment = work.comments.get(site_id, comment_id)
    if comment is None:
        raise NotFound("This site has no comment with this id.")
    decision = work.decisions.get(comment.decision_id) if comment.decision_id else None
    return Standing(comment, decision)


def _take_in_group(desk: Desk, newcomers: Sequence[Newcomer]) -> Callable[[], None]:
    left = list(newcomers)
    while left:
        try:
            left = _store(desk, left)
        except SQLAlchemyError as error:
            _store_alone(desk, left, error)
            left = []
    return desk.storage.sync if any(map(_needs_flush, newcomers)) else _nothing


def _needs_flush(newcomer: Newcomer) -> bool:
    """Whether its caller is answered before a decision has flushed the database."""
    standing = newcomer.result
    return isinstance(standing, Standing) and (standing.replayed or not newcomer.waits)


def _store_alone(desk: Desk, newcomers: Sequence[Newcomer], error: SQLAlchemyError) -> None:
    """After a failure: one by one, so that only whoever is to blame suffers.

    One alone is tried again as well: another process may have used its key in between, and its
    comment is found this time.
    """
    if isinstance(error, OperationalError):
        for newcomer in newcomers:
            newcomer.result = error
        return
    for newcomer in newcomers:
        try:
            _store(desk, [newcomer])
        except SQLAlchemyError as own:
            newcomer.result = own


def _store(desk: Desk, newcomers: Sequence[Newcomer]) -> list[Newcomer]:
    """One transaction; who must come again, since its key was used in this one."""
    now = desk.now()
    with desk.storage.write(Durability.ON_SYNC) as work:
        group = _sort(work, newcomers)
        if group.fresh:
            work.comments.add([(n.id, n.site_id, n.submission) for n in group.fresh], now)
        keyed = [
            (n.site_id, n.request.key, n.request.request_hash, n.id)
            for n in group.fresh
            if n.request
        ]
        if keyed:
            work.idempotency.add(keyed, now)
    for new in group.fresh:
        new.result = Standing(Comment(new.id, new.site_id, new.submission, 1, Status.PENDING, now))
    if group.fresh:
        desk.handover.offer([newcomer.id for newcomer in group.fresh])
    return group.again


def _sort(work: UnitOfWork, newcomers: Sequence[Newcomer]) -> _Group:
    group = _Group()
    for newcomer in newcomers:
        request = newcomer.request
        name = (newcomer.site_id, request.key) if request else None
        if name in group.keys:
            group.again.append(newcomer)
            continue
        try:
            newcomer.result = _known(work, newcomer.site_id, request)
        except IdempotencyConflict as error:
            newcomer.result = error
        if newcomer.result is None:
            group.fresh.append(newcomer)
            group.keys.update({name} if name else ())
    return group


def _known(work: UnitOfWork, site_id: UUID, request: RequestKey | None) -> Standing | None:
    if request is None:
        return None
    known = work.idempotency.get(site_id, request.key)
    if known is None:
        return None
    if known.request_hash != request.request_hash:
        raise IdempotencyConflict(
            "This Idempotency-Key was used with another body; use a new key for a new comment."
        )
    standing = standing_of(work, site_id, known.comment_id)
    return Standing(standing.comment, standing.decision, replayed=True)


def _nothing() -> None:
    """No flush is needed before these callers go on."""
