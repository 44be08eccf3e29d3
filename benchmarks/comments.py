"""The comments that every benchmark sends: real ones of real lengths, in a news site's mix.

With ../shared/data there: readers' comments of news sites and talk pages at their natural rate of
abuse (8 % toxic), comments of a blog as HTML, and 5 % spam. Without it: texts of our own with the
same distribution of lengths. The order is fixed by a seed, so every build gets the same comments.
"""

import csv
import gzip
import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

DATA = Path(__file__).resolve().parent.parent.parent / "shared" / "data"
SEED = 5
FIELD_MAX_CHARS = 10_000_000
# (file, share of the mix, the rows to take, body format)
MIX: tuple[tuple[str, float, dict[str, str], str], ...] = (
    ("toxicity/news_globe_and_mail", 0.45, {}, "text"),
    ("toxicity/cat_wikipedia", 0.25, {}, "text"),
    ("toxicity/civil_comments", 0.08, {"toxic": "1"}, "text"),
    ("spam/blog_ham_haacked", 0.17, {}, "html"),
    ("spam/blog_spam", 0.05, {}, "text"),
)
# Deciles of the mix's lengths, characters; texts of our own are drawn from them.
LENGTHS = (20, 60, 110, 165, 225, 300, 390, 520, 740, 1150, 3000)
WORDS = (
    "the council voted again last night and nobody asked us what we think of the new bridge its"
    " price or the noise while buses still come late because money went elsewhere I walked along"
    " the quay with my children who liked boats more than speeches you may disagree but read page"
    " two of that report first then tell me where I am wrong thank you for writing this article"
)


def comments(count: int) -> list[dict[str, Any]]:
    """`count` submissions as the API takes them, different from each other where data allows."""
    chance = random.Random(SEED)  # noqa: S311  # no secret
    if not DATA.is_dir():
        return [_submission(_own_text(chance), "text", {}) for _ in range(count)]
    made: list[dict[str, Any]] = []
    for name, share, wanted, body_format in MIX:
        rows = list(_rows(name, wanted))
        chance.shuffle(rows)
        most = round(count * share)
        repeated = rows * (most // max(1, len(rows)) + 1)
        made += [_submission(row["text"], body_format, row) for row in repeated[:most]]
    chance.shuffle(made)
    return made


def bodies(count: int) -> list[bytes]:
    """The same as JSON."""
    return [json.dumps(comment).encode() for comment in comments(count)]


def source() -> str:
    """Where the comments come from, in words, for the results."""
    return "real comments (../shared/data)" if DATA.is_dir() else "texts of our own"


def labelled(name: str, labels: tuple[str, ...]) -> Iterator[tuple[str, tuple[int, ...]]]:
    """(text, labels) of a labelled file, for the textbook build's training."""
    for row in _rows(name, {}):
        yield row["text"], tuple(int(float(row[label] or 0) >= 0.5) for label in labels)


def _rows(name: str, wanted: dict[str, str]) -> Iterator[dict[str, str]]:
    csv.field_size_limit(FIELD_MAX_CHARS)
    with gzip.open(DATA / f"{name}.csv.gz", "rt", encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row["text"].strip() and all(row[key] == value for key, value in wanted.items()):
                yield row


def _submission(text: str, body_format: str, row: dict[str, str]) -> dict[str, Any]:
    author = {"name": row.get("author") or "A reader", "email": "reader@example.org"}
    if row.get("url"):
        author["url"] = row["url"][:500]
    return {
        "body": text[:60_000],
        "body_format": body_format,
        "article": {"id": "bridge", "title": "The council votes on the new bridge"},
        "author": {**author, "ip": "192.0.2.7", "user_agent": "Mozilla/5.0"},
        "language": "en",
    }


def _own_text(chance: random.Random) -> str:
    decile = chance.randrange(len(LENGTHS) - 1)
    length = chance.randint(LENGTHS[decile], LENGTHS[decile + 1])
    return " ".join(chance.choices(WORDS.split(), k=length // 4))[:length] or "Yes."
