"""What a reader does: read an article, leave a comment, check it first, watch it appear."""

import secrets
import time
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl, urlencode

from flask import (
    Blueprint,
    Response,
    abort,
    current_app,
    jsonify,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from werkzeug.wrappers import Response as AnyResponse

from .articles import Article
from .comments import Comment, Comments
from .form import LIMITS, CommentForm, draft_request, new_ticket, submit_request
from .moderation import Commentdesk, Decision, Refused, Unreachable
from .outbox import Outbox
from .thread import threads

COOKIE_MAX_AGE_S = 365 * 86_400
USER_AGENT_KEPT_CHARS = 1000
READER_COOKIE = "courier_reader"
DETAILS_COOKIE = "courier_details"

pages = Blueprint("pages", __name__)


@dataclass(frozen=True, slots=True)
class Newspaper:
    """Everything the pages work with; one per process, in `app.extensions["newspaper"]`."""

    articles: dict[str, Article]
    comments: Comments
    outbox: Outbox
    desk: Commentdesk


def _paper() -> Newspaper:
    paper: Newspaper = current_app.extensions["newspaper"]
    return paper


@pages.get("/")
def front() -> AnyResponse:
    """The story of the day."""
    return redirect(url_for("pages.article", slug=next(iter(_paper().articles))))


@pages.get("/articles/<slug>")
def article(slug: str) -> Response:
    """An article with its comments and the form."""
    _paper().outbox.resend_soon()
    saved = dict(parse_qsl(request.cookies.get(DETAILS_COOKIE, "")))
    form = CommentForm(
        author=saved.get("author", ""),
        email=saved.get("email", ""),
        url=saved.get("url", ""),
        parent=request.args.get("reply_to", ""),
        ticket=new_ticket(),
        save_details=bool(saved),
    )
    response = make_response(_page(_article(slug), form))
    # Before the first comment: of a form sent twice, both answers know its author.
    response.set_cookie(READER_COOKIE, _reader(), **_cookie())
    return response


@pages.post("/articles/<slug>/comments")
def leave_comment(slug: str) -> AnyResponse:
    """Take a comment: keep it, hand it over, show the reader where it stands."""
    story, form = _article(slug), CommentForm.read(request.form)
    if mistakes := form.mistakes():
        return make_response(_page(story, form, mistakes=mistakes), 422)
    if request.form.get("action") == "check":
        return make_response(_page(story, form, advice=_check(story, form), is_checked=True))
    reader = _reader()
    comment = _keep_and_send(story, form, reader)
    response = redirect(url_for(".article", slug=slug, _anchor=f"comment-{comment.id}"), 303)
    return _remember(response, reader, form)


@pages.post("/articles/<slug>/check")
def check_draft(slug: str) -> Response:
    """For the page's script: the advice to show; empty when the form is to be sent as it is."""
    story, form = _article(slug), CommentForm.read(request.form)
    if form.mistakes():
        return jsonify(html="")
    advice, is_asked_for = _check(story, form), request.form.get("action") == "check"
    if not is_asked_for and (advice is None or advice.outcome == "approve"):
        return jsonify(html="")
    return jsonify(html=render_template("demo/_advice.html", advice=advice, form=form))


@pages.get("/articles/<slug>/comments.json")
def own_comments(slug: str) -> Response:
    """For the page's script: this reader's own comments as they stand now."""
    paper, reader = _paper(), request.cookies.get(READER_COOKIE, "")
    paper.outbox.resend_soon()
    own = [comment for comment in paper.comments.of_article(slug, reader) if _is_own(comment)]
    return jsonify(
        count=paper.comments.counts().get(slug, 0),
        comments={
            comment.id: {
                "state": comment.state,
                "html": render_template("demo/_comment.html", comment=comment, slug=slug),
            }
            for comment in own
        },
    )


def _article(slug: str) -> Article:
    return _paper().articles.get(slug) or abort(404)


def _is_own(comment: Comment) -> bool:
    return comment.reader != "" and comment.reader == request.cookies.get(READER_COOKIE)


def _page(
    story: Article,
    form: CommentForm,
    mistakes: dict[str, str] | None = None,
    advice: Decision | None = None,
    is_checked: bool = False,
) -> str:
    paper = _paper()
    reader = request.cookies.get(READER_COOKIE, "")
    answered = paper.comments.find(story.slug, form.parent) if form.parent else None
    return render_template(
        "demo/article.html",
        article=story,
        slug=story.slug,
        articles=paper.articles,
        counts=paper.comments.counts(),
        threads=threads(paper.comments.of_article(story.slug, reader)),
        form=replace(form, parent=answered.id if answered else ""),
        answered=answered,
        mistakes=mistakes or {},
        advice=advice,
        is_checked=is_checked,
        limits=LIMITS,
        opened_at=time.time(),
        today=datetime.now(UTC),
    )


def _check(story: Article, form: CommentForm) -> Decision | None:
    try:
        return _paper().desk.check(draft_request(form, story, _address(story)))
    except (Unreachable, Refused):
        # Advice is a courtesy: without it the comment is simply posted.
        return None


def _keep_and_send(story: Article, form: CommentForm, reader: str) -> Comment:
    paper = _paper()
    parent = paper.comments.find(story.slug, form.parent) if form.parent else None
    comment = Comment(
        id=form.comment_id(story.slug),
        article=story.slug,
        parent=parent.id if parent else None,
        author=form.author,
        url=form.url,
        body=form.comment,
        posted_at=datetime.now(UTC),
        reader=reader,
    )
    text = submit_request(form, comment, parent, story, _address(story), _sender())
    if paper.comments.add(comment, text):
        paper.outbox.send(comment.id, text)
    return comment


def _address(story: Article) -> str:
    return url_for("pages.article", slug=story.slug, _external=True)


def _sender() -> dict[str, str | None]:
    user_agent = request.headers.get("User-Agent", "")[:USER_AGENT_KEPT_CHARS]
    return {"ip": request.remote_addr, "user_agent": user_agent}


def _reader() -> str:
    return request.cookies.get(READER_COOKIE) or secrets.token_urlsafe(24)


def _cookie() -> dict[str, Any]:
    return {
        "max_age": COOKIE_MAX_AGE_S,
        "path": request.script_root or "/",
        "httponly": True,
        "secure": request.is_secure,
        "samesite": "Lax",
    }


def _remember(response: AnyResponse, reader: str, form: CommentForm) -> AnyResponse:
    cookie = _cookie()
    response.set_cookie(READER_COOKIE, reader, **cookie)
    if form.save_details:
        details = {"author": form.author, "email": form.email, "url": form.url}
        response.set_cookie(DETAILS_COOKIE, urlencode(details), **cookie)
    else:
        response.delete_cookie(DETAILS_COOKIE, path=cookie["path"])
    return response
