"""Which parts of a comment pushed a score, measured by taking them out."""

import html
import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import chain

import numpy as np
import numpy.typing as npt

from models.batch import Batch
from models.classifier import CommentClassifier
from models.document import Document
from models.features import TEXT_CHARS_MAX, Flat, Grams, char_grams, shortened, word_grams
from models.groups import names_a_group
from models.judgement import Explanation, Span
from models.outputs import LABELS
from models.rare_abuse import rare_abuse
from models.reader import Reader
from models.reasons import QUOTES_MAX, Evidence, quoted, reason

Floats = npt.NDArray[np.float64]
Range = tuple[int, int]

CANDIDATES_MAX = 14
"""So many words and phrases are taken out one by one; each costs one scored document."""
READ_AGAIN_MAX = 8
"""So many of them, for each score, are measured with a second stage, where there is one: those that
move the first stage most. Each costs one pass of its encoder."""
SPANS_MAX = 5
WEIGHT_MIN = 0.1
"""Logits; what moves the score less is not shown."""
PHRASE_GAIN = 1.2
"""A phrase is shown instead of its stronger word where it weighs so many times as much."""
ALONE_LOGIT_MIN = -2.2
"""A span is suspect by itself from this logit on, a score of .1: 'disgusting' and 'damn' are,
'another expert' is not."""
_WORD = re.compile(r"\S+")
_SENTENCE_END = re.compile(r"(?<=[.!?]) ")
_BEGINS = re.compile(r"[\w@*$#]")
_ENDS = re.compile(r"[\w*$%\u0300-\u036f\u20d0-\u20ff]")


def explain(
    reader: Reader, classifier: CommentClassifier, document: Document, labels: Sequence[str]
) -> list[Explanation]:
    """Return an explanation for each label: spans of the body with their exact effect."""
    batch = reader.transform([document])
    heads = classifier.head_logits(batch)
    logits = classifier.mixed(heads, batch, capped=False)[0]
    columns = [LABELS.index(label) for label in labels]
    words = _original_words(reader, document.body)
    route = int(classifier.routes(batch)[0])
    cited = float(batch.cited[0])
    slopes = [classifier.linear_slopes(heads[0], column, route, cited) for column in columns]
    shares = _contributions(classifier, batch, slopes)
    ranges = [_candidates(words, share) for share in shares]
    if classifier.second is not None:
        first = classifier.mixed(heads, batch, again=False, capped=False)[0]
        drops = _drops(reader, classifier, document, ranges, first, route, again=False)
        ranges = [
            sorted(own, key=lambda one: -drops[one][column])[:READ_AGAIN_MAX]
            for own, column in zip(ranges, columns, strict=True)
        ]
    drops = _drops(reader, classifier, document, ranges, logits, route)
    spans = [
        _strongest([Span(*one, float(drops[one][column])) for one in own])
        for column, own in zip(columns, ranges, strict=True)
    ]
    # A word alone does not tell its language: "die" is an article in German.
    foreign = batch.languages[0] in classifier.languages_
    alone = {} if foreign else _alone(reader, classifier, document, spans, route)
    result: list[Explanation] = []
    for label, column, own in zip(labels, columns, spans, strict=True):
        telling = tuple(
            span
            for span in own
            if not foreign
            and alone[span.start, span.end][column] >= ALONE_LOGIT_MIN
            and not names_a_group(document.body[span.start : span.end])
        )
        first = (telling or own)[:1]
        around = _sentence(batch.texts[0], words, first[0]) if first else ""
        evidence = Evidence(document, batch, heads[0], own, telling, around)
        result.append(Explanation(label, reason(label, evidence, classifier), own))
    return result


def quotations(reader: Reader, document: Document, flags: Sequence[str]) -> list[Explanation]:
    """Return, for each flag of rare abuse, where the body says what it means; no weights."""
    trace = reader.normaliser.trace(document.body)
    found = rare_abuse(trace.text.lower())
    result: list[Explanation] = []
    for flag in flags:
        places = sorted({trace.span(*one) for one in found.get(flag, ())})[:SPANS_MAX]
        spans = tuple(Span(*place, 0.0) for place in places)
        quotes = dict.fromkeys(quoted(document, span) for span in spans)
        said = f"it says {', '.join([*quotes][:QUOTES_MAX])}" if quotes else ""
        result.append(Explanation(flag, said, spans))
    return result


def _original_words(reader: Reader, body: str) -> list[tuple[Range, Range]]:
    """Return each neutral word's range with the range of the body that it came from."""
    trace = reader.normaliser.trace(body)
    pairs: list[tuple[Range, Range]] = []
    cores: dict[Range, Range] = {}  # many words come from one range: letters spaced out
    for match in _WORD.finditer(trace.text):
        whole = trace.span(*match.span())
        is_word = any(map(str.isalnum, match[0]))  # "&amp;" is a sign, though it has letters
        if is_word and whole not in cores:
            cores[whole] = _core(body, whole)
        pairs.append((match.span(), cores[whole] if is_word else whole))
    return pairs


def _sentence(text: str, words: list[tuple[Range, Range]], span: Span) -> str:
    """Return the sentences of the neutral text in which the words of a span stand."""
    own = [at for at, (start, end) in words if start < span.end and span.start < end]
    ends = [match.start() for match in _SENTENCE_END.finditer(text)]
    first = max((end for end in ends if end < own[0][0]), default=0)
    last = min((end for end in ends if end >= own[-1][1]), default=len(text))
    return text[first:last].strip()


def _core(body: str, whole: Range) -> Range:
    """Return where a word of the body is without the signs around it, if it has more than signs.

    One with an entity stays whole.
    """
    word = body[slice(*whole)]
    begins, ends = _BEGINS.search(word), _ENDS.search(word[::-1])
    if html.unescape(word) != word or not (begins and ends):
        return whole
    start, end = whole[0] + begins.start(), whole[1] - ends.start()
    return (start, end) if start < end else whole


def _contributions(
    classifier: CommentClassifier, batch: Batch, slopes: Sequence[Floats]
) -> list[Floats]:
    """Return, a score each, what each character of the neutral text adds to it, roughly.

    Of the linear part alone, to which the middle of a long text adds nothing; it only chooses what
    is then measured.
    """
    text = shortened(batch.texts[0])
    flat = Flat.of([text])
    parts = (word_grams(flat), char_grams(flat))
    unread = np.zeros(len(batch.texts[0]) - len(text))
    head = TEXT_CHARS_MAX * 2 // 3
    read = (_shares(classifier, parts, len(text), own) for own in slopes)
    return [np.concatenate([share[:head], unread, share[head:]]) for share in read]


def _shares(
    classifier: CommentClassifier, parts: Sequence[Grams], length: int, slopes: Floats
) -> Floats:
    share = np.zeros(length + 2)
    for grams in parts:
        weights = classifier.linear_weights(slopes, grams.buckets)
        value = weights * classifier.linear_.idf_[grams.buckets] / grams.sizes
        np.add.at(share, grams.starts, value)
        ends = np.minimum(grams.starts + grams.sizes, len(share) - 1)
        np.add.at(share, ends, -value)
    return np.asarray(np.cumsum(share)[1 : length + 1])


def _candidates(words: list[tuple[Range, Range]], share: Floats) -> list[Range]:
    """Return ranges of the body worth taking out: words that look strong, and neighbours."""
    padded = np.append(share, np.zeros(1))
    strength = [float(padded[start:end].sum()) for (start, end), _ in words]
    order = np.argsort(strength, kind="stable")[::-1][:CANDIDATES_MAX]
    chosen = {int(index) for index in order}
    ranges = [words[index][1] for index in sorted(chosen)]
    phrases = [
        (words[index][1][0], words[index + 1][1][1])
        for index in sorted(chosen)
        if index + 1 in chosen
    ]
    return [span for span in dict.fromkeys(ranges + phrases) if span[0] < span[1]]


def _drops(
    reader: Reader,
    classifier: CommentClassifier,
    document: Document,
    ranges: Sequence[Sequence[Range]],
    logits: Floats,
    route: int,
    *,
    again: bool = True,
) -> dict[Range, Floats]:
    """Return by how much each logit drops without each range.

    `again`: with the second stage, if there is one. The whole comment's `route` is kept: that a
    text without a word is of another length says nothing of the word. Spam is measured uncapped: a
    word of many that say what is sold would not move a capped score.
    """
    body = document.body
    without = {one: body[: one[0]] + body[one[1] :] for one in chain.from_iterable(ranges)}
    left = _logits_of(reader, classifier, document, without, route, again=again)
    return {one: logits - own for one, own in left.items()}


def _alone(
    reader: Reader,
    classifier: CommentClassifier,
    document: Document,
    spans: Sequence[Sequence[Span]],
    route: int,
) -> dict[Range, Floats]:
    """Return the first stage's logits of each span as a comment of its own."""
    ranges = ((span.start, span.end) for span in chain.from_iterable(spans))
    bodies = {(start, end): document.body[start:end] for start, end in ranges}
    return _logits_of(reader, classifier, document, bodies, route, again=False)


def _logits_of(
    reader: Reader,
    classifier: CommentClassifier,
    document: Document,
    bodies: dict[Range, str],
    route: int,
    *,
    again: bool,
) -> dict[Range, Floats]:
    """Return the logits of the document with each of some bodies; all read and scored once."""
    if not bodies:
        return {}
    batch = reader.transform([replace(document, body=body) for body in bodies.values()])
    logits = classifier.decision_function(batch, again=again, route=route, capped=False)
    return dict(zip(bodies, logits, strict=True))


def _strongest(spans: Sequence[Span]) -> tuple[Span, ...]:
    """Return the strongest spans that do not overlap."""
    kept: list[Span] = []
    for span in sorted(_tight(spans), key=lambda one: (-one.weight, one.start)):
        apart = all(span.end <= other.start or span.start >= other.end for other in kept)
        if span.weight >= WEIGHT_MIN and apart:
            kept.append(span)
    return tuple(kept[:SPANS_MAX])


def _tight(spans: Sequence[Span]) -> list[Span]:
    """Leave out phrases that weigh little more than the stronger of their two words."""
    longest_first = sorted(spans, key=lambda one: one.start - one.end)
    from_start = {span.start: span for span in longest_first}
    to_end = {span.end: span for span in longest_first}
    kept: list[Span] = []
    for span in spans:
        words = [one for one in (from_start[span.start], to_end[span.end]) if one is not span]
        if not words or span.weight > PHRASE_GAIN * max(word.weight for word in words):
            kept.append(span)
    return kept
