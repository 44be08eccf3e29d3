"""Fakes of our own ports: a scorer that reads marks in the text, a clock that tests set."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from models.document import Document
from models.judgement import Explanation, Judgement, Span

LABELS = ("spam", "toxicity", "severe_toxicity", "insult", "identity_attack", "profanity", "threat")


class FakeScorer:
    """Spam at SPAM in the text, doubtful at DOUBT, unfamiliar at ALIEN, a fault at CRASH."""

    version = "fake-1"

    def __init__(self) -> None:
        self.batches: list[int] = []
        self.explained: list[Document] = []

    def score(self, documents: Sequence[Document]) -> list[Judgement]:
        """One judgement a document; raises on a text that says CRASH."""
        self.batches.append(len(documents))
        return [self._one(document.body) for document in documents]

    def explain(self, document: Document, labels: Sequence[str]) -> list[Explanation]:
        """The mark itself, as the passage that weighs."""
        self.explained.append(document)
        start = max(document.body.find("SPAM"), document.body.find("DOUBT"), 0)
        return [
            Explanation(label, "by its mark", (Span(start, start + 4, 1.0),)) for label in labels
        ]

    def _one(self, body: str) -> Judgement:
        if "CRASH" in body:
            raise RuntimeError(body)
        scores = dict.fromkeys(LABELS, 0.01)
        scores["spam"] = 0.999 if "SPAM" in body else 0.6 if "DOUBT" in body else 0.01
        return Judgement(scores, ("unfamiliar_language",) if "ALIEN" in body else ())


class FakeClock:
    """A time that passes only when told to."""

    def __init__(self) -> None:
        self.moment = datetime(2026, 11, 24, 12, tzinfo=UTC)

    def __call__(self) -> datetime:
        """The present moment."""
        return self.moment

    def pass_by(self, **span: float) -> None:
        """Let time pass; the arguments are those of timedelta."""
        self.moment += timedelta(**span)
