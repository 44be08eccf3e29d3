"""Readiness: whether comments are accepted and scored, and what is missing if not."""

import shutil
from dataclasses import dataclass

import redis
from sqlalchemy.exc import SQLAlchemyError

from service.moderation.desk import Desk
from service.queue import too_old, version_of
from service.storage import schema

MIB_BYTES = 1_048_576


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that must be there, and what to do when it is not."""

    name: str
    ok: bool
    detail: str


def readiness(desk: Desk) -> list[Check]:
    """Database, the room that it has, Redis, a worker seen lately, its model."""
    return [_database(desk), *_disk(desk), *_queue_and_workers(desk)]


def _database(desk: Desk) -> Check:
    try:
        found = schema.current(desk.storage)
    except SQLAlchemyError as error:
        return Check("database", False, f"It cannot be reached ({type(error).__name__}).")
    if schema.is_newer(found):
        return Check("database", False, "Its schema is newer than this program; install a newer.")
    if found != schema.head():
        return Check("database", False, "Its schema is old; run `commentdesk db upgrade`.")
    return Check("database", True, f"Schema {found}.")


def _disk(desk: Desk) -> list[Check]:
    # A full disk lets SQLite read on, and refuses every comment.
    if desk.storage.file is None:
        return []
    try:
        free_bytes = shutil.disk_usage(desk.storage.file.parent).free
    except OSError as error:
        return [Check("disk", False, f"It cannot be looked at ({error.strerror}).")]
    least_bytes = desk.settings.disk_free_min_bytes
    detail = f"{free_bytes // MIB_BYTES} MiB are free"
    if free_bytes < least_bytes:
        advice = "see COMMENTDESK_DISK_FREE_MIN_BYTES."
        detail += (
            f", less than {least_bytes // MIB_BYTES}, where the database is: make room; {advice}"
        )
        return [Check("disk", False, detail)]
    return [Check("disk", True, f"{detail}.")]


def _queue_and_workers(desk: Desk) -> list[Check]:
    try:
        workers = desk.handover.workers()
        problem = too_old(version_of(desk.handover.redis))
    except redis.RedisError as error:
        away = f"Redis cannot be reached ({type(error).__name__})."
        return [Check(name, False, away) for name in ("redis", "worker", "model")]
    redis_is_there = Check("redis", problem is None, problem or "It answers.")
    if not workers:
        missing = "No worker was seen lately; start one with `commentdesk worker`."
        return [redis_is_there, Check("worker", False, missing), Check("model", False, missing)]
    versions = sorted({version for _, version in workers})
    return [
        redis_is_there,
        Check("worker", True, f"{len(workers)} seen lately."),
        Check("model", True, f"Version {', '.join(versions)}."),
    ]
