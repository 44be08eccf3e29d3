"""A blueprint of pages: its own templates, the layout all pages share, and a page's headers."""

from functools import cached_property
from pathlib import Path

from flask import Blueprint, Response
from jinja2 import BaseLoader, FileSystemLoader

LAYOUT = Path(__file__).with_name("templates")
HEADERS = {
    "Content-Security-Policy": "default-src 'self'; base-uri 'none'; form-action 'self';"
    " frame-ancestors 'none'; object-src 'none'",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}


class PageBlueprint(Blueprint):
    """Finds templates in its own folder first, then in the layout that all pages share."""

    def __init__(self, name: str, import_name: str, url_prefix: str | None = None) -> None:
        super().__init__(name, import_name, url_prefix=url_prefix)
        self.after_request(_add_headers)

    @cached_property
    def jinja_loader(self) -> BaseLoader:
        """The loader that Flask asks for the templates of this blueprint."""
        return FileSystemLoader([Path(self.root_path) / "templates", LAYOUT])


def _add_headers(response: Response) -> Response:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    return response
