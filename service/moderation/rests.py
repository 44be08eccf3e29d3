"""Sites whose endpoint does not answer rest a while, so that they do not hold all senders."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

from service.moderation.callbacks import Answer

REST_MIN_S = 1.0
REST_MAX_S = 30.0


@dataclass(slots=True)
class Rests:
    """Per site, until when nothing is sent; doubled by each failure, ended by an answer."""

    _until: dict[UUID, tuple[float, float]] = field(default_factory=dict)

    def note(self, site_id: UUID, answer: Answer | None) -> None:
        """A try came back; no answer at all makes the site rest, any answer ends that."""
        if answer is None or answer.status is not None:
            self._until.pop(site_id, None)
            return
        _, last_s = self._until.get(site_id, (0.0, REST_MIN_S / 2))
        rest_s = min(REST_MAX_S, last_s * 2)
        self._until[site_id] = (time.monotonic() + rest_s, rest_s)

    def resting(self, in_flight: Mapping[UUID, int]) -> set[UUID]:
        """Sites to pass over now: those that rest, and those whose one try is still on its way."""
        now = time.monotonic()
        return {
            site_id
            for site_id, (until, _) in self._until.items()
            if until > now or in_flight.get(site_id, 0) > 0
        }
