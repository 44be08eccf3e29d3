"""Check: score a draft that is stored nowhere, so that a form can ask for other words first."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from uuid_utils.compat import uuid7

from service.domain.comment import Article, Author, Parent, Submission
from service.domain.errors import Unavailable
from service.domain.site import Site
from service.moderation.bans import marks_of
from service.moderation.desk import Desk
from service.waiting import Waiters

CHECK_WITHIN_S = 5.0


def check(desk: Desk, site: Site, submission: Submission, waiters: Waiters) -> Mapping[str, Any]:
    """The verdict that this text would get now, as a JSON object; raises Unavailable."""
    draft_id: UUID = uuid7()
    with waiters.expect(draft_id) as news:
        if news is None:
            raise _busy("Too many requests wait for a score at this moment.")
        if not desk.handover.offer_draft(draft_id, draft_of(desk, site, submission)):
            raise _busy("The queue is away.")
        if not news.wait(CHECK_WITHIN_S):
            raise _busy("No worker answered in time.")
        verdict: dict[str, Any] = news.said
        return verdict


def draft_of(desk: Desk, site: Site, submission: Submission) -> dict[str, Any]:
    """What goes through Redis, for some seconds: only what scores and policy read."""
    author = submission.author
    return {
        "site_id": site.id.hex,
        "body": submission.body,
        "body_format": submission.body_format,
        "language": submission.language,
        "author": {name: getattr(author, name) for name in ("name", "email", "url")},
        "marks": marks_of(desk.secret_key, author),
        "parent_body": submission.parent.body,
        "article_id": submission.article.id,
        "article_title": submission.article.title,
    }


def submission_of(draft: Mapping[str, Any]) -> tuple[UUID, Submission, list[str]]:
    """The (site id, submission, marks of its author) that `draft_of` wrote."""
    submission = Submission(
        body=draft["body"],
        body_format=draft["body_format"],
        language=draft["language"],
        author=Author(**draft["author"]),
        parent=Parent(body=draft["parent_body"]),
        article=Article(id=draft["article_id"], title=draft["article_title"]),
    )
    return UUID(draft["site_id"]), submission, draft["marks"]


def _busy(why: str) -> Unavailable:
    return Unavailable(
        f"{why} The draft was not checked; try again, or submit it as it is.",
        code="scoring_unavailable",
        retry_after_s=1,
    )
