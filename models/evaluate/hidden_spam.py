"""Spam among plain sentences: how much of it a long comment hides from heads new to its site."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from models.calibrate import sigmoid
from models.classifier import CommentClassifier
from models.contacts import contacts
from models.document import Document
from models.evaluate.hidden import LENGTHS, PAIRS, PLACES, SEED, Hidden, within
from models.evaluate.spam import Part, SpamLab
from models.reader import Reader
from models.train.calibration import is_test
from models.train.spam_rows import SpamRow

Mask = npt.NDArray[np.bool_]
SPAM_CHARS_MAX = 300
BATCH_ROWS = 64


@dataclass(frozen=True, slots=True)
class Advertising:
    """How many long comments with short spam in them are held, and what that costs.

    `plain` is how many long plain comments of blogs were judged, `plain_held` how many of them
    are held for a passage alone.
    """

    hidden: list[Hidden]
    plain: int
    plain_held: int


@dataclass(frozen=True, slots=True)
class _Site:
    """Short spam of one site, held alone by heads that never saw the site."""

    spam: list[Document]
    classifier: CommentClassifier


def hidden_spam(lab: SpamLab, parts: Sequence[Part], hold: float) -> Advertising:
    """Put short test spam of blogs that has a link or an address into long plain comments; seeded.

    Each blog is judged by heads that never saw it, for spam alone; the plain comments, approved
    alone, may be of another one.
    """
    sites: list[_Site] = []
    plain: list[str] = []
    count, held = 0, 0
    for mask, fitted in parts:
        rows = [lab.whole[at] for at in np.flatnonzero(mask) if _is_wanted(lab.whole[at])]
        classifier = lab.classifier_with(fitted)
        short = [
            row.document
            for row in rows
            if row.spam and _is_short_with_contact(lab.reader, row.document)
        ]
        caught = _held(lab.reader, classifier, short, hold)
        if caught.any():
            sites.append(_Site([short[at] for at in np.flatnonzero(caught)], classifier))
        long = [row.document for row in rows if not row.spam and _is_long(row.document)]
        by_whole = _held(lab.reader, classifier, long, hold, passages=False)
        by_all = _held(lab.reader, classifier, long, hold)
        plain += [one.body.strip() for one, bad in zip(long, by_all, strict=True) if not bad]
        count, held = count + len(long), held + int((by_all & ~by_whole).sum())
    return Advertising(list(_by_length(lab.reader, sites, plain, hold)), count, held)


def _is_wanted(row: SpamRow) -> bool:
    return row.medium == "blog" and row.is_comment and is_test(row)


def _is_short_with_contact(reader: Reader, document: Document) -> bool:
    short = len(document.body) <= SPAM_CHARS_MAX
    return short and any(contacts(reader.normaliser.normalise(document.body).text))


def _is_long(document: Document) -> bool:
    return LENGTHS[0][0] <= len(document.body) < LENGTHS[-1][1]


def _by_length(
    reader: Reader, sites: Sequence[_Site], plain: Sequence[str], hold: float
) -> Iterator[Hidden]:
    rng = random.Random(SEED)  # noqa: S311 - not for secrets
    for chars in LENGTHS:
        fitting = [text for text in plain if chars[0] <= len(text) < chars[1]]
        if not (fitting and sites):
            continue
        pairs: list[tuple[_Site, Document, str]] = []
        for _ in range(PAIRS):
            site = rng.choice(sites)
            pairs.append((site, rng.choice(site.spam), rng.choice(fitting)))
        held = dict.fromkeys(PLACES, 0)
        for place in PLACES:
            for site, spam, text in pairs:
                body = within(spam.body.strip(), text, place, rng)
                found = _held(reader, site.classifier, [replace(spam, body=body)], hold)
                held[place] += int(found.sum())
        yield Hidden(chars, held, PAIRS)


def _held(
    reader: Reader,
    classifier: CommentClassifier,
    documents: Sequence[Document],
    hold: float,
    *,
    passages: bool = True,
) -> Mask:
    """Tell which documents are held as spam; unless `passages`, for the whole alone."""
    found: list[Mask] = [np.zeros(0, dtype=bool)]
    for start in range(0, len(documents), BATCH_ROWS):
        batch = reader.transform(documents[start : start + BATCH_ROWS])
        if not passages:
            batch = replace(batch, contacts=None)
        heads = classifier.linear_.decision_function(batch)
        logits = classifier.spam(heads, batch, classifier.routes(batch))
        found.append(sigmoid(logits) >= hold)
    return np.concatenate(found)
