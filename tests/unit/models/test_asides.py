"""Words in markup, which the neutral form lacks and some pages show."""

import time
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pytest

from models.asides import Asides
from models.lexicon import Lexicon
from models.markup import in_markup
from models.text import RAW_CHARS_MAX, Normaliser

NORMALISER = Normaliser(Lexicon.of({"idiot": 5, "you": 9}, ["idiot"]))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a <b>plain</b> text", ""),
        ("3 < 4 and 5 > 4", ""),
        ('<br/><IMG SRC=x.png width=3 /><a href="http://x.example/?a=b">x</a >', ""),
        ('<a href="x" title="http://x.example/" rel="nofollow ugc">x</a>', ""),
        ('<span class="big-text" style="color: red">x</span>', ""),
        ("index.php?title=Talk:Bus&lt;1", ""),
        ('<p title="you idiot">x</p>', "you idiot"),
        ("<p/title='you'>x", "you"),
        ('<p class="a"title="you">x', 'you p class="a"title="you"'),
        ('<p title="/you idiot">x', "/you idiot"),
        ("<img src=x ALT='you' title=idiot>", "you idiot"),
        ('<p class="you idiot">x', "you idiot"),
        ("&lt;p title=&quot;you idiot&quot;&gt;", "&quot;you you idiot"),
        ("x <you idiot>", "you idiot"),
        ("<b you idiot>x</b>", "b you idiot"),
        ("&lt;you idiot&gt;", "you idiot"),
        ("<!-- you idiot -->x", " you idiot "),
        ("[color=you idiot]x[/color] [color=red]y[/color]", "you idiot"),
    ],
)
def test_words_in_markup_are_found(text: str, words: str) -> None:
    assert in_markup(text) == words


@pytest.mark.parametrize(
    "piece",
    ["<p title= ", " ", "<p title='", "a='b c' ", "title=x<", "<b a=a", "<!--", "[url=", "&lt;p "],
)
def test_hostile_markup_takes_no_long_time(piece: str) -> None:
    raw = "<p title=" + piece * (RAW_CHARS_MAX // len(piece))
    begun = time.process_time()
    in_markup(raw)
    assert time.process_time() - begun < 1


def test_a_tag_that_ends_in_a_quote_takes_no_long_time() -> None:
    begun = time.process_time()
    assert in_markup("<a" + "/b=c" * 90 + '">')
    assert time.process_time() - begun < 1


def toxicity(texts: Sequence[str]) -> npt.NDArray[np.float64]:
    return np.array([float("idiot" in text) for text in texts])


def test_abusive_markup_is_told_from_other_markup() -> None:
    bodies = ["You idiot", "<you 1d10t>", "<you friend>", "<b>x</b>", "", "<what a kike>"]
    assert Asides(NORMALISER, toxicity).abusive(bodies) == {1, 5}


def test_a_name_in_code_is_not_judged_unless_it_is_rude() -> None:
    everything = Asides(NORMALISER, lambda texts: np.ones(len(texts)))
    bodies = ["List<String>", "<two names>", "<three such names>", "<idiot>"]
    assert everything.abusive(bodies) == {2, 3}


def test_what_is_cut_from_the_middle_is_not_read() -> None:
    body = "x" * RAW_CHARS_MAX + "<you idiot>" + "x" * RAW_CHARS_MAX
    assert Asides(NORMALISER, toxicity).abusive([body]) == set()
