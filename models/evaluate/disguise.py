"""Ways in which people disguise words, to measure what each costs."""

import random
import re
from collections.abc import Callable, Iterator

WORD_LETTERS_MIN = 4
CHANCE = 0.7
SEED = 5
_LEET = str.maketrans("aeiost", "4310$7")
_CYRILLIC = str.maketrans("aeopcyx", "аеорсух")
_WORD = re.compile(r"[A-Za-z]{4,}")


def leet(word: str, _: random.Random) -> str:
    """Write digits and signs for letters."""
    return word.translate(_LEET)


def zero_width(word: str, _: random.Random) -> str:
    """Put a zero-width space between letters."""
    return "\u200b".join(word)


def spaced(word: str, _: random.Random) -> str:
    """Put a space between letters."""
    return " ".join(word)


def homoglyph(word: str, _: random.Random) -> str:
    """Write Cyrillic letters that look the same."""
    return word.translate(_CYRILLIC)


def dots(word: str, _: random.Random) -> str:
    """Put a full stop between letters."""
    return ".".join(word)


def star(word: str, rng: random.Random) -> str:
    """Write a star for one inner letter."""
    at = rng.randrange(1, len(word) - 1)
    return word[:at] + "*" + word[at + 1 :]


def repeat(word: str, rng: random.Random) -> str:
    """Write one letter three to five times."""
    at = rng.randrange(len(word))
    return word[:at] + word[at] * rng.randint(3, 5) + word[at + 1 :]


def swap(word: str, rng: random.Random) -> str:
    """Exchange two neighbouring inner letters."""
    at = rng.randrange(1, len(word) - 2)
    return word[:at] + word[at + 1] + word[at] + word[at + 2 :]


TRICKS: dict[str, Callable[[str, random.Random], str]] = {
    "leet": leet,
    "zero-width": zero_width,
    "spaced": spaced,
    "homoglyph": homoglyph,
    "dots": dots,
    "star": star,
    "repeat": repeat,
    "swap": swap,
}
UNDONE = ("leet", "zero-width", "spaced", "homoglyph", "dots")
GUESSED = ("star", "repeat", "swap")


def disguised(texts: list[str]) -> Iterator[tuple[str, list[str]]]:
    """Yield each trick's name with the texts as that trick writes them, seeded."""
    rng = random.Random(SEED)  # noqa: S311 - not for secrets
    for name, trick in TRICKS.items():

        def changed(match: re.Match[str], trick: Callable[..., str] = trick) -> str:
            return trick(match[0], rng) if rng.random() < CHANCE else match[0]

        yield name, [_WORD.sub(changed, text) for text in texts]
