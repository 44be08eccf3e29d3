"""What is raised where the database or the queue does not answer, and what to tell of it."""

import structlog
from flask import request
from redis import RedisError
from sqlalchemy import exc

from service.domain.errors import Unavailable

UNREACHABLE = (exc.OperationalError, exc.InterfaceError, exc.TimeoutError, RedisError)

log = structlog.get_logger()


def unavailable(error: Exception) -> Unavailable:
    """The answer to one of UNREACHABLE, which is logged: its type, since it may quote a comment."""
    log.error("request.failed", error=type(error).__name__, endpoint=request.endpoint)
    return Unavailable("The database or the queue is away; try again.", retry_after_s=1)
