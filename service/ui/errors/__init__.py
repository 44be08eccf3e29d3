"""The error codes `/errors`: where the `type` of every problem document leads."""

from flask import render_template

from service.domain.error_codes import ERROR_CODES
from service.ui.blueprint import PageBlueprint


def errors_blueprint() -> PageBlueprint:
    """The one page at `/errors`."""
    blueprint = PageBlueprint("errors", __name__)

    @blueprint.get("/errors")
    def index() -> str:
        return render_template("errors/index.html", codes=ERROR_CODES)

    return blueprint
