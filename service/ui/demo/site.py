"""Wiring of the newspaper: `create_demo` builds the Flask application."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from flask import Flask, Response, render_template
from werkzeug.exceptions import HTTPException

from .articles import Article, load_articles
from .callbacks import callbacks_blueprint
from .comments import Comment, Comments, State
from .form import is_web_address
from .moderation import Commentdesk
from .outbox import Outbox
from .pages import Newspaper, pages
from .thread import marked_passages

REQUEST_MAX_BYTES = 1_048_576
SECURITY_HEADERS = {
    "Content-Security-Policy": "default-src 'self'; base-uri 'none'; form-action 'self';"
    " frame-ancestors 'none'; object-src 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    # Each reader sees the page with their own waiting comments.
    "Cache-Control": "private, no-cache",
}


@dataclass(frozen=True, slots=True)
class DemoConfig:
    """Where commentdesk is, how we prove who we are to each other, and our own SQLite file."""

    api_url: str
    api_key: str = field(repr=False)
    webhook_secret: str = field(repr=False)
    database: Path


def create_demo(config: DemoConfig) -> Flask:
    """The newspaper as a WSGI application; it creates its database when there is none."""
    app = Flask(__name__)
    app.config["MAX_CONTENT_LENGTH"] = REQUEST_MAX_BYTES
    articles = load_articles(Path(__file__).with_name("articles"))
    comments = Comments(config.database)
    _print_first_comments(articles, comments)
    desk = Commentdesk(config.api_url, config.api_key)
    app.extensions["newspaper"] = Newspaper(articles, comments, Outbox(comments, desk), desk)
    app.register_blueprint(pages)
    app.register_blueprint(callbacks_blueprint(comments, config.webhook_secret))
    app.register_error_handler(HTTPException, _error_page)
    app.after_request(_add_security_headers)
    _teach_templates(app)
    return app


def _teach_templates(app: Flask) -> None:
    app.jinja_env.filters.update(
        date=lambda moment: f"{moment.day} {moment:%B %Y}",
        clock=lambda moment: f"{moment.day} {moment:%b %Y, %H:%M} UTC",
        iso=lambda moment: moment.isoformat(timespec="seconds"),
        marked=marked_passages,
        web_address=is_web_address,
    )
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True


def _print_first_comments(articles: dict[str, Article], comments: Comments) -> None:
    """Letters from before comments were moderated here; they are part of the articles' files."""
    comments.add_published(
        _first_comment(article, letter)
        for article in articles.values()
        for letter in article.first_comments
    )


def _first_comment(article: Article, letter: dict[str, Any]) -> Comment:
    return Comment(
        id=letter["id"],
        article=article.slug,
        parent=letter.get("parent"),
        author=letter["author"],
        url="",
        body=letter["body"],
        posted_at=letter["posted_at"],
        reader="",
        state=State.APPROVE,
    )


def _error_page(error: HTTPException) -> tuple[str, int]:
    return render_template("demo/error.html", error=error), error.code or 500


def _add_security_headers(response: Response) -> Response:
    for name, value in SECURITY_HEADERS.items():
        response.headers.setdefault(name, value)
    return response
