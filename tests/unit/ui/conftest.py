"""The demo newspaper beside a commentdesk of the test's own."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from service.ui.demo import DemoConfig, create_demo
from service.ui.demo.pages import Newspaper
from tests.unit.ui.fake_commentdesk import FakeCommentdesk, running

WEBHOOK_SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"


@pytest.fixture
def desk() -> Iterator[FakeCommentdesk]:
    """A commentdesk that answers `pending` until the test says otherwise."""
    with running() as fake:
        yield fake


@pytest.fixture
def demo(desk: FakeCommentdesk, tmp_path: Path) -> Flask:
    """The newspaper, with its own database."""
    return create_demo(DemoConfig(desk.url, "key-1", WEBHOOK_SECRET, tmp_path / "demo.db"))


@pytest.fixture
def paper(demo: Flask) -> Newspaper:
    """What the newspaper's pages work with."""
    newspaper: Newspaper = demo.extensions["newspaper"]
    return newspaper


@pytest.fixture
def ada(demo: Flask) -> FlaskClient:
    """The browser of Ada, who comments."""
    return demo.test_client()


@pytest.fixture
def bob(demo: Flask) -> FlaskClient:
    """The browser of Bob, who reads."""
    return demo.test_client()
