"""The guide for websites is true: its example runs, and what it names is there."""

import re
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tests.processes import free_port
from tests.unit.ui.fake_commentdesk import PENDING, FakeCommentdesk, decided

DOCS = Path(__file__).resolve().parents[3] / "docs"
GUIDES = [DOCS / "integrating.md", DOCS / "moderating.md"]


@pytest.fixture
def hand_over(desk: FakeCommentdesk) -> Callable[..., str]:
    """The function of the guide, set to talk to the test's commentdesk."""
    text = (DOCS / "integrating.md").read_text(encoding="utf-8")
    [example] = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    names: dict[str, object] = {"DESK": desk.url, "KEY": "key-1"}
    exec(compile(example, "integrating.md", "exec"), names)  # noqa: S102  # our own guide
    function: Callable[..., str] = names["hand_over"]  # type: ignore[assignment]  # defined there
    return function


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        (decided("approve"), "approve"),
        (decided("hold"), "hold"),
        (PENDING, "pending"),
        ((422, {"detail": "Has no text."}), "reject"),
    ],
)
def test_the_example_reads_every_answer(
    desk: FakeCommentdesk,
    hand_over: Callable[..., str],
    answer: tuple[int, dict[str, object]],
    outcome: str,
) -> None:
    desk.answer = answer
    assert hand_over("c1", "A fine piece.", "quay") == outcome


def test_the_example_keeps_what_could_not_be_sent(
    desk: FakeCommentdesk, hand_over: Callable[..., str]
) -> None:
    desk.answer = (503, {"detail": "Try again later."})
    with pytest.raises(ConnectionError):
        hand_over("c1", "A fine piece.", "quay")


class Refuse(BaseHTTPRequestHandler):
    """A proxy whose error is a page."""

    def do_POST(self) -> None:
        self.send_error(502)

    def log_message(self, *parts: object) -> None:
        """Tests print nothing."""


def test_the_example_keeps_what_a_proxy_refused(hand_over: Callable[..., str]) -> None:
    with ThreadingHTTPServer(("127.0.0.1", 0), Refuse) as proxy:
        threading.Thread(target=proxy.serve_forever, daemon=True).start()
        hand_over.__globals__["DESK"] = f"http://127.0.0.1:{proxy.server_port}"
        with pytest.raises(ConnectionError):
            hand_over("c1", "A fine piece.", "quay")
        proxy.shutdown()


def test_the_example_keeps_what_nobody_took(hand_over: Callable[..., str]) -> None:
    hand_over.__globals__["DESK"] = f"http://127.0.0.1:{free_port()}"
    with pytest.raises(ConnectionError):
        hand_over("c1", "A fine piece.", "quay")


@pytest.mark.parametrize("guide", GUIDES, ids=lambda path: path.name)
def test_what_a_guide_links_to_is_there(guide: Path) -> None:
    links = re.findall(r"\]\(([^)#:]+)\)", guide.read_text(encoding="utf-8"))
    assert {link for link in links if not (guide.parent / link).exists()} == set()
