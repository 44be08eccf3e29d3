"""The API's documentation `/docs`: Swagger UI, served from here, on `/openapi.json`."""

from flask import make_response, render_template
from flask.typing import ResponseReturnValue

from service.ui.blueprint import HEADERS, PageBlueprint

SWAGGER_UI = "vendor/swagger-ui-5.35.0"
# Its style sheet carries its icons as data: addresses.
POLICY = HEADERS["Content-Security-Policy"] + "; img-src 'self' data:"


def docs_blueprint() -> PageBlueprint:
    """The one page at `/docs`."""
    blueprint = PageBlueprint("docs", __name__)

    @blueprint.get("/docs")
    def index() -> ResponseReturnValue:
        response = make_response(render_template("docs/index.html", swagger_ui=SWAGGER_UI))
        response.headers["Content-Security-Policy"] = POLICY
        return response

    return blueprint
