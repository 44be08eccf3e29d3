"""The sweeper process: one thread sweeps, one sends callbacks."""

import signal
import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Self, TypeVar
from uuid import UUID

import structlog

from service import installation
from service.moderation import callbacks, notify
from service.moderation.desk import Desk
from service.moderation.rests import Rests
from service.moderation.sweep import STEPS
from service.queue import OWED

IDLE_LOOK_S = 1.0
# Many announcements are one look.
GATHER_S = 0.05

log = structlog.get_logger()

Result = TypeVar("Result")


def run(desk: Desk) -> None:
    """Sweep and deliver until SIGTERM or Ctrl-C."""
    stopping = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopping.set())
    news = threading.Event()
    sender = threading.Thread(target=deliver_until, args=(desk, stopping, news), name="deliver")
    # Only a hint that saves up to a second; without Redis the look once a second does it.
    listener = threading.Thread(
        target=desk.handover.listen,
        args=(stopping, lambda _: news.set(), OWED),
        name="news",
        daemon=True,
    )
    for thread in (sender, listener):
        thread.start()
    log.info("sweeper.ready")
    installation.beat(desk.settings.data, "sweep")
    while not stopping.wait(desk.settings.sweep_interval_s):
        installation.beat(desk.settings.data, "sweep")
        look_once(desk)
    news.set()
    sender.join()


def look_once(desk: Desk) -> None:
    """Sweep once; a step that fails is logged and holds up no other."""
    for step in STEPS:
        carry_on("sweep.failed", partial(step, desk))


def carry_on(event: str, step: Callable[[], Result]) -> Result | None:
    """Run one step of a loop that must never end; what goes wrong is logged by its type."""
    try:
        return step()
    except Exception as error:  # noqa: BLE001  # a thread that ends unseen is worse than any fault
        log.error(event, error=type(error).__name__)
        return None


def deliver_until(desk: Desk, stopping: threading.Event, news: threading.Event) -> None:
    """Send what is due whenever a decision is announced, and at least once a second."""
    with Dispatcher(desk, news) as dispatcher:
        while not stopping.is_set():
            if not carry_on("deliver.failed", dispatcher.step):
                news.wait(IDLE_LOOK_S)
                stopping.wait(GATHER_S)
                news.clear()


class Dispatcher:
    """Sends callbacks on several threads.

    One site has at most half of them, and one that does not answer rests, so that others' go out.
    """

    def __init__(self, desk: Desk, news: threading.Event) -> None:
        self._desk = desk
        self._news = news
        self._send = partial(callbacks.send, timeout_s=desk.settings.callback_timeout_s)
        self._threads = desk.settings.callback_threads
        self._executor = ThreadPoolExecutor(self._threads, thread_name_prefix="callback")
        self._in_flight: Counter[UUID] = Counter()
        self._rests = Rests()
        self._counting = threading.Lock()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self._executor.shutdown(wait=True)

    def step(self) -> int:
        """Claim what free threads can take, and start sending it; how many."""
        most = max(1, self._threads // 2)
        with self._counting:
            busy = {site for site, count in self._in_flight.items() if count >= most}
            busy |= self._rests.resting(self._in_flight)
            # A claim may be of one site alone: so many that none gets past its half by it.
            others = (count for site, count in self._in_flight.items() if site not in busy)
            room = min(most - max(others, default=0), self._threads - self._in_flight.total())
        parcels = notify.claim_due(self._desk, room, busy) if room > 0 else []
        for parcel in parcels:
            with self._counting:
                self._in_flight[parcel.site.id] += 1
            self._executor.submit(self._deliver, parcel)
        return len(parcels)

    def _deliver(self, parcel: notify.Parcel) -> None:
        # What is not noted is sent again when its lease runs out.
        answer = carry_on(
            "callback.not_noted", partial(notify.deliver, self._desk, self._send, parcel)
        )
        with self._counting:
            self._in_flight[parcel.site.id] -= 1
            self._rests.note(parcel.site.id, answer)
        self._news.set()
