"""Repair of disguised words."""

import pytest

from models.lexicon import Lexicon, repair, unrepeated
from models.text import Normaliser

LEXICON = Lexicon.of(
    {"idiot": 50, "fuck": 90, "duck": 95, "people": 400, "cool": 80, "form": 300, "from": 900}
    | {"i": 500, "am": 200, "here": 100, "sick": 30, "asshole": 20, "shit": 30, "hit": 90}
    | {"ass": 40, "that": 800, "is": 700},
    ["idiot", "fuck", "asshole", "shit", "ass"],
)


@pytest.mark.parametrize(
    ("word", "meant", "trick"),
    [
        ("1d10t", "idiot", "leet"),
        ("1d107", "idiot", "leet"),
        ("4$$h0l3", "asshole", "leet"),
        ("7h47", "that", "leet"),
        ("$hit", "shit", "leet"),
        ("$h17", "shit", "leet"),
        ("a$$", "ass", "leet"),
        ("f*ck", "fuck", "star"),
        ("f**k", "fuck", "star"),
        ("fuuuuck", "fuck", "repeat"),
        ("coooool", "cool", "repeat"),
        ("poeple", "people", "swap"),
        ("ïdiöt", "idiot", "accent"),
    ],
)
def test_disguised_word_is_read(word: str, meant: str, trick: str) -> None:
    found = repair(LEXICON, word)
    assert found is not None
    assert (found.word, found.trick) == (meant, trick)


@pytest.mark.parametrize(
    "word",
    [
        "form",
        "mp3",
        "2024",
        "",
        "!!!",
        "kriss",
        "*",
        "10k",
        "$1000",
        "$$$",
        "$5m",
        "1000$",
        "100k$",
        "1b$",
        "1000w",
        "us$",
        "11's",
        "1's",
    ],
)
def test_word_that_is_no_disguise_stays(word: str) -> None:
    assert repair(LEXICON, word) is None


@pytest.mark.parametrize(
    "code", ["A55", "the A55.", "(T175)", "F47", "P155/80R13", "B4115,", "N1000", "M10", "A55/M40"]
)
def test_a_road_or_a_part_is_no_word_in_disguise(code: str) -> None:
    lexicon = Lexicon.of(dict.fromkeys(["ass", "tits", "fat", "piss", "balls", "mio"], 50), ["ass"])
    assert Normaliser(lexicon).normalise(code).cased == code


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("a55", "ass"),
        ("4SS", "ass"),
        ("A55HOLE", "asshole"),
        ("A$$", "ass"),
        ("SH17", "shit"),
        ("5H1T", "shit"),
        ("F4G", "fag"),
    ],
)
def test_other_letters_and_digits_are_read(typed: str, meant: str) -> None:
    words = Lexicon.of(dict.fromkeys(["ass", "asshole", "shit", "fag"], 50), ["ass", "shit"])
    assert Normaliser(words).normalise(typed).text == meant


def test_abusive_word_is_the_likelier_reading() -> None:
    assert LEXICON.matching("?uck") == "fuck"


def test_joined_words_are_split() -> None:
    assert LEXICON.split("iamsick") == ["i", "am", "sick"]


def test_unknown_joined_words_are_not_split() -> None:
    assert LEXICON.split("xyzzyq") is None


def test_word_without_a_run_has_no_shorter_forms() -> None:
    assert unrepeated("cool") == []
