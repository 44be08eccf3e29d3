"""/v1/comments and /v1/check."""

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, jsonify
from flask.typing import ResponseReturnValue
from flask.views import MethodView

from service.api.context import desk, site, waiters
from service.api.problems import problem_json
from service.api.reading import (
    checked,
    patience,
    read_comment,
    read_json,
    read_query,
    read_submission,
    request_key,
)
from service.api.schemas import BatchIn, DraftIn, EditIn, FeedbackIn, ListQuery
from service.domain.comment import Status, Submission
from service.domain.errors import CommentdeskError, Invalid
from service.moderation.check import check
from service.moderation.erase import erase
from service.moderation.feedback import give_feedback
from service.moderation.intake import RequestKey, Standing
from service.moderation.listing import history, list_comments
from service.moderation.rendering import decision_json, standing_json
from service.moderation.submit import (
    Patience,
    look_up,
    revise,
    submit,
    submit_many,
)

blueprint = Blueprint("comments", __name__, url_prefix="/v1")


class Comments(MethodView):
    """A site's comments."""

    def post(self) -> ResponseReturnValue:
        """Submit a comment."""
        wish = patience()
        standing = submit(desk(), site(), read_submission(), request_key(), wish)
        return _answer(standing, wish)

    def get(self) -> ResponseReturnValue:
        """List comments, newest first."""
        page = list_comments(desk(), site(), **read_query(ListQuery()))
        cursor = str(page.next_cursor) if page.next_cursor else None
        items = [standing_json(standing) for standing in page.items]
        return jsonify({"comments": items, "next_cursor": cursor})


class OneComment(MethodView):
    """One comment."""

    def get(self, comment_id: UUID) -> ResponseReturnValue:
        """The comment as it stands now."""
        return jsonify(standing_json(look_up(desk(), site(), comment_id)))

    def put(self, comment_id: UUID) -> ResponseReturnValue:
        """Edit: a new revision of the text, decided anew."""
        wish = patience()
        text = checked(read_json(EditIn()))
        return _answer(revise(desk(), site(), comment_id, text, wish), wish)

    def delete(self, comment_id: UUID) -> ResponseReturnValue:
        """Erase the text and its author's data."""
        erase(desk(), site(), comment_id)
        return Response(status=204)


@blueprint.get("/comments/<uuid:comment_id>/decisions")
def decisions(comment_id: UUID) -> ResponseReturnValue:
    """All decisions on a comment, oldest first."""
    found = history(desk(), site(), comment_id)
    return jsonify({"decisions": [decision_json(decision) for decision in found]})


@blueprint.post("/comments/<uuid:comment_id>/feedback")
def feedback(comment_id: UUID) -> ResponseReturnValue:
    """Tell what the site or its readers did."""
    entry_id = give_feedback(desk(), site(), comment_id, read_json(FeedbackIn()))
    return jsonify({"id": str(entry_id)}), 201


@blueprint.post("/comments/batch")
def batch() -> ResponseReturnValue:
    """Submit many comments; each has its own result, in order."""
    items = read_json(BatchIn())["comments"]
    most = desk().settings.batch_max_comments
    if len(items) > most:
        raise Invalid(f"A batch has {most} comments at the most.", code="batch_too_large")
    parsed = [_parsed(number, item) for number, item in enumerate(items)]
    good = [pair for pair in parsed if not isinstance(pair, CommentdeskError)]
    stored = iter(submit_many(desk(), site(), good))
    results = [pair if isinstance(pair, CommentdeskError) else next(stored) for pair in parsed]
    return jsonify({"results": [_result(result) for result in results]})


@blueprint.post("/check")
def check_draft() -> ResponseReturnValue:
    """What would be decided on this text; nothing is stored."""
    draft = checked(read_json(DraftIn()))
    return jsonify({"decision": check(desk(), site(), draft, waiters())})


def _parsed(number: int, item: Any) -> tuple[Submission, RequestKey | None] | CommentdeskError:
    try:
        return read_comment(item), request_key(f"#{number}")
    except Invalid as error:
        return error


def _result(result: Standing | CommentdeskError) -> dict[str, Any]:
    if isinstance(result, CommentdeskError):
        return {"status": result.status, "error": problem_json(result)}
    return {"status": 202, "comment": standing_json(result)}


def _answer(standing: Standing, wish: Patience | None) -> Response:
    response = jsonify(standing_json(standing))
    decided = standing.comment.status is Status.DECIDED
    response.status_code = 200 if decided else 202
    response.headers["Location"] = f"/v1/comments/{standing.comment.id}"
    if standing.replayed:
        response.headers["Idempotent-Replayed"] = "true"
    if wish and decided:
        response.headers["Preference-Applied"] = f"wait={wish.seconds:g}"
    return response


blueprint.add_url_rule("/comments", view_func=Comments.as_view("comments"))
blueprint.add_url_rule("/comments/<uuid:comment_id>", view_func=OneComment.as_view("comment"))
