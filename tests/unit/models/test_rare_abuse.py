"""Lists of abuse that the model has hardly met: what is found, what only looks like it."""

import re

import pytest

from models.alternatives import any_of, words
from models.rare_abuse import UNFAMILIAR_ABUSE, UNFAMILIAR_SLUR, has_rare_abuse, rare_abuse


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
        ("go unalive yourself, please", "unalive yourself"),
        ("unaliving themselves", "unaliving themselves"),
        ("you should rope yourself", "should rope yourself"),
        ("no one would even miss you", "no one would even miss you"),
        ("i know where you live, peter", "i know where you live"),
        ("we know where your kids go to school", "we know where your kids go to school"),
        ("hitler was right.", "hitler was right"),
        ("join the 41%!", "join the 41%"),
        ("that mf'er", "mf'er"),
        ("he is such a total pos", "total pos"),
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
    ],
)
def test_what_only_looks_like_it_is_left_to_the_scores(text: str) -> None:
    assert not has_rare_abuse(text)


def test_what_is_plain_hides_no_slur_beside_it() -> None:
    assert found("spic and span, unlike that spic") == {UNFAMILIAR_SLUR: ["spic"]}


def test_alternatives_are_those_that_were_given() -> None:
    listed = ["abc", "abd x", "ab", "bc", "b[cd]e".replace("[cd]", "d")]
    pattern = re.compile(any_of(listed))
    assert all(pattern.fullmatch(one) for one in listed)
    assert not any(map(pattern.fullmatch, ["abx", "a", "bcd", ""]))


def test_no_alternative_matches_nothing() -> None:
    assert re.search(any_of([]), "anything") is None


@pytest.mark.parametrize("form", ["bog-trotter", "bog trotters", "bogtrotter", "ladies", "lady"])
def test_words_are_listed_once_for_all_their_forms(form: str) -> None:
    assert re.fullmatch(any_of(words("bog-trotter lady")), form)
