"""The pages and forms of `/review/`."""

from dataclasses import replace
from uuid import UUID

from flask import make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from service.domain.decision import Decision, Outcome
from service.domain.errors import (
    CommentdeskError,
    Conflict,
    Invalid,
    NotFound,
    RateLimited,
    Unauthenticated,
)
from service.moderation.review import (
    held_comment,
    held_comments,
    review,
    seen_comment,
    take_back,
)
from service.moderation.sign_in import Session, sign_in, sign_out
from service.ui.blueprint import PageBlueprint
from service.ui.review.card import Card, about, card_of, mention, web_address
from service.ui.review.done import Done, Tried
from service.ui.review.session import (
    LOGIN_COOKIE,
    LOGIN_FORM_MAX_AGE_S,
    SESSION_COOKIE,
    check_login_form,
    current_session,
    desk,
    drop_cookie,
    new_login_token,
    set_cookie,
    signed_in,
)
from service.unreachable import UNREACHABLE, unavailable

NOTE_MAX_CHARS = 500
# A longer comment that is answered is folded away until somebody asks for it.
PARENT_OPEN_MAX_CHARS = 280
CARD_LIMITS = {
    "note_max_chars": NOTE_MAX_CHARS,
    "parent_open_max_chars": PARENT_OPEN_MAX_CHARS,
}


def review_blueprint() -> PageBlueprint:
    """All review pages; they find their desk in `app.extensions["commentdesk"]`."""
    blueprint = PageBlueprint("review", __name__, url_prefix="/review")
    blueprint.add_url_rule("/", view_func=queue)
    blueprint.add_url_rule("/login", view_func=login)
    blueprint.add_url_rule("/login", "log_in", log_in, methods=["POST"])
    blueprint.add_url_rule("/logout", view_func=logout, methods=["POST"])
    blueprint.add_url_rule(
        "/comments/<uuid:comment_id>/decision", view_func=decide, methods=["POST"]
    )
    blueprint.add_url_rule("/comments/<uuid:comment_id>/undo", view_func=undo, methods=["POST"])
    blueprint.add_url_rule("/<path:nothing>", view_func=no_page)
    blueprint.register_error_handler(CommentdeskError, _error_page)
    for kind in UNREACHABLE:
        blueprint.register_error_handler(kind, lambda error: _error_page(unavailable(error)))
    blueprint.after_request(_keep_private)
    blueprint.context_processor(lambda: CARD_LIMITS)
    blueprint.add_app_template_test(web_address, "web_address")
    return blueprint


@signed_in
def queue(session: Session) -> ResponseReturnValue:
    """What is held, longest-waiting first, a page at a time."""
    done = Done.read(request.args)
    # What was just taken back is at the end of the queue, and wanted now.
    taken_back = done.comment_id if done and done.outcome is Outcome.HOLD else None
    first = _card(session, taken_back) if taken_back else None
    return _queue_page(session, request.args.get("cursor"), first=first, done=done)


@signed_in
def decide(session: Session, comment_id: UUID) -> ResponseReturnValue:
    """Approve or reject one comment, then show the page again, or a receipt to our script."""
    try:
        decision = _decide(session, comment_id)
    except (Conflict, NotFound, Invalid) as error:
        return _not_decided(session, comment_id, error)
    done = Done.of(decision)
    if _wants_receipt():
        about_it = _about(session, comment_id)
        return render_template("review/_receipt.html", done=done, about=about_it, session=session)
    return redirect(url_for("review.queue", cursor=_cursor(), **done.query()), 303)


@signed_in
def undo(session: Session, comment_id: UUID) -> ResponseReturnValue:
    """Take one's own decision back, then show the comment again: it waits anew."""
    try:
        sequence = int(request.form.get("sequence", ""))
        decision = take_back(desk(), session.moderator, comment_id, sequence)
    except ValueError:
        return _not_decided(session, comment_id, Invalid("Say which decision to take back."))
    except (Conflict, NotFound) as error:
        return _not_decided(session, comment_id, error)
    card = _card(session, comment_id)
    if _wants_receipt() and card:
        return _card_alone(session, card)
    return redirect(url_for("review.queue", **Done.of(decision).query()), 303)


@signed_in
def no_page(_session: Session, nothing: str) -> ResponseReturnValue:
    """A page that says so, where a browser asks for what is not here or cannot be looked at."""
    raise NotFound(f"There is no page at /review/{nothing}.")


def login() -> ResponseReturnValue:
    """The form to sign in with; also what one sees after signing out."""
    if current_session():
        return redirect(url_for("review.queue"), 303)
    return _login_page(signed_out="out" in request.args)


def log_in() -> ResponseReturnValue:
    """Sign in, or say why not."""
    check_login_form()
    name, password = request.form.get("login", "").strip(), request.form.get("password", "")
    try:
        session = sign_in(desk(), name, password, request.remote_addr or "")
    except (Unauthenticated, RateLimited) as error:
        return _login_page(name, error)
    response = redirect(url_for("review.queue"), 303)
    age = session.expires_at - desk().now()
    set_cookie(response, SESSION_COOKIE, session.token, int(age.total_seconds()))
    drop_cookie(response, LOGIN_COOKIE)
    return response


@signed_in
def logout(session: Session) -> ResponseReturnValue:
    """End the session."""
    sign_out(desk(), session.token)
    response = redirect(url_for("review.login", out=1), 303)
    drop_cookie(response, SESSION_COOKIE)
    return response


def _decide(session: Session, comment_id: UUID) -> Decision:
    try:
        revision = int(request.form.get("revision", ""))
        outcome = Outcome(request.form.get("outcome", ""))
    except ValueError as error:
        raise Invalid("Choose approve or reject.") from error
    note = _note()
    if len(note) > NOTE_MAX_CHARS:
        raise Invalid(f"The note is too long: {NOTE_MAX_CHARS} characters are the most.")
    return review(desk(), session.moderator, comment_id, revision, outcome, note or None)


def _not_decided(
    session: Session, comment_id: UUID, error: CommentdeskError
) -> ResponseReturnValue:
    """Why not; with the comment as it waits now, and what was typed for it."""
    note, card = _note(), _card(session, comment_id)
    tried = Tried(error, "", "") if card else Tried(error, note, _about(session, comment_id))
    if not _wants_receipt():
        card = replace(card, note=note) if card else None
        return _queue_page(session, _cursor(), tried, card)
    if card and error.code == "edited":
        text = _card_alone(session, replace(card, note=note, problem=error.detail))
        return text, error.status
    return _receipt(tried, is_gone=card is None)


def _note() -> str:
    return request.form.get("note", "").replace("\r\n", "\n").strip()


def _cursor() -> str | None:
    return request.form.get("cursor") or None


def _card(session: Session, comment_id: UUID) -> Card | None:
    held = held_comment(desk(), session.moderator, comment_id)
    return card_of(held, desk().now()) if held else None


def _about(session: Session, comment_id: UUID) -> str:
    """Which comment is meant, as far as this person may know."""
    comment = seen_comment(desk(), session.moderator, comment_id)
    return mention(comment) if comment else ""


def _card_alone(session: Session, card: Card) -> str:
    return render_template("review/_card.html", card=card, session=session, cursor=_cursor())


def _queue_page(
    session: Session,
    cursor: str | None,
    tried: Tried | None = None,
    first: Card | None = None,
    done: Done | None = None,
) -> ResponseReturnValue:
    page = held_comments(desk(), session.moderator, cursor)
    now = desk().now()
    cards = [card_of(held, now) for held in page.items]
    if first:
        cards = [first, *(card for card in cards if card.comment.id != first.comment.id)]
    text = render_template(
        "review/queue.html",
        session=session,
        cards=cards,
        total=about(page.held_total),
        cursor=cursor,
        next_cursor=page.next_cursor,
        done=done,
        about=_about(session, done.comment_id) if done and done.may_be_undone else "",
        tried=tried,
    )
    return text, tried.error.status if tried else 200


def _login_page(
    name: str = "", error: CommentdeskError | None = None, signed_out: bool = False
) -> Response:
    token = new_login_token()
    text = render_template(
        "review/login.html",
        csrf_token=token,
        name=name,
        problem=error.detail if error else None,
        signed_out=signed_out,
    )
    response = make_response(text, error.status if error else 200)
    set_cookie(response, LOGIN_COOKIE, token, LOGIN_FORM_MAX_AGE_S)
    return _with_retry_after(response, error)


def _wants_receipt() -> bool:
    return request.headers.get("X-Requested-With") == "fetch"


def _receipt(tried: Tried, is_gone: bool = False) -> ResponseReturnValue:
    return render_template("review/_receipt.html", tried=tried, is_gone=is_gone), tried.error.status


def _error_page(error: CommentdeskError) -> ResponseReturnValue:
    if _wants_receipt():
        return _receipt(Tried(error, "", ""))
    page = render_template("review/error.html", title=error.title, detail=error.detail)
    return _with_retry_after(make_response(page, error.status), error)


def _with_retry_after(response: Response, error: CommentdeskError | None) -> Response:
    if error and error.retry_after_s is not None:
        response.headers["Retry-After"] = str(error.retry_after_s)
    return response


def _keep_private(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"
    return response
