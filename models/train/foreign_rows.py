"""Toxicity rows in other languages; each language has a linear head of its own."""

from collections.abc import Iterator
from pathlib import Path

from models.train.folds import fold_of
from models.train.rows import Row, records

LANGUAGE_HEADS = ("de", "ro", "ko")
_KOREAN_EVERY = 2
"""One Korean row in so many is enough: they are short and alike."""


def german(folder: Path) -> Iterator[Row]:
    """German tweets (GermEval 2018, training part)."""
    for record in records(folder, "germeval2018_training"):
        yield Row(record["text"], "germeval2018", {"de": record.number("offensive")})


def romanian(folder: Path) -> Iterator[Row]:
    """Romanian comments under sports news (training part)."""
    for record in records(folder, "ro_offense_sport"):
        if float(record["test"] or 0) == 0:
            yield Row(record["text"], "ro_offense", {"ro": record.number("offensive")})


def korean(folder: Path) -> Iterator[Row]:
    """Korean comments under news: offensive or hateful."""
    for record in records(folder, "korean_beep"):
        worst = max(record.number("offensive"), record.number("hate"))
        yield Row(record["text"], "korean_beep", {"ko": worst})
    for index, record in enumerate(records(folder, "korean_kmhas")):
        if index % _KOREAN_EVERY == 0:
            yield Row(record["text"], "korean_kmhas", {"ko": record.number("hate")})


def foreign_rows(data_folder: Path) -> list[Row]:
    """Return the rows of other languages that may train, in a fixed order."""
    folder = data_folder / "toxicity"
    rows = [row for part in (german, romanian, korean) for row in part(folder)]
    return [row for row in rows if fold_of(row.text) != "test"]
