"""Handing work to the workers through Redis; the only module of the service that talks to RQ.

Redis carries hints, never truth: ids of comments that wait, and the news that some are decided.
Whatever is lost here is found again in the database by the sweeper and by the workers themselves.

A producer pushes ids and sets a wake flag; only who set the flag enqueues a drain job, whose first
act is to delete the flag. So one job serves many comments and no wake-up is lost.
"""

import json
import threading
import time
from collections.abc import Callable, Container, Mapping, Sequence
from contextlib import suppress
from typing import Any, cast
from uuid import UUID

import redis
import structlog
from redis.backoff import NoBackoff
from redis.retry import Retry
from rq import Queue
from rq.serializers import JSONSerializer

PENDING = "commentdesk:pending"
DRAFTS = "commentdesk:drafts"
WAKE = "commentdesk:wake"
DECIDED = "commentdesk:decided"
OWED = "commentdesk:owed"
WORKERS = "commentdesk:workers"
QUEUE = "commentdesk"
DRAIN_JOB = "worker.jobs.drain"

REDIS_MAJOR_MIN = 7
"""BLMPOP, which takes all offers that came together, is as old as Redis 7.0."""
WAKE_MS = 5_000
CONNECT_TIMEOUT_S = 0.5
COMMAND_TIMEOUT_S = 2.0
AWAY_S = 1.0
LISTEN_S = 1.0
RECONNECT_S = 0.5
DRAFT_TTL_S = 15
WORKER_SEEN_S = 15
DRAIN_JOB_TIMEOUT_S = 180
DRAIN_JOBS_MAX = 8

log = structlog.get_logger()


def connect(url: str) -> "redis.Redis":
    """A client that fails at once when Redis is away: the row is safe, the sweeper finds it."""
    return redis.Redis.from_url(
        url,
        retry=Retry(NoBackoff(), 0),
        socket_timeout=COMMAND_TIMEOUT_S,
        socket_connect_timeout=CONNECT_TIMEOUT_S,
    )


class Handover:
    """The service's and the worker's side of the queue in Redis."""

    def __init__(self, client: "redis.Redis") -> None:
        self.redis = client
        self.queue = Queue(QUEUE, connection=client, serializer=JSONSerializer)
        self._away_until = 0.0
        # As of the last offer that this process made; the offer itself tells it.
        self.backlog_seen = 0

    def offer(self, ids: Sequence[UUID]) -> bool:
        """Tell the workers of comments that wait; False when Redis is away."""
        return self._push(PENDING, ids)

    def wake(self) -> bool:
        """Make sure that a drain job is queued or running; False when Redis is away."""
        return self._push(PENDING, ())

    def offer_draft(self, draft_id: UUID, draft: dict[str, Any]) -> bool:
        """Ask for a score of something that is stored nowhere else; False when Redis is away."""
        try:
            self.redis.set(_draft(draft_id), json.dumps(draft), ex=DRAFT_TTL_S)
        except redis.RedisError:
            return False
        return self._push(DRAFTS, [draft_id])

    def take(self, count: int) -> tuple[list[UUID], list[UUID]]:
        """Up to `count` (comment ids, draft ids) that were offered."""
        with self.redis.pipeline(transaction=False) as pipe:
            pipe.lpop(PENDING, count)
            pipe.lpop(DRAFTS, count)
            pending, drafts = pipe.execute()
        return _ids(pending), _ids(drafts)

    def take_next(self, timeout_s: float, count: int) -> tuple[list[UUID], list[UUID]]:
        """Wait for an offer, take up to `count` that came with it; empty when none came in time."""
        found = self.redis.blmpop(timeout_s, 2, DRAFTS, PENDING, direction="LEFT", count=count)
        if not found:
            return [], []
        key, values = cast(tuple[bytes, list[bytes]], found)
        return ([], _ids(values)) if key == DRAFTS.encode() else (_ids(values), [])

    def take_draft(self, draft_id: UUID) -> dict[str, Any] | None:
        """The draft of that id, removed; None when it has run out."""
        body = self.redis.getdel(_draft(draft_id))
        return json.loads(body) if body else None

    def answer_draft(self, draft_id: UUID, answer: dict[str, Any]) -> None:
        """Give the caller of a draft its answer."""
        self.announce({draft_id: answer})

    def announce(self, news: Mapping[UUID, Any], *, owed: bool = False) -> bool:
        """Wake all who wait for these, with what there is to say of each, as JSON.

        A line each, its id first: who listens need not read what nobody there waits for. `owed`:
        wake the sweeper as well, for callbacks. False when Redis is away.
        """
        if not news:
            return True
        lines = (f"{id_.hex} {json.dumps(said)}" for id_, said in news.items())
        try:
            if owed:
                self.redis.publish(OWED, "")
            self.redis.publish(DECIDED, "\n".join(lines))
        except redis.RedisError:
            return False
        return True

    def announce_owed(self) -> None:
        """Wake the sweeper for callbacks; without Redis it looks once a second."""
        with suppress(redis.RedisError):
            self.redis.publish(OWED, "")

    def listen(
        self, stopping: threading.Event, heard: Callable[[bytes], None], channel: str = DECIDED
    ) -> None:
        """Call `heard` with each announcement, for `news_of`, until `stopping` is set.

        Whatever fails, it begins again: if it ended, nobody would be woken by this process.
        """
        while not stopping.is_set():
            try:
                self._relay(stopping, heard, channel)
            except Exception as error:  # noqa: BLE001  # as the docstring says
                if not isinstance(error, redis.RedisError):
                    log.error("listen.failed", error=type(error).__name__)
                stopping.wait(RECONNECT_S)

    def _relay(
        self, stopping: threading.Event, heard: Callable[[bytes], None], channel: str
    ) -> None:
        with self.redis.pubsub(ignore_subscribe_messages=True) as subscriber:  # type: ignore[no-untyped-call]  # redis-py
            subscriber.subscribe(channel)
            while not stopping.is_set():
                message = subscriber.get_message(timeout=LISTEN_S)
                if message:
                    heard(message["data"])

    def clear_wake(self) -> None:
        """The drain job's first act: an offer from now on enqueues the next job."""
        self.redis.delete(WAKE)

    def beat(self, worker: str, model_version: str) -> None:
        """A worker says that it lives and which model it has loaded."""
        now = time.time()
        with self.redis.pipeline() as pipe:
            pipe.zadd(WORKERS, {f"{worker} {model_version}": now})
            pipe.zremrangebyscore(WORKERS, 0, now - 10 * WORKER_SEEN_S)
            pipe.execute()

    def leave(self, worker: str, model_version: str) -> None:
        """A worker says that it stops."""
        self.redis.zrem(WORKERS, f"{worker} {model_version}")

    def workers(self) -> list[tuple[str, str]]:
        """(name, model version) of the workers seen lately; raises RedisError when away."""
        seen = self.redis.zrangebyscore(WORKERS, time.time() - WORKER_SEEN_S, "+inf")
        names = [member.decode().split(" ", 1) for member in cast(list[bytes], seen)]
        return [(name, version) for name, version in names]

    def backlog(self) -> int:
        """Offers that no worker has taken; raises RedisError when Redis is away."""
        return self.redis.llen(PENDING)

    def _push(self, key: str, ids: Sequence[UUID]) -> bool:
        if time.monotonic() < self._away_until:
            return False
        try:
            with self.redis.pipeline(transaction=False) as pipe:
                if ids:
                    pipe.rpush(key, *[id_.hex for id_ in ids])
                pipe.set(WAKE, 1, nx=True, px=WAKE_MS)
                *length, first = pipe.execute()
            if length and key == PENDING:
                self.backlog_seen = length[0]
            if first:
                self._enqueue_drain()
        except redis.RedisError:
            # A server that hangs would cost every submission its time-out.
            self._away_until = time.monotonic() + AWAY_S
            return False
        return True

    def _enqueue_drain(self) -> None:
        # A job that has not started yet will serve this offer too; do not pile them up while no
        # worker runs.
        if self.queue.count >= DRAIN_JOBS_MAX:
            return
        self.queue.enqueue(
            DRAIN_JOB, job_timeout=DRAIN_JOB_TIMEOUT_S, result_ttl=0, failure_ttl=3600
        )


def news_of(announcement: bytes, awaited: Container[UUID]) -> dict[UUID, Any]:
    """What an announcement says of those of its ids that are awaited."""
    lines = (line.partition(b" ") for line in announcement.split(b"\n"))
    ids = ((UUID(id_.decode()), said) for id_, _, said in lines)
    return {id_: json.loads(said) for id_, said in ids if id_ in awaited}


def version_of(client: "redis.Redis") -> str | None:
    """Redis's version; Valkey names the one it is like. None: this user may not ask."""
    try:
        return str(client.info("server")["redis_version"])
    except redis.ResponseError:
        return None


def too_old(redis_version: str | None) -> str | None:
    """What to say of a server that is too old to hand work over; None: it is not, or unknown."""
    if redis_version is None or int(redis_version.partition(".")[0]) >= REDIS_MAJOR_MIN:
        return None
    return f"It is Redis {redis_version}; use Redis {REDIS_MAJOR_MIN} or newer, or Valkey."


def _draft(draft_id: UUID) -> str:
    return f"commentdesk:draft:{draft_id.hex}"


def _ids(values: Any) -> list[UUID]:
    return [UUID(value.decode()) for value in values or ()]
