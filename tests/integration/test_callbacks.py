"""Callbacks: signed, in order, tried again for days, never lost."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from sqlalchemy.exc import OperationalError
from standardwebhooks import Webhook as Verifier

from service.domain.decision import Outcome
from service.domain.site import Moderator, Site
from service.moderation import callbacks, notify, sites
from service.moderation.decide import record, take_up
from service.moderation.desk import Desk
from service.moderation.review import held_comments, review
from service.moderation.submit import NewText, revise
from service.storage.deliveries import Delivery, State
from service.sweeper import Dispatcher, deliver_until
from tests.endpoint import Endpoint, answering
from tests.factories import DOUBT, PLAIN, SPAM, a_bench, a_comment, a_site, drain
from tests.fakes import FakeClock
from tests.processes import wait_for
from worker.scoring import verdicts_on

pytestmark = pytest.mark.usefixtures("spam_is_rejected")

SEND = partial(callbacks.send, timeout_s=5)


@pytest.fixture
def endpoint() -> Iterator[Endpoint]:
    with answering() as answerer:
        yield answerer


@pytest.fixture
def site(desk: Desk, endpoint: Endpoint) -> Site:
    return a_site(desk, webhook=endpoint.url)


def send_due(desk: Desk) -> int:
    parcels = notify.claim_due(desk, 64)
    for parcel in parcels:
        notify.deliver(desk, SEND, parcel)
    return len(parcels)


def all_of(desk: Desk) -> list[Delivery]:
    with desk.storage.read() as work:
        return work.deliveries.listed(None, None, 100)


def test_a_decision_is_told_with_a_valid_signature(
    desk: Desk, site: Site, endpoint: Endpoint
) -> None:
    comment_id = a_comment(desk, site, external_id="c-17")
    drain(desk)
    send_due(desk)
    [(headers, body)] = endpoint.received
    with desk.storage.read() as work:
        [secret] = work.sites.secrets([site.id], desk.now())[site.id]
    event = Verifier(secret).verify(body, headers)
    assert event["type"] == "comment.decided"
    assert event["data"]["comment_id"] == str(comment_id)
    assert event["data"]["external_id"] == "c-17"
    assert event["data"]["decision"]["outcome"] == "approve"
    assert event["data"]["decision"]["sequence"] == 1


def test_a_site_without_a_webhook_is_owed_nothing(desk: Desk) -> None:
    a_comment(desk, a_site(desk))
    drain(desk)
    assert all_of(desk) == []


def test_a_delivered_callback_is_not_sent_again(
    desk: Desk, site: Site, endpoint: Endpoint, clock: FakeClock
) -> None:
    a_comment(desk, site)
    drain(desk)
    send_due(desk)
    clock.pass_by(days=1)
    assert send_due(desk) == 0
    assert [item.state for item in all_of(desk)] == [State.DELIVERED]


@pytest.mark.parametrize("status", [302, 400, 404, 429, 500, 502])
def test_a_refused_callback_is_tried_again_with_the_same_id_and_body(
    desk: Desk, site: Site, endpoint: Endpoint, clock: FakeClock, status: int
) -> None:
    endpoint.answers.append((status, {"Location": "/elsewhere"}))
    a_comment(desk, site)
    drain(desk)
    send_due(desk)
    clock.pass_by(seconds=7)
    send_due(desk)
    (first, body), (second, again) = endpoint.received
    assert first["webhook-id"] == second["webhook-id"]
    assert body == again


def test_no_try_is_made_before_it_is_due(
    desk: Desk, site: Site, endpoint: Endpoint, clock: FakeClock
) -> None:
    endpoint.answers.append((503, {"Retry-After": "120"}))
    a_comment(desk, site)
    drain(desk)
    send_due(desk)
    clock.pass_by(seconds=119)
    assert send_due(desk) == 0


def test_a_callback_is_given_up_after_ten_tries_over_at_least_75_hours_and_can_be_replayed(
    desk: Desk, site: Site, endpoint: Endpoint, clock: FakeClock
) -> None:
    began = clock.moment
    endpoint.answers += [(500, {})] * 10
    a_comment(desk, site)
    drain(desk)
    while all_of(desk)[0].state is State.PENDING:
        if not send_due(desk):
            clock.moment = all_of(desk)[0].due_at
    assert len(endpoint.received) == 10
    assert clock.moment - began >= timedelta(hours=75)
    assert all_of(desk)[0].state is State.DEAD
    notify.replay(desk, [all_of(desk)[0].id])
    send_due(desk)
    assert all_of(desk)[0].state is State.DELIVERED


def test_410_switches_the_endpoint_off_until_it_is_set_again(
    desk: Desk, site: Site, endpoint: Endpoint
) -> None:
    endpoint.answers.append((410, {}))
    a_comment(desk, site)
    drain(desk)
    send_due(desk)
    a_comment(desk, site)
    drain(desk)
    assert [item.state for item in all_of(desk)] == [State.DEAD, State.DEAD]
    sites.set_webhook(desk, site.id, endpoint.url, allow_private=True)
    a_comment(desk, site)
    drain(desk)
    assert send_due(desk) == 1


def test_an_endpoint_that_is_set_while_a_comment_is_scored_is_told(
    desk: Desk, endpoint: Endpoint
) -> None:
    site = a_site(desk)
    bench = a_bench(desk)
    cases = take_up(desk, bench.owner, [a_comment(desk, site)])
    sites.set_webhook(desk, site.id, endpoint.url, allow_private=True)
    for verdicts in verdicts_on(bench.scorer, cases, attempts_max=3):
        record(desk, verdicts)
    assert send_due(desk) == 1


def test_the_farewell_of_an_old_endpoint_leaves_the_new_one_alone(
    desk: Desk, site: Site, endpoint: Endpoint
) -> None:
    a_comment(desk, site)
    drain(desk)
    [parcel] = notify.claim_due(desk, 64)
    sites.set_webhook(desk, site.id, endpoint.url.replace("hook", "new"), allow_private=True)
    endpoint.answers.append((410, {}))
    notify.deliver(desk, SEND, parcel)
    assert send_due(desk) == 1
    assert [item.state for item in all_of(desk)] == [State.DELIVERED]


def test_a_late_callback_about_an_older_text_says_so(
    desk: Desk, site: Site, endpoint: Endpoint, clock: FakeClock
) -> None:
    endpoint.answers.append((500, {}))
    comment_id = a_comment(desk, site, PLAIN)
    drain(desk)
    send_due(desk)
    revise(desk, site, comment_id, NewText(SPAM))
    clock.pass_by(seconds=7)
    send_due(desk)
    data = endpoint.events[-1]["data"]
    assert (data["revision"], data["decision"]["revision"], data["status"]) == (2, 1, "pending")


def test_events_of_one_comment_come_in_order_even_when_the_first_fails(
    desk: Desk, site: Site, endpoint: Endpoint, clock: FakeClock
) -> None:
    endpoint.answers.append((500, {}))
    comment_id = a_comment(desk, site, PLAIN)
    drain(desk)
    send_due(desk)
    revise(desk, site, comment_id, NewText(SPAM))
    drain(desk)
    assert send_due(desk) == 0
    for _ in range(2):
        clock.pass_by(seconds=7)
        send_due(desk)
    told = [event["data"]["decision"]["outcome"] for event in endpoint.events]
    assert told == ["approve", "approve", "reject"]


def test_a_failing_comment_does_not_keep_others_back(
    desk: Desk, site: Site, endpoint: Endpoint
) -> None:
    endpoint.answers.append((500, {}))
    a_comment(desk, site)
    drain(desk)
    send_due(desk)
    a_comment(desk, site)
    drain(desk)
    assert send_due(desk) == 1


def test_a_sender_that_dies_loses_nothing(
    desk: Desk, site: Site, endpoint: Endpoint, clock: FakeClock
) -> None:
    a_comment(desk, site)
    drain(desk)
    notify.claim_due(desk, 64)
    assert notify.claim_due(desk, 64) == []
    clock.pass_by(seconds=notify.LEASE_TIMEOUTS * desk.settings.callback_timeout_s + 1)
    assert send_due(desk) == 1


def test_a_moderators_decision_is_told_after_the_hold(
    desk: Desk, site: Site, endpoint: Endpoint
) -> None:
    a_comment(desk, site, DOUBT)
    drain(desk)
    moderator = Moderator(site.id, "kim")
    [held] = held_comments(desk, moderator).items
    review(desk, moderator, held.comment.id, 1, Outcome.APPROVE)
    send_due(desk)
    send_due(desk)
    told = [event["data"]["decision"]["outcome"] for event in endpoint.events]
    assert told == ["hold", "approve"]


def test_both_secrets_sign_while_one_is_being_replaced(
    desk: Desk, site: Site, endpoint: Endpoint, clock: FakeClock
) -> None:
    with desk.storage.read() as work:
        [old] = work.sites.secrets([site.id], desk.now())[site.id]
    new = sites.rotate_secret(desk, site.id, keep_old_h=24)
    a_comment(desk, site)
    drain(desk)
    send_due(desk)
    [(headers, body)] = endpoint.received
    for secret in (old, new):
        Verifier(secret).verify(body, headers)
    clock.pass_by(hours=25)
    with desk.storage.read() as work:
        assert work.sites.secrets([site.id], desk.now())[site.id] == [new]


def test_one_slow_site_leaves_threads_to_others(desk: Desk, endpoint: Endpoint) -> None:
    slow, fast = a_site(desk, webhook=endpoint.url), a_site(desk, webhook=endpoint.url)
    for _ in range(12):
        a_comment(desk, slow)
    a_comment(desk, fast)
    drain(desk)
    threads = desk.settings.callback_threads
    claimed = notify.claim_due(desk, threads // 2)
    assert {parcel.site.id for parcel in claimed} == {slow.id}
    [other] = notify.claim_due(desk, threads // 2, busy_sites=[slow.id])
    assert other.site.id == fast.id


def test_a_site_never_has_more_than_half_of_the_threads(
    desk: Desk, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(20):
        a_comment(desk, site)
    drain(desk)
    answers, half = threading.Semaphore(0), desk.settings.callback_threads // 2

    def answer_when_told(*_: Any, **__: Any) -> callbacks.Answer:
        answers.acquire()
        return callbacks.Answer(204)

    monkeypatch.setattr(callbacks, "send", answer_when_told)
    news = threading.Event()
    with Dispatcher(desk, news) as dispatcher:
        started = [dispatcher.step()]
        answers.release()
        assert news.wait(5)  # one came back
        started += [dispatcher.step(), dispatcher.step()]
        answers.release(20)
    assert started == [half, 1, 0]


def test_the_sender_survives_whatever_goes_wrong(
    desk: Desk, site: Site, endpoint: Endpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    failures = [KeyError("a bug"), OperationalError("SELECT", None, Exception("locked"))]
    claim_due = notify.claim_due

    def unlucky(*arguments: Any) -> Any:
        if failures:
            raise failures.pop()
        return claim_due(*arguments)

    monkeypatch.setattr(notify, "claim_due", unlucky)
    a_comment(desk, site)
    drain(desk)
    with a_sender(desk):
        wait_for(lambda: endpoint.received, "it is sent all the same")


def test_a_site_that_does_not_answer_rests_and_others_are_served(
    desk: Desk, endpoint: Endpoint
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        dead = a_site(desk, webhook=f"http://127.0.0.1:{silent.getsockname()[1]}/")
        alive = a_site(desk, webhook=endpoint.url)
        for _ in range(20):
            a_comment(desk, dead)
        for _ in range(5):
            a_comment(desk, alive)
        drain(desk)
        impatient = replace(desk, settings=replace(desk.settings, callback_timeout_s=0.3))
        with a_sender(impatient):
            wait_for(lambda: len(endpoint.received) == 5, "the living site has all", 10)


@contextmanager
def a_sender(desk: Desk) -> Iterator[None]:
    stopping, news = threading.Event(), threading.Event()
    sender = threading.Thread(target=deliver_until, args=(desk, stopping, news))
    sender.start()
    yield
    stopping.set()
    news.set()
    sender.join()


def test_the_sender_sends_all_that_is_due(desk: Desk, site: Site, endpoint: Endpoint) -> None:
    for _ in range(20):
        a_comment(desk, site)
    drain(desk)
    with a_sender(desk):
        wait_for(lambda: len(endpoint.received) == 20, "all are sent")
    assert len(endpoint.received) == 20
    assert {item.state for item in all_of(desk)} == {State.DELIVERED}
