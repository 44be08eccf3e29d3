"""Sentences that tell a moderator why."""

import numpy as np
import pytest

from models.batch import read_batch
from models.classifier import CommentClassifier
from models.document import Document
from models.judgement import Span
from models.lexicon import Lexicon
from models.linear import LinearHeads
from models.links import LISTS, HostLists
from models.reasons import QUOTE_CHARS_MAX, Evidence, quoted, reason
from models.spam import META
from models.spam_rule import ROUTES, SPAM_HEADS
from models.text import Normaliser

NO_LISTS = HostLists({name: np.array([], dtype=np.uint64) for name in LISTS})


def classifier(**weights: float) -> CommentClassifier:
    """A classifier to whose spam logit the facts named add their weight, and nothing else does."""
    one = CommentClassifier()
    one.linear_ = LinearHeads()
    one.linear_.dense_ = np.zeros((len(META), len(SPAM_HEADS)), dtype=np.float32)
    for name, weight in weights.items():
        one.linear_.dense_[META.index(name)] = weight
    one.spam_slope_, one.spam_offset_ = np.ones(len(ROUTES)), np.zeros(len(ROUTES))
    one.today_slope_, one.today_offset_ = 1.0, -99.0
    return one


def said_of(
    label: str,
    body: str | Document,
    spans: tuple[Span, ...],
    telling: tuple[Span, ...],
    **weights: float,
) -> str:
    """The reason for a label, of these spans of one sentence."""
    document = body if isinstance(body, Document) else Document(body)
    batch = read_batch([document], Normaliser(Lexicon.of({}, ())), NO_LISTS)
    heads = np.zeros(len(SPAM_HEADS), dtype=np.float32)
    evidence = Evidence(document, batch, heads, spans, telling, batch.texts[0])
    return reason(label, evidence, classifier(**weights))


def spans_of(body: str, *spoken: str) -> tuple[Span, ...]:
    return tuple(Span(body.index(word), body.index(word) + len(word), 1.0) for word in spoken)


def said(label: str, body: str, *spoken: str, **weights: float) -> str:
    """The reason where the strongest spans are the `spoken` parts, each suspect by itself."""
    spans = spans_of(body, *spoken)
    return said_of(label, body, spans, spans, **weights)


@pytest.mark.parametrize(
    ("label", "words"),
    [
        ("toxicity", "rude or hostile words: 'fool'"),
        ("severe_toxicity", "hateful or aggressive words: 'fool'"),
        ("identity_attack", "attack on a group of people: 'fool'"),
        ("profanity", "swearing: 'fool'"),
        ("threat", "sounds like a threat: 'fool'"),
        ("spam", "words typical of spam: 'fool'"),
    ],
)
def test_each_score_has_words_of_its_own(label: str, words: str) -> None:
    assert said(label, "what a fool", "fool") == words


def test_insult_to_a_reader_is_told_from_insulting_words() -> None:
    assert said("insult", "you are a fool", "fool") == "insult aimed at a person: 'fool'"
    assert said("insult", "he was a fool", "fool") == "insulting words: 'fool'"


@pytest.mark.parametrize(
    "body",
    [
        "thank you, he is a fool",
        "they are fools, as you know",
        "as you can see they are fools",
        "the u.s. press is a fool",
    ],
)
def test_thanks_and_asides_aim_no_insult_at_a_reader(body: str) -> None:
    assert said("insult", body, "fool") == "insulting words: 'fool'"


def test_a_comparison_aims_an_insult_at_a_reader() -> None:
    assert said("insult", "no fool as you are", "fool") == "insult aimed at a person: 'fool'"


@pytest.mark.parametrize(
    ("label", "words"),
    [
        ("toxicity", "rude or hostile as a whole; what weighs most: 'expert'"),
        ("severe_toxicity", "hateful or aggressive as a whole; what weighs most: 'expert'"),
        ("insult", "insulting as a whole; what weighs most: 'expert'"),
        ("identity_attack", "attack on a group of people as a whole; what weighs most: 'expert'"),
        ("profanity", "reads like swearing; what weighs most: 'expert'"),
        ("threat", "sounds like a threat as a whole; what weighs most: 'expert'"),
        ("spam", "words typical of spam: 'expert'"),
    ],
)
def test_words_that_are_innocent_alone_are_not_called_rude(label: str, words: str) -> None:
    body = "you, another expert"
    assert said_of(label, body, spans_of(body, "expert"), ()) == words


def test_where_one_word_is_suspect_alone_it_is_quoted_and_not_the_stronger_ones() -> None:
    you, stupid = Span(0, 3, 4.0), Span(4, 10, 1.0)
    said_so = said_of("toxicity", "you stupid fellow", (you, stupid), (stupid,))
    assert said_so == "rude or hostile words: 'stupid'"


def test_weak_words_are_not_quoted_beside_a_strong_one() -> None:
    strong, weak = Span(0, 4, 3.0), Span(5, 9, 1.0)
    assert said_of("toxicity", "fool here", (strong, weak), (strong, weak)).endswith(": 'fool'")


def test_promise_of_money_is_called_so() -> None:
    assert said("spam", "earn $500 a day", "earn $500") == "promises money: 'earn $500'"


@pytest.mark.parametrize(
    "body", ["make up to $500 a day", "get paid $500", "$500 daily profit", "get rich with $500"]
)
def test_money_beside_words_of_earning_is_a_promise(body: str) -> None:
    assert said("spam", body, "$500") == "promises money: '$500'"


@pytest.mark.parametrize(
    "body",
    [
        "the rent is $500",
        "$500 a night is much",
        "he made us all pay $500",
        "i paid $500 for a tooth",
    ],
)
def test_money_that_is_paid_is_no_promise(body: str) -> None:
    assert said("spam", body, "$500") == "words typical of spam: '$500'"


def test_a_promise_of_money_is_found_in_what_is_quoted() -> None:
    body = "earn here at this casino"
    earn, casino = Span(0, 4, 3.0), Span(18, 24, 2.0)
    assert said_of("spam", body, (earn, casino), (casino,)) == "words typical of spam: 'casino'"


def test_three_parts_are_quoted_at_most() -> None:
    assert said("toxicity", "a b c d", "a", "b", "c", "d").endswith(": 'a', 'b', 'c'")


def test_facts_about_the_comment_follow_the_strongest_first() -> None:
    body = "win $500 at http://a.example"
    found = said("spam", body, "win", money=1.0, link_last=3.0)
    assert found == "words typical of spam: 'win'; ends with a link; sums of money"


def test_facts_alone_are_a_reason() -> None:
    assert said("spam", "see http://a.example", link_last=2.0) == "ends with a link"


def test_weak_fact_is_not_named() -> None:
    assert said("spam", "see http://a.example", link_last=0.2) == (
        "no single part of the comment stands out"
    )


LINK = "http://a.example/b"


@pytest.mark.parametrize(
    ("fact", "body", "words"),
    [
        ("exclaims", "thank you! well said", "an exclamation mark"),
        ("exclaims", "buy now! today! here!", "many exclamation marks"),
        ("emoji", "so nice \u2600\ufe0f", "emoji"),
        ("emoji", "\U0001f911 \U0001f911 \U0001f911 \U0001f911 \U0001f911", "many emoji"),
        ("links", LINK, "a link"),
        ("links", f"{LINK} {LINK}", "several links"),
        ("links_not_safe", LINK, "link to a little-known site"),
        ("links_not_safe", f"{LINK} {LINK}", "links to little-known sites"),
        ("link_share", f"I found the explanation on {LINK} useful", "partly links"),
        ("link_share", f"see {LINK}", "mostly links"),
        ("capitals", "NASA said nothing to it", "capitals"),
        ("capitals", "BUY CHEAP PILLS now", "written in capitals"),
    ],
)
def test_a_fact_is_named_in_words_that_are_true(fact: str, body: str, words: str) -> None:
    assert said("spam", body, **{fact: 99.0}) == words


@pytest.mark.parametrize(
    ("fact", "name", "words"),
    [
        ("author_host", "smith.net", "the author's name looks like a web address"),
        ("author_keyword", "Free Tours", "the author's name holds a keyword"),
        ("url_given", "Ann", "the author gave a URL"),
        ("url_hyphens", "Ann", "hyphen in the author's URL"),
        ("email_digits", "Ann", "digits in the e-mail address"),
    ],
)
def test_a_fact_about_the_author_claims_no_more_than_is_known(
    fact: str, name: str, words: str
) -> None:
    author = Document("hello", "text", name, "ann.smith7@mail.example", "https://ann-smith.example")
    assert said_of("spam", author, (), (), **{fact: 99.0}) == words


def test_disguised_letters_are_told_from_characters_that_are_only_rare() -> None:
    assert said("spam", "bu\u200by now", disguise=9.0) == "letters disguised by other signs"
    assert said("spam", "CO\u2082 now", disguise=9.0) == "unusual or invisible characters"


def test_fact_about_spam_is_no_reason_for_abuse() -> None:
    assert said("toxicity", "see http://a.example", link_last=2.0) == (
        "no single part of the comment stands out"
    )


def test_quote_stands_on_one_line() -> None:
    assert quoted(Document("you\n\n  fool"), Span(0, 11, 1.0)) == "'you fool'"


def test_an_entity_is_quoted_as_the_letter_that_a_page_shows() -> None:
    assert quoted(Document("&#105;diot, you"), Span(0, 11, 1.0)) == "'idiot,'"


@pytest.mark.parametrize(
    ("part", "shown"),
    [
        ("stupid</b> <i>idiot", "stupid idiot"),
        ("idiot</i></p><p>so", "idiot so"),
        ("so<b>da", "soda"),
        ("&#105;d&shy;", "id\xad"),
        ("http://x.example/", "http://x.example/"),
        ("x.example/' rel=y>cheap", "x.example/ cheap"),
        ("so <a href='http://x", "so http://x"),
        ("3 > 2", "3 > 2"),
        ("f<!-- x -->ool", "fool"),
        ("<img src='x'>", "<img src='x'>"),
    ],
)
def test_html_is_quoted_in_the_words_that_readers_see(part: str, shown: str) -> None:
    body = (
        "<p>A <b>stupid</b> <i>idiot</i></p><p>so <a href='http://x.example/' rel=y>cheap</a>"
        " 3 > 2 s<b>o</b>da so<b>da</b> &#105;d&shy;iot f<!-- x -->ool <img src='x'>"
    )
    start = body.index(part)
    assert quoted(Document(body, "html"), Span(start, start + len(part), 1.0)) == f"'{shown}'"


def test_plain_text_is_quoted_with_what_looks_like_a_tag() -> None:
    assert quoted(Document("<b>you fool</b>"), Span(0, 15, 1.0)) == "'<b>you fool</b>'"


def test_what_is_the_same_to_readers_is_quoted_once() -> None:
    body = "f<b>ool</b> and fool"
    spans = (Span(0, 7, 1.0), Span(16, 20, 1.0))
    document = Document(body, "html")
    found = said_of("insult", document, spans, spans)
    assert found.count("fool") == 1


def test_long_quote_is_cut() -> None:
    found = quoted(Document("x" * 500), Span(0, 500, 1.0))
    assert len(found) == QUOTE_CHARS_MAX + 2
    assert found.endswith("…'")
