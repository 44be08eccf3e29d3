"""Diagnose: readiness, and what else keeps a comment or a callback from moving on."""

from datetime import timedelta

from sqlalchemy.exc import SQLAlchemyError

from service.moderation.desk import Desk
from service.moderation.readiness import Check, readiness

WAIT_MAX_S = 60


def diagnose(desk: Desk) -> list[Check]:
    """Everything that `/readyz` looks at, then backlog, callbacks and sites."""
    checks = readiness(desk)
    try:
        return [*checks, _backlog(desk), _callbacks(desk), _sites(desk)]
    except SQLAlchemyError:
        return checks


def _backlog(desk: Desk) -> Check:
    now = desk.now()
    with desk.storage.read() as work:
        count = work.comments.waiting_count()
        stuck = work.comments.someone_waits(now - timedelta(seconds=WAIT_MAX_S), now)
    detail = f"{count} comments wait for a score"
    if stuck:
        return Check("backlog", False, f"{detail}, some for over {WAIT_MAX_S} s: add workers.")
    return Check("backlog", True, f"{detail}.")


def _callbacks(desk: Desk) -> Check:
    with desk.storage.read() as work:
        dead = work.deliveries.dead_count()
        late = work.deliveries.are_overdue(desk.now() - timedelta(seconds=WAIT_MAX_S))
    if late:
        detail = f"Some are due for over {WAIT_MAX_S} s: is `commentdesk sweep` running?"
        return Check("callbacks", False, detail)
    if dead:
        advice = "see `commentdesk deliveries list --state dead`, then replay or drop."
        return Check("callbacks", False, f"{dead} were given up; {advice}")
    return Check("callbacks", True, "None was given up.")


def _sites(desk: Desk) -> Check:
    with desk.storage.read() as work:
        sites = work.sites.all()
    if not sites:
        return Check("sites", False, "There is none; `commentdesk site create NAME` makes one.")
    off = [site.name for site in sites if site.webhook and site.webhook.is_off]
    if off:
        names = ", ".join(off)
        return Check("sites", False, f"Callbacks are off since the endpoint said 410: {names}.")
    return Check("sites", True, f"{len(sites)}.")
