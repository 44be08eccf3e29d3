"""Comments of our own under invented articles: abuse in plain words, plain comments in strong ones.

What people labelled elsewhere knows abuse by its words: contempt that is polite is rare in it, and
anger about a war or a budget is often called toxic. These comments are labelled by what is said of
whom, as the moderator of a newspaper would: criticism of acts, plans, parties and governments is
plain however angry, contempt for a person or a group is not, however civil.
"""

from collections.abc import Iterator

from models.errors import ModelError
from models.train.rows import Row
from models.train.templates import TEXTS, lines_of_text

FILE = TEXTS / "readers.txt"
SOURCE = "readers"
_MEANINGS = {
    "x": ("toxic", "civil", "any"),
    "i": ("insult", "civil_insult"),
    "h": ("identity_hate", "civil_identity"),
    "t": ("threat", "civil_threat"),
    "o": ("obscene", "civil_obscene"),
    "s": ("severe_toxic",),
}
"""The heads that each code of the file speaks to: it attacks a person or a group, insults, attacks
an identity, threatens, has swear words, is severe. A plain comment has the code "."."""
_LOUD = "tos"
POLITE = 0.7
"""Label of abuse that neither threatens nor swears nor is severe: fewer people would call it toxic,
and it should be held without ranking above what nobody doubts."""


def readers() -> Iterator[Row]:
    """Yield the comments of FILE, in its order; ModelError names a line that is none."""
    for number, line in enumerate(lines_of_text(FILE), start=1):
        codes, tab, text = line.partition("\t")
        if not tab or not text.strip() or not codes or set(codes) - {".", *_MEANINGS}:
            raise ModelError(f"{FILE.name}, comment {number}: write codes, a tab, then the text.")
        yield Row(text.replace("\\n", "\n"), SOURCE, labels_of(codes))


def labels_of(codes: str) -> dict[str, float]:
    """Return the labels that the codes of a comment stand for.

    Whether it is toxic is left open where it swears without attacking: sources do not agree there.
    """
    attack = POLITE if not set(codes) & set(_LOUD) else 1.0
    strength = {"x": attack, "i": attack}
    return {
        head: strength.get(code, 1.0) if code in codes else 0.0
        for code, heads in _MEANINGS.items()
        for head in heads
        if codes != "o" or code != "x"
    }
