"""Notify: send the callbacks that sites are owed, by Standard Webhooks 1.0.0.

Deliveries are claimed with a lease, sent outside of any transaction, and then marked. A sender that
dies leaves its lease to run out and the callback is sent again: at least once, in order for each
comment. 410 switches the site's endpoint off; other failures are tried again on the schedule.
"""

import json
import random
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import structlog

from service.domain.site import Site
from service.moderation.callbacks import Answer, Outgoing
from service.moderation.decide import ENDPOINT_OFF
from service.moderation.desk import Desk
from service.moderation.rendering import event_json
from service.storage.deliveries import Delivery
from service.storage.engine import Durability
from service.storage.unit_of_work import UnitOfWork

# How many time-outs long a claimed callback stays out of other senders' hands.
LEASE_TIMEOUTS = 3
JITTER_SHARE = 0.2
GONE = 410
RETRY_AFTER_MAX_S = 86_400

log = structlog.get_logger()

Send = Callable[[Outgoing], Answer]


@dataclass(frozen=True, slots=True)
class Parcel:
    """A claimed callback, ready to send; `outgoing` None: the site takes none now."""

    delivery: Delivery
    site: Site
    outgoing: Outgoing | None


def claim_due(desk: Desk, limit: int, busy_sites: Collection[UUID] = ()) -> list[Parcel]:
    """Take up to `limit` callbacks that are due, leaving out those of `busy_sites`."""
    now = desk.now()
    # Looked at first: this runs with every announcement, and a write takes others' turn.
    with desk.storage.read() as work:
        if not work.deliveries.is_due(now, busy_sites):
            return []
    until = now + timedelta(seconds=LEASE_TIMEOUTS * desk.settings.callback_timeout_s)
    with desk.storage.write(Durability.RELAXED) as work:
        claimed = work.deliveries.claim_due(now, until, limit, busy_sites)
        return _parcels(work, claimed, now) if claimed else []


def deliver(desk: Desk, send: Send, parcel: Parcel) -> Answer | None:
    """Send one claimed callback and write down what came of it; None: the site takes none now."""
    if parcel.outgoing is None:
        with desk.storage.write() as work:
            work.deliveries.bury(parcel.delivery, None, "The site takes no callbacks now.")
        return None
    answer = send(parcel.outgoing)
    # A mark that a power cut takes means one more try: at least once, as ever.
    with desk.storage.write(Durability.RELAXED) as work:
        _note(desk, work, parcel, answer)
    log.info(
        "callback.tried",
        delivery=str(parcel.delivery.id),
        site=str(parcel.site.id),
        attempt=parcel.delivery.attempts,
        status=answer.status,
        error=answer.error,
    )
    return answer


def replay(desk: Desk, ids: Sequence[UUID] | None, site_id: UUID | None = None) -> int:
    """Send these callbacks again from the first try on; how many there were.

    `ids` None: all that were given up, of one site or all.
    """
    with desk.storage.write() as work:
        return work.deliveries.replay(ids, site_id, desk.now())


def drop(desk: Desk, ids: Sequence[UUID] | None, site_id: UUID | None = None) -> int:
    """Forget callbacks that were given up, of one site or all, None: every one; how many."""
    with desk.storage.write() as work:
        return work.deliveries.drop_dead(ids, site_id)


def _parcels(work: UnitOfWork, claimed: list[Delivery], now: datetime) -> list[Parcel]:
    sites = work.sites.with_ids(delivery.site_id for delivery in claimed)
    secrets = work.sites.secrets(sites, now)
    comments = work.comments.with_ids([delivery.comment_id for delivery in claimed])
    decisions = work.decisions.with_ids([delivery.decision_id for delivery in claimed])
    parcels = []
    for delivery in claimed:
        event = event_json(comments[delivery.comment_id], decisions[delivery.decision_id])
        site = sites[delivery.site_id]
        outgoing = _outgoing(delivery, site, secrets, json.dumps(event, separators=(",", ":")))
        parcels.append(Parcel(delivery, site, outgoing))
    return parcels


def _outgoing(
    delivery: Delivery, site: Site, secrets: Mapping[UUID, Sequence[str]], body: str
) -> Outgoing | None:
    webhook = site.webhook
    if webhook is None or webhook.is_off:
        return None
    return Outgoing(
        message_id=f"msg_{delivery.id.hex}",
        url=webhook.url,
        allow_private=webhook.allow_private,
        secrets=tuple(secrets.get(site.id, ())),
        body=body,
    )


def _note(desk: Desk, work: UnitOfWork, parcel: Parcel, answer: Answer) -> None:
    delivery, now = parcel.delivery, desk.now()
    if answer.accepted:
        assert answer.status is not None
        work.deliveries.delivered(delivery, answer.status, now)
    elif answer.status == GONE:
        _switch_off(work, parcel, now)
    elif delivery.attempts >= len(desk.settings.callback_schedule_s):
        work.deliveries.bury(delivery, answer.status, answer.error)
    else:
        due_at = now + timedelta(seconds=_pause_s(desk, delivery, answer))
        work.deliveries.retry(delivery, answer.status, answer.error, due_at)


def _switch_off(work: UnitOfWork, parcel: Parcel, now: datetime) -> None:
    assert parcel.outgoing is not None
    if not work.sites.switch_off_webhook(parcel.site.id, parcel.outgoing.url, now):
        # The site has moved meanwhile: the old endpoint's farewell is none of the new one.
        work.deliveries.retry(parcel.delivery, GONE, "The site has a new endpoint.", now)
        return
    work.deliveries.bury(parcel.delivery, GONE, ENDPOINT_OFF)
    work.deliveries.bury_pending(parcel.site.id, ENDPOINT_OFF)
    log.warning("callback.endpoint_gone", site=str(parcel.site.id))


def _pause_s(desk: Desk, delivery: Delivery, answer: Answer) -> float:
    planned = desk.settings.callback_schedule_s[delivery.attempts]
    asked = min(answer.retry_after_s or 0.0, RETRY_AFTER_MAX_S)
    # Only longer: so that the whole takes at least the time promised.
    return max(planned * (1 + random.random() * JITTER_SHARE), asked)  # noqa: S311  # no secret
