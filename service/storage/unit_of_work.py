"""One transaction and the repositories that work inside it. Nothing here commits."""

from functools import cached_property

from sqlalchemy import Connection

from service.storage.comments import Comments
from service.storage.decisions import Decisions
from service.storage.deliveries import Deliveries
from service.storage.explanations import Explanations
from service.storage.feedback import FeedbackEntries
from service.storage.idempotency import IdempotencyKeys
from service.storage.people import People
from service.storage.retention import Retention
from service.storage.reviews import Reviews
from service.storage.sites import Sites


class UnitOfWork:
    """The repositories of one transaction, made when first used."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    @cached_property
    def sites(self) -> Sites:
        """Sites, their keys, secrets, policies and bans."""
        return Sites(self.connection)

    @cached_property
    def comments(self) -> Comments:
        """Comments and their older revisions."""
        return Comments(self.connection)

    @cached_property
    def decisions(self) -> Decisions:
        """Decisions, append-only."""
        return Decisions(self.connection)

    @cached_property
    def explanations(self) -> Explanations:
        """Passages and words of decisions' reasons that come after the decision."""
        return Explanations(self.connection)

    @cached_property
    def reviews(self) -> Reviews:
        """What waits for a moderator."""
        return Reviews(self.connection)

    @cached_property
    def deliveries(self) -> Deliveries:
        """The outbox of callbacks."""
        return Deliveries(self.connection)

    @cached_property
    def idempotency(self) -> IdempotencyKeys:
        """Which request an Idempotency-Key stands for."""
        return IdempotencyKeys(self.connection)

    @cached_property
    def feedback(self) -> FeedbackEntries:
        """What sites and their readers did."""
        return FeedbackEntries(self.connection)

    @cached_property
    def people(self) -> People:
        """Moderators and their sessions."""
        return People(self.connection)

    @cached_property
    def retention(self) -> Retention:
        """Erasing what is kept too long."""
        return Retention(self.connection)
