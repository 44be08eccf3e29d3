"""Where commentdesk tells its decisions: `POST /callbacks`, signed as Standard Webhooks says."""

import logging
from typing import Any

from flask import Blueprint, request
from standardwebhooks import Webhook, WebhookVerificationError

from .comments import Comments
from .moderation import Decision

log = logging.getLogger(__name__)


def callbacks_blueprint(comments: Comments, webhook_secret: str) -> Blueprint:
    """The one route that takes callbacks; any answer but 2xx makes commentdesk try again."""
    blueprint = Blueprint("callbacks", __name__)
    webhook = Webhook(webhook_secret)

    @blueprint.post("/callbacks")
    def receive() -> tuple[str, int]:
        try:
            event = webhook.verify(request.get_data(), dict(request.headers))
        except (WebhookVerificationError, ValueError) as error:
            log.warning("callback refused: %s", error)
            return "The signature does not fit.\n", 401
        if event["type"] == "comment.decided":
            _take_over(comments, request.headers["webhook-id"], event["data"])
        return "", 204

    return blueprint


def _take_over(comments: Comments, webhook_id: str, data: dict[str, Any]) -> None:
    # A comment that was sent with our key from elsewhere has no id of ours: nothing to do.
    if data.get("external_id"):
        decision = Decision.from_json(data["decision"])
        comments.record_callback(webhook_id, data["external_id"], decision)
