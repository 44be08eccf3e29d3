"""Reads the gzip CSV files of the data folder."""

import csv
import gzip
import sys
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
    """The whole text that this one was cut from; it decides the fold."""


def records(folder: Path, name: str) -> Iterator[dict[str, str]]:
    """Yield the records of `folder/name.csv.gz`; ModelError says which file is missing."""
    path = folder / f"{name}.csv.gz"
    if not path.is_file():
        raise ModelError(f"{path.name} is missing in {folder}: give the folder of the data notes.")
    csv.field_size_limit(sys.maxsize)
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def shares(record: dict[str, str], names: dict[str, str]) -> dict[str, float]:
    """Return the labels of a record that are filled, renamed from column to head."""
    return {head: float(record[column]) for column, head in names.items() if record[column]}
