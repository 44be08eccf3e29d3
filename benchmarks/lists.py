"""Comment list and review queue: 1,000,000 comments, 50,000 held, against 1,000 with 50 held.

python -m benchmarks.lists [--comments 1000000] [--rounds 40] [--explain]

Both sizes live in databases of their own, filled by the same SQL, on SQLite and on PostgreSQL (left
out where it is not installed). The real application answers real requests in this process; requests
to the small and the large database take turns, so that both see the same machine. The number of
queries of each page is counted as well: it must not depend on the size.
"""

import json
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
from flask.testing import FlaskClient
from sqlalchemy import event, text

from service.app import create_app
from service.moderation.desk import Desk, open_desk
from service.moderation.people import create_user
from service.moderation.sign_in import sign_in
from service.moderation.sites import create_site
from service.settings import Settings
from service.storage import schema
from service.ui.review.session import SESSION_COOKIE
from tests.conftest import postgresql

SMALL = 1_000
HELD_ONE_IN = 20
PASSWORD = "a long enough password"  # noqa: S105  # of a database that lives for minutes
BODY = "The council voted again last night and nobody asked us what we think of it. " * 40
SCORES = json.dumps({"spam": 0.02, "toxicity": 0.4, "insult": 0.3, "threat": 0.01})
REASONS = json.dumps([{"code": "toxicity", "text": "May be hurtful.", "spans": [[4, 11]]}])
EPOCH = 1_700_000_000

# What the two databases write differently.
DIALECTS = {
    "sqlite": {
        "numbers": "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n WHERE i < :most)",
        "uuid": "'{0}' || printf('%028x', i)",
        "time": f"strftime('%Y-%m-%d %H:%M:%S.000000', {EPOCH} + i, 'unixepoch')",
        "json": "{0}",
    },
    "postgresql": {
        "numbers": "WITH n AS (SELECT i FROM generate_series(1, :most) AS i)",
        "uuid": "('{0}' || lpad(to_hex(i), 28, '0'))::uuid",
        "time": f"to_timestamp({EPOCH} + i)",
        "json": "({0})::json",
    },
}  # fmt: skip


INSERT_COMMENTS = """
INSERT INTO comments (id, site_id, revision, status, outcome, decision_id, sequence, body,
    body_format, article_id, received_at, revised_at, needs_score, attempts)
{numbers} SELECT {comment}, :site, 1, 'decided', {outcome}, {decision}, 1,
    substr(:body, 1, 40 + i % 700), 'text', 'a' || (i % 200), {time}, {time}, {no}, 1 FROM n
"""
INSERT_DECISIONS = """
INSERT INTO decisions (id, comment_id, site_id, revision, sequence, outcome, scores, reasons,
    model_version, policy_version, decided_by, decided_at)
{numbers} SELECT {decision}, {comment}, :site, 1, 1, {outcome}, {scores}, {reasons}, 'm', 1,
    'policy', {time} FROM n
"""
INSERT_REVIEWS = """
INSERT INTO reviews (id, comment_id, site_id, revision, opened_at, closed_at)
{numbers} SELECT {entry}, {comment}, :site, 1, {time},
    CASE WHEN i % 20 = 0 THEN NULL ELSE {time} END FROM n WHERE i % 20 IN (0, 5, 10)
"""


@dataclass(frozen=True)
class Filled:
    """A database with comments, and the application on it."""

    desk: Desk
    client: FlaskClient
    key: str
    comments: int

    def get(self, path: str) -> int:
        """The length of the answer; it must be a good one."""
        answer = self.client.get(path, headers={"Authorization": f"Bearer {self.key}"})
        assert answer.status_code == 200, answer.data
        return len(answer.data)


@dataclass(frozen=True)
class Page:
    """One page as measured, times in ms; queries of the small and of the large database."""

    database: str
    name: str
    small_ms: float
    large_ms: float
    queries: tuple[int, int]

    @property
    def constant(self) -> bool:
        """Whether the large one needs no more queries; it saves one, a count that is kept."""
        return self.queries[1] <= self.queries[0]

    @property
    def ratio(self) -> float:
        """Large against small."""
        return self.large_ms / self.small_ms


def middle(comments: int) -> str:
    """The cursor that points to the middle of the list."""
    return f"0192{comments // 2:028x}"


PAGES: dict[str, Callable[[int], str]] = {
    "list, first page": lambda _: "/v1/comments?limit=50",
    "list, from the middle": lambda n: f"/v1/comments?limit=50&cursor={middle(n)}",
    "list, held only": lambda _: "/v1/comments?limit=50&outcome=hold",
    "list, one article": lambda _: "/v1/comments?limit=5&article=a7",
    "review queue": lambda _: "/review/",
}


def fill(desk: Desk, site_id: Any, comments: int) -> None:
    """Comments 1 to `comments` with a decision each; every twentieth is held.

    Two more of twenty were held once and have been reviewed, as in a queue that is some years old.
    """
    name = desk.storage.engine.dialect.name
    for statement in _statements(DIALECTS[name], name):
        with desk.storage.write() as work:
            work.connection.execute(text(statement), _values(name, site_id, comments, statement))
    with desk.storage.engine.connect() as connection:
        connection.execution_options(isolation_level="AUTOCOMMIT").execute(text("ANALYZE"))


def _values(dialect: str, site_id: Any, comments: int, statement: str) -> dict[str, Any]:
    site = site_id.hex if dialect == "sqlite" else site_id
    values = {"most": comments, "site": site, "body": BODY, "scores": SCORES, "reasons": REASONS}
    return {name: value for name, value in values.items() if f":{name}" in statement}


def _statements(sql: dict[str, str], dialect: str) -> Iterator[str]:
    comment, decision, entry = (sql["uuid"].format(p) for p in ("0192", "0193", "0194"))
    outcome = f"CASE WHEN i % {HELD_ONE_IN} = 0 THEN 'hold' ELSE 'approve' END"
    no = "0" if dialect == "sqlite" else "false"
    yield INSERT_COMMENTS.format(**sql, comment=comment, decision=decision, outcome=outcome, no=no)
    json_texts = {name: sql["json"].format(f":{name}") for name in ("scores", "reasons")}
    decided = {"comment": comment, "decision": decision, "outcome": outcome}
    yield INSERT_DECISIONS.format(**sql, **decided, **json_texts)
    yield INSERT_REVIEWS.format(**sql, comment=comment, entry=entry)


@contextmanager
def filled(url: str, comments: int) -> Iterator[Filled]:
    """A fresh database with so many comments."""
    with tempfile.TemporaryDirectory(prefix="commentdesk-lists-") as folder:
        settings = Settings(
            data=Path(folder),
            database_url=url.format(folder=folder),
            redis_url="unix:///nonexistent/redis.sock",
            rate_limit_per_key="off",
        )
        desk = open_desk(settings)
        schema.upgrade(desk.storage)
        site = create_site(desk, "Benchmark")
        create_user(desk, "ann", PASSWORD)
        fill(desk, site.site.id, comments)
        client = create_app(desk).test_client()
        client.set_cookie(SESSION_COOKIE, sign_in(desk, "ann", PASSWORD, "").token, path="/review")
        yield Filled(desk, client, site.api_key, comments)
        desk.storage.close()


def queries(database: Filled, path: str) -> list[str]:
    """The statements that one request executes, its API key being known already."""
    database.get(path)
    seen: list[str] = []

    def note(_c: Any, _cursor: Any, statement: str, *_: Any) -> None:
        seen.append(statement)

    engine = database.desk.storage.engine
    event.listen(engine, "before_cursor_execute", note)
    database.get(path)
    event.remove(engine, "before_cursor_execute", note)
    return seen


def measure(name: str, small: Filled, large: Filled, rounds: int) -> Iterator[Page]:
    """Every page on both, by turns; the median counts."""
    for title, path in PAGES.items():
        few, many = (len(queries(one, path(one.comments))) for one in (small, large))
        times: dict[int, list[float]] = {small.comments: [], large.comments: []}
        for _ in range(rounds):
            for one in (small, large):
                begin = time.perf_counter()
                one.get(path(one.comments))
                times[one.comments].append((time.perf_counter() - begin) * 1000)
        small_ms, large_ms = (statistics.median(times[n.comments]) for n in (small, large))
        yield Page(name, title, small_ms, large_ms, (few, many))


def explain(database: Filled) -> Iterator[str]:
    """How the database answers the statements of each page."""
    prefix = "EXPLAIN QUERY PLAN " if database.desk.storage.engine.name == "sqlite" else "EXPLAIN "
    for title, path in PAGES.items():
        plans = _plans(database, path(database.comments), prefix)
        yield f"{title}\n" + "\n".join(f"    {line}" for line in plans)


def _plans(database: Filled, path: str, prefix: str) -> list[str]:
    lines: list[str] = []

    def note(connection: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        if statement.startswith("SELECT"):
            rows = connection.connection.cursor().execute(prefix + statement, parameters).fetchall()
            lines.extend(str(row[-1]) for row in rows)

    event.listen(database.desk.storage.engine, "before_cursor_execute", note)
    database.get(path)
    event.remove(database.desk.storage.engine, "before_cursor_execute", note)
    return lines


@contextmanager
def databases(kind: str, comments: int) -> Iterator[tuple[Filled, Filled]]:
    """A small and a large database of that kind."""
    with ExitStack() as stack:
        if kind == "sqlite":
            url = "sqlite:///{folder}/commentdesk.db"
            yield (
                stack.enter_context(filled(url, SMALL)),
                stack.enter_context(filled(url, comments)),
            )
            return
        home = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="lists-")))
        home.chmod(0o755)
        fresh = stack.enter_context(postgresql(home / "postgresql"))
        yield (
            stack.enter_context(filled(fresh(), SMALL)),
            stack.enter_context(filled(fresh(), comments)),
        )


def run(comments: int, rounds: int, kinds: tuple[str, ...], plans: bool = False) -> list[Page]:
    """All pages on all databases."""
    pages: list[Page] = []
    for kind in kinds:
        with databases(kind, comments) as (small, large):
            pages += measure(kind, small, large, rounds)
            if plans:
                print(f"\n{kind}\n" + "\n".join(explain(large)))
    return pages


@click.command()
@click.option("--comments", default=1_000_000)
@click.option("--rounds", default=40)
@click.option("--explain", "plans", is_flag=True)
@click.option("--kind", "kinds", multiple=True, default=("sqlite", "postgresql"))
def main(comments: int, rounds: int, plans: bool, kinds: tuple[str, ...]) -> None:
    """Print the ratio of each page."""
    pages = run(comments, rounds, kinds, plans)
    for page in pages:
        print(
            f"{page.database:11} {page.name:22} {page.small_ms:7.2f} {page.large_ms:7.2f} ms "
            f"{page.ratio:5.2f}x  queries {page.queries[0]} and {page.queries[1]}"
        )
    sys.exit(not all(page.constant for page in pages))


if __name__ == "__main__":
    main()
