"""Reads the gzip CSV files of the data folder."""

import csv
import gzip
import hashlib
import math
import sys
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from models.errors import ModelError


@dataclass(frozen=True, slots=True)
class Row:
    """One text with what is known about it; a label that its source lacks is absent."""

    text: str
    source: str
    labels: dict[str, float]
    weight: float = 1.0
    origin: str = ""
    """The whole text that this one was cut from or is a copy of."""

    @property
    def whole(self) -> str:
        """Return the text that decides the fold."""
        return self.origin or self.text


def lines_of(path: Path) -> Iterator[str]:
    """Yield the lines of a gzip text file; ModelError names one that is missing or damaged."""
    if not path.is_file():
        raise ModelError(
            f"{path.name} is missing in {path.parent}: give the folder of the data notes."
        )
    try:
        with gzip.open(path, "rt", encoding="utf-8", newline="") as lines:
            yield from lines
    except (gzip.BadGzipFile, EOFError, zlib.error, UnicodeDecodeError):
        raise ModelError(f"{path} is not a whole gzip file of UTF-8 text: copy it anew.") from None


class Record(dict[str, str]):
    """One row of a data file."""

    where: str

    def number(self, column: str) -> float:
        """Return a label or a share of raters, 0 to 1; ModelError says where there is none."""
        try:
            value = float(self[column])
        except (KeyError, TypeError, ValueError):
            value = math.nan
        if not 0 <= value <= 1:
            raise ModelError(f"{self.where}: {column} is no number from 0 to 1; copy it anew.")
        return value


def records(folder: Path, name: str) -> Iterator[Record]:
    """Yield the records of `folder/name.csv.gz`; ModelError says what is wrong with the file."""
    path = folder / f"{name}.csv.gz"
    csv.field_size_limit(sys.maxsize)
    reader = csv.DictReader(lines_of(path))
    if not reader.fieldnames:
        raise ModelError(f"{path} is empty: copy it anew.")
    if "text" not in reader.fieldnames:
        raise ModelError(f'{path} has no column "text": copy it anew.')
    number = 0
    for number, row in enumerate(reader, start=1):
        record = Record(row)
        record.where = f"{path}, row {number}"
        yield record
    if not number:
        raise ModelError(f"{path} has no rows: copy it anew.")


def shares(record: Record, names: dict[str, str]) -> dict[str, float]:
    """Return the labels of a record that are filled, renamed from column to head."""
    return {head: record.number(column) for column, head in names.items() if record.get(column)}


def openings(folder: Path, name: str, chars_max: int) -> list[str]:
    """Return the distinct texts of a data file, each cut to its first `chars_max` characters."""
    return list(dict.fromkeys(record["text"][:chars_max] for record in records(folder, name)))


def text_key(text: str) -> bytes:
    """Return the hash, eight bytes, under which something is kept of a text instead of it."""
    return hashlib.sha256(text.encode("utf-8", "replace")).digest()[:8]
