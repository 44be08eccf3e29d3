"""A worker process: RQ's SimpleWorker with the model preloaded, a heartbeat and a watchdog."""

import os
import threading
import time
from types import FrameType

import redis
import structlog
from redis.backoff import ExponentialBackoff
from redis.retry import Retry
from rq import Queue, SimpleWorker
from rq.serializers import JSONSerializer

import worker.jobs  # noqa: F401  # so that the first job does not pay for the import
from service import installation
from service.queue import QUEUE
from worker.wiring import Bench

BEAT_S = 5.0
RECONNECT_TRIES = 3
HUNG_EXIT_CODE = 75

log = structlog.get_logger()


class DrainWorker(SimpleWorker):
    """RQ's worker in one process: nothing is forked, so the loaded model is used as it is."""

    max_connection_wait_time = 2.0
    bench: Bench

    def request_stop(self, signum: int, frame: FrameType | None) -> None:
        """Let the drain job end after the batch in hand."""
        self.bench.stopping.set()
        super().request_stop(signum, frame)  # type: ignore[no-untyped-call]  # RQ's


def run(bench: Bench) -> None:
    """Work until told to stop; a worker whose Redis is gone amid a job exits and is restarted."""
    url = installation.redis_url(bench.desk.settings)
    connection = redis.Redis.from_url(url, retry=Retry(ExponentialBackoff(), RECONNECT_TRIES))
    queue = Queue(QUEUE, connection=connection, serializer=JSONSerializer)
    rq_worker = DrainWorker(
        [queue], connection=connection, serializer=JSONSerializer, log_job_description=False
    )
    rq_worker.bench = bench
    threading.Thread(target=_watch, args=(bench, rq_worker.name), daemon=True).start()
    log.info("worker.ready", worker=rq_worker.name, model=bench.scorer.version)
    rq_worker.work(logging_level="WARNING")
    _leave(bench, rq_worker.name)


def hung(bench: Bench) -> bool:
    """Whether one batch has been in hand for longer than the watchdog allows."""
    since = bench.progress.busy_since
    return since is not None and time.monotonic() - since > bench.desk.settings.watchdog_s


def _watch(bench: Bench, name: str) -> None:
    while not bench.stopping.is_set():
        if hung(bench):
            log.error("worker.hung", worker=name)
            # A hang inside C code cannot be interrupted; the lease runs out, another takes over.
            os._exit(HUNG_EXIT_CODE)
        installation.beat(bench.desk.settings.data, "worker")
        try:
            bench.desk.handover.beat(name, bench.scorer.version)
        except redis.RedisError:
            log.warning("worker.beat_failed", worker=name)
        bench.stopping.wait(BEAT_S)


def _leave(bench: Bench, name: str) -> None:
    try:
        bench.desk.handover.leave(name, bench.scorer.version)
    except redis.RedisError:
        log.warning("worker.leave_failed", worker=name)
