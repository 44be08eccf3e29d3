"""What every use case needs: settings, database, queue and the time."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from service import clock, installation
from service.moderation.held_totals import HeldTotals
from service.moderation.known_keys import KnownKeys
from service.queue import Handover, connect
from service.settings import Settings
from service.storage.engine import Storage


@dataclass(frozen=True, slots=True)
class Desk:
    """The parts of one process, wired once."""

    settings: Settings
    storage: Storage
    handover: Handover
    secret_key: str
    now: Callable[[], datetime] = clock.now
    known_keys: KnownKeys = field(default_factory=KnownKeys)
    held_totals: HeldTotals = field(default_factory=HeldTotals)


def open_desk(settings: Settings) -> Desk:
    """Wire a process; connects to nothing yet. Raises SettingsError when no Redis is known."""
    return Desk(
        settings=settings,
        storage=Storage(settings.resolved_database_url),
        handover=Handover(connect(installation.redis_url(settings))),
        secret_key=installation.secret_key(settings),
    )
