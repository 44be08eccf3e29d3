"""The comment form: what a reader typed, checked, and as commentdesk wants it."""

import hashlib
import json
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from .articles import Article
from .comments import Comment

# The limits of a WordPress comment form, in characters, by field.
LIMITS = {"author": 245, "email": 100, "url": 200, "comment": 65_525}
LONGEST_SITTING_S = 86_400.0
# What a bot typed matters less than that it did; the API takes no more than this.
HONEYPOT_KEPT_CHARS = 500


@dataclass(frozen=True, slots=True)
class CommentForm:
    """One filled-in form; field names are those of a WordPress comment form."""

    author: str = ""
    email: str = ""
    url: str = ""
    comment: str = ""
    parent: str = ""
    ticket: str = ""
    honeypot: str = ""
    save_details: bool = False
    seconds_to_submit: float | None = None

    @classmethod
    def read(cls, fields: Mapping[str, str]) -> "CommentForm":
        """The form as posted, with plain line ends and without blanks around a field."""
        return cls(
            author=fields.get("author", "").strip(),
            email=fields.get("email", "").strip(),
            url=fields.get("url", "").strip(),
            comment=fields.get("comment", "").replace("\r\n", "\n").strip(),
            parent=fields.get("comment_parent", ""),
            ticket=fields.get("ticket", "") or new_ticket(),
            honeypot=fields.get("remarks", "")[:HONEYPOT_KEPT_CHARS],
            save_details=fields.get("wp-comment-cookies-consent") == "yes",
            seconds_to_submit=_seconds_since(fields.get("opened_at", "")),
        )

    def comment_id(self, article: str) -> str:
        """The id of this comment: the same for a form that an impatient reader sends twice."""
        text = json.dumps([self.ticket, article, self.comment])
        return hashlib.sha256(text.encode()).hexdigest()[:32]

    def mistakes(self) -> dict[str, str]:
        """One sentence for each field that is not right yet."""
        found = {
            name: f"This is too long: {limit:,} characters are the most."
            for name, limit in LIMITS.items()
            if len(getattr(self, name)) > limit
        }
        if not self.author:
            found["author"] = "Please tell us your name."
        if "@" not in self.email.strip("@"):
            found["email"] = "Please give an e-mail address, such as ada@example.org."
        if not self.comment:
            found["comment"] = "Please write something first."
        if self.url and not is_web_address(self.url):
            found["url"] = "Please give the whole address, such as https://example.org, or none."
        return found


def new_ticket() -> str:
    """What makes each form that is shown another one."""
    return secrets.token_hex(16)


def is_web_address(url: str) -> bool:
    """Whether this is an address that we would link to."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.netloc)


def _seconds_since(opened_at: str) -> float | None:
    try:
        seconds = round(time.time() - float(opened_at), 1)
    except (ValueError, OverflowError):
        return None
    return seconds if 0 <= seconds <= LONGEST_SITTING_S else None


def draft_request(form: CommentForm, article: Article, article_url: str) -> dict[str, Any]:
    """The body of `POST /v1/check`."""
    return {
        "body": form.comment,
        "article": _article(article, article_url),
        "author": {"name": form.author, "email": form.email, "url": form.url},
    }


def submit_request(
    form: CommentForm,
    comment: Comment,
    parent: Comment | None,
    article: Article,
    article_url: str,
    sender: Mapping[str, str | None],
) -> str:
    """The body of `POST /v1/comments`, as JSON text; kept, so that each try sends the same."""
    author = {"name": form.author, "email": form.email, "url": form.url, **sender}
    data: dict[str, Any] = {
        "body": comment.body,
        "external_id": comment.id,
        "article": _article(article, article_url),
        "author": {key: value for key, value in author.items() if value is not None},
        "submitted_at": _iso(comment.posted_at),
        "language": "en",
        "form": {"honeypot": form.honeypot},
    }
    if parent:
        data["parent"] = {"id": parent.id, "body": parent.body}
    if form.seconds_to_submit is not None:
        data["form"]["seconds_to_submit"] = form.seconds_to_submit
    return json.dumps(data)


def _article(article: Article, url: str) -> dict[str, str]:
    return {
        "id": article.slug,
        "url": url,
        "title": article.headline,
        "section": article.section,
        "published_at": _iso(article.published_at),
    }


def _iso(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds")
