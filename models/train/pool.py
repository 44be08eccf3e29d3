"""Texts without labels that the teacher reads for the network, beside the training rows.

What a small network lacks is examples of how the teacher tells texts apart, not labels (Tang et al.
2019, Turc et al. 2019): so real comments without labels, and cut-ups of the training rows, most of
them of news.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from models.text import Normaliser
from models.train.ratings import CHARS_MAX
from models.train.ratings import SOURCE as RATED
from models.train.readers import SOURCE as READERS
from models.train.rows import Row, openings
from models.train.toxicity_rows import SENTENCE

VIDEO_TEXTS = 15_000
BLOG_TEXTS = 8_000
CUT_UPS = 80_000
OWN_CUT_UPS = 30_000
RUN_SENTENCES = (1, 2, 3)
SOURCE_SHARES = {
    "civil_care": 6.0,
    "civil_autolabel": 6.0,
    "civil_sociosim": 6.0,
    "civil_toxic_spans": 4.0,
    "civil_spans": 3.0,
    "civil_plain": 3.0,
    "civil_bias": 2.0,
    "impermium": 4.0,
    "fox": 3.0,
    "edos": 0.5,
    "stormfront": 0.7,
    "davidson": 0.3,
    "civil_marked": 0.0,
    "swapped": 0.5,
    "contrast": 0.0,
    READERS: 0.0,
    RATED: 0.0,
}
"""How often cut-ups come from a source's rows; 1 for a source that is not named."""


def unlabelled(
    data_folder: Path,
    normaliser: Normaliser,
    rows: Sequence[Row],
    texts: Sequence[str],
    seed: int = 0,
) -> list[str]:
    """Return neutral texts for the teacher to label; `texts` are those of the training rows."""
    rng = np.random.default_rng(seed)
    spam = data_folder / "spam"
    found = [
        *_some(spam, "youtube_unlabelled", VIDEO_TEXTS, rng),
        *_some(spam, "blog_ham_haacked", BLOG_TEXTS, rng),
    ]
    shares = [SOURCE_SHARES.get(row.source, 1.0) for row in rows]
    found = [normaliser.normalise(text).text for text in found]
    return [text for text in found if text] + list(cut_ups(texts, shares, CUT_UPS, rng))


def of_our_own(rows: Sequence[Row], texts: Sequence[str], seed: int = 0) -> list[str]:
    """Return cut-ups of the comments of our own among training rows, for the network alone."""
    shares = [float(row.source == READERS) for row in rows]
    if not any(shares):
        return []
    return list(cut_ups(texts, shares, OWN_CUT_UPS, np.random.default_rng(seed + 1)))


def _some(folder: Path, name: str, count: int, rng: np.random.Generator) -> list[str]:
    texts = openings(folder, name, CHARS_MAX)
    chosen = rng.choice(len(texts), min(count, len(texts)), replace=False)
    return [texts[at] for at in chosen]


def cut_ups(
    texts: Sequence[str], shares: Sequence[float], count: int, rng: np.random.Generator
) -> Iterator[str]:
    """Yield texts of one run of sentences or of two runs from two texts, half of each."""
    chance = np.asarray(shares, dtype=np.float64) / np.sum(shares)
    chosen = rng.choice(len(texts), (count, 2), p=chance)
    for first, second in chosen:
        parts = [_run(texts[first], rng)]
        if rng.random() < 0.5 or parts[0] == texts[first].strip():
            parts.append(_run(texts[second], rng))
        yield " ".join(parts)


def _run(text: str, rng: np.random.Generator) -> str:
    sentences = [one.strip() for one in SENTENCE.findall(text) if one.strip()]
    if not sentences:
        return text.strip()
    length = int(rng.choice(RUN_SENTENCES))
    start = int(rng.integers(max(1, len(sentences) - length + 1)))
    return " ".join(sentences[start : start + length])[:CHARS_MAX]
