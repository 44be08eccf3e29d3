"""A comment as the site sent it, and where it stands."""

import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

# What no text column can hold, so that no comment has it.
UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


class Status(StrEnum):
    """Whether the newest revision of a comment has a decision."""

    PENDING = "pending"
    DECIDED = "decided"


@dataclass(frozen=True, slots=True)
class Article:
    """What the comment stands under; `id` is the site's own name for it."""

    id: str
    url: str | None = None
    title: str | None = None
    section: str | None = None
    published_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Author:
    """Who wrote it. None: the form has no such field; an empty string: it was left empty."""

    id: str | None = None
    name: str | None = None
    email: str | None = None
    url: str | None = None
    ip: str | None = None
    user_agent: str | None = None
    role: str | None = None


@dataclass(frozen=True, slots=True)
class Parent:
    """The comment this one answers; `id` is the site's own name for it."""

    id: str | None = None
    body: str | None = None


@dataclass(frozen=True, slots=True)
class Form:
    """What the form itself noticed."""

    honeypot: str | None = None
    seconds_to_submit: float | None = None


@dataclass(frozen=True, slots=True)
class Submission:
    """One comment as it came in, checked but not yet stored."""

    body: str
    article: Article
    body_format: str = "text"
    author: Author = Author()
    external_id: str | None = None
    parent: Parent = Parent()
    submitted_at: datetime | None = None
    language: str | None = None
    form: Form = Form()


@dataclass(frozen=True, slots=True)
class Comment:
    """A stored comment at its newest revision."""

    id: UUID
    site_id: UUID
    submission: Submission
    revision: int
    status: Status
    received_at: datetime
    decision_id: UUID | None = None
    sequence: int = 0
    erased_at: datetime | None = None
