"""Spans and reasons."""

import time
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models import explain as explain_module
from models.calibrate import sigmoid
from models.document import Document
from models.explain import SPANS_MAX, _strongest
from models.judgement import Span
from models.outputs import LABELS
from models.predict import Scorer
from models.reasons import QUOTE_CHARS_MAX, quoted
from models.spam_rule import LONG_CHARS, ROUTES

BODY = "the new bridge, you st*pid <b>idiot</b>, is near our school and people like it"


@pytest.mark.parametrize("label", LABELS)
def test_without_a_span_the_score_is_what_its_weight_says(scorer: Scorer, label: str) -> None:
    batch = scorer.pipeline["read"].transform([Document(BODY)])
    logit = scorer.pipeline["classify"].decision_function(batch)[0, LABELS.index(label)]
    for span in scorer.explain(Document(BODY), [label])[0].spans:
        without = Document(BODY[: span.start] + BODY[span.end :])
        left = scorer.score([without])[0].scores[label]
        assert float(sigmoid(logit - span.weight)) == pytest.approx(left, abs=1e-4)


def test_a_word_is_weighed_by_the_spam_heads_that_judge_the_whole_comment(
    scorer: Scorer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A long comment is a short one without a word, and short ones are judged by another rule."""
    comment = Document("buy cheap pills today ".ljust(LONG_CHARS, "x"))
    spans = scorer.explain(comment, ["spam"])[0].spans
    classifier = scorer.pipeline["classify"]
    short = np.array([name == "bare" for name in ROUTES])
    monkeypatch.setattr(classifier, "spam_offset_", classifier.spam_offset_ + 5 * short)
    assert spans
    assert scorer.explain(comment, ["spam"])[0].spans == spans


@given(st.text(alphabet="you stupid idiot <b>&;*.\u200bа", max_size=80))
@settings(max_examples=25, deadline=None)
def test_spans_lie_in_the_body_and_do_not_overlap(scorer: Scorer, body: str) -> None:
    spans = scorer.explain(Document(body), ["toxicity"])[0].spans
    ordered = sorted(spans, key=lambda one: one.start)
    assert len(spans) <= SPANS_MAX
    assert all(0 <= span.start < span.end <= len(body) for span in spans)
    assert all(a.end <= b.start for a, b in pairwise(ordered))


def test_disguised_word_is_the_first_span(scorer: Scorer) -> None:
    span = scorer.explain(Document(BODY), ["toxicity"])[0].spans[0]
    assert "st*pid" in BODY[span.start : span.end] or "idiot" in BODY[span.start : span.end]


def test_a_phrase_is_left_out_where_one_of_its_words_weighs_nearly_as_much() -> None:
    word, weak, phrase = Span(0, 5, 4.0), Span(6, 8, 0.3), Span(0, 8, 4.5)
    assert _strongest([word, weak, phrase]) == (word, weak)


def test_a_phrase_stands_where_its_words_weigh_little_alone() -> None:
    another, expert, phrase = Span(0, 7, 1.0), Span(8, 14, 2.0), Span(0, 14, 4.5)
    assert _strongest([another, expert, phrase]) == (phrase,)


def test_a_phrase_is_weighed_against_the_one_word_that_was_measured() -> None:
    """With a second stage not all words of a phrase are."""
    first, second, phrase = Span(0, 7, 1.0), Span(8, 14, 4.4), Span(0, 14, 4.5)
    assert _strongest([first, phrase]) == (phrase,)
    assert _strongest([second, phrase]) == (second,)


def test_words_are_called_rude_only_where_they_are_so_alone(
    scorer: Scorer, monkeypatch: pytest.MonkeyPatch
) -> None:
    body = Document("you stupid idiot shut up moron")
    assert scorer.explain(body, ["toxicity"])[0].text.startswith("rude or hostile words: ")
    monkeypatch.setattr(explain_module, "ALONE_LOGIT_MIN", 1e9)
    assert " as a whole; what weighs most: " in scorer.explain(body, ["toxicity"])[0].text


def test_words_of_another_language_are_not_judged_alone(
    scorer: Scorer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scorer.pipeline["classify"], "languages_", ["en"])
    monkeypatch.setattr(scorer.pipeline["classify"], "_hear_languages", lambda *_: None)
    text = scorer.explain(Document("you stupid idiot shut up moron"), ["toxicity"])[0].text
    assert " as a whole; what weighs most: " in text


def test_insult_with_you_is_aimed_at_a_person(scorer: Scorer) -> None:
    text = scorer.explain(Document("you stupid idiot shut up moron"), ["insult"])[0].text
    assert text.startswith("insult aimed at a person: '")


def test_spam_reason_names_the_authors_keyword(scorer: Scorer) -> None:
    document = Document(
        "buy cheap pills at my site", author_name="cheap loans", author_url="http://loans.example/x"
    )
    assert "the author's" in scorer.explain(document, ["spam"])[0].text


@pytest.mark.parametrize("body", ["a b " * 5_000, "a" + "!" * 19_000 + "a", "a!!! " * 4_000])
def test_a_hostile_text_is_explained_in_a_second(scorer: Scorer, body: str) -> None:
    begun = time.process_time()
    scorer.explain(Document(body), ["toxicity"])
    assert time.process_time() - begun < 1


def test_empty_comment_has_no_spans(scorer: Scorer) -> None:
    explanation = scorer.explain(Document(""), ["toxicity"])[0]
    assert explanation.spans == ()
    assert explanation.text == "no single part of the comment stands out"


def test_explanations_come_in_the_order_asked_for(scorer: Scorer) -> None:
    labels = [one.label for one in scorer.explain(Document("you idiot"), ["threat", "spam"])]
    assert labels == ["threat", "spam"]


def test_long_quote_is_cut() -> None:
    assert len(quoted(Document("x" * 100), Span(0, 100, 1.0))) == QUOTE_CHARS_MAX + 2
