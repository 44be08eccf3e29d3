"""/healthz: this process lives. /readyz: comments are accepted and scored."""

from dataclasses import asdict

from flask import Blueprint, jsonify
from flask.typing import ResponseReturnValue

from service.api.context import desk
from service.moderation.readiness import readiness

blueprint = Blueprint("health", __name__)


@blueprint.get("/healthz")
def healthz() -> ResponseReturnValue:
    """200 while this process answers."""
    return jsonify({"status": "ok"})


@blueprint.get("/readyz")
def readyz() -> ResponseReturnValue:
    """200 when database, Redis, a worker and its model are there; else 503, naming what is not."""
    checks = readiness(desk())
    ready = all(check.ok for check in checks)
    body = {"ready": ready, "checks": {check.name: asdict(check) for check in checks}}
    return jsonify(body), 200 if ready else 503
