"""Copies of comments with another group named in them."""

from models.train.rows import Row
from models.train.swaps import TERMS, swapped

PLAIN = {"toxic": 0.0, "identity_hate": 0.0, "any": 0.0}
TOXIC = {"toxic": 1.0, "identity_hate": 1.0, "any": 1.0}


def test_another_group_is_named_and_the_label_stays() -> None:
    row = Row("I met a Muslim family there. We talked.", "jigsaw", PLAIN)
    [copy] = swapped([row])
    assert copy.text.startswith("I met a ")
    assert copy.text.endswith(" family there.")
    word = copy.text.removeprefix("I met a ").removesuffix(" family there.")
    assert word.lower() in TERMS
    assert word[0].isupper()
    assert copy.labels == PLAIN


def test_a_toxic_comment_stays_whole_and_forgets_who_was_attacked() -> None:
    row = Row("Shut up. Gays like you are idiots.", "civil_care", TOXIC)
    [copy] = swapped([row])
    assert copy.text.startswith("Shut up. ")
    assert copy.labels == {"toxic": 1.0, "any": 1.0}


def test_a_copy_falls_on_the_side_of_its_text() -> None:
    whole = Row("A Sikh wrote it.", "civil_plain", PLAIN, origin="the whole post")
    lone = Row("A Sikh wrote it.", "jigsaw", PLAIN)
    assert [copy.origin for copy in swapped([whole, lone])].count("the whole post") == 1
    assert {copy.origin for copy in swapped([whole, lone])} == {"the whole post", lone.text}


def test_what_names_nobody_is_not_copied() -> None:
    rows = [Row("A polish for old shoes.", "jigsaw", PLAIN), Row("Hi Muslim.", "edos", PLAIN)]
    assert list(swapped(rows)) == []


def test_the_same_rows_give_the_same_copies() -> None:
    rows = [Row(f"The Russian team number {at} won.", "jigsaw", PLAIN) for at in range(20)]
    assert list(swapped(rows)) == list(swapped(rows))
