"""A site's policy: how scores and signals become approve, hold or reject. Immutable, by version."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from service.domain.comment import Submission
from service.domain.decision import Outcome, Reason
from service.domain.links import count_links


@dataclass(frozen=True, slots=True)
class Threshold:
    """From which score (0 to 1) a comment is held, and from which it is rejected (None: never)."""

    hold: float
    reject: float | None = None

    def outcome(self, score: float) -> Outcome:
        """What this score alone calls for."""
        if self.reject is not None and score >= self.reject:
            return Outcome.REJECT
        return Outcome.HOLD if score >= self.hold else Outcome.APPROVE


# Chosen on held-out comments by stated error rates; docs/model-report.md has the numbers and n.
# That at most 2 % of a score's rejections would be wrong is not proven for any: none rejects.
DEFAULT_THRESHOLDS: Mapping[str, Threshold] = {
    "spam": Threshold(0.0326),
    "toxicity": Threshold(0.0638),
    "severe_toxicity": Threshold(0.1),
    "insult": Threshold(0.1),
    "identity_attack": Threshold(0.1051),
    "profanity": Threshold(0.5),
    "threat": Threshold(0.1382),
}


@dataclass(frozen=True, slots=True)
class Policy:
    """Thresholds and rules of one site; a change is a new version."""

    version: int = 1
    thresholds: Mapping[str, Threshold] = field(default_factory=lambda: dict(DEFAULT_THRESHOLDS))
    links_hold: int | None = 3
    links_reject: int | None = None
    honeypot: Outcome = Outcome.REJECT
    banned_author: Outcome = Outcome.REJECT
    unfamiliar: Outcome = Outcome.HOLD
    abusive_name: Outcome = Outcome.HOLD

    def to_json(self) -> dict[str, Any]:
        """All but the version, as stored and as `site policy` prints it."""
        return {
            "thresholds": {
                name: {"hold": limit.hold, "reject": limit.reject}
                for name, limit in self.thresholds.items()
            },
            "links_hold": self.links_hold,
            "links_reject": self.links_reject,
            "honeypot": self.honeypot.value,
            "banned_author": self.banned_author.value,
            "unfamiliar": self.unfamiliar.value,
            "abusive_name": self.abusive_name.value,
        }

    @classmethod
    def from_json(cls, version: int, body: Mapping[str, Any]) -> "Policy":
        """The policy that `to_json` wrote; the edge has checked the body before it was stored."""
        return cls(
            version=version,
            thresholds={name: Threshold(**limit) for name, limit in body["thresholds"].items()},
            links_hold=body.get("links_hold"),
            links_reject=body.get("links_reject"),
            honeypot=Outcome(body.get("honeypot", Outcome.REJECT)),
            banned_author=Outcome(body.get("banned_author", Outcome.REJECT)),
            unfamiliar=Outcome(body.get("unfamiliar", Outcome.HOLD)),
            abusive_name=Outcome(body.get("abusive_name", Outcome.HOLD)),
        )


@dataclass(frozen=True, slots=True)
class Signals:
    """What is known of a comment beside its scores."""

    links: int = 0
    honeypot_filled: bool = False
    author_banned: bool = False
    flags: tuple[str, ...] = ()

    @classmethod
    def of(cls, submission: Submission, *, banned: bool, flags: tuple[str, ...] = ()) -> "Signals":
        """What can be known of a submission without a score."""
        return cls(
            links=count_links(submission.body),
            honeypot_filled=bool(submission.form.honeypot),
            author_banned=banned,
            flags=flags,
        )


@dataclass(frozen=True, slots=True)
class Finding:
    """One rule that fired, what it calls for, and why."""

    outcome: Outcome
    reason: Reason


BANNED_AUTHOR = "banned_author"
ABUSIVE_NAME = "abusive_name"
ABUSIVE_MARKUP = "abusive_markup"
UNFAMILIAR_SLUR = "unfamiliar_slur"
UNFAMILIAR_ABUSE = "unfamiliar_abuse"
NO_DOUBTS = (ABUSIVE_NAME, ABUSIVE_MARKUP, UNFAMILIAR_SLUR, UNFAMILIAR_ABUSE)
"""The model's flags that do not speak against its high scores."""
FLAG_TEXTS = {
    "unfamiliar_language": (
        "The text or a part of it is in a language that the model has not learned."
    ),
    "unfamiliar_text": "The text is unlike all that the model has learned from.",
    UNFAMILIAR_SLUR: "The text has a slur that the model has hardly met.",
    UNFAMILIAR_ABUSE: "The text has abuse in words that the model has hardly met.",
    "unfamiliar_length": "The text is longer than what the model reads.",
    ABUSIVE_NAME: "The author's name looks abusive.",
    ABUSIVE_MARKUP: "Words in the markup look abusive; some pages show them.",
}

SCORE_TEXTS = {
    "spam": ("Looks like spam", "May be spam"),
    "toxicity": (
        "Likely to make readers leave the discussion",
        "Might make readers leave the discussion",
    ),
    "severe_toxicity": ("Very hateful or aggressive", "May be very hateful or aggressive"),
    "insult": ("Insults a person or a group", "May insult a person or a group"),
    "identity_attack": (
        "Attacks people for what they are",
        "May attack people for what they are",
    ),
    "profanity": ("Swear words or obscene language", "May have swear words or obscene language"),
    "threat": ("Threatens with violence or harm", "May threaten with violence or harm"),
}
"""What each score says from LIKELY_FROM on, and below, where most of what is held scores."""
LIKELY_FROM = 0.5
"""Score, a probability, from which a reason says that it is so, not that it may be."""

NOTHING_FOUND = Reason("nothing_found", "No score and no rule speaks against it.")


def judge(
    policy: Policy, scores: Mapping[str, float], signals: Signals
) -> tuple[Outcome, tuple[Finding, ...]]:
    """The outcome and the findings that call for it, worst first; approve has no findings.

    Where the model says that a comment is unlike what it has learned, and the site holds such
    comments, no score rejects: whether it errs there was never measured.
    """
    unfamiliar = any(flag not in NO_DOUBTS for flag in signals.flags)
    in_doubt = unfamiliar and policy.unfamiliar is Outcome.HOLD
    findings = [
        finding
        for finding in (*_by_score(policy, scores, in_doubt), *_by_signal(policy, signals))
        if finding.outcome is not Outcome.APPROVE
    ]
    findings.sort(key=lambda finding: -finding.outcome.severity)
    outcome = findings[0].outcome if findings else Outcome.APPROVE
    return outcome, tuple(findings)


def _by_score(policy: Policy, scores: Mapping[str, float], in_doubt: bool) -> Iterator[Finding]:
    for name, score in sorted(scores.items(), key=lambda found: -found[1]):
        threshold = policy.thresholds.get(name)
        if threshold is None or (outcome := threshold.outcome(score)) is Outcome.APPROVE:
            continue
        outcome = Outcome.HOLD if in_doubt else outcome
        yield Finding(outcome, Reason(name, _words(name, score, threshold, outcome)))


def _words(name: str, score: float, threshold: Threshold, outcome: Outcome) -> str:
    """A score in words, beside the threshold that called for the outcome."""
    likely, doubtful = SCORE_TEXTS.get(name, (name, name))
    said = likely if score >= LIKELY_FROM else doubtful
    if outcome is Outcome.REJECT and threshold.reject is not None:
        return f"{said} ({percent(score)}, rejected from {percent(threshold.reject)})."
    return f"{said} ({percent(score)}, held from {percent(threshold.hold)})."


def percent(share: float) -> str:
    """A share for people: 81%, and below a tenth 5.5%."""
    return f"{share:.0%}" if share >= 0.1 else f"{share:.1%}"


def _by_signal(policy: Policy, signals: Signals) -> Iterable[Finding]:
    if signals.honeypot_filled:
        reason = Reason("honeypot", "A field that people do not see was filled in.")
        yield Finding(policy.honeypot, reason)
    if signals.author_banned:
        yield Finding(policy.banned_author, Reason(BANNED_AUTHOR, "The author is banned here."))
    limit = Threshold(policy.links_hold or float("inf"), policy.links_reject)
    links = "1 link" if signals.links == 1 else f"{signals.links} links"
    reason = Reason("links", f"The text has {links}.")
    yield Finding(limit.outcome(signals.links), reason)
    for flag in signals.flags:
        yield Finding(_by_flag(policy, flag), Reason(flag, FLAG_TEXTS.get(flag, flag)))


def _by_flag(policy: Policy, flag: str) -> Outcome:
    if flag == ABUSIVE_MARKUP:
        return Outcome.HOLD
    return policy.abusive_name if flag == ABUSIVE_NAME else policy.unfamiliar
