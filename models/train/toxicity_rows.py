"""Toxicity rows: one head a source, because labels of different sources mean different things."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from models.train.ratings import RATED_HEADS
from models.train.rows import Row, records, shares

WIKIPEDIA_HEADS = ("toxic", "severe_toxic", "obscene", "threat", "insult", "identity_hate")
NEWS_HEADS = ("civil", "civil_insult", "civil_identity", "civil_threat", "civil_obscene")
OTHER_HEADS = ("imp", "fox", "storm", "edos", "dav_hate", "dav_off", "any")
HEADS = (*WIKIPEDIA_HEADS, *NEWS_HEADS, *OTHER_HEADS, *RATED_HEADS)

_CIVIL_SHARES = {
    "insult": "civil_insult",
    "identity_attack": "civil_identity",
    "threat": "civil_threat",
    "obscene": "civil_obscene",
}
_SPAN_SHARES = {
    "span_insult": "civil_insult",
    "span_identity": "civil_identity",
    "span_threat": "civil_threat",
    "span_obscene": "civil_obscene",
}
SENTENCE = re.compile(r"[^.!?\n]+[.!?\n]*")
_SENTENCE_MIN_CHARS = 15
_PLACEHOLDER = re.compile(r"\[(?:URL|PHONE|USER|EMAIL|IP)\]")


def _with_any(labels: dict[str, float], value: float) -> dict[str, float]:
    return {**labels, "any": value}


def wikipedia(folder: Path) -> Iterator[Row]:
    """Wikipedia talk comments with the six labels of the Jigsaw challenge."""
    for record in records(folder, "jigsaw_wikipedia"):
        labels = {head: record.number(head) for head in WIKIPEDIA_HEADS}
        yield Row(record["text"], "jigsaw", _with_any(labels, labels["toxic"]))


def more_wikipedia(folder: Path) -> Iterator[Row]:
    """More rows of the same set, most with `toxic` alone."""
    for record in records(folder, "jigsaw_more"):
        labels = shares(record, {head: head for head in WIKIPEDIA_HEADS})
        yield Row(record["text"], "jigsaw_more", _with_any(labels, labels["toxic"]))


def civil(folder: Path) -> Iterator[Row]:
    """News-site comments, toxic and plain, with subtypes as shares of raters."""
    for record in records(folder, "civil_comments"):
        toxic = record.number("toxic")
        marked = record.number("span_share") if record["span_share"] else 1.0
        doubtful = record["source"] == "toxic_spans" and marked == 0
        labels = _with_any({"civil": toxic}, toxic) if not doubtful else {}
        labels |= shares(record, _CIVIL_SHARES) | shares(record, _SPAN_SHARES)
        text = _PLACEHOLDER.sub(" ", record["text"])
        yield Row(text, f"civil_{record['source']}", labels)


def _span_types(folder: Path) -> dict[str, dict[str, float]]:
    return {
        _key(record["text"]): shares(record, _SPAN_SHARES)
        for record in records(folder, "civil_span_types")
    }


def _key(text: str) -> str:
    return re.sub(r"\W+", " ", text.lower()).strip()


def sentences(text: str, marked: set[int]) -> tuple[list[str], list[str]]:
    """Return the sentences that hold a marked character and those that hold none."""
    with_mark: list[str] = []
    without: list[str] = []
    for match in SENTENCE.finditer(text):
        if len(match[0].strip()) < _SENTENCE_MIN_CHARS:
            continue
        touched = any(index in marked for index in range(match.start(), match.end()))
        (with_mark if touched else without).append(match[0])
    return with_mark, without


def civil_spans(folder: Path) -> Iterator[Row]:
    """Toxic news posts; their unmarked sentences serve as plain comments on the same topic."""
    types = _span_types(folder)
    for record in records(folder, "civil_toxic_spans"):
        text = record["text"]
        labels = _with_any({"civil": 1.0}, 1.0) | types.get(_key(text), {})
        yield Row(text, "civil_spans", labels, 0.7)
        marked, plain = sentences(text, set(ast.literal_eval(record["spans"])))
        if marked and plain:
            toxic = _with_any({"civil": 1.0}, 1.0)
            yield Row(" ".join(marked), "civil_marked", toxic, 0.7, origin=text)
        if plain:
            clean = _with_any({"civil": 0.0}, 0.0)
            yield Row(" ".join(plain), "civil_plain", clean, origin=text)


def civil_identity(folder: Path) -> Iterator[Row]:
    """News comments rich in identities, with the share of raters who saw an identity attack."""
    for record in records(folder, "civil_toxicbias"):
        share = record.number("identity_attack")
        yield Row(record["text"], "civil_bias", {"civil_identity": share}, 0.5)


def impermium(folder: Path) -> Iterator[Row]:
    """Insults to other readers under news and in forums."""
    for record in records(folder, "impermium_insults"):
        insult = record.number("insult")
        yield Row(record["text"], "impermium", _with_any({"imp": insult}, insult))


def fox(folder: Path) -> Iterator[Row]:
    """Hate under ten news articles."""
    for record in records(folder, "fox_news_hate"):
        yield Row(record["text"], "fox", {"fox": record.number("hate")})


def social(folder: Path) -> Iterator[Row]:
    """Sexism, hate and slang from other places, each under a head of its own."""
    for record in records(folder, "edos_sexism"):
        yield Row(record["text"], "edos", {"edos": record.number("sexist")}, 0.6)
    for record in records(folder, "stormfront_forum"):
        yield Row(record["text"], "stormfront", {"storm": record.number("hate")}, 0.6)
    for record in records(folder, "davidson_tweets"):
        labels = {"dav_hate": record.number("hate"), "dav_off": record.number("offensive")}
        yield Row(record["text"], "davidson", labels, 0.6)


def plain_blog(folder: Path, rows_max: int = 4000) -> Iterator[Row]:
    """Published blog comments as plain text for the heads that meet abuse in the open."""
    labels = dict.fromkeys((*WIKIPEDIA_HEADS, "civil", "any"), 0.0)
    for index, record in enumerate(records(folder, "blog_ham_haacked")):
        if index % 6 == 0 and index < rows_max * 6:
            yield Row(record["text"][:600], "haacked", labels, 0.5)


def english_rows(data_folder: Path) -> list[Row]:
    """Return all rows that may train the English toxicity heads, in a fixed order."""
    folder = data_folder / "toxicity"
    parts = (wikipedia, more_wikipedia, civil, civil_spans, civil_identity, impermium, fox, social)
    rows = [row for part in parts for row in part(folder)]
    return rows + list(plain_blog(data_folder / "spam"))
