"""Personal data is kept no longer than configured, and erased everywhere."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import event, select, text
from uuid_utils.compat import uuid7

from service.domain.comment import Parent
from service.domain.decision import Outcome
from service.moderation import people
from service.moderation.desk import Desk
from service.moderation.erase import erase
from service.moderation.feedback import give_feedback
from service.moderation.intake import RequestKey
from service.moderation.review import review
from service.moderation.submit import NewText, look_up, revise, submit
from service.moderation.sweep import forget, settle_overdue, wake_if_needed
from service.storage import comments as comments_storage
from service.storage.feedback import Feedback, FeedbackEntries
from service.storage.tables import comments, metadata
from service.sweeper import look_once
from tests.factories import SPAM, a_comment, a_site, a_submission, drain
from tests.fakes import FakeClock


def everything_stored(desk: Desk) -> str:
    with desk.storage.read() as work:
        rows = [
            str(row)
            for table in metadata.sorted_tables
            for row in work.connection.execute(select(table)).all()
        ]
    return "\n".join(rows)


def everything_on_disk(desk: Desk) -> str:
    path = Path(str(desk.storage.engine.url.database))
    files = path.parent.glob(f"{path.name}*")
    return "".join(file.read_text("latin-1") for file in files)


def test_an_erased_comment_leaves_no_trace_of_text_or_author(desk: Desk) -> None:
    site = a_site(desk)
    submission = a_submission(SPAM + " secret-one")
    comment_id = submit(desk, site, submission, RequestKey("k", "hash")).comment.id
    drain(desk)
    revise(desk, site, comment_id, NewText("DOUBT secret-two"))
    give_feedback(desk, site, comment_id, Feedback("reported", "reader", "secret-three"))
    drain(desk)
    kim = people.create_user(desk, "kim", "correct horse").moderator
    review(desk, kim, comment_id, 2, Outcome.REJECT, "secret-four")
    erase(desk, site, comment_id)
    stored = everything_stored(desk)
    for trace in ("secret", "Ann", "ann@example.org", "192.0.2.7", "Browser"):
        assert trace not in stored


def test_feedback_given_amid_an_erasure_leaves_no_trace(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = a_site(desk)
    comment_id = a_comment(desk, site)
    add = FeedbackEntries.add
    with ThreadPoolExecutor(1) as other:
        erasing: list[Future[None]] = []

        def meanwhile(*args: Any) -> UUID:
            erasing.append(other.submit(erase, desk, site, comment_id))
            wait(erasing, timeout=0.5)
            return add(*args)

        monkeypatch.setattr(FeedbackEntries, "add", meanwhile)
        give_feedback(desk, site, comment_id, Feedback("reported", "reader", "secret"))
    erasing[0].result()
    assert "secret" not in everything_stored(desk)


NAMES: dict[str, Callable[[UUID], str]] = {
    "external": lambda _: "a1",
    "own": str,
    "own without hyphens": lambda own: own.hex,
    "own in capitals": lambda own: str(own).upper(),
}
"""How an answer may name what it answers."""


@pytest.mark.parametrize("name", NAMES)
def test_an_erased_comment_is_erased_in_the_answers_that_quote_it(desk: Desk, name: str) -> None:
    site, other = a_site(desk), a_site(desk)
    comment_id = a_comment(desk, site, "secret", external_id="a1")
    quoted = Parent(id=NAMES[name](comment_id), body="secret")
    answer = a_comment(desk, site, parent=quoted)
    elsewhere = a_comment(desk, other, parent=quoted)
    erase(desk, site, comment_id)
    with desk.storage.read() as work:
        found = work.comments.with_ids([answer, elsewhere])
    assert found[answer].submission.parent == Parent(id=quoted.id)
    assert found[answer].submission.body
    assert found[elsewhere].submission.parent == quoted


@pytest.mark.parametrize("name", NAMES)
def test_an_answer_that_comes_after_the_erasure_quotes_nothing(desk: Desk, name: str) -> None:
    site, other = a_site(desk), a_site(desk)
    comment_id = a_comment(desk, site, "secret", external_id="a1")
    quoted = Parent(id=NAMES[name](comment_id), body="secret")
    erase(desk, site, comment_id)
    late = a_comment(desk, site, parent=quoted)
    elsewhere = a_comment(desk, other, parent=quoted)
    to_another = a_comment(desk, site, parent=Parent(id=str(late), body="public"))
    with desk.storage.read() as work:
        found = work.comments.with_ids([late, elsewhere, to_another])
    parents = {id_: one.submission.parent for id_, one in found.items()}
    assert parents[late] == Parent(id=quoted.id)
    assert (parents[elsewhere], parents[to_another].body) == (quoted, "public")


@pytest.mark.parametrize(("parent", "queries"), [(Parent(id="a1"), 1), (Parent("a1", "quote"), 2)])
def test_whether_parents_are_erased_is_asked_once_a_group(
    desk: Desk, parent: Parent, queries: int
) -> None:
    site = a_site(desk)
    said: list[str] = []
    with desk.storage.write() as work:
        event.listen(work.connection, "before_cursor_execute", lambda *seen: said.append(seen[2]))
        new = [(uuid7(), site.id, a_submission(parent=parent)) for _ in range(3)]
        work.comments.add(new, desk.now())
    assert len(said) == queries


def test_an_answer_amid_an_erasure_quotes_nothing(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = a_site(desk)
    comment_id = a_comment(desk, site, "secret")
    look = comments_storage.erased_among
    with ThreadPoolExecutor(1) as other:
        erasing: list[Future[None]] = []

        def meanwhile(*args: Any) -> Any:
            found = look(*args)
            erasing.append(other.submit(erase, desk, site, comment_id))
            wait(erasing, timeout=0.5)
            return found

        monkeypatch.setattr(comments_storage, "erased_among", meanwhile)
        a_comment(desk, site, parent=Parent(id=str(comment_id), body="secret"))
    erasing[0].result()
    assert "secret" not in everything_stored(desk)


@pytest.mark.parametrize("way", ["on request", "by age"])
def test_what_is_erased_is_in_no_file_any_more(desk: Desk, clock: FakeClock, way: str) -> None:
    if not desk.storage.syncs_later:
        pytest.skip("PostgreSQL's files are its own: VACUUM and its log's age decide")
    site = a_site(desk)
    comment_id = a_comment(desk, site, "Zephyranthus")
    drain(desk)
    assert "Zephyranthus" in everything_on_disk(desk)
    if way == "on request":
        erase(desk, site, comment_id)
    else:
        clock.pass_by(days=desk.settings.comment_retention_days + 1)
        forget(desk)
    assert "Zephyranthus" not in everything_on_disk(desk)


def test_e_mail_and_address_are_erased_before_the_text(desk: Desk, clock: FakeClock) -> None:
    a_comment(desk, a_site(desk))
    drain(desk)
    clock.pass_by(days=desk.settings.author_retention_days + 1)
    forget(desk)
    with desk.storage.read() as work:
        [row] = work.connection.execute(select(comments))
    assert (row.author_email, row.author_ip, row.author_user_agent) == (None, None, None)
    assert row.body
    assert row.author_name == "Ann"


def test_a_text_is_erased_when_its_time_is_over(desk: Desk, clock: FakeClock) -> None:
    a_comment(desk, a_site(desk))
    drain(desk)
    clock.pass_by(days=desk.settings.comment_retention_days - 1)
    assert forget(desk) == 0
    clock.pass_by(days=2)
    assert forget(desk) == 1
    assert "quay this morning" not in everything_stored(desk)


def test_a_comment_whose_time_is_over_before_it_is_decided_is_decided(
    desk: Desk, clock: FakeClock
) -> None:
    site = a_site(desk, webhook="http://127.0.0.1:9/")
    comment_id = a_comment(desk, site)
    drain(desk)
    clock.pass_by(days=desk.settings.comment_retention_days + 1)
    revise(desk, site, comment_id, NewText("A new text, of a slow author"))
    assert forget(desk) == 1
    decision = look_up(desk, site, comment_id).decision
    assert decision is not None
    assert (decision.sequence, decision.verdict.decided_by) == (2, "erasure")
    with desk.storage.read() as work:
        owed = work.deliveries.listed(None, None, 10)
    assert decision.id in [one.decision_id for one in owed]


def test_what_is_kept_forever_is_never_erased(desk: Desk, clock: FakeClock) -> None:
    settings = replace(desk.settings, comment_retention_days=0, author_retention_days=0)
    forever = replace(desk, settings=settings)
    a_comment(forever, a_site(forever))
    drain(forever)
    clock.pass_by(days=10_000)
    assert forget(forever) == 0
    assert "ann@example.org" in everything_stored(forever)


def test_an_erased_comment_is_not_stored_anew_by_a_late_repeat(desk: Desk) -> None:
    site = a_site(desk)
    request = RequestKey("late", "hash")
    comment_id = submit(desk, site, a_submission(), request).comment.id
    erase(desk, site, comment_id)
    assert submit(desk, site, a_submission(), request).comment.id == comment_id
    assert "quay this morning" not in everything_stored(desk)


def test_keys_are_forgotten_after_their_time(desk: Desk, clock: FakeClock) -> None:
    site = a_site(desk)
    submit(desk, site, a_submission(), RequestKey("once", "hash"))
    clock.pass_by(hours=desk.settings.idempotency_ttl_h + 1)
    look_once(desk)
    again = submit(desk, site, a_submission("Another"), RequestKey("once", "other hash"))
    assert not again.replayed


def test_with_nothing_past_its_time_the_sweeper_takes_no_turn_at_writing(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_comment(desk, a_site(desk))

    def refuse(*_: object) -> None:
        raise AssertionError("it writes")

    monkeypatch.setattr(desk.storage, "write", refuse)
    assert forget(desk) == 0


def test_a_sweep_over_nothing_does_nothing(desk: Desk) -> None:
    with desk.storage.read() as work:
        work.connection.execute(text("SELECT 1"))
    assert (wake_if_needed(desk), settle_overdue(desk), forget(desk)) == (False, 0, 0)


def test_a_step_that_fails_keeps_no_other_from_its_work(
    desk: Desk, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = a_site(desk)
    submit(desk, site, a_submission(), RequestKey("once", "hash"))
    clock.pass_by(hours=desk.settings.idempotency_ttl_h + 1)

    def refuse(*_: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(comments_storage.Comments, "is_overdue", refuse)
    look_once(desk)
    assert not submit(desk, site, a_submission("Another"), RequestKey("once", "hash")).replayed
