"""A site as the API meets it: its client, a comment of it, and a worker that answers."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask.testing import FlaskClient

from service.moderation import sites
from service.moderation.desk import Desk
from tests.factories import PLAIN, a_bench
from worker import jobs

COMMENT: dict[str, Any] = {"body": PLAIN, "article": {"id": "quay"}}


class Site:
    """A site's client: every request carries its key."""

    def __init__(self, desk: Desk, client: FlaskClient) -> None:
        new = sites.create_site(desk, "The Harbour News")
        self.id, self.key, self._client = new.site.id, new.api_key, client

    def ask(self, method: str, path: str, **options: Any) -> Any:
        headers = {"Authorization": f"Bearer {self.key}", **options.pop("headers", {})}
        return self._client.open(path, method=method, headers=headers, **options)

    def post(self, path: str = "/v1/comments", **options: Any) -> Any:
        return self.ask("POST", path, **options)

    def get(self, path: str, **options: Any) -> Any:
        return self.ask("GET", path, **options)


@contextmanager
def a_worker_at_work(desk: Desk) -> Iterator[None]:
    bench = a_bench(desk)

    def work() -> None:
        while not bench.stopping.is_set():
            jobs.drain()

    thread = threading.Thread(target=work)
    thread.start()
    yield
    bench.stopping.set()
    thread.join()
