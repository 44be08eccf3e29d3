"""What a request finds: the process's desk and waiters, and the site that asks."""

from dataclasses import dataclass

from flask import current_app, g

from service.domain.site import Site
from service.moderation.desk import Desk
from service.waiting import Waiters

EXTENSION = "commentdesk"
WAITERS = "commentdesk_waiters"


@dataclass(frozen=True, slots=True)
class Caller:
    """The site whose key came with the request."""

    site: Site


def desk() -> Desk:
    """The desk of this process."""
    found: Desk = current_app.extensions[EXTENSION]
    return found


def waiters() -> Waiters:
    """Who wakes waiting requests of this process."""
    found: Waiters = current_app.extensions[WAITERS]
    return found


def site() -> Site:
    """The site that asks; set by auth before any view runs."""
    caller: Caller = g.caller
    return caller.site
