"""Explanations point into the text as the site sent it."""

import math
from itertools import pairwise

import pytest

from models.document import Document
from models.explain import SPANS_MAX, WEIGHT_MIN
from models.features import TEXT_CHARS_MAX
from models.judgement import Span
from models.outputs import LABELS
from models.predict import Scorer

INSULT = "Dear editor, you are a stupid idiot. The weather was fine."
SPAM = "Earn $5000 a month from home: http://www.cheap-casino.top/win now, my friend!"
BODIES = {
    "plain text": Document(INSULT),
    "html": Document(
        "<p>You are a st<b>up</b>id <i>idiot</i>, &quot;sir&quot; &amp; friend&#33;</p>", "html"
    ),
    "html link": Document('<a href="http://cheap-casino.top/x">Earn $5000</a> &lt;now&gt;', "html"),
    "disguised": Document("You are a f*ck1ng 1d\u200b10t, f u c k i n g m0r0n, y\u0301ou know"),
    "look-alikes": Document("Yоu аre аn idiоt \uff49\uff44\uff49\uff4f\uff54 \U0001f600 moron"),
    "only signs": Document("!!! ??? &amp; ..."),
    "empty": Document(""),
    "one word": Document("idiot"),
    "lone surrogates": Document("you \ud800idiot\udfff moron"),
    "other script": Document("Привет, вы идиот, это очень плохо"),
    "longer than is read": Document("The idiot spoke. " * 3_000),
}


def logit(scorer: Scorer, text: str, label: str) -> float:
    probability = scorer.score([Document(text)])[0].scores[label]
    return math.log(probability / (1 - probability))


def spans(scorer: Scorer, document: Document, label: str) -> tuple[Span, ...]:
    return scorer.explain(document, [label])[0].spans


def words(scorer: Scorer, document: Document, label: str) -> list[str]:
    return [document.body[span.start : span.end] for span in spans(scorer, document, label)]


@pytest.mark.parametrize("name", BODIES)
def test_spans_lie_in_the_body_and_cut_no_space(name: str, shipped: Scorer) -> None:
    body = BODIES[name].body
    for explanation in shipped.explain(BODIES[name], LABELS):
        for span in explanation.spans:
            assert 0 <= span.start < span.end <= len(body)
            assert body[span.start : span.end] == body[span.start : span.end].strip()


@pytest.mark.parametrize("name", BODIES)
def test_spans_are_few_strong_apart_and_ordered_by_weight(name: str, shipped: Scorer) -> None:
    for explanation in shipped.explain(BODIES[name], LABELS):
        weights = [span.weight for span in explanation.spans]
        assert len(weights) <= SPANS_MAX
        assert all(weight >= WEIGHT_MIN for weight in weights)
        assert weights == sorted(weights, reverse=True)
        by_place = sorted(explanation.spans, key=lambda span: span.start)
        assert all(one.end <= two.start for one, two in pairwise(by_place))


def test_each_label_asked_for_is_explained_in_order(shipped: Scorer) -> None:
    asked = ["threat", "spam", "toxicity"]
    assert [one.label for one in shipped.explain(Document(INSULT), asked)] == asked


def test_insult_is_what_an_insult_is_explained_by(shipped: Scorer) -> None:
    assert "idiot" in words(shipped, Document(INSULT), "insult")[0]


def test_money_and_link_are_what_spam_is_explained_by(shipped: Scorer) -> None:
    found = " ".join(words(shipped, Document(SPAM), "spam")[:2])
    assert "$5000" in found or "http://www.cheap-casino.top/win" in found


def test_disguised_word_is_shown_as_it_was_typed(shipped: Scorer) -> None:
    found = words(shipped, Document("Well, you are a 1d10t, my friend"), "insult")
    assert "1d10t" in found[0]


def test_the_mark_on_a_last_letter_is_shown_with_it(shipped: Scorer) -> None:
    body = "you are an i\u0335d\u0335i\u0335o\u0335t\u0335!"
    (found,) = shipped.explain(Document(body), ["insult"])
    assert max(span.end for span in found.spans) == len(body) - 1


def test_word_in_html_is_cut_from_the_html(shipped: Scorer) -> None:
    document = Document("<p>The weather is fine, you <em>idiot</em></p>", "html")
    assert "idiot" in words(shipped, document, "insult")[0]


@pytest.mark.parametrize("word", ["&#105;diot", "&#x69;diot", "&quot;idiot&quot;"])
def test_word_with_an_entity_is_shown_whole_and_called_what_it_is(
    shipped: Scorer, word: str
) -> None:
    document = Document(f"The weather is fine, you {word}", "html")
    assert word in words(shipped, document, "insult")[0]
    assert shipped.explain(document, ["insult"])[0].text.startswith("insult aimed at a person: ")


def test_a_word_is_shown_whole_if_its_entity_lacks_the_semicolon(shipped: Scorer) -> None:
    text = shipped.explain(Document("you are an &#105diot"), ["insult"])[0].text
    assert text == "insult aimed at a person: 'an idiot'"


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("Thank you for the article. Muslims are idiots.", "insulting words"),
        ("Do you read this? Those voters are morons!", "insulting words"),
        ("These voters are morons, as you know.", "insulting words"),
        ("I read it all. You are a moron. So it goes.", "insult aimed at a person"),
        ("\u0443\u043eu \u0430r\u0435 \u0430n \u0456d\u0456\u043et", "insult aimed at a person"),
    ],
)
def test_an_insult_is_aimed_at_a_person_if_its_sentence_speaks_to_one(
    shipped: Scorer, body: str, words: str
) -> None:
    assert shipped.explain(Document(body), ["insult"])[0].text.startswith(f"{words}: ")


def test_what_is_hostile_only_as_a_whole_is_not_called_a_rude_word(shipped: Scorer) -> None:
    document = Document("Another expert who has never been to the country.")
    text = shipped.explain(document, ["toxicity"])[0].text
    assert text.startswith("rude or hostile as a whole; what weighs most: ")


def test_a_group_by_its_plain_name_is_not_called_a_rude_word(shipped: Scorer) -> None:
    found = shipped.explain(Document("Eid Mubarak to all our Muslim readers!"), ["toxicity"])[0]
    assert found.text == "rude or hostile as a whole; what weighs most: 'Muslim'"


def test_german_article_is_no_rude_word(shipped: Scorer) -> None:
    document = Document("Die Regierung ist eine Schande und der Minister ein Hurensohn")
    assert "rude or hostile words" not in shipped.explain(document, ["toxicity"])[0].text


def test_no_span_cuts_an_entity(shipped: Scorer) -> None:
    body = "You are a stupid idiot, go &amp; die!"
    for explanation in shipped.explain(Document(body, "html"), LABELS):
        for span in explanation.spans:
            assert not body.index("&amp;") < span.start < body.index("&amp;") + 5
            assert not body.index("&amp;") < span.end < body.index("&amp;") + 5


def test_weight_is_the_logit_lost_when_the_span_is_taken_out(shipped: Scorer) -> None:
    body = "This article is poor work, the author is a fool and knows nothing."
    for span in spans(shipped, Document(body), "insult"):
        without = body[: span.start] + body[span.end :]
        lost = logit(shipped, body, "insult") - logit(shipped, without, "insult")
        assert span.weight == pytest.approx(lost, abs=1e-4)


def test_spam_within_a_long_comment_is_explained_by_its_own_words(shipped: Scorer) -> None:
    plain = "The council met on Tuesday, and most of us liked the plan for the new library. " * 5
    link = "http://www.casino-win.top/bonus"
    body = f"{plain}Best online casino bonus: {link} today. {plain}"
    found = spans(shipped, Document(body), "spam")
    assert body[found[0].start : found[0].end] == link
    for span in found:
        without = body[: span.start] + body[span.end :]
        lost = logit(shipped, body, "spam") - logit(shipped, without, "spam")
        assert span.weight == pytest.approx(lost, abs=1e-4)


def test_spam_at_the_end_of_a_text_too_long_to_be_read_whole_is_quoted(shipped: Scorer) -> None:
    walk = "We walked along the river and the children fed the ducks while the sun came up. "
    sold = "Cheap viagra, forex signals, instagram followers, whatsapp hacker, spell caster, loans."
    body = walk * 60 + sold
    assert len(body) > TEXT_CHARS_MAX
    explanation = shipped.explain(Document(body), ["spam"])[0]
    assert explanation.text.startswith("words typical of spam: ")
    assert min(span.start for span in explanation.spans) >= len(walk) * 60


def test_a_price_is_no_promise_of_money(shipped: Scorer) -> None:
    body = "The dentist charged $200 for cleaning my teeth, is that a good price?"
    text = shipped.explain(Document(body), ["spam"])[0].text
    assert text.startswith("words typical of spam: '$200'")


def test_raised_digits_disguise_no_letters(shipped: Scorer) -> None:
    document = Document("We burn CO\u2082 on 20 m\u00b2 of land for free")
    text = shipped.explain(document, ["spam"])[0].text
    assert text.endswith("; unusual or invisible characters")


def test_one_exclamation_mark_is_not_called_many(shipped: Scorer) -> None:
    document = Document("Great article, thank you! https://www.boats-for-sale.com")
    text = shipped.explain(document, ["spam"])[0].text
    assert text.endswith("; mostly links; ends with a link; an exclamation mark")


def test_explaining_twice_gives_the_same(shipped: Scorer) -> None:
    document = BODIES["html"]
    assert shipped.explain(document, LABELS) == shipped.explain(document, LABELS)


def test_text_quotes_the_strongest_span(shipped: Scorer) -> None:
    explanation = shipped.explain(Document(INSULT), ["insult"])[0]
    top = explanation.spans[0]
    assert explanation.text.startswith("insult aimed at a person: ")
    assert f"'{INSULT[top.start : top.end]}'" in explanation.text


def test_comment_without_a_word_has_nothing_that_stands_out(shipped: Scorer) -> None:
    explanation = shipped.explain(Document(""), ["toxicity"])[0]
    assert explanation.spans == ()
    assert explanation.text == "no single part of the comment stands out"


def test_unknown_label_is_refused(shipped: Scorer) -> None:
    with pytest.raises(ValueError, match="no explanation for kindness"):
        shipped.explain(Document(INSULT), ["kindness"])


def test_rare_abuse_is_quoted_beside_what_drove_a_score(shipped: Scorer) -> None:
    body = "Well said. You dirty <b>c</b>hinks, G.F.Y., you paj\u0435ets."
    asked = ["unfamiliar_abuse", "toxicity", "unfamiliar_slur"]
    coded, score, slurs = shipped.explain(Document(body), asked)
    assert coded.text == "it says 'G.F.Y'"
    assert slurs.text == "it says 'dirty <b>c</b>hinks', 'paj\u0435ets'"
    assert [one.label for one in (coded, score, slurs)] == asked
    assert [body[one.start : one.end] for one in coded.spans] == ["G.F.Y"]
    assert {one.weight for one in slurs.spans} == {0.0}
