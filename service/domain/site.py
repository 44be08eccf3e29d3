"""A site: one customer of the API, with its callback and what it wants when scoring is down."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from service.domain.decision import Outcome
from service.domain.policy import Policy


@dataclass(frozen=True, slots=True)
class Webhook:
    """Where a site takes its callbacks; `disabled_at` is set when it answered 410 Gone."""

    url: str
    allow_private: bool = False
    disabled_at: datetime | None = None

    @property
    def is_off(self) -> bool:
        """Whether nothing is sent there until it is set anew."""
        return self.disabled_at is not None


@dataclass(frozen=True, slots=True)
class Site:
    """One site and the policy in force for it; `has_bans`: whether any author is banned there."""

    id: UUID
    name: str
    policy: Policy
    when_unscored: Outcome = Outcome.HOLD
    webhook: Webhook | None = None
    has_bans: bool = False


@dataclass(frozen=True, slots=True)
class Moderator:
    """A person who reviews; `site_ids` None: every site."""

    id: UUID
    login: str
    site_ids: frozenset[UUID] | None = None

    def may_see(self, site_id: UUID) -> bool:
        """Whether this person reviews the given site."""
        return self.site_ids is None or site_id in self.site_ids
