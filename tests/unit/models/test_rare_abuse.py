"""Lists of abuse that the model has hardly met: what is found, what only looks like it."""

import re

import pytest

from models.alternatives import any_of, words
from models.rare_abuse import (
    UNFAMILIAR_ABUSE,
    UNFAMILIAR_SLUR,
    has_rare_abuse,
    is_rare_abuse,
    rare_abuse,
)


def found(text: str) -> dict[str, list[str]]:
    """What is found in a neutral text, by its flag."""
    places = rare_abuse(text)
    return {flag: [text[slice(*one)] for one in each] for flag, each in places.items()}


@pytest.mark.parametrize(
    ("text", "slur"),
    [
        ("those gooks again", "gooks"),
        ("a towelhead, he said", "towelhead"),
        ("pajeets everywhere", "pajeets"),
        ("camel jockeys", "camel jockeys"),
        ("two bog-trotters", "bog-trotters"),
        ("a chinaman and some chinamen", "chinaman"),
        ("the darkies", "darkies"),
        ("tr00ns", "tr00ns"),
        ("these coons", "these coons"),
        ("pajeet_hater", "pajeet"),
        ("two negresses", "negresses"),
        ("pikies", "pikies"),
        ("dirty chink in my street", "dirty chink"),
        ("the (((bankers))) did it", "(((bankers)))"),
    ],
)
def test_a_slur_is_found_where_it_stands(text: str, slur: str) -> None:
    assert found(text)[UNFAMILIAR_SLUR][0] == slur


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("just kys", "kys"),
        ("go un-alive yourselves, please", "un-alive yourselves"),
        ("unaliving themselves", "unaliving themselves"),
        ("you should rope yourself", "you should rope yourself"),
        ("no one would even miss you.", "no one would even miss you"),
        ("i know where you live, peter", "i know where you live"),
        ("we know where your kids go to school", "we know where your kids go"),
        ("hitler was right.", "hitler was right"),
        ("join the 41%!", "join the 41%"),
        ("that mf'er", "mf'er"),
        ("he is such a total pos", "total pos"),
        ("remember 13/52, folks", "13/52"),
        ("13/52 strikes again", "13/52"),
        ("hail victory, sister! 14/88", "14/88"),
        ("join us (14/88)", "14/88"),
        ("14 / 88 forever", "14 / 88"),
    ],
)
def test_other_abuse_is_found_where_it_stands(text: str, said: str) -> None:
    assert found(text) == {UNFAMILIAR_ABUSE: [said]}


def test_each_kind_has_its_flag() -> None:
    assert list(found("kys, pajeet")) == [UNFAMILIAR_SLUR, UNFAMILIAR_ABUSE]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "spicy food in pakistan",
        "a chink in the armour, and chinks between the boards",
        "the kitchen is spic and span",
        "thai soup with kaffir lime leaves",
        "they sang doo wop in a honky tonk",
        "a pos system for the shop",
        "gookie",
        "so sad :(((",
        "f(((x)",
        "troops",
        "royal troon hosts the open",
        "a maine coon and his nip of brandy",
        "print(((total))) works",
        "the macro expands to (((x))) in c",
        "the show was taken off itself",
        "i know where to live well",
        "in 1488 dias sailed south",
        "five million was not enough",
        "she broke her neck herself",
        "the us should have pulled out of afghanistan",
        "the launch should have been aborted",
        "hitler was right wing, says he",
        "alberta pays most despite being 12 percent of the population",
        "nobody would miss you if you took two weeks off",
        "i know where you can park for free",
        "do i know where you live? no",
        "the border is just kms from here",
        "please rope yourself to the harness",
        "join the 41% of canadians",
        "six million is not enough to fix the arena",
        "born on 5/14/88, so what",
        "in only 13/50 states",
        "the probability of drawing a heart from a deck is 13/52.",
        "a chance of 13/52",
        "p(heart) = 13/52 and p(ace)=4/52",
        "13/52 x 12/51",
        "of the patients, 14/88 had a relapse within a year.",
        "it helped 14/88 patients",
        "in 14/88 (16%) it was found, in 16% (14/88)",
        "my blood type is a pos",
        "such a pos terminal",
        "thank you mick",
        "if you nip this in the bud",
        "another coon rapids shooting",
        "those coon hunters",
        "stupid mick mulvaney",
        "the chinks in trudeau's armour",
        "spick and span",
        "gobbledy gook",
        "(((hugs to you all)))",
    ],
)
def test_what_only_looks_like_it_is_left_to_the_scores(text: str) -> None:
    assert not has_rare_abuse(text)


@pytest.mark.parametrize("text", ["spic and span, unlike that spic", "spic and spanish scum"])
def test_what_is_plain_hides_no_slur_beside_it(text: str) -> None:
    assert found(text) == {UNFAMILIAR_SLUR: ["spic"]}


@pytest.mark.parametrize(
    "name", ["kike garcia", "lones wigger", "jap singh", "foad hassan", "abos"]
)
def test_what_people_are_called_is_no_abusive_name(name: str) -> None:
    assert not is_rare_abuse(name)


def test_other_slurs_are_in_a_name_as_well() -> None:
    assert is_rare_abuse("pajeet hunter")
    assert is_rare_abuse("jap killer of gooks")


def test_alternatives_are_those_that_were_given() -> None:
    listed = ["abc", "abd x", "ab", "bc", "bde"]
    pattern = re.compile(any_of(listed))
    assert all(pattern.fullmatch(one) for one in listed)
    assert not any(map(pattern.fullmatch, ["abx", "a", "bcd", ""]))


def test_no_alternative_matches_nothing() -> None:
    assert re.search(any_of([]), "anything") is None


@pytest.mark.parametrize(
    "form", ["bog-trotter", "bog trotters", "bogtrotter", "ladies", "lady", "glasses"]
)
def test_words_are_listed_once_for_all_their_forms(form: str) -> None:
    assert re.fullmatch(any_of(words("bog-trotter lady glass")), form)
