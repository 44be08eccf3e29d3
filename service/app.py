"""The web process, wired: the one place where its parts meet."""

import json
from typing import Any

from flask import Flask, Response
from werkzeug.middleware.dispatcher import DispatcherMiddleware
from werkzeug.middleware.proxy_fix import ProxyFix

from service import installation, logs
from service.api import auth, comments, health, openapi, problems
from service.api.context import EXTENSION, WAITERS
from service.api.shedding import Shedder
from service.domain.errors import SettingsError, Unavailable
from service.moderation.desk import Desk, open_desk
from service.settings import Settings
from service.strangers import Strangers
from service.ui.demo import DemoConfig, create_demo
from service.ui.docs import docs_blueprint
from service.ui.errors import errors_blueprint
from service.ui.home import home_blueprint
from service.ui.review import review_blueprint
from service.waiting import Waiters

CONTENT_SECURITY_POLICY = "default-src 'self'; frame-ancestors 'none'; base-uri 'none'"


def create_app(desk: Desk) -> Flask:
    """The Flask app of the API and the pages."""
    app = Flask("service", static_folder="ui/static")
    most = desk.settings.request_max_bytes
    app.config.update(MAX_CONTENT_LENGTH=most, MAX_FORM_MEMORY_SIZE=most)
    app.json.sort_keys = False  # type: ignore[attr-defined]  # the default provider has it
    app.extensions[EXTENSION] = desk
    app.extensions[WAITERS] = Waiters(desk.handover, desk.settings.waiters_max)
    app.wsgi_app = Shedder(app, desk)  # type: ignore[method-assign]  # Flask documents this
    proxies = desk.settings.trusted_proxies
    if proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=proxies, x_proto=proxies)  # type: ignore[method-assign]  # Flask documents this
    auth.protect(app)
    problems.install(app)
    for blueprint in (
        comments.blueprint, health.blueprint, openapi.blueprint,
        review_blueprint(), docs_blueprint(), errors_blueprint(), home_blueprint(),
    ):  # fmt: skip
        app.register_blueprint(blueprint)
    app.after_request(_secure)
    if desk.settings.demo:
        app.wsgi_app = DispatcherMiddleware(  # type: ignore[method-assign]  # Flask documents this
            app.wsgi_app, {"/demo": _demo(desk.settings)}
        )
    app.wsgi_app = Strangers(app.wsgi_app, desk.settings.web_threads)  # type: ignore[method-assign]  # Flask documents this
    return app


def create() -> Flask:
    """What the web server loads in each of its processes."""
    settings = Settings.load()
    logs.configure(settings, "web")
    app = create_app(open_desk(settings))
    # Before the first request: what is announced to nobody is said to nobody.
    app.extensions[WAITERS].start()
    return app


def _demo(settings: Settings) -> Any:
    path = settings.data / "first-run.json"
    try:
        known = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise SettingsError(f"The demo needs {path}, which `commentdesk up` makes.") from error
    demo = create_demo(
        DemoConfig(
            api_url=installation.base_url(settings.host, settings.port),
            api_key=known["api_key"],
            webhook_secret=known["webhook_secret"],
            database=settings.data / "demo.db",
        )
    )
    demo.register_error_handler(
        Unavailable,
        lambda error: (error.detail, error.status, {"Retry-After": str(error.retry_after_s)}),
    )
    return demo


def _secure(response: Response) -> Response:
    response.headers.setdefault("Content-Security-Policy", CONTENT_SECURITY_POLICY)
    response.headers.setdefault("X-Content-Type-Options", "nosniff")
    response.headers.setdefault("Referrer-Policy", "same-origin")
    return response
