"""Scores and signals through a policy."""

import io
import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.commands.policy_file import read_policy
from service.domain.decision import Outcome
from service.domain.errors import Invalid
from service.domain.links import count_links
from service.domain.policy import Policy, Signals, Threshold, judge

SCORES = st.dictionaries(st.sampled_from(["spam", "toxicity", "insult"]), st.floats(0, 1))
POLICY = Policy(thresholds={"spam": Threshold(0.5, 0.9), "insult": Threshold(0.5)})


def changed(text: str, in_force: Policy) -> Policy:
    """The policy in force after a file of this text."""
    return read_policy(io.BytesIO(text.encode()), in_force)


@pytest.mark.parametrize(
    ("scores", "outcome"),
    [
        ({"spam": 0.49}, "approve"),
        ({"spam": 0.5}, "hold"),
        ({"spam": 0.9}, "reject"),
        ({"insult": 1.0}, "hold"),
        ({"insult": 0.6, "spam": 0.95}, "reject"),
        ({"unheard_of": 1.0}, "approve"),
        ({}, "approve"),
    ],
)
def test_the_worst_that_any_score_calls_for_is_the_outcome(
    scores: dict[str, float], outcome: str
) -> None:
    assert judge(POLICY, scores, Signals())[0] == outcome


@pytest.mark.parametrize(
    ("score", "signals", "words"),
    [
        (0.04, Signals(), "May be spam (4.0%, held from 3.3%)."),
        (0.497, Signals(), "May be spam (50%, held from 3.3%)."),
        (0.5, Signals(), "Looks like spam (50%, held from 3.3%)."),
        (0.97, Signals(), "Looks like spam (97%, rejected from 90%)."),
        (0.97, Signals(flags=("unfamiliar_text",)), "Looks like spam (97%, held from 3.3%)."),
    ],
)
def test_a_reason_says_what_the_score_means_and_from_where_it_counts(
    score: float, signals: Signals, words: str
) -> None:
    policy = Policy(thresholds={"spam": Threshold(0.0326, 0.9)})
    _, findings = judge(policy, {"spam": score}, signals)
    assert [one.reason.text for one in findings if one.reason.code == "spam"] == [words]


@pytest.mark.parametrize(
    ("signals", "code", "outcome"),
    [
        (Signals(links=3), "links", "hold"),
        (Signals(honeypot_filled=True), "honeypot", "reject"),
        (Signals(author_banned=True), "banned_author", "reject"),
        (Signals(flags=("unfamiliar_text",)), "unfamiliar_text", "hold"),
        (Signals(flags=("abusive_name",)), "abusive_name", "hold"),
        (Signals(flags=("abusive_markup",)), "abusive_markup", "hold"),
    ],
)
def test_each_signal_has_its_rule_and_its_reason(signals: Signals, code: str, outcome: str) -> None:
    found, findings = judge(POLICY, {}, signals)
    assert (found, [finding.reason.code for finding in findings]) == (outcome, [code])


@pytest.mark.parametrize(("links", "words"), [(1, "1 link."), (2, "2 links.")])
def test_links_are_counted_in_words(links: int, words: str) -> None:
    _, [finding] = judge(replace(POLICY, links_hold=1), {}, Signals(links=links))
    assert finding.reason.text == f"The text has {words}"


@pytest.mark.parametrize(
    ("chosen", "outcome"),
    [(Outcome.HOLD, "hold"), (Outcome.APPROVE, "reject"), (Outcome.REJECT, "reject")],
)
def test_no_score_rejects_what_is_held_as_unfamiliar(chosen: Outcome, outcome: str) -> None:
    policy = replace(POLICY, unfamiliar=chosen)
    alien = Signals(flags=("unfamiliar_language",))
    assert judge(policy, {"spam": 1.0}, alien)[0] == outcome


@pytest.mark.parametrize("chosen", list(Outcome))
def test_a_site_chooses_what_an_abusive_name_means(chosen: Outcome) -> None:
    policy = replace(POLICY, abusive_name=chosen, unfamiliar=Outcome.HOLD)
    named = Signals(flags=("abusive_name",))
    assert judge(policy, {}, named)[0] is chosen
    assert judge(policy, {"spam": 1.0}, named)[0] is Outcome.REJECT, "it doubts no score"


def test_abusive_markup_is_held_where_the_unfamiliar_is_not_and_doubts_no_score() -> None:
    policy = replace(POLICY, unfamiliar=Outcome.APPROVE)
    marked = Signals(flags=("abusive_markup",))
    assert judge(policy, {}, marked)[0] is Outcome.HOLD
    assert judge(POLICY, {"spam": 1.0}, marked)[0] is Outcome.REJECT


@pytest.mark.parametrize("flag", ["unfamiliar_slur", "unfamiliar_abuse"])
def test_rare_abuse_is_held_and_a_high_score_rejects_it_all_the_same(flag: str) -> None:
    found = Signals(flags=(flag,))
    assert judge(POLICY, {}, found)[0] is Outcome.HOLD
    high, findings = judge(POLICY, {"spam": 1.0}, found)
    assert high is Outcome.REJECT
    assert [one.reason.code for one in findings] == ["spam", flag]
    assert judge(replace(POLICY, unfamiliar=Outcome.APPROVE), {}, found)[0] is Outcome.APPROVE


def test_a_rule_still_rejects_what_is_unfamiliar() -> None:
    found, _ = judge(POLICY, {}, Signals(honeypot_filled=True, flags=("unfamiliar_text",)))
    assert found is Outcome.REJECT


def test_links_can_be_allowed_without_limit() -> None:
    free = Policy(thresholds={}, links_hold=None)
    assert judge(free, {}, Signals(links=100))[0] is Outcome.APPROVE


@given(scores=SCORES, more=st.floats(0, 1))
def test_a_higher_score_never_makes_the_outcome_milder(
    scores: dict[str, float], more: float
) -> None:
    before, _ = judge(POLICY, scores, Signals())
    higher = {name: max(score, more) for name, score in scores.items()}
    after, _ = judge(POLICY, higher, Signals())
    assert after.severity >= before.severity


@given(scores=SCORES)
def test_whatever_is_not_approved_says_why(scores: dict[str, float]) -> None:
    outcome, findings = judge(POLICY, scores, Signals())
    assert bool(findings) == (outcome is not Outcome.APPROVE)


def test_a_policy_survives_being_stored() -> None:
    policy = Policy(version=7, links_reject=9, honeypot=Outcome.HOLD)
    assert Policy.from_json(7, json.loads(json.dumps(policy.to_json()))) == policy


def test_the_policy_that_is_printed_can_be_put_in_force_again() -> None:
    printed = {"version": 3, **Policy().to_json()}
    assert changed(json.dumps(printed), Policy()) == Policy()


IN_FORCE = Policy(
    version=4,
    thresholds={"spam": Threshold(0.3, 0.9), "insult": Threshold(0.5)},
    links_reject=9,
    honeypot=Outcome.HOLD,
)


@pytest.mark.parametrize(
    ("text", "policy"),
    [
        ("{}", IN_FORCE),
        (
            '{"thresholds": {"spam": {"hold": 0.5}}}',
            replace(IN_FORCE, thresholds={"spam": Threshold(0.5, 0.9), "insult": Threshold(0.5)}),
        ),
        (
            '{"thresholds": {"spam": {"reject": null}}}',
            replace(IN_FORCE, thresholds={"spam": Threshold(0.3), "insult": Threshold(0.5)}),
        ),
        (
            '{"thresholds": {"spam": null}}',
            replace(IN_FORCE, thresholds={"insult": Threshold(0.5)}),
        ),
        (
            '{"thresholds": {"threat": {"hold": 0.1}}}',
            replace(IN_FORCE, thresholds={**IN_FORCE.thresholds, "threat": Threshold(0.1)}),
        ),
        ('{"links_hold": null}', replace(IN_FORCE, links_hold=None)),
        ('{"unfamiliar": "approve"}', replace(IN_FORCE, unfamiliar=Outcome.APPROVE)),
    ],
)
def test_what_a_file_does_not_mention_stays_as_it_is(text: str, policy: Policy) -> None:
    assert changed(text, IN_FORCE) == policy


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        '{"thresholds": null}',
        '{"thresholds": {"spam": {"hold": null}}}',
        '{"thresholds": {"threat": {"reject": 0.9}}}',
        '{"thresholds": {"spam": {"hold": 0.95}}}',
        '{"thresholds": {"spam": {"hold": 0.9, "reject": 0.1}}}',
        '{"thresholds": {"spam": {"hold": 2}}}',
        '{"thresholds": {"colour": {"hold": 0.5}}}',
        '{"thresholds": {}, "links_hold": 0}',
        '{"thresholds": {}, "honeypot": "explode"}',
        '{"thresholds": {}, "surprise": 1}',
    ],
)
def test_a_bad_policy_file_is_refused(text: str) -> None:
    with pytest.raises(Invalid):
        changed(text, IN_FORCE)


@pytest.mark.parametrize(
    ("text", "links"),
    [
        ("no links here. Not even e.g. this", 0),
        ("see https://a.example and http://b.example/x?y=1.", 2),
        ('<a href="https://a.example/">https://a.example</a>', 1),
        ("[one](https://a.example) [url=http://b.example]two[/url] www.c.example", 3),
    ],
)
def test_links_are_counted_by_their_targets(text: str, links: int) -> None:
    assert count_links(text) == links
