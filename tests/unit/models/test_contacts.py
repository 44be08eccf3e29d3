"""Passages around links and addresses in long comments."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.batch import read_batch
from models.contacts import CHARS_FROM, CHARS_MAX, CHARS_MIN, PASSAGES_MAX, around_contacts, phones
from models.document import Document
from models.lexicon import Lexicon
from models.links import LISTS, HostLists
from models.text import Normal, Normaliser

NORMALISER = Normaliser(Lexicon.of({"hello": 5}, ()))
PLAIN = "The bus was late again this morning, and nobody at the stop was surprised. " * 4
AD = "Cheap watches and fine leather bags are sold at our little shop: "


def passages(raw: str) -> list[Normal]:
    return around_contacts(NORMALISER.normalise(raw))


@pytest.mark.parametrize(
    ("contact", "neutral"),
    [
        ("http://bags.example/x", "url"),
        ("shop@bags.example.com", "emailaddr"),
        ("+44 7000 000000", "+44 7000 000000"),
        ('<a href="http://bags.example">here</a>', "url here"),
    ],
)
def test_the_sentence_around_a_contact_is_a_passage(contact: str, neutral: str) -> None:
    (found,) = passages(f"{PLAIN}{AD}{contact} is open. {PLAIN}")
    assert found.cased == f"{AD}{neutral} is open."


def test_plain_text_has_none() -> None:
    assert passages(PLAIN + "A burl is a knot. It has 14 rings, says 192.168.177.187.") == []


@pytest.mark.parametrize(
    "number",
    [
        "+44 7000 000000",
        "+1 (555) 123-4567",
        "1-800-555-1234",
        "1.800.555.1234",
        "1.8005551234",
        "+48 601 234 567",
        "612 345 678",
        "06 12 34 56 78",
        "+7 912 345 678",
        "+49 1800 2000",
        "09061743806",
        "2012-02-11 020 8126 6699",
        "1 000 000 000, or 020 8126 6699",
    ],
)
def test_a_phone_number_is_found(number: str) -> None:
    assert list(phones(f"call {number} now"))


@pytest.mark.parametrize(
    "number",
    [
        "1 000 000 000 - my",
        "7 912 345 678 people",
        "250 000 000",
        "1970-05-12 10:30",
        "2012-02-11 - 2012-03-11",
        "12.05.1970",
        "05-12-1970",
        "1914-1918 12",
        "1993 1994 1995 1996 1997 1998",
        "3.14159265358979",
        "0.333333333",
        "isbn 0-415-31545-x",
        "isbn: 0192151940",
        "978-0-415-31545-6",
        "192.168.177.187",
    ],
)
def test_dates_and_other_numbers_are_no_phone_numbers(number: str) -> None:
    assert not list(phones(f"it says {number}, as we know"))


def test_short_text_is_judged_whole_alone() -> None:
    short = f"{PLAIN[: CHARS_FROM - len(AD) - 6]}. {AD}bags.com"
    assert len(NORMALISER.normalise(short).text) == CHARS_FROM - 1
    assert passages(short) == []
    assert passages(f"x{short}") != []


def test_what_is_most_of_the_text_says_nothing_new() -> None:
    assert passages(f"Hello. {'watches and bags, ' * 15} http://bags.example") == []


def test_a_short_sentence_takes_those_before_it_along() -> None:
    (found,) = passages(f"{PLAIN}Watches. {AD[:-2]}. Go to http://bags.example/")
    assert found.cased == f"{AD[:-2]}. Go to url"
    assert len(found.cased) >= CHARS_MIN


def test_a_long_sentence_is_cut_around_the_contact() -> None:
    words = "watches and bags and " * 30
    (found,) = passages(f"{PLAIN * 4}{words}http://bags.example/ {words}")
    assert len(found.cased) <= CHARS_MAX + len("url")
    assert found.cased.index("url") == CHARS_MAX // 2


def test_each_passage_has_its_own_links_and_signals() -> None:
    first, second = passages(
        f"{AD}[here](http://bags.example/). {PLAIN}{AD}http://hats.example/ or me@hats.example.com."
    )
    assert (first.links, second.links) == (("http://bags.example/",), ("http://hats.example/",))
    assert first.signals == {"md_link": 1, "url": 1}
    assert second.signals == {"md_link": 1, "url": 1, "email": 1}


def test_two_contacts_of_one_sentence_are_one_passage() -> None:
    (found,) = passages(f"{PLAIN}{AD}http://bags.example/ and http://hats.example/")
    assert found.links == ("http://bags.example/", "http://hats.example/")


def test_who_writes_url_as_a_word_hides_no_link() -> None:
    *_, found = passages(f"My url, your url. {PLAIN}{AD}http://bags.example/")
    assert found.links == ("http://bags.example/",)


def test_a_short_sentence_takes_those_after_it_along_as_well() -> None:
    before, after = passages(f"{PLAIN}Go to http://bags.example/ now. {AD[:-2]}. {PLAIN}")
    assert before.cased.endswith("surprised. Go to url now.")
    assert after.cased == f"Go to url now. {AD[:-2]}."


def test_of_many_passages_the_first_and_the_last_are_judged() -> None:
    words = "watches, hats and leather bags for everyone are at our shop"
    kinds = ("http://a.example/", "me@a.example.com", "+44 7000 000000")
    found = passages(" ".join(f"No{at} {words} {kinds[at % 3]} !" for at in range(36)))
    assert len(found) == PASSAGES_MAX
    assert (found[0].cased[:4], found[-1].cased[:4]) == ("No0 ", "No35")


def test_decoys_do_not_hide_a_link() -> None:
    decoys = "The url, the url, the url and the years 1999 - 2004, 1999 - 2005, 1999 - 2006. " * 4
    found = passages(f"{decoys}{PLAIN}{AD}http://bags.example/")
    assert found[-1].cased == f"{AD}url"


PARTS = st.sampled_from(
    [PLAIN, AD, "url ", "http://a.example/x ", "me@a.example.com ", "... ", "!"]
)


@given(st.lists(PARTS | st.text(max_size=20), max_size=12).map("".join))
def test_every_passage_is_a_part_of_the_neutral_text(raw: str) -> None:
    whole = NORMALISER.normalise(raw)
    for one in around_contacts(whole):
        assert one.cased in whole.cased
        assert set(one.links) <= set(whole.links)
        assert all(one.signals.values())


def test_passages_are_split_off_a_batch_as_they_are_read_alone() -> None:
    hosts = HostLists({name: np.array([], dtype=np.uint64) for name in LISTS})
    link = Document(f"{PLAIN}{AD}http://bags.example/", author_name="Ann")
    documents = [Document("Short."), link, Document(PLAIN), link]
    batch = read_batch(documents, NORMALISER, hosts)
    alone = read_batch([link], NORMALISER, hosts)
    assert batch.contacts is not None
    assert alone.contacts is not None
    assert batch.contacts.rows.tolist() == [1, 3]
    assert batch.texts == [NORMALISER.normalise(one.body).text for one in documents]
    around, single = batch.contacts.batch, alone.contacts.batch
    assert around.texts == single.texts * 2
    assert around.meta.tolist() == single.meta.tolist() * 2
    entries = len(single.counts.buckets)
    assert around.counts.ends.tolist() == [entries, 2 * entries]
    assert around.counts.buckets.tolist() == single.counts.buckets.tolist() * 2
    assert around.token_buckets.tolist() == single.token_buckets.tolist() * 2
    assert set(around.token_rows.tolist()) == {0, 1}
