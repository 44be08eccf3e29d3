"""The parts of one worker process, made before RQ starts to work and found by the job."""

import ctypes
import threading
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

from uuid_utils.compat import uuid7

from models.errors import ModelError
from models.predict import Scorer
from service.domain.errors import SettingsError
from service.moderation.desk import Desk, open_desk
from service.settings import Settings

EXPLAIN_EVERY_S = 1.0
"""A worker with more to decide than it can still explains one decision in so many seconds, the
longest-waiting first: a moderator reads no faster."""


@dataclass(slots=True)
class Progress:
    """When the batch in hand was begun, for the watchdog; None: nothing is in hand."""

    busy_since: float | None = None

    def begin(self) -> None:
        """A batch is in hand."""
        self.busy_since = time.monotonic()

    def end(self) -> None:
        """Nothing is in hand."""
        self.busy_since = None


@dataclass(slots=True)
class Explained:
    """When this worker last explained a decision."""

    at: float = 0.0

    def begin(self) -> None:
        """One is being explained."""
        self.at = time.monotonic()

    @property
    def is_long_ago(self) -> bool:
        """Whether one is due, however much waits to be decided."""
        return time.monotonic() - self.at >= EXPLAIN_EVERY_S


@dataclass(frozen=True, slots=True)
class Bench:
    """A worker's database, queue and model; `owner` signs its leases."""

    desk: Desk
    scorer: Scorer
    owner: UUID = field(default_factory=uuid7)
    progress: Progress = field(default_factory=Progress)
    explained: Explained = field(default_factory=Explained)
    stopping: threading.Event = field(default_factory=threading.Event)


_benches: list[Bench] = []


def equip(settings: Settings) -> Bench:
    """Wire this process and load the model, so that no job pays for it."""
    bench = Bench(open_desk(settings), load_scorer(settings))
    _benches[:] = [bench]
    return bench


def use(bench: Bench) -> None:
    """Let jobs of this process work with this bench."""
    _benches[:] = [bench]


def bench() -> Bench:
    """The bench of this process; raises SettingsError in a process that has none."""
    if not _benches:
        raise SettingsError("No model is loaded here; jobs run under `commentdesk worker`.")
    return _benches[0]


def load_scorer(settings: Settings) -> Scorer:
    """The model that the settings name, or the shipped one; SettingsError says what is wrong."""
    model = _folder("COMMENTDESK_MODEL", settings.model)
    second = _folder("COMMENTDESK_SECOND_STAGE", settings.second_stage)
    try:
        scorer = Scorer.load(model, second)
    except ModelError as error:
        raise SettingsError(str(error)) from None
    _give_memory_back()
    return scorer


def _folder(name: str, value: str) -> Path | None:
    if value and not Path(value).is_dir():
        raise SettingsError(f"{name} names {value}, which is no folder.")
    return Path(value) if value else None


def _give_memory_back() -> None:
    """Return to the system what reading the model file needed: 14 MiB with glibc."""
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).malloc_trim(0)
