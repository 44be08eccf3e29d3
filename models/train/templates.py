"""Reads files of sentences with slots: those that train, and those of the functional tests."""

import re
from pathlib import Path

TEXTS = Path(__file__).parent / "texts"
"""Where the sentences and comments lie that were written for training."""
SLOT = re.compile(r"\{(\w+)\}")


def lines_of_text(path: Path) -> list[str]:
    """Return the lines that say something: neither empty nor remarks ("# ...")."""
    text = path.read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line.strip() and not line.startswith("# ")]


def parts(path: Path) -> dict[str, list[str]]:
    """Return the lines below each header ("== header"), in their order."""
    found: dict[str, list[str]] = {}
    header = ""
    for line in lines_of_text(path):
        if line.startswith("== "):
            header = line[3:]
        else:
            found.setdefault(header, []).append(line)
    return found


def slots(path: Path) -> dict[str, list[str]]:
    """Return the words that may stand for each slot ("slot: word | word")."""
    pairs = (line.split(": ", 1) for line in lines_of_text(path))
    return {name: words.split(" | ") for name, words in pairs}
