"""The front door `/`: what runs here and where to go."""

from flask import current_app, render_template

from service.ui.blueprint import PageBlueprint


def home_blueprint() -> PageBlueprint:
    """The one page at `/`."""
    blueprint = PageBlueprint("home", __name__)

    @blueprint.get("/")
    def index() -> str:
        settings = current_app.extensions["commentdesk"].settings
        return render_template("home/index.html", demo=settings.demo)

    return blueprint
