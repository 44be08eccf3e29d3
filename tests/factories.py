"""Builders of what tests need, each with a plain default for everything that does not matter."""

from dataclasses import replace
from typing import Any
from uuid import UUID

from service.domain.comment import Article, Author, Submission
from service.domain.site import Site, Webhook
from service.moderation.desk import Desk
from service.moderation.sites import create_site
from service.moderation.submit import submit
from tests.fakes import FakeScorer
from worker import jobs, wiring
from worker.wiring import Bench

PLAIN = "I walked along the quay this morning and it was lovely."
SPAM = "SPAM cheap pills at my shop"
DOUBT = "DOUBT this may be anything"


def a_submission(body: str = PLAIN, **changes: Any) -> Submission:
    """A reader's comment under an article."""
    submission = Submission(
        body=body,
        article=Article(id="quay", url="https://news.example/quay", title="The quay reopens"),
        author=Author(name="Ann", email="ann@example.org", ip="192.0.2.7", user_agent="Browser"),
    )
    return replace(submission, **changes)


def a_site(desk: Desk, *, webhook: str | None = None, **changes: Any) -> Site:
    """A stored site; with `webhook`, its callbacks go to that private address."""
    site = create_site(desk, "The Harbour News").site
    with desk.storage.write() as work:
        if webhook:
            work.sites.set_webhook(site.id, Webhook(webhook, allow_private=True))
        if "when_unscored" in changes:
            work.sites.set_when_unscored(site.id, changes["when_unscored"])
        if "policy" in changes:
            work.sites.set_policy(site.id, replace(changes["policy"], version=2), desk.now())
        found = work.sites.get(site.id)
    assert found is not None
    return found


def a_comment(desk: Desk, site: Site, body: str = PLAIN, **changes: Any) -> UUID:
    """A submitted comment, still pending; its id."""
    return submit(desk, site, a_submission(body, **changes)).comment.id


def a_bench(desk: Desk) -> Bench:
    """A worker's bench with a fake scorer, in use by jobs of this process."""
    bench = Bench(desk, FakeScorer())  # type: ignore[arg-type]  # a fake of the scorer's port
    wiring.use(bench)
    return bench


def drain(desk: Desk) -> Bench:
    """Run one drain job to its end, without lingering."""
    bench = a_bench(desk)
    jobs.drain()
    return bench
