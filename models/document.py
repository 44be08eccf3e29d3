"""What is judged: a comment and what is known around it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Document:
    """A comment as the site received it.

    `body_format` is "text" or "html". An author field that is None means that the form has no
    such field ("unknown"); "" means that it was left empty. `language` is the BCP 47 tag that
    the site claims. `copies` is how often the site had received the same text before, None if that
    is not known; somebody sending it twice under one article is no copy.
    """

    body: str
    body_format: str = "text"
    author_name: str | None = None
    author_email: str | None = None
    author_url: str | None = None
    language: str | None = None
    article_title: str | None = None
    parent_body: str | None = None
    copies: int | None = None
