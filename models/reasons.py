"""Reasons in the words that a moderator would use."""

import html
import math
import re
from dataclasses import dataclass

from models.batch import Batch
from models.classifier import CommentClassifier, Singles
from models.disguised import hides_letters
from models.document import Document
from models.judgement import Span
from models.markup import without_tags
from models.spam import META, META_SCALE

QUOTE_CHARS_MAX = 40
QUOTES_MAX = 3
QUOTED_SHARE_MIN = 0.4
"""Of the strongest span's weight; weaker spans are shown, not quoted."""
META_WEIGHT_MIN = 0.15
"""Logits that a fact about the comment must add before it is named."""
_PERSON = re.compile(
    r"\b(?<!thank )(?!(?<=as )you (?:all |can |may |might )?(?:know|say|said|see)\b)"
    r"(?:you|your|you're|youre|u(?!\.\w)|ur|yourself)\b"
)
"""In neutral lower case; neither thanks, nor "as you know"."""
_MONEY = re.compile(r"[$£€]|\b(?:earn|income|profits?|money|cash|rich)\b", re.I)
_EARNING = re.compile(
    r"\bearn(?:s|ed|ing)? (?:\S{1,30} ){0,4}?(?:[$£€]|(?:money|cash|income|profits?)\b)"
    r"|\b(?:makes?|making|made|gets? paid|getting paid) (?:up to |more than |\w{1,20} )?"
    r"(?:[$£€]|(?:money|cash)\b)"
    r"|[$£€]\S{1,20} (?:\S{1,30} )?(?:income|profits?)\b"
    r"|\b(?:(?:extra|passive) income|(?:become|get|getting) rich)\b"
)
_WORDS = {
    "toxicity": "rude or hostile words",
    "severe_toxicity": "hateful or aggressive words",
    "insult": "insulting words",
    "identity_attack": "attack on a group of people",
    "profanity": "swearing",
    "threat": "sounds like a threat",
    "spam": "words typical of spam",
}
"""Where words that are quoted mean by themselves what the score is about."""
_WHOLE = {
    "toxicity": "rude or hostile as a whole; what weighs most",
    "severe_toxicity": "hateful or aggressive as a whole; what weighs most",
    "insult": "insulting as a whole; what weighs most",
    "identity_attack": "attack on a group of people as a whole; what weighs most",
    "profanity": "reads like swearing; what weighs most",
    "threat": "sounds like a threat as a whole; what weighs most",
    "spam": "words typical of spam",
}
"""Where they do so only beside the others."""
_FACTS = {
    "links": "a link",
    "links_not_safe": "link to a little-known site",
    "link_short": "link hidden by a shortener",
    "link_listed": "link to a site on a public spam list",
    "link_share": "partly links",
    "link_twice": "the same site linked more than once",
    "link_last": "ends with a link",
    "email": "e-mail address in the text",
    "phone": "what looks like a phone number in the text",
    "money": "sums of money",
    "capitals": "capitals",
    "exclaims": "an exclamation mark",
    "disguise": "unusual or invisible characters",
    "emoji": "emoji",
    "author_digits": "digits in the author's name",
    "author_host": "the author's name looks like a web address",
    "author_keyword": "the author's name holds a keyword",
    "url_given": "the author gave a URL",
    "url_short_or_listed": "the author's URL is a shortener or on a public spam list",
    "url_path": "the author's URL points into a site",
    "url_hyphens": "hyphen in the author's URL",
    "url_in_text": "the text links to the author's own site",
    "email_throwaway": "throw-away e-mail address",
    "email_digits": "digits in the e-mail address",
    "markup_link": "link set by markup",
    "copies": "the same text was sent before",
    "own_site": "names a page as the author's or as one to visit",
}
"""True of whatever little there is of it."""
_MUCH = {
    "links": (0.3, "several links"),
    "links_not_safe": (0.3, "links to little-known sites"),
    "link_share": (1.0, "mostly links"),
    "capitals": (0.5, "written in capitals"),
    "exclaims": (0.3, "many exclamation marks"),
    "emoji": (0.6, "many emoji"),
    "url_hyphens": (0.6, "hyphens in the author's URL"),
    "email_digits": (0.4, "e-mail address with many digits"),
}
"""From how much on, as META tells it, more may be said."""
_DISGUISED = "letters disguised by other signs"


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is known about one score of one document. `batch` holds just this document.

    `heads` are the logits of all heads, `telling` the spans that would be suspect if they stood
    alone, `around` the neutral sentence of the strongest of these, or of all if there are none.
    """

    document: Document
    batch: Batch
    heads: Singles
    spans: tuple[Span, ...]
    telling: tuple[Span, ...]
    around: str


def quoted(document: Document, span: Span) -> str:
    """Return the words of a span as a page shows them, quoted, on one line, not too long."""
    source = document.body[span.start : span.end]
    if document.body_format == "html":
        # What shows no word is quoted as it was sent.
        source = without_tags(document.body, span.start, span.end) or source
    text = re.sub(r"\s+", " ", html.unescape(source))
    if len(text) > QUOTE_CHARS_MAX:
        text = text[: QUOTE_CHARS_MAX - 1] + "…"
    return f"'{text}'"


def reason(label: str, evidence: Evidence, classifier: CommentClassifier) -> str:
    """Return one sentence that says what drove a score."""
    spans = evidence.telling or evidence.spans
    strong = [one for one in spans if one.weight >= QUOTED_SHARE_MIN * spans[0].weight]
    found = dict.fromkeys(quoted(evidence.document, span) for span in strong)
    quotes = ", ".join([*found][:QUOTES_MAX])
    facts = _facts(evidence, classifier) if label == "spam" else ()
    parts = [*facts]
    if quotes:
        parts.insert(0, f"{_about(label, evidence, spans[0])}: {quotes}")
    if not parts:
        return "no single part of the comment stands out"
    return "; ".join(parts)


def _about(label: str, evidence: Evidence, first: Span) -> str:
    top = evidence.document.body[first.start : first.end]
    if label == "spam" and _MONEY.search(top) and _EARNING.search(evidence.around):
        return "promises money"
    if not evidence.telling:
        return _WHOLE[label]
    if label == "insult" and _PERSON.search(evidence.around):
        return "insult aimed at a person"
    return _WORDS[label]


def _facts(evidence: Evidence, classifier: CommentClassifier) -> tuple[str, ...]:
    route = int(classifier.routes(evidence.batch)[0])
    cited = float(evidence.batch.cited[0])
    effect = evidence.batch.meta[0] * classifier.spam_meta_weights(evidence.heads, route, cited)
    named = [
        (float(effect[index]), name)
        for index, name in enumerate(META)
        if name in _FACTS and effect[index] >= META_WEIGHT_MIN
    ]
    return tuple(_told(name, evidence) for _, name in sorted(named, reverse=True)[:3])


def _told(name: str, evidence: Evidence) -> str:
    if name == "disguise" and hides_letters(evidence.document.body):
        return _DISGUISED
    least, much = _MUCH.get(name, (math.inf, ""))
    value = float(evidence.batch.meta[0, META.index(name)]) / META_SCALE
    return much if value >= least else _FACTS[name]
