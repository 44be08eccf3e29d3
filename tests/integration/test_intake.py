"""Facts about storing many submissions at once, on both pairs of servers."""

from concurrent.futures import ThreadPoolExecutor
from itertools import count
from typing import Any

import pytest
from sqlalchemy.exc import IntegrityError, OperationalError
from uuid_utils.compat import uuid7

from service.domain.errors import IdempotencyConflict
from service.moderation.desk import Desk
from service.moderation.intake import Newcomer, RequestKey, take_in_all
from service.moderation.sites import create_site
from service.moderation.submit import look_up, submit
from service.storage.comments import Comments, ListFilter
from service.storage.idempotency import IdempotencyKeys
from tests import factories


def test_a_key_used_twice_in_one_group_gives_one_comment(desk: Desk) -> None:
    site = create_site(desk, "News").site
    twins = [
        Newcomer(uuid7(), site.id, factories.a_submission("the same"), RequestKey("k", "hash"))
        for _ in range(2)
    ]
    take_in_all(desk, twins)
    first, second = (twin.standing() for twin in twins)
    assert first.comment.id == second.comment.id
    assert (first.replayed, second.replayed) == (False, True)


def test_a_key_used_for_another_body_in_one_group_is_refused_alone(desk: Desk) -> None:
    site = create_site(desk, "News").site
    texts = [("one", "k", "hash 1"), ("two", "k", "hash 2"), ("three", "other", "hash 3")]
    group = [
        Newcomer(uuid7(), site.id, factories.a_submission(text), RequestKey(key, sha))
        for text, key, sha in texts
    ]
    take_in_all(desk, group)
    assert isinstance(group[1].result, IdempotencyConflict)
    assert look_up(desk, site, group[0].id)
    assert look_up(desk, site, group[2].id)


def test_a_key_that_another_process_uses_at_the_same_moment_gives_its_comment(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = create_site(desk, "News").site
    first, second = (
        Newcomer(uuid7(), site.id, factories.a_submission("the same"), RequestKey("k", "hash"))
        for _ in range(2)
    )
    take_in_all(desk, [first])
    # As if the first had been stored between the second's look and its own insert.
    looks, get = count(), IdempotencyKeys.get
    monkeypatch.setattr(IdempotencyKeys, "get", lambda *asked: get(*asked) if next(looks) else None)
    take_in_all(desk, [second])
    assert (second.standing().comment.id, second.standing().replayed) == (first.id, True)


def test_many_threads_store_each_comment_once(desk: Desk) -> None:
    site = create_site(desk, "News").site
    with ThreadPoolExecutor(12) as pool:
        stored = list(
            pool.map(
                lambda n: submit(desk, site, factories.a_submission(f"number {n}")).comment.id,
                range(60),
            )
        )
    with desk.storage.read() as work:
        found = work.comments.page(site.id, ListFilter(), None, 100)
    assert sorted(stored) == sorted(comment.id for comment in found)


def test_one_that_cannot_be_stored_does_not_take_its_neighbours_with_it(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = create_site(desk, "News").site
    good, bad = (Newcomer(uuid7(), site.id, factories.a_submission("text")) for _ in range(2))
    bad.site_id = uuid7()  # no such site: the foreign key refuses it
    take_in_all(desk, [good, bad])
    assert look_up(desk, site, good.id)
    with pytest.raises(IntegrityError):
        bad.standing()


def test_a_database_that_is_away_is_told_to_every_caller(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: Any) -> None:
        raise OperationalError("insert", {}, Exception("disk full"))

    site = create_site(desk, "News").site
    group = [Newcomer(uuid7(), site.id, factories.a_submission("text")) for _ in range(3)]
    monkeypatch.setattr(Comments, "add", away)
    take_in_all(desk, group)
    for newcomer in group:
        with pytest.raises(OperationalError):
            newcomer.standing()
