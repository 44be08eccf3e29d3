"""What a comment denies, refutes, says of its author or means otherwise is left out."""

import time

import pytest

from models.denied import CHARS_MAX, Rest, without_denied


def bare(text: str) -> str | None:
    """What is left of a text without those of whom something is denied."""
    rest = without_denied(text)
    return rest and rest.bare


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("you are not a troll, you are late.", "you , you are late."),
        ("she isn't an idiot or a liar.", "she ."),
        ("the fans weren't hooligans", "the fans"),
        ("he's not a really stupid man", "he man"),
        ("nobody here thinks you're a clown", ""),
        ("i would never call the nurses lazy", ""),
        ("far from being a fool, she won.", ", she won."),
        ("far from being a fool, you", None),
        ("you are not an idiot, i just see it differently.", "you , i just see it differently."),
    ],
)
def test_an_insult_that_is_denied(text: str, rest: str | None) -> None:
    assert bare(text) == rest


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("muslims are not terrorists.", ""),
        ("most gay people aren't predators", ""),
        ("not all travellers are thieves!", ""),
        ("being gay is not a sin.", ""),
        ("i do not hate jews.", ""),
        ("i have nothing against black people", ""),
        ("honestly, mexicans are not rapists or thieves, full stop.", ""),
        ("jews are not all criminals", ""),
        ("bavarians are not thieves.", "bavarians ."),
        ("muslims are not thieves. wallets fly.", "muslims . wallets fly."),
        ("i do not hate jews. ovens do the work.", "jews. ovens do the work."),
        ("dead muslims are not criminals.", "dead muslims ."),
        ("hating gays is not a sin", None),
        ("some jews are not thieves", "some jews"),
        ("jews are not completely evil.", "jews ."),
        ("jews are not stupid, and evil.", "jews ."),
        ("jews are not all vermin", "jews"),
        ("not every jew is a rat", None),
        ("we would never attack your women", "your women"),
    ],
)
def test_a_group_is_left_out_only_where_nothing_else_is_said(text: str, rest: str | None) -> None:
    assert bare(text) == rest


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("it is unfair to call the farmers criminals", "it is"),
        ("calling refugees parasites is disgusting. read it.", ". read it."),
        ("saying that women are stupid is sexist", ""),
        ("whoever says sikhs are terrorists should be ashamed", ""),
        ("the old lie that roma are thieves has been debunked", ""),
        ("please do not repeat that jews are greedy!", "!"),
        ("it's a myth that sailors are liars, says he", "it's , says he"),
    ],
)
def test_what_others_say_and_the_comment_rejects(text: str, rest: str) -> None:
    assert bare(text) == rest


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("i do not hate bavarians.", "bavarians."),
        ("i have nothing against monks", "i have monks"),
        ("we would never want a child to be harmed", ""),
        ("i felt like a complete fool", ""),
        ("what an idiot i was", ""),
        ("my stupid phone died", "phone died"),
        ("kill the process and wait", "and wait"),
        ("dick turpin rode past a cock robin", "rode past a"),
    ],
)
def test_hatred_refused_self_mockery_and_other_meanings(text: str, rest: str) -> None:
    assert bare(text) == rest


@pytest.mark.parametrize(
    "text",
    [
        "you are an idiot",
        "are you not an idiot?",
        "isn't he a moron?",
        "you are not just stupid, you are evil",
        "don't be stupid",
        "you are not an idiot, but you write like one",
        "you are not an idiot, you just write it like one",
        "you are not a liar, i just never heard you tell the truth",
        "sure, you are not a moron",
        "if you were not a coward",
        "someone who isn't a moron would know",
        "not as stupid as you",
        "not everybody is an idiot",
        "i do not hate muslims but they should go",
        "nobody said you are stupid, we all know",
        "it is a lie that they are not vermin",
        "whoever said they are vermin is right",
        "calling them scum is wrong, but it is true that they are",
        "i doubt that you are not a fool",
        "i can't believe you are such an idiot",
        "you are not a fool. not.",
        "there is no idiot like you",
        "stop saying that you ugly fool",
        "the idea that they are human is ridiculous",
        "it is not wrong to call them criminals",
        "calling them pigs is racist. so what",
        "i would want you to die slowly",
        "repeat after me: i am a fool",
        "i feel dumb sharing a planet with you",
        "i am a terrorist and your school is next",
        "you deserve snake venom",
        "my stupid neighbour",
        "i hate them",
        "nothing is ever denied here",
        "",
    ],
)
def test_what_is_meant_stays(text: str) -> None:
    assert without_denied(text) is None


def test_of_whom_something_is_denied_is_left_in_the_other_rest() -> None:
    rest = without_denied("nobody thinks that bastard is a fool. calling monks lazy is wrong.")
    assert rest == Rest(". .", "bastard . monks .")


def test_what_follows_a_denial_is_judged() -> None:
    assert bare("you are not a fool, you are a liar") == "you , you are a liar"


def test_a_long_text_is_left_as_it_is() -> None:
    denial = "you are not a fool. "
    assert without_denied(denial + "x" * (CHARS_MAX - len(denial))) is not None
    assert without_denied(denial + "x" * (CHARS_MAX - len(denial) + 1)) is None


@pytest.mark.parametrize("unit", ["i am a ", "a ", "is not a ", "saying that ", "'s "])
@pytest.mark.parametrize("other", ["a ", "not ", "idiot ", "x"])
def test_no_text_takes_long(unit: str, other: str) -> None:
    text = (unit * CHARS_MAX)[: CHARS_MAX // 2] + (other * CHARS_MAX)[: CHARS_MAX // 2]
    before = time.process_time()
    without_denied(text)
    assert time.process_time() - before < SECONDS_MAX


SECONDS_MAX = 0.2
