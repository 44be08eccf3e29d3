"""What the page shows of one held comment."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from service.domain.comment import Comment
from service.domain.policy import Policy, Threshold, percent
from service.moderation.held_totals import EXACT_MAX
from service.moderation.review import Held
from service.ui.review.passages import Passage, passages

SCORES_SHOWN_FIRST = 4
NAME_SHOWN_CHARS, WORDS_SHOWN_CHARS = 40, 60
"""So much of a comment's author and text says which one is meant."""
NO_NAME = "Somebody without a name"


@dataclass(frozen=True, slots=True)
class Score:
    """One score, 0 to 1, its name for people, and from where its site holds and rejects."""

    name: str
    value: float
    hold: float
    reject: float

    @property
    def words(self) -> str:
        """The value as the reasons tell it."""
        return percent(self.value)


@dataclass(frozen=True, slots=True)
class Card:
    """A held comment, ready for the template."""

    comment: Comment
    site_name: str
    answered: str
    reasons: tuple[str, ...]
    passages: tuple[Passage, ...]
    first_scores: tuple[Score, ...]
    other_scores: tuple[Score, ...]
    held_at: datetime
    waiting: str
    note: str = ""
    """The reason that was typed for a decision that was not taken; `problem`: why it was not."""
    problem: str = ""

    @property
    def writer(self) -> str:
        """The name to call the author by."""
        return self.comment.submission.author.name or NO_NAME

    @property
    def article_title(self) -> str:
        """The headline, or what else the site calls the article."""
        article = self.comment.submission.article
        return article.title or article.id


def card_of(held: Held, now: datetime) -> Card:
    """The card of one comment; `now` is for saying how long it has waited."""
    verdict, submission = held.decision.verdict, held.comment.submission
    spans = [span for reason in verdict.reasons for span in reason.spans]
    scores = _scores(verdict.scores, held.policy)
    return Card(
        comment=held.comment,
        site_name=held.site_name,
        answered=_text(submission.parent.body or "", submission.body_format),
        reasons=tuple(reason.text for reason in verdict.reasons),
        passages=passages(submission.body, submission.body_format, spans),
        first_scores=scores[:SCORES_SHOWN_FIRST],
        other_scores=scores[SCORES_SHOWN_FIRST:],
        held_at=held.since,
        waiting=duration(now - held.since),
    )


def _text(body: str, body_format: str) -> str:
    return "".join(passage.text for passage in passages(body, body_format, ()))


def mention(comment: Comment) -> str:
    """Whose comment it is and its first words, on one line; nothing of an erased one."""
    if comment.erased_at:
        return ""
    submission = comment.submission
    name = _shortened(submission.author.name or NO_NAME, NAME_SHOWN_CHARS)
    words = _shortened(_text(submission.body, submission.body_format), WORDS_SHOWN_CHARS)
    return f"{name}: “{words}”"


def _shortened(text: str, most: int) -> str:
    line = " ".join(text.split())
    return line if len(line) <= most else f"{line[: most - 1].rstrip()}…"


def _scores(scores: Mapping[str, float], policy: Policy) -> tuple[Score, ...]:
    ranked = sorted(scores.items(), key=lambda score: score[1], reverse=True)
    return tuple(_score(name, value, policy.thresholds.get(name)) for name, value in ranked)


def _score(name: str, value: float, limit: Threshold | None) -> Score:
    limit = limit or Threshold(1)
    reject = 1 if limit.reject is None else limit.reject
    return Score(name.replace("_", " ").capitalize(), value, limit.hold, reject)


def duration(time: timedelta) -> str:
    """A time span as one would say it: less than a minute, 1 minute, 3 hours, 2 days."""
    minutes = int(time.total_seconds() // 60)
    for size, unit in ((1440, "day"), (60, "hour"), (1, "minute")):
        if minutes >= size:
            count = minutes // size
            return f"{count} {unit}" if count == 1 else f"{count} {unit}s"
    return "less than a minute"


def about(total: int) -> str:
    """A total of held comments; a large one, which may be some seconds old, in hundreds."""
    return str(total) if total <= EXACT_MAX else f"About {round(total, -2):,}"


def web_address(address: Any) -> bool:
    """Whether a moderator may follow this address of an article."""
    return isinstance(address, str) and address.startswith(("https://", "http://"))
