"""A policy's trial in words and as JSON."""

from collections.abc import Iterator
from itertools import permutations
from typing import Any

from service.domain.decision import Outcome
from service.domain.policy import percent
from service.moderation.trial import Trial

DONE = {Outcome.APPROVE: "approved", Outcome.HOLD: "held", Outcome.REJECT: "rejected"}


def trial_facts(trial: Trial, days: float) -> dict[str, Any]:
    """All the counts, for scripts."""
    return {
        "days": days,
        "comments": trial.count(),
        "decided": {one.value: trial.count(decided=one) for one in Outcome},
        "tried": {one.value: trial.count(tried=one) for one in Outcome},
        "by_people": _by_people(trial),
        "changes": [
            {
                "from": old.value,
                "to": new.value,
                "comments": trial.count(decided=old, tried=new),
                "by_people": _by_people(trial, decided=old, tried=new),
            }
            for old, new in permutations(Outcome, 2)
        ],
    }


def _by_people(trial: Trial, **wanted: Outcome) -> dict[str, int]:
    ends = (Outcome.APPROVE, Outcome.REJECT)
    return {one.value: trial.count(person=one, **wanted) for one in ends}


def trial_words(trial: Trial, days: float) -> str:
    """What ops should know before they put the policy in force."""
    return "\n".join(_lines(trial, days))


def _lines(trial: Trial, days: float) -> Iterator[str]:
    comments = trial.count()
    yield f"{comments:,} comments of the last {days:g} days have scores{':' if comments else '.'}"
    if comments:
        yield from _table(trial)
    yield "Nothing was changed."


def _table(trial: Trial) -> Iterator[str]:
    yield f"{'':10}" + "".join(f"{DONE[one]:>10}" for one in Outcome)
    yield f"{'so far':10}" + "".join(f"{trial.count(decided=one):10,}" for one in Outcome)
    yield f"{'tried':10}" + "".join(f"{trial.count(tried=one):10,}" for one in Outcome)
    rejected = trial.count(person=Outcome.REJECT)
    approved = trial.count(person=Outcome.APPROVE)
    yield (
        f"People approved {approved:,} of them and rejected {rejected:,} "
        f"({percent(rejected / trial.count())} of all)."
    )
    yield from (_change(trial, *pair) for pair in permutations(Outcome, 2) if _number(trial, *pair))


def _number(trial: Trial, old: Outcome, new: Outcome) -> int:
    return trial.count(decided=old, tried=new)


def _change(trial: Trial, old: Outcome, new: Outcome) -> str:
    people = _by_people(trial, decided=old, tried=new)
    known = sum(people.values())
    said = f"{_number(trial, old, new):,} that were {DONE[old]} would be {DONE[new]}."
    if not known:
        return f"{said} People decided none of these."
    rejected = people[Outcome.REJECT.value]
    share = percent(rejected / known)
    return f"{said} People decided {known:,} of these and rejected {rejected:,} ({share})."
