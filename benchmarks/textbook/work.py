"""The textbook build's worker: python -m benchmarks.textbook.work simple|forking.

Both preload scikit-learn and the model before they work. Without that the forking worker decides
one comment in some seconds, which would be no baseline worth the name.
"""

import os
import sys

import redis
from rq import Queue, SimpleWorker, Worker

from benchmarks.textbook import jobs, model

KINDS = {"simple": SimpleWorker, "forking": Worker}


def main() -> None:
    """Work until told to stop."""
    connection = redis.Redis.from_url(os.environ["TEXTBOOK_REDIS"])
    model.scores(jobs.loaded(), ["A first text, so that nothing is left to be loaded."])
    queue = Queue("textbook", connection=connection)
    worker = KINDS[sys.argv[1]]([queue], connection=connection, log_job_description=False)
    worker.work(logging_level="WARNING")


if __name__ == "__main__":
    main()
