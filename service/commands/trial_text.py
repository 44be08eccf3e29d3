"""A policy's trial in words and as JSON."""

from collections.abc import Iterator
from itertools import permutations
from typing import Any

from service.domain.decision import Outcome
from service.moderation.trial import Trial

DONE = {Outcome.APPROVE: "approved", Outcome.HOLD: "held", Outcome.REJECT: "rejected"}


def trial_facts(trial: Trial, days: float) -> dict[str, Any]:
    """All the counts, for scripts."""
    return {
        "days": days,
        "comments": trial.count(),
        "models": trial.models(),
        "in_force": {one.value: trial.count(in_force=one) for one in Outcome},
        "tried": {one.value: trial.count(tried=one) for one in Outcome},
        "by_moderators": _by_moderators(trial),
        "changes": [
            {
                "from": old.value,
                "to": new.value,
                "comments": trial.count(in_force=old, tried=new),
                "by_moderators": _by_moderators(trial, in_force=old, tried=new),
            }
            for old, new in permutations(Outcome, 2)
        ],
    }


def _by_moderators(trial: Trial, **wanted: Outcome) -> dict[str, int]:
    ends = (Outcome.APPROVE, Outcome.REJECT)
    return {one.value: trial.count(moderator=one, **wanted) for one in ends}


def trial_words(trial: Trial, days: float) -> str:
    """What ops should know before they put the policy in force."""
    return "\n".join(_lines(trial, days))


def _lines(trial: Trial, days: float) -> Iterator[str]:
    yield f"Comments with scores, last {days:g} days: {trial.count():,}."
    models = trial.models()
    if len(models) > 1:
        yield "Scored by " + ", ".join(f"model {one}: {n:,}" for one, n in models.items()) + "."
    if models:
        yield from _table(trial)
    yield "Nothing was changed."


def _table(trial: Trial) -> Iterator[str]:
    yield f"{'':10}" + "".join(f"{DONE[one]:>10}" for one in Outcome)
    yield f"{'in force':10}" + "".join(f"{trial.count(in_force=one):10,}" for one in Outcome)
    yield f"{'tried':10}" + "".join(f"{trial.count(tried=one):10,}" for one in Outcome)
    people = _by_moderators(trial)
    share = people["reject"] / trial.count()
    yield (
        f"Moderators approved {people['approve']:,} and rejected {people['reject']:,}, "
        f"{share:.2%} of all."
    )
    for old, new in permutations(Outcome, 2):
        if number := trial.count(in_force=old, tried=new):
            yield f"{DONE[old].capitalize()} in force, {DONE[new]} if tried: {number:,}. " + _said(
                _by_moderators(trial, in_force=old, tried=new)
            )


def _said(people: dict[str, int]) -> str:
    known = sum(people.values())
    if not known:
        return "Moderators decided none of these."
    rejected = people["reject"]
    return (
        f"Moderators decided {known:,} of these and rejected {rejected:,} ({rejected / known:.2%})."
    )
