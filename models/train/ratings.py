"""Our own reading of comments of the data folder, kept apart from the comments themselves.

What people labelled elsewhere differs from source to source in what it calls toxic, and most of it
is a yes or a no. We read comments whose scores were neither surely plain nor surely abusive, and of
each kept how many of ten adult readers would call it rude, disrespectful or unreasonable enough to
make people leave (the meaning of toxicity in Perspective, Jigsaw and Civil Comments). No comment of
the test part is among them. FILE holds a hash of each text, a tab, and a code: a digit, then "i"
where it insults a person, "h" where it attacks a group for its identity, "t" where it threatens.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import chain
from pathlib import Path

from models.errors import ModelError
from models.train.rows import Row, openings, text_key
from models.train.templates import TEXTS, lines_of_text

FILE = TEXTS / "ratings.tsv"
SOURCE = "rated"
RATED_HEADS = ("rated", "rated_insult", "rated_identity", "rated_threat")
CHARS_MAX = 600
"""Of comments that no source labelled."""
_UNLABELLED = ("youtube_unlabelled", "blog_ham_haacked")
MARKS = "iht"
_KEY = re.compile(r"[0-9a-f]{16}")
_CODE = re.compile(rf"\d[{MARKS}]*")
_MOST = 9
Ratings = dict[str, str]


def key_of(text: str) -> str:
    """Return the hash under which the rating of a text is kept."""
    return text_key(text).hex()


def ratings(path: Path | None = None) -> Ratings:
    """Return the code of each text in FILE or another; ModelError names a line that is none."""
    found: Ratings = {}
    path = path or FILE
    for number, line in enumerate(lines_of_text(path), start=1):
        key, _, code = line.partition("\t")
        if not (_KEY.fullmatch(key) and _CODE.fullmatch(code)):
            raise ModelError(
                f"{path.name}, rating {number}: write a hash, a tab, a digit, letters of {MARKS}."
            )
        found[key] = code
    return found


def labels_of(code: str) -> dict[str, float]:
    """Return the labels of RATED_HEADS that a code stands for."""
    values = (int(code[0]) / _MOST, *(float(mark in code) for mark in MARKS))
    return dict(zip(RATED_HEADS, values, strict=True))


def rated(rows: Sequence[Row]) -> list[Row]:
    """Return the rows, those that were rated with the labels of their ratings as well."""
    known = ratings()
    codes = (known.get(key_of(row.text)) for row in rows)
    return [
        row if code is None else replace(row, labels=row.labels | labels_of(code))
        for row, code in zip(rows, codes, strict=True)
    ]


def rated_alone(data_folder: Path) -> Iterator[Row]:
    """Yield the rated comments of videos and blogs, which nobody else labelled."""
    known = ratings()
    texts = (openings(data_folder / "spam", name, CHARS_MAX) for name in _UNLABELLED)
    for text in dict.fromkeys(chain.from_iterable(texts)):
        if code := known.get(key_of(text)):
            yield Row(text, SOURCE, labels_of(code))
